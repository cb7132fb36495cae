import Foundation
import Glibc

// What tools/bench runs.
//   Benchmarks mesh                prints the section of docs/performance.md that it measures
//   Benchmarks accuracy [--json]   prints every bound of theory and physics; 1 if one does not hold

switch Array(CommandLine.arguments.dropFirst()) {
case ["mesh"]:
  print(meshSection())
case ["accuracy"]:
  let report = AccuracyReport()
  print(report.section)
  exit(report.holds ? 0 : 1)
case ["accuracy", "--json"]:
  let report = AccuracyReport()
  print(report.json)
  exit(report.holds ? 0 : 1)
default:
  FileHandle.standardError.write(Data("usage: Benchmarks mesh | accuracy [--json]\n".utf8))
  exit(64)
}
