import Diagnostics
import Emulator
import Reports

private let pattern = Option<MeshTraffic.Pattern>.choice(
  "pattern", help: "where packets go", fallback: .uniform)
private let rate = Option.number(
  "rate", in: 0.000001...1, help: "packets that each node makes per cycle; needed")
private let cycles = Option.integer(
  "cycles", in: 100...1_000_000_000,
  help: "cycles, the first quarter of which is not measured (default: 20000)")
private let seed = Option.seed("seed", help: "seed of the traffic (default: 1)")
private let hotSpots = Option<[MeshTraffic.HotSpot]>(
  "hot-spots", argument: "NODE[:WEIGHT],...",
  help: "pattern hotspot: nodes y * width + x and their weights (default: the middle node)",
  expected: "nodes such as 5 or 5:3,6, weights from 1 to \(MeshTraffic.largestWeight)", fallback: [],
  read: readHotSpots)
private let background = Option.integer(
  "background-weight", in: 0...MeshTraffic.largestWeight,
  help: "pattern hotspot: weight of every other node (default: 0)")

private func readHotSpots(_ text: String) -> [MeshTraffic.HotSpot]? {
  var spots: [MeshTraffic.HotSpot] = []
  for word in text.split(separator: ",", omittingEmptySubsequences: false) {
    let numbers = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    guard numbers.count == 1 || numbers.count == 2, numbers[0] >= 0,
      numbers.count == 1 || (1...MeshTraffic.largestWeight).contains(numbers[1])
    else { return nil }
    spots.append(MeshTraffic.HotSpot(node: numbers[0], weight: numbers.count == 2 ? numbers[1] : 1))
  }
  return spots
}

/// `rheobase mesh traffic`: latency and throughput of a mesh alone.
let meshTrafficCommand = Command(
  name: "mesh traffic",
  summary: "measure latency and throughput of a mesh alone under random traffic",
  operands: [],
  options: MeshOptions.declarations + [
    pattern.declaration, hotSpots.declaration, background.declaration, rate.declaration, cycles.declaration,
    seed.declaration, DocumentTarget.option.declaration,
  ],
  examples: [
    "rheobase mesh traffic --width 8 --height 8 --rate 0.3",
    "rheobase mesh traffic --width 8 --height 8 --pattern hotspot --hot-spots 27:8 --background-weight 1 --rate 0.1",
  ],
  notes: "docs/mesh.md defines the patterns and every figure."
) { arguments, console throws(Failure) in
  let mesh = try MeshOptions.mesh(arguments)
  guard let rate = arguments[rate] else {
    throw Failure(.usage, Diagnostic("usage.missingOption", subject: "--rate", problem: "is missing"))
  }
  let traffic = MeshTraffic(
    mesh: mesh, pattern: arguments[pattern], hotSpots: arguments[hotSpots],
    backgroundWeight: arguments[background] ?? 0, rate: rate, cycles: arguments[cycles] ?? 20_000,
    seed: arguments[seed] ?? 1)
  guard traffic.problems.isEmpty else { throw Failure(.usage, traffic.problems) }
  let report = MeshTrafficReport(traffic, traffic.run())
  return Outcome(text: report.text, document: report)
}

/// The document of `mesh traffic`: docs/mesh.md. Rates are packets per node and cycle, latencies cycles.
struct MeshTrafficReport: Codable, Sendable {
  struct Accepted: Codable, Sendable {
    var mean: Double
    var min: Double
    var max: Double
  }
  struct Latency: Codable, Sendable {
    var mean: Double
    var p50: Int
    var p99: Int
    var max: Int
  }

  var mesh: MeshConstants
  var pattern: MeshTraffic.Pattern
  /// Left out but for the pattern hotspot.
  var hotSpots: [MeshTraffic.HotSpot]?
  var backgroundWeight: Int?
  var rate: Double
  var seed: UInt64
  var cycles: Int
  var warmUpCycles: Int
  var packets: Int
  var unfinished: Int
  var offered: Double
  var accepted: Accepted
  var latencyCycles: Latency?
  var meanHops: Double?
  var saturated: Bool
  var channelBound: Double
  var creditBound: Double
  var zeroLoadCycles: Double
  var diagnostics: [Diagnostic] = []

  init(_ traffic: MeshTraffic, _ result: MeshTrafficResult) {
    mesh = MeshConstants(traffic.mesh)
    pattern = traffic.pattern
    hotSpots = traffic.pattern == .hotspot ? traffic.spots : nil
    backgroundWeight = traffic.pattern == .hotspot ? traffic.backgroundWeight : nil
    rate = traffic.rate
    seed = traffic.seed
    cycles = traffic.cycles
    warmUpCycles = traffic.warmUpCycles
    packets = result.packets
    unfinished = result.unfinished
    offered = result.offered
    accepted = Accepted(mean: result.accepted, min: result.leastAccepted, max: result.mostAccepted)
    latencyCycles = result.latency.map { Latency(mean: $0.mean, p50: $0.p50, p99: $0.p99, max: $0.max) }
    meanHops = result.hops
    saturated = result.saturated
    channelBound = result.channelBound
    creditBound = result.creditBound
    zeroLoadCycles = result.zeroLoadLatency
  }

  var text: String {
    func load(_ value: Double) -> String { decimal(value, places: 4) }
    var traffic = "\(pattern.rawValue), \(rate) packets per node and cycle, seed \(seed)"
    if let hotSpots, let backgroundWeight {
      let spots = hotSpots.map { "\($0.node):\($0.weight)" }.joined(separator: ",")
      traffic += "; hot spots \(spots), others \(backgroundWeight)"
    }
    var lines: [(label: String, text: String)] = [
      ("mesh", mesh.text), ("traffic", traffic),
      ("measured", "cycles \(warmUpCycles) to \(cycles - 1), \(packets + unfinished) packets"),
      ("offered", "\(load(offered)) packets per node and cycle"),
      (
        "accepted",
        "\(load(accepted.mean)); by node \(load(accepted.min)) to \(load(accepted.max))"
      ),
    ]
    if let latencyCycles, let meanHops {
      lines.append(
        (
          "latency",
          "mean \(decimal(latencyCycles.mean, places: 2)), p50 \(latencyCycles.p50), p99 \(latencyCycles.p99), "
            + "max \(latencyCycles.max) cycles; of an empty mesh \(decimal(zeroLoadCycles, places: 2))"
        ))
      lines.append(("hops", "mean \(decimal(meanHops, places: 3))"))
    }
    lines.append(
      (
        "bounds",
        "\(load(channelBound)) by the busiest channel, \(load(creditBound)) with its credits"
      ))
    lines.append(
      (
        "saturated",
        saturated
          ? "yes: packets pile up at their sources" + (unfinished > 0 ? "; \(unfinished) did not arrive" : "")
          : "no"
      ))
    return labelledLines(lines)
  }
}
