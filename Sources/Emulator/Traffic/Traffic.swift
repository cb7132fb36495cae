/// The packets of a chip, the cores' injection queues, and the edge's input queue at router 0:
/// docs/emulator-semantics.md §5.2, §5.3.
///
/// A value, as `Mesh` is one; what changes is in `TrafficState`.
struct Traffic: Sendable {
  private let tables: Tables
  private var owned: TrafficState

  init(_ tables: Tables) {
    self.tables = tables
    owned = TrafficState(tables)
  }

  /// For reading.
  var state: TrafficState { owned }

  /// For changing: this chip's alone.
  @inline(__always) mutating func own() -> TrafficState {
    if !isKnownUniquelyReferenced(&owned) { owned = TrafficState(tables, copying: owned) }
    return owned
  }

  mutating func removeAll() { own().removeAll() }

  subscript(_ number: UInt32) -> Packet { owned.pool.pointee.packets[Int(number)] }

  /// Packets in a core's queue, and at the edge.
  func fill(core: Int) -> Int { Int(owned.queues[core].count) }
  var edgeFill: Int { owned.edge.pointee.count - owned.edge.pointee.head }

  /// Packets in a core's queue, and at the edge, next one first.
  func contents(core: Int) -> [UInt32] {
    let queue = owned.queues[core]
    return (0..<Int(queue.count)).map {
      owned.queued[core * owned.capacity + (Int(queue.head) + $0) % owned.capacity].packet
    }
  }
  var edgeContents: [UInt32] {
    let edge = owned.edge.pointee
    return (edge.head..<edge.count).map { edge.flits[$0].packet }
  }
}
