/// The cores' injection queues, and the edge's input queue at router 0: docs/emulator-semantics.md §5.2,
/// §5.3.
struct InjectionQueues: Sendable {
  private let capacity: Int
  private let routerOf: [Int32]
  /// [cores · capacity] rings of packet numbers; [cores] heads and fill.
  private var slots: [UInt32]
  private var head: [Int32]
  private var count: [Int32]
  /// Input packets at router 0, first in, first out, without a bound.
  private var edge: [UInt32] = []
  private var edgeHead = 0
  /// Routers at which something waits.
  private(set) var waiting: Bitset
  /// Packets in all queues.
  private(set) var total = 0

  init(_ tables: Tables) {
    capacity = tables.chip.timing.injectionQueue
    routerOf = tables.routerOf
    slots = [UInt32](repeating: 0, count: tables.coreCount * capacity)
    head = [Int32](repeating: 0, count: tables.coreCount)
    count = head
    waiting = Bitset(count: tables.coreAt.count)
  }

  mutating func removeAll() {
    for core in count.indices {
      head[core] = 0
      count[core] = 0
    }
    edge.removeAll(keepingCapacity: true)
    edgeHead = 0
    waiting.removeAll()
    total = 0
  }

  func hasRoom(core: Int) -> Bool { Int(count[core]) < capacity }

  /// Packets in a core's queue, and at the edge.
  func fill(core: Int) -> Int { Int(count[core]) }
  var edgeFill: Int { edge.count - edgeHead }

  /// Packets in a core's queue, and at the edge, next one first.
  func contents(core: Int) -> [UInt32] {
    (0..<Int(count[core])).map { slots[core * capacity + (Int(head[core]) + $0) % capacity] }
  }
  var edgeContents: ArraySlice<UInt32> { edge[edgeHead...] }

  /// Needs room.
  mutating func append(_ packet: UInt32, core: Int) {
    var slot = Int(head[core]) + Int(count[core])
    if slot >= capacity { slot -= capacity }
    slots[core * capacity + slot] = packet
    count[core] += 1
    total += 1
    waiting.insert(Int(routerOf[core]))
  }

  mutating func appendEdge(_ packet: UInt32) {
    edge.append(packet)
    total += 1
    waiting.insert(0)
  }

  var edgeWaits: Bool { edgeHead < edge.count }

  /// Takes the head of the edge queue; `core` is the core at router 0, −1 without.
  mutating func takeEdge(core: Int) -> UInt32 {
    let packet = edge[edgeHead]
    edgeHead += 1
    total -= 1
    if edgeHead == edge.count {
      edge.removeAll(keepingCapacity: true)
      edgeHead = 0
      if core < 0 || count[core] == 0 { waiting.remove(0) }
    }
    return packet
  }

  /// Takes the head of a core's queue, which is not empty. Its router goes on waiting for as long as anything
  /// is left.
  mutating func take(core: Int) -> UInt32 {
    let packet = slots[core * capacity + Int(head[core])]
    head[core] = Int(head[core]) + 1 == capacity ? 0 : head[core] + 1
    count[core] -= 1
    total -= 1
    if count[core] == 0 { waiting.remove(Int(routerOf[core])) }
    return packet
  }
}
