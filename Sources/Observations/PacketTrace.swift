/// Packets that a mesh carried, one by one, and every grant of its switches: docs/mesh.md.
public struct PacketTrace: Sendable, Equatable {
  /// A packet before it enters the mesh. Nodes are numbered y · width + x; cycles count from 0.
  public struct Packet: Sendable, Equatable {
    public var id: Int
    public var source: Int
    public var destination: Int
    /// The cycle in which it joins its source's queue.
    public var made: Int

    public init(id: Int, source: Int, destination: Int, made: Int) {
      self.id = id
      self.source = source
      self.destination = destination
      self.made = made
    }
  }

  /// When a packet left its source's queue, and when it reached its destination.
  public struct Times: Sendable, Equatable {
    public var injected: Int
    public var arrived: Int

    public init(injected: Int, arrived: Int) {
      self.injected = injected
      self.arrived = arrived
    }
  }

  /// In `cycle`, `router` let a packet through to `output` (0 +x, 1 −x, 2 +y, 3 −y, 4 local).
  public struct Grant: Sendable, Equatable {
    public var cycle: Int
    public var router: Int
    public var output: Int
    /// The packet's `id`.
    public var packet: Int

    public init(cycle: Int, router: Int, output: Int, packet: Int) {
      self.cycle = cycle
      self.router = router
      self.output = output
      self.packet = packet
    }
  }

  public var packets: [Packet]
  /// Of `packets`, in their order.
  public var times: [Times]
  /// Sorted by cycle, router, output; empty when grants were not recorded.
  public var grants: [Grant]

  public init(packets: [Packet], times: [Times], grants: [Grant]) {
    self.packets = packets
    self.times = times
    self.grants = grants
  }
}
