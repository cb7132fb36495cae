/// What random traffic showed of a mesh. Rates are packets per node and cycle.
public struct MeshTrafficResult: Sendable, Equatable {
  /// Of the packets that were made in the measured cycles and arrived, in cycles from being made to arrival; p50 and
  /// p99 by nearest rank.
  public struct Latency: Sendable, Equatable {
    public var mean: Double
    public var p50: Int
    public var p99: Int
    public var max: Int
  }

  /// Measured packets that arrived; those that did not within as many cycles again as the run has.
  public var packets: Int
  public var unfinished: Int
  /// Measured packets by node and measured cycle.
  public var offered: Double
  /// Arrivals in the measured cycles: mean over nodes, least and most of any node.
  public var accepted: Double
  public var leastAccepted: Double
  public var mostAccepted: Double
  /// Nil without packets.
  public var latency: Latency?
  /// Links between routers that a packet crossed, on average; nil without packets.
  public var hops: Double?
  /// The offered load is more than the mesh carries: over the measured cycles the packets that wait, at one source or
  /// at all together, grew by more than 8 and three standard deviations √(p (1 − p) n) of what was made there in
  /// that time, n draws of probability p; or measured packets did not arrive.
  public var saturated: Bool

  /// θ: throughput at which the busiest channel is full; the same with the credit loop; INJ + D (H + 1) for the
  /// pattern's mean H.
  public var channelBound: Double
  public var creditBound: Double
  public var zeroLoadLatency: Double

  /// - Parameter waiting: packets in each queue at the first measured cycle and at the end of the last one.
  init(_ traffic: MeshTraffic, _ queues: TrafficQueues, loads: ChannelLoads, waiting: [[Int]]) {
    let cycles = traffic.cycles - traffic.warmUpCycles
    let nodes = queues.accepted.count
    let count = queues.histogram.reduce(0, +)
    packets = Int(count)
    unfinished = queues.unfinished
    offered = Double(packets + unfinished) / Double(nodes * cycles)
    accepted = Double(queues.accepted.reduce(0, +)) / Double(nodes * cycles)
    leastAccepted = Double(queues.accepted.min() ?? 0) / Double(cycles)
    mostAccepted = Double(queues.accepted.max() ?? 0) / Double(cycles)
    if count > 0 {
      let sum = queues.histogram.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
      latency = Latency(
        mean: sum / Double(count), p50: Self.rank(0.5, queues.histogram),
        p99: Self.rank(0.99, queues.histogram),
        max: queues.histogram.count - 1)
      hops = Double(queues.hops) / Double(count)
    }
    // Fewer than two when no packet was left to come: then none waits.
    let growth = waiting.count == 2 ? zip(waiting[1], waiting[0]).map { $0 - $1 } : []
    let variance = traffic.rate * (1 - traffic.rate) * Double(cycles)
    func grew(_ packets: Int, _ sources: Int) -> Bool {
      Double(packets) > 8 + 3 * (variance * Double(sources)).squareRoot()
    }
    saturated = unfinished > 0 || grew(growth.max() ?? 0, 1) || grew(growth.reduce(0, +), nodes)
    channelBound = loads.throughput
    creditBound = loads.throughput(traffic.mesh)
    zeroLoadLatency = loads.latency(traffic.mesh)
  }

  /// The least latency that at least `share` of the packets do not exceed.
  private static func rank(_ share: Double, _ histogram: [UInt64]) -> Int {
    let wanted = UInt64((Double(histogram.reduce(0, +)) * share).rounded(.up))
    var seen: UInt64 = 0
    for (latency, count) in histogram.enumerated() {
      seen += count
      if seen >= wanted { return latency }
    }
    return histogram.count - 1
  }
}
