import Emulator
import Foundation
import Glibc

/// Speed of the mesh alone, on one thread.
private struct MeshSpeed {
  static let side = 8
  static let bufferDepth = 8
  static let repetitions = 5
  /// Load, and cycles that take about a second together.
  static let loads: [(rate: Double, cycles: Int)] = [(0.01, 1_000_000), (0.1, 200_000), (0.3, 80_000)]

  let rate: Double
  /// Median over the repetitions.
  let routerCyclesPerSecond: Double
  let flitsPerSecond: Double

  init(rate: Double, cycles: Int) {
    let load = MeshLoad(
      side: Self.side, bufferDepth: Self.bufferDepth, rate: rate, cycles: cycles, seed: 1)
    var seconds: [Double] = []
    var arrived = 0
    for _ in 0..<Self.repetitions {
      let begin = processorSeconds()
      arrived = load.run()
      seconds.append(processorSeconds() - begin)
    }
    let median = seconds.sorted()[Self.repetitions / 2]
    self.rate = rate
    routerCyclesPerSecond = Double(load.routers * cycles) / median
    flitsPerSecond = Double(arrived) / median
  }
}

/// Processor time of this thread.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Processor, cores and day, as one sentence.
var machine: String {
  let cpuinfo = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  func field(_ name: String) -> String? {
    cpuinfo.split(separator: "\n").first { $0.hasPrefix(name + "\t") }
      .flatMap { $0.split(separator: ":").last }.map { $0.trimmingCharacters(in: .whitespaces) }
  }
  let model = field("model name") ?? "unknown processor"
  let kind =
    field("model").flatMap { model in field("cpu family").map { " (family \($0), model \(model))" } } ?? ""
  let day = Date().formatted(.iso8601.year().month().day())
  return "\(model)\(kind), \(ProcessInfo.processInfo.processorCount) processors, \(day)"
}

/// The section on the mesh.
func meshSection() -> String {
  let rows = MeshSpeed.loads.map { MeshSpeed(rate: $0.rate, cycles: $0.cycles) }.map {
    let million = ($0.routerCyclesPerSecond / 1e5).rounded() / 10
    let flits = ($0.flitsPerSecond / 1e5).rounded() / 10
    return "| \($0.rate) | \(million) | \(flits) |"
  }
  return """
    Machine: \(machine).

    | load, packets per node and cycle | million router-cycles/s | million packets/s |
    |---|---|---|
    \(rows.joined(separator: "\n"))
    """
}
