import Diagnostics
import Foundation
import Glibc
import ProgramImage

/// Peak memory of `rheobase run` as a sum over what programs hold.
///
/// The peak of the process that is measured is that of all it waits for. Whoever makes images is a process of its own, because
/// a child begins with the peak of its parent.
struct MemorySection {
  /// Few neurons fire in the ticks that are run, because what is recorded comes on top.
  static let networks: [ScalingNetwork] = [
    ScalingNetwork(side: 4, perCore: 256, fanOut: 64, rate: 0.002),
    ScalingNetwork(side: 4, perCore: 256, fanOut: 700, rate: 0.002),
    ScalingNetwork(side: 1, perCore: 8192, fanOut: 100, rate: 0.002),
    ScalingNetwork(side: 1, perCore: 8192, fanOut: 700, rate: 0.002),
    ScalingNetwork(side: 2, perCore: 2048, fanOut: 300, rate: 0.002),
    ScalingNetwork(side: 2, perCore: 4096, fanOut: 350, rate: 0.002),
    ScalingNetwork(side: 4, perCore: 1024, fanOut: 100, rate: 0.002),
    ScalingNetwork(side: 4, perCore: 1024, fanOut: 700, rate: 0.002),
  ]
  private static let ticks = 60

  private struct Measured {
    var neurons: Int
    var synapses: Int
    var routes: Int
    /// Bytes, in the order of `kinds`.
    var peaks: [Int]
  }

  private static let kinds: [(name: String, arguments: [String])] = [
    ("the chip's mesh", []), ("ideal mesh", ["--mesh", "ideal"]),
  ]

  private let measured: [Measured]

  /// - Parameter program: the `rheobase` to measure.
  init(program: String) throws(Failure) {
    let folder = NSTemporaryDirectory() + "rheobase-memory-\(getpid())"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var measured: [Measured] = []
    for number in Self.networks.indices {
      let file = "\(folder)/\(number).rbx"
      let counts = try Child.run("/proc/self/exe", ["memory-image", "\(number)", file]).text
        .split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
      guard counts.count == 3 else { throw Child.failure("memory-image") }
      var peaks: [Int] = []
      for kind in Self.kinds {
        let arguments = ["run", file, "--ticks", "\(Self.ticks)", "--threads", "1"] + kind.arguments
        peaks.append(try Child.run(program, arguments).peakBytes)
      }
      measured.append(
        Measured(neurons: counts[0], synapses: counts[1], routes: counts[2], peaks: peaks))
      try? FileManager.default.removeItem(atPath: file)
    }
    self.measured = measured
  }

  /// Writes the image of a network, and says what it holds.
  static func writeImage(_ number: Int, to file: String) throws(Failure) -> String {
    let image = try networks[number].image()
    try image.write(to: file)
    return "\(image.neurons.count) \(image.crossbar.neuron.count) \(image.routes.core.count)"
  }

  var text: String {
    let rows = Self.kinds.indices.map { kind in
      let fit = LeastSquares(
        measured.map { [1, Double($0.neurons), Double($0.synapses), Double($0.routes)] },
        measured.map { Double($0.peaks[kind]) })
      let c = fit.solution
      let worst = fit.residuals.map(abs).max() ?? 0
      return
        "| \(Self.kinds[kind].name) | \(mib(c[0])) | \(digits(c[1])) | \(digits(c[2], 2)) | \(digits(c[3])) "
        + "| \(digits(worst / 1_048_576)) |"
    }
    let images = measured.map { point in
      "| \(point.neurons) | \(point.synapses) | \(point.routes) | "
        + point.peaks.map { mib(Double($0)) }.joined(separator: " | ") + " |"
    }
    return """
      Machine: \(machine).

      | | MiB for any program | bytes per neuron | per synapse | per route, its axon included | off by at most, MiB |
      |---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      | neurons | synapses | routes | the chip's mesh, MiB | ideal mesh, MiB |
      |---|---|---|---|---|
      \(images.joined(separator: "\n"))
      """
  }

  private func mib(_ bytes: Double) -> String { digits(bytes / 1_048_576, 0) }

  private func digits(_ value: Double, _ places: Int = 1) -> String { String(format: "%.\(places)f", value) }
}
