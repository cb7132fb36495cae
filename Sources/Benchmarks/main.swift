import Glibc

// Benchmarks mesh: what tools/bench runs. Prints the section of docs/performance.md that it measures.

guard CommandLine.arguments.dropFirst() == ["mesh"] else {
  print("usage: Benchmarks mesh")
  exit(64)
}
print(meshSection())
