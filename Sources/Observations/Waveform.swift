/// What the routers and cores of a chip did in one sample, cycle by cycle: docs/waveform.md.
///
/// Cycles are counted from the start of the sample, over all its ticks.
public struct Waveform: Sendable, Equatable {
  /// What a core is doing in a cycle (docs/emulator-semantics.md §4).
  public enum Phase: Int, Sendable, CaseIterable {
    case idle, integrate, update
    /// The update waits for room in the injection queue.
    case frozen
  }

  /// A quantity that holds its value until it changes.
  public enum Level: Sendable, Hashable {
    /// `Phase` of a core.
    case phase(core: Int)
    /// Packets in a core's injection queue, and input packets that wait at router 0 (`input.port = edge`).
    case queue(core: Int)
    case edgeQueue
    /// Flits in the input FIFO of a router's port, ports as in `RunRecord.linkFlits`.
    case fifo(router: Int, port: Int)
  }

  /// Something that happens to a packet in one cycle.
  public enum Pulse: Sendable, Hashable {
    case entered(core: Int)
    case injected(router: Int)
    case granted(router: Int, output: Int)
    /// Once per destination on the core.
    case delivered(core: Int)
  }

  public struct Change: Sendable, Equatable {
    public var cycle: Int
    public var level: Level
    public var value: Int

    public init(cycle: Int, level: Level, value: Int) {
      self.cycle = cycle
      self.level = level
      self.value = value
    }
  }

  public struct Occurrence: Sendable, Equatable {
    public var cycle: Int
    public var pulse: Pulse
    /// Packets are numbered from 0 in the order in which they enter a queue (input packets of the edge: in which
    /// they are injected); copies of a multicast share a number.
    public var packet: Int

    public init(cycle: Int, pulse: Pulse, packet: Int) {
      self.cycle = cycle
      self.pulse = pulse
      self.packet = packet
    }
  }

  public var sample: Int
  /// Hertz.
  public var clock: Double
  public var meshWidth: Int
  public var meshHeight: Int
  /// [cores] coordinates.
  public var coreX: [Int32]
  public var coreY: [Int32]
  /// Whether input packets enter at router 0.
  public var hasEdgeQueue: Bool
  /// [chip ticks] first cycle of each tick; one past the last cycle.
  public var tickBegin: [Int] = []
  public var end = 0
  /// By cycle. Levels not mentioned are 0. A queue's or FIFO's value is its fill when the cycle's arrivals and offers
  /// are in and nothing has been taken yet: what the arbiters see.
  public var changes: [Change] = []
  /// By cycle.
  public var occurrences: [Occurrence] = []

  public init(
    sample: Int, clock: Double, meshWidth: Int, meshHeight: Int, coreX: [Int32], coreY: [Int32],
    hasEdgeQueue: Bool
  ) {
    self.sample = sample
    self.clock = clock
    self.meshWidth = meshWidth
    self.meshHeight = meshHeight
    self.coreX = coreX
    self.coreY = coreY
    self.hasEdgeQueue = hasEdgeQueue
  }

  /// Routers at which a core sits or a flit was injected or granted, ascending.
  public var usedRouters: [Int] {
    var used = Set(zip(coreX, coreY).map { Int($1) * meshWidth + Int($0) })
    for occurrence in occurrences {
      switch occurrence.pulse {
      case .injected(let router), .granted(let router, _): used.insert(router)
      case .entered, .delivered: break
      }
    }
    return used.sorted()
  }
}
