import ChipModel

/// Random packets on a mesh alone, to see its latency and its throughput: docs/mesh.md.
///
/// In every cycle each node makes a packet with probability `rate` and puts it into a queue without a bound; the
/// destination follows the pattern. What a node makes in a cycle is a function of seed, cycle and node alone, so
/// two meshes that differ in their latencies carry the same packets.
public struct MeshTraffic: Sendable {
  /// Where packets go, by BookSim2's names. k: routers in a dimension; nodes are numbered y · width + x.
  public enum Pattern: String, Sendable, CaseIterable, Codable {
    /// Any node, the source included.
    case uniform
    /// (x, y) → (y, x); the mesh is square.
    case transpose
    /// One further in both dimensions, modulo k: from the edge the long way back.
    case neighbor
    /// (k − 1) / 2 further in both dimensions, modulo k.
    case tornado
    /// All bits of the node's number inverted; a power of two of nodes, as for the next two.
    case bitcomp
    /// The bits in reverse.
    case bitrev
    /// The bits rotated by one to the left.
    case shuffle
    /// A node drawn with given weights.
    case hotspot
  }

  /// A node and its share of the packets, relative to other weights.
  public struct HotSpot: Sendable, Equatable, Codable {
    public var node: Int
    public var weight: Int

    public init(node: Int, weight: Int) {
      self.node = node
      self.weight = weight
    }
  }

  public var mesh: Chip.Mesh
  public var pattern: Pattern
  /// Pattern `hotspot`: empty stands for the one node at or before the middle, ((k − 1) / 2, (k − 1) / 2).
  public var hotSpots: [HotSpot]
  /// Pattern `hotspot`: weight of every node that `hotSpots` does not name.
  public var backgroundWeight: Int
  /// Packets per node and cycle, 0 … 1, rounded to a multiple of 2⁻³².
  public var rate: Double
  /// Cycles, of which the first quarter warms up and the rest is measured.
  public var cycles: Int
  public var seed: UInt64

  public init(
    mesh: Chip.Mesh, pattern: Pattern, hotSpots: [HotSpot] = [], backgroundWeight: Int = 0, rate: Double,
    cycles: Int, seed: UInt64 = 1
  ) {
    self.mesh = mesh
    self.pattern = pattern
    self.hotSpots = hotSpots
    self.backgroundWeight = backgroundWeight
    self.rate = rate
    self.cycles = cycles
    self.seed = seed
  }

  /// Cycles at the beginning in which nothing is measured.
  public var warmUpCycles: Int { cycles / 4 }

  /// Sends the packets. Traffic goes on after `cycles` until every packet that was made in the measured cycles has
  /// arrived, for `cycles` more at most.
  ///
  /// `problems` must be empty.
  ///
  /// **Cost:** memory does not depend on the number of packets: queues are drawn again, not stored.
  public func run() -> MeshTrafficResult {
    let destinations = Destinations(self)
    var mesh = Mesh(self.mesh)
    var queues = TrafficQueues(self, destinations)
    var waiting: [[Int]] = []
    var cycle = 0
    while cycle < 2 * cycles {
      // Nothing happens in the cycles that are left out, so what waits is what waited then.
      if waiting.count == 0, cycle >= warmUpCycles { waiting.append(queues.waiting(at: warmUpCycles)) }
      if waiting.count == 1, cycle >= cycles { waiting.append(queues.waiting(at: cycles)) }
      if waiting.count == 2, queues.isMeasured { break }
      cycle = mesh.step(cycle, &queues)
    }
    return MeshTrafficResult(
      self, queues, loads: ChannelLoads(self.mesh, destinations), waiting: waiting)
  }
}
