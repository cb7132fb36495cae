import ChipModel
import Compiler
import Diagnostics
import Foundation
import Glibc
import NetworkIR
import ProgramImage

/// What one network costs to compile, to write and to read back.
struct CompileSpeed {
  let neurons: Int
  let synapses: Int
  let cores: Int
  let routes: Int
  /// Wall time in seconds, in the order of the passes.
  private(set) var passes: [(pass: Pipeline.Pass, seconds: Double)] = []
  let seconds: Double
  /// Processor time of the compiler, its one thread.
  let processor: Double
  /// Bytes: largest residency of this process, after making the network and after compiling it.
  let networkPeak: Int
  let compilePeak: Int
  /// Bytes per route, with the axon that it leads to and its share of the list's begin.
  let bytesPerRoute: Double
  let fileBytes: Int
  let writeSeconds: Double
  let readSeconds: Double

  init(_ networks: CompileNetworks) throws {
    let chip = try Chip.load(
      "tessera-d", directories: ["chips"],
      overrides: [
        ("mesh.width", "\(networks.side)"), ("mesh.height", "\(networks.side)"),
        ("core.neurons", "\(CompileNetworks.perCore)"), ("core.axons", "\(networks.axons)"),
        ("routing.packetBits", "64"),
      ])
    let network = networks.network()
    networkPeak = peakBytes()
    let clock = ContinuousClock()
    var begun: [(pass: Pipeline.Pass, at: ContinuousClock.Instant)] = []
    let begin = processorSeconds()
    let start = clock.now
    let image = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: chip, options: CompileOptions(),
      progress: { begun.append(($0, clock.now)) }
    ).image
    let end = clock.now
    processor = processorSeconds() - begin
    seconds = (end - start) / .seconds(1)
    for (k, entry) in begun.enumerated() {
      let next = k + 1 < begun.count ? begun[k + 1].at : end
      passes.append((entry.pass, (next - entry.at) / .seconds(1)))
    }
    compilePeak = peakBytes()
    neurons = networks.neurons
    synapses = image.crossbar.weight.count
    cores = image.cores.count
    routes = image.routes.core.count
    bytesPerRoute = Self.routeBytes(image) / Double(max(routes, 1))

    let path = FileManager.default.temporaryDirectory.appending(path: "compile-\(UUID().uuidString).rbx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let write = clock.now
    try image.write(to: path)
    writeSeconds = (clock.now - write) / .seconds(1)
    fileBytes = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    let read = clock.now
    let again = try ProgramImage.read(from: path)
    readSeconds = (clock.now - read) / .seconds(1)
    guard again == image else {
      throw Failure(.ourBug, Diagnostic("benchmark.image", problem: "the image read is not the one written"))
    }
  }

  /// Route entries and the tables of begins that lead to them and to the rows of their axons.
  private static func routeBytes(_ image: ProgramImage) -> Double {
    func bytes<Element>(_ array: [Element]) -> Int { array.count * MemoryLayout<Element>.stride }
    let routes = image.routes
    return Double(
      bytes(routes.begin) + bytes(routes.kind) + bytes(routes.core) + bytes(routes.axon)
        + bytes(routes.delay) + bytes(image.crossbar.begin))
  }
}

/// Largest residency of this process so far.
private func peakBytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}

/// The section on compiling: networks in ascending size, since the largest residency never falls.
func compileSection(neurons: [Int]) throws -> String {
  var networks: [CompileNetworks] = neurons.isEmpty ? [.w3] : []
  networks += (neurons.isEmpty ? [100_000, 1_000_000] : neurons.sorted()).map { .local(neurons: $0) }
  let results = try networks.map { try CompileSpeed($0) }
  func row(_ name: String, _ text: (CompileSpeed) -> String) -> String {
    "| \(name) | \(results.map(text).joined(separator: " | ")) |"
  }
  func number(_ value: Double, _ digits: Int = 2) -> String { String(format: "%.\(digits)f", value) }
  func gibibytes(_ bytes: Int) -> String { number(Double(bytes) / Double(1 << 30)) }
  let passes = Pipeline.Pass.allCases.map { pass in
    row("\(pass.rawValue), s") { result in
      number(result.passes.filter { $0.pass == pass }.reduce(0) { $0 + $1.seconds })
    }
  }
  let lines =
    [
      row("neurons") { "\($0.neurons)" },
      "|---|" + String(repeating: "---|", count: results.count),
      row("synapses") { "\($0.synapses)" },
      row("cores") { "\($0.cores)" },
      row("routes") { "\($0.routes)" },
    ] + passes + [
      row("compile, s") { number($0.seconds) },
      row("compile, processor s") { number($0.processor) },
      row("µs per synapse") { number($0.seconds / Double($0.synapses) * 1e6, 3) },
      row("peak with the network alone, GiB") { gibibytes($0.networkPeak) },
      row("peak with compiling, GiB") { gibibytes($0.compilePeak) },
      row("bytes per route, its axon included") { number($0.bytesPerRoute, 1) },
      row("file, MB") { number(Double($0.fileBytes) / 1e6, 1) },
      row("write, s") { number($0.writeSeconds) },
      row("read and check, s") { number($0.readSeconds) },
    ]
  return """
    Machine: \(machine).

    \(lines.joined(separator: "\n"))
    """
}
