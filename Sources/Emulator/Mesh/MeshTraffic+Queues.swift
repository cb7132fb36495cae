import FixedPoint

/// The nodes of a mesh under random traffic.
///
/// A queue is not stored: whether node n makes a packet in cycle t is drawn from (seed, t, n), so the head of its
/// queue is found by drawing onwards from the last one that was taken.
struct TrafficQueues: MeshUser {
  private struct Slot {
    var made: Int
    var source: Int
  }

  private let destinations: Destinations
  private let width: Int
  private let seed: UInt64
  /// A packet is made where 32 random bits are below this.
  private let threshold: UInt64
  /// Cycles whose packets are measured; no packets are made at or after `end`.
  private let measured: Range<Int>
  private let end: Int
  /// [nodes] The cycle in which the head was made.
  private var next: [Int]
  /// Packets in the mesh; a flit's number is its slot.
  private var slots: [Slot] = []
  private var free: [UInt32] = []
  private var measuredInMesh = 0

  /// Of packets that were made in the measured cycles: by latency in cycles; routers-to-router links crossed; sum.
  private(set) var histogram: [UInt64] = []
  private(set) var hops = 0
  /// [nodes] Packets that arrived in the measured cycles.
  private(set) var accepted: [Int]

  init(_ traffic: MeshTraffic, _ destinations: Destinations) {
    let nodes = traffic.mesh.width * traffic.mesh.height
    self.destinations = destinations
    width = traffic.mesh.width
    seed = traffic.seed
    threshold = UInt64((traffic.rate * 0x1p32).rounded())
    measured = traffic.warmUpCycles..<traffic.cycles
    end = 2 * traffic.cycles
    next = [Int](repeating: 0, count: nodes)
    accepted = [Int](repeating: 0, count: nodes)
    for node in 0..<nodes { next[node] = nextMade(by: node, from: 0, before: end) }
  }

  /// All measured packets have arrived.
  var isMeasured: Bool { measuredInMesh == 0 && next.allSatisfy { $0 >= measured.upperBound } }

  func due(_ node: Int) -> Int { next[node] }

  mutating func take(_ node: Int, _ cycle: Int) -> Mesh.Flit {
    let made = next[node]
    let random = CounterRandom.philox(
      UInt32(truncatingIfNeeded: made), UInt32(truncatingIfNeeded: made >> 32),
      CounterRandom.Purpose.meshDestination.rawValue, UInt32(truncatingIfNeeded: node), key: seed)
    let slot = free.popLast() ?? UInt32(truncatingIfNeeded: slots.count)
    if slot == slots.count { slots.append(Slot(made: 0, source: 0)) }
    slots[Int(slot)] = Slot(made: made, source: node)
    if measured.contains(made) { measuredInMesh += 1 }
    next[node] = nextMade(by: node, from: made + 1, before: end)
    return Mesh.Flit(slot, to: destinations(node, random.0), width: width)
  }

  mutating func receive(_ packet: UInt32, at node: Int, _ cycle: Int) {
    let slot = slots[Int(packet)]
    free.append(packet)
    if measured.contains(cycle) { accepted[node] += 1 }
    guard measured.contains(slot.made) else { return }
    measuredInMesh -= 1
    let latency = cycle - slot.made
    if latency >= histogram.count {
      histogram += [UInt64](repeating: 0, count: latency + 1 - histogram.count)
    }
    histogram[latency] += 1
    hops += abs(slot.source % width - node % width) + abs(slot.source / width - node / width)
  }

  /// [nodes] Packets that were made before `cycle` and wait in the queues.
  func waiting(at cycle: Int) -> [Int] { next.indices.map { made(by: $0, from: next[$0], before: cycle) } }

  /// Measured packets that wait in the queues or are in the mesh.
  var unfinished: Int {
    next.indices.reduce(measuredInMesh) {
      $0 + made(by: $1, from: max(next[$1], measured.lowerBound), before: measured.upperBound)
    }
  }

  private func made(by node: Int, from start: Int, before end: Int) -> Int {
    var count = 0
    var cycle = nextMade(by: node, from: start, before: end)
    while cycle < end {
      count += 1
      cycle = nextMade(by: node, from: cycle + 1, before: end)
    }
    return count
  }

  /// The first cycle from `start` in which the node makes a packet, `Int.max` if it makes none before `end`.
  ///
  /// Word t mod 4 of one Philox block is cycle t's draw, so four cycles cost one block.
  private func nextMade(by node: Int, from start: Int, before end: Int) -> Int {
    var cycle = start
    while cycle < end {
      let block = cycle >> 2
      let words = CounterRandom.philox(
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
        CounterRandom.Purpose.meshPacket.rawValue, UInt32(truncatingIfNeeded: node), key: seed)
      var made: UInt32 = UInt64(words.0) < threshold ? 1 : 0
      if UInt64(words.1) < threshold { made |= 2 }
      if UInt64(words.2) < threshold { made |= 4 }
      if UInt64(words.3) < threshold { made |= 8 }
      made &= ~0 &<< UInt32(truncatingIfNeeded: cycle & 3)
      if made != 0 {
        cycle = block << 2 | made.trailingZeroBitCount
        return cycle < end ? cycle : Int.max
      }
      cycle = (block &+ 1) << 2
    }
    return Int.max
  }
}
