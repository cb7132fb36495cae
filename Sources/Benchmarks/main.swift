import Diagnostics
import Foundation
import Glibc
import HDF5Files

// What tools/bench runs.
//   Benchmarks mesh                  prints the section of docs/performance.md that it measures
//   Benchmarks compile [NEURONS ...] likewise, for W3, 100,000 and 1,000,000 neurons, or for so many
//   Benchmarks scaling               likewise, for networks of every size, and fits the model of the cost per tick
//   Benchmarks memory PROGRAM        likewise, for the peak memory of a rheobase, with images from memory-image NUMBER FILE
//   Benchmarks accuracy [--json]     prints every bound of theory and physics; 1 if one does not hold

// Program images are read by a process of their own, which is this program.
if let code = HDF5Child.runIfRequested(CommandLine.arguments) { exit(code) }

func complain(_ text: String, code: Int32) -> Never {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
  exit(code)
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments {
case ["mesh"]:
  print(meshSection())
case ["scaling"]:
  do throws(Failure) {
    print(try ScalingSection().text)
  } catch {
    complain(error.diagnostics.map(\.formatted).joined(separator: "\n"), code: error.reason.rawValue)
  }
case _ where arguments.first == "memory" && arguments.count == 2:
  do throws(Failure) {
    print(try MemorySection(program: arguments[1]).text)
  } catch {
    complain(error.diagnostics.map(\.formatted).joined(separator: "\n"), code: error.reason.rawValue)
  }
case _ where arguments.first == "memory-image" && arguments.count == 3:
  guard let number = Int(arguments[1]), MemorySection.networks.indices.contains(number) else {
    complain("memory-image: no such network", code: 64)
  }
  do throws(Failure) {
    print(try MemorySection.writeImage(number, to: arguments[2]))
  } catch {
    complain(error.diagnostics.map(\.formatted).joined(separator: "\n"), code: error.reason.rawValue)
  }
case ["accuracy"]:
  let report = AccuracyReport()
  print(report.section)
  exit(report.holds ? 0 : 1)
case ["accuracy", "--json"]:
  let report = AccuracyReport()
  print(report.json)
  exit(report.holds ? 0 : 1)
case _ where arguments.first == "compile":
  let sizes = arguments.dropFirst().compactMap { Int($0) }
  // Targets lie in other cores, so there must be more than one.
  guard sizes.count == arguments.count - 1, sizes.allSatisfy({ (2048...4_000_000).contains($0) }) else {
    complain("compile: numbers of neurons from 2048 to 4000000 are expected", code: 64)
  }
  do {
    print(try compileSection(neurons: sizes))
  } catch let failure as Failure {
    complain(failure.diagnostics.map(\.formatted).joined(separator: "\n"), code: failure.reason.rawValue)
  }
default:
  complain(
    "usage: Benchmarks mesh | compile [NEURONS ...] | scaling | memory PROGRAM | accuracy [--json]", code: 64)
}
