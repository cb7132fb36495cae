/// What of the traffic changes.
///
/// **Memory.** Behind pointers for the same reason as `MeshState`, and sent for the same reason. The indices: cores below
/// `cores`; routers from `routerOf`; queue places below `capacity`, since only as many packets as there is `room` for enter;
/// numbers of packets that `add` gave out and `reach` has not taken back; latencies below `latencyCount`.
final class TrafficState: @unchecked Sendable {
  /// Ring of a core's queue, and whether the core waits for room in it.
  struct Queue {
    var head: Int32 = 0
    var count: Int32 = 0
    var isFrozen = false
  }
  struct Pool {
    var packets: UnsafeMutablePointer<Packet>
    /// Numbers of delivered packets, which are used again, the last one first.
    var free: UnsafeMutablePointer<UInt32>
    var freeCount = 0
    /// Numbers that have been given out once.
    var used = 0
    var capacity: Int
    /// Packets in all queues.
    var waiting = 0
    /// Whether any core is `resuming`.
    var resumes = false
  }
  /// Input packets at router 0, first in, first out, without a bound.
  struct Edge {
    var flits: UnsafeMutablePointer<Mesh.Flit>
    var head = 0
    var count = 0
    var capacity: Int
  }

  /// Spikes that have been delivered in this tick and are not in the ring yet.
  struct Arrived {
    /// A place (x) and its slot (y).
    typealias Note = SIMD2<Int32>

    /// Places in the ring, of which `placeCount` count, and destinations of multicast packets, in `Tables.targets`.
    var places: UnsafeMutablePointer<Note>
    var placeCount = 0
    var targets: UnsafeMutablePointer<Note>
    var targetCount = 0
    /// Of either; no more than so many spikes may have arrived in a tick.
    var capacity: Int
    /// [latencyCount] packets by latency, since the numbers were taken.
    var latencies: UnsafeMutablePointer<UInt64>
    var latencyCount: Int
  }

  let cores: Int
  let capacity: Int
  private let routerOf: [Int32]
  private let routerWords: Int
  /// [cores · capacity]
  let queued: UnsafeMutablePointer<Mesh.Flit>
  let queues: UnsafeMutablePointer<Queue>
  /// What each core has left to offer.
  let emitting: UnsafeMutablePointer<Emission.Core>
  /// Routers at which something waits, one bit each.
  let waiting: UnsafeMutablePointer<UInt64>
  /// Frozen cores whose queues have had room since the last cycle, one bit each: they go on in the next one.
  let resuming: UnsafeMutablePointer<UInt64>
  let pool: UnsafeMutablePointer<Pool>
  let edge: UnsafeMutablePointer<Edge>
  let arrived: UnsafeMutablePointer<Arrived>
  /// [routers] deliveries of a cycle that are not noted.
  let others: UnsafeMutablePointer<Int32>
  /// [cores] deliveries, since the numbers were taken.
  let deliveries: UnsafeMutablePointer<UInt64>

  init(_ tables: Tables) {
    cores = tables.coreCount
    capacity = tables.chip.timing.injectionQueue
    routerOf = tables.routerOf
    routerWords = (tables.coreAt.count + 63) / 64
    queued = .allocate(capacity: max(1, cores * capacity))
    queued.initialize(repeating: Mesh.Flit(packet: 0, x: 0, y: 0), count: cores * capacity)
    queues = .allocate(capacity: max(1, cores))
    queues.initialize(repeating: Queue(), count: cores)
    emitting = .allocate(capacity: max(1, cores))
    emitting.initialize(repeating: Emission.Core(), count: cores)
    waiting = .allocate(capacity: routerWords)
    waiting.initialize(repeating: 0, count: routerWords)
    resuming = .allocate(capacity: (cores + 63) / 64 + 1)
    resuming.initialize(repeating: 0, count: (cores + 63) / 64 + 1)
    let size = 64
    pool = .allocate(capacity: 1)
    pool.initialize(
      to: Pool(packets: .allocate(capacity: size), free: .allocate(capacity: size), capacity: size))
    edge = .allocate(capacity: 1)
    edge.initialize(to: Edge(flits: .allocate(capacity: 16), capacity: 16))
    arrived = .allocate(capacity: 1)
    let latencies = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
    latencies.initialize(repeating: 0, count: size)
    arrived.initialize(
      to: Arrived(
        places: .allocate(capacity: size), targets: .allocate(capacity: size), capacity: size,
        latencies: latencies,
        latencyCount: size))
    others = .allocate(capacity: tables.coreAt.count)
    deliveries = .allocate(capacity: max(1, cores))
    deliveries.initialize(repeating: 0, count: cores)
  }

  convenience init(_ tables: Tables, copying other: TrafficState) {
    self.init(tables)
    queued.update(from: other.queued, count: cores * capacity)
    queues.update(from: other.queues, count: cores)
    emitting.update(from: other.emitting, count: cores)
    waiting.update(from: other.waiting, count: routerWords)
    resuming.update(from: other.resuming, count: (cores + 63) / 64)
    pool.pointee.resumes = other.pool.pointee.resumes
    while pool.pointee.capacity < other.pool.pointee.capacity { growPool() }
    pool.pointee.packets.update(from: other.pool.pointee.packets, count: other.pool.pointee.used)
    pool.pointee.free.update(from: other.pool.pointee.free, count: other.pool.pointee.freeCount)
    pool.pointee.freeCount = other.pool.pointee.freeCount
    pool.pointee.used = other.pool.pointee.used
    pool.pointee.waiting = other.pool.pointee.waiting
    while edge.pointee.capacity < other.edge.pointee.capacity { growEdge() }
    edge.pointee.flits.update(from: other.edge.pointee.flits, count: other.edge.pointee.count)
    edge.pointee.head = other.edge.pointee.head
    edge.pointee.count = other.edge.pointee.count
    reserve(latency: other.arrived.pointee.latencyCount - 1)
    arrived.pointee.latencies.update(
      from: other.arrived.pointee.latencies, count: other.arrived.pointee.latencyCount)
    deliveries.update(from: other.deliveries, count: cores)
    precondition(
      other.arrived.pointee.placeCount + other.arrived.pointee.targetCount == 0,
      "chips are copied between ticks")
  }

  deinit {
    queued.deallocate()
    queues.deallocate()
    emitting.deallocate()
    waiting.deallocate()
    resuming.deallocate()
    pool.pointee.packets.deallocate()
    pool.pointee.free.deallocate()
    pool.deallocate()
    edge.pointee.flits.deallocate()
    edge.deallocate()
    arrived.pointee.places.deallocate()
    arrived.pointee.targets.deallocate()
    arrived.pointee.latencies.deallocate()
    arrived.deallocate()
    others.deallocate()
    deliveries.deallocate()
  }

  func removeAll() {
    queues.update(repeating: Queue(), count: cores)
    waiting.update(repeating: 0, count: routerWords)
    resuming.update(repeating: 0, count: (cores + 63) / 64)
    pool.pointee.resumes = false
    pool.pointee.freeCount = 0
    pool.pointee.used = 0
    pool.pointee.waiting = 0
    edge.pointee.head = 0
    edge.pointee.count = 0
    arrived.pointee.placeCount = 0
    arrived.pointee.targetCount = 0
  }

  // MARK: - Packets

  @inline(__always) func add(_ packet: Packet) -> UInt32 {
    if pool.pointee.freeCount > 0 {
      pool.pointee.freeCount &-= 1
      let number = pool.pointee.free[pool.pointee.freeCount]
      pool.pointee.packets[Int(number)] = packet
      return number
    }
    if pool.pointee.used == pool.pointee.capacity { growPool() }
    let number = pool.pointee.used
    pool.pointee.packets[number] = packet
    pool.pointee.used &+= 1
    return UInt32(truncatingIfNeeded: number)
  }

  /// Notes that a packet reached `count` of its destinations; after the last one its number is free.
  @inline(__always) func reach(_ number: UInt32, _ count: Int32) {
    let packet = pool.pointee.packets + Int(number)
    packet.pointee.left &-= count
    if packet.pointee.left == 0 {
      pool.pointee.free[pool.pointee.freeCount] = number
      pool.pointee.freeCount &+= 1
    }
  }

  @inline(never) private func growPool() {
    let old = pool.pointee
    let size = old.capacity * 2
    pool.pointee.packets = .allocate(capacity: size)
    pool.pointee.packets.update(from: old.packets, count: old.used)
    pool.pointee.free = .allocate(capacity: size)
    pool.pointee.free.update(from: old.free, count: old.freeCount)
    pool.pointee.capacity = size
    old.packets.deallocate()
    old.free.deallocate()
  }

  // MARK: - Queues

  /// Packets enter the core's queue, as many as there is room for.
  ///
  /// - Parameters:
  ///   - count: how many there are.
  ///   - packet: the packet of a number below `count`, and where its flit goes.
  /// - Returns: how many entered.
  @inline(__always) func append(count: Int, core: Int, packet: (Int) -> (Packet, to: Int32)) -> Int {
    let queue = queues[core]
    let count = min(count, capacity &- Int(queue.count))
    if count == 0 { return 0 }
    let places = queued + core &* capacity
    var place = Int(queue.head) &+ Int(queue.count)
    if place >= capacity { place &-= capacity }
    for i in 0..<count {
      let (packet, to) = packet(i)
      places[place] = Mesh.Flit(add(packet), to)
      place = place &+ 1 == capacity ? 0 : place &+ 1
    }
    queues[core].count = queue.count &+ Int32(truncatingIfNeeded: count)
    pool.pointee.waiting &+= count
    let router = Int(routerOf[core])
    waiting[router >> 6] |= 1 &<< UInt64(truncatingIfNeeded: router & 63)
    return count
  }

  func appendEdge(_ flit: Mesh.Flit) {
    if edge.pointee.count == edge.pointee.capacity { growEdge() }
    edge.pointee.flits[edge.pointee.count] = flit
    edge.pointee.count &+= 1
    pool.pointee.waiting &+= 1
    waiting[0] |= 1
  }

  private func growEdge() {
    let old = edge.pointee
    edge.pointee.flits = .allocate(capacity: old.capacity * 2)
    edge.pointee.flits.update(from: old.flits, count: old.count)
    edge.pointee.capacity = old.capacity * 2
    old.flits.deallocate()
  }

  @inline(__always) var edgeWaits: Bool { edge.pointee.head < edge.pointee.count }

  /// Takes the head of the edge queue; `core` is the core at router 0, −1 without.
  func takeEdge(core: Int) -> Mesh.Flit {
    let flit = edge.pointee.flits[edge.pointee.head]
    edge.pointee.head &+= 1
    pool.pointee.waiting &-= 1
    if !edgeWaits {
      edge.pointee.head = 0
      edge.pointee.count = 0
      if core < 0 || queues[core].count == 0 { waiting[0] &= ~1 }
    }
    return flit
  }

  /// Takes the head of a core's queue, which is not empty; a core that waits for room goes on. Its router goes on waiting for
  /// as long as anything is left.
  @inline(__always) func take(core: Int, router: Int) -> Mesh.Flit {
    let queue = queues[core]
    let flit = queued[core &* capacity &+ Int(queue.head)]
    let next = Int(queue.head) &+ 1
    queues[core] = Queue(
      head: Int32(truncatingIfNeeded: next == capacity ? 0 : next), count: queue.count &- 1)
    if queue.isFrozen {
      resuming[core >> 6] |= 1 &<< UInt64(truncatingIfNeeded: core & 63)
      pool.pointee.resumes = true
    }
    pool.pointee.waiting &-= 1
    let isEmpty: UInt64 = queue.count == 1 ? 1 : 0
    waiting[router >> 6] &= ~(isEmpty &<< UInt64(truncatingIfNeeded: router & 63))
    return flit
  }

  /// The next cycle in which a flit or a credit arrives, a router can grant, a port injects, or a core goes on that has waited
  /// for room.
  @inline(__always) func nextCycle(after cycle: Int, _ mesh: MeshState) -> Int {
    if pool.pointee.resumes { return cycle &+ 1 }
    for w in 0..<routerWords where waiting[w] & mesh.injectable[w] != 0 { return cycle &+ 1 }
    return mesh.nextCycle(after: cycle)
  }

  // MARK: - Arrivals

  /// Makes room for `more` notes of either kind, and for those of the second kind behind the first.
  @inline(__always) func reserve(arrivals more: Int) {
    let needed = arrived.pointee.placeCount &+ arrived.pointee.targetCount &+ more
    if needed > arrived.pointee.capacity { growArrived(needed) }
  }

  @inline(never) private func growArrived(_ needed: Int) {
    let old = arrived.pointee
    let size = max(needed, old.capacity * 2)
    arrived.pointee.places = .allocate(capacity: size)
    arrived.pointee.places.update(from: old.places, count: old.placeCount)
    arrived.pointee.targets = .allocate(capacity: size)
    arrived.pointee.targets.update(from: old.targets, count: old.targetCount)
    arrived.pointee.capacity = size
    old.places.deallocate()
    old.targets.deallocate()
  }

  /// Makes room for a count of packets with this latency.
  func reserve(latency: Int) {
    let old = arrived.pointee
    if latency < old.latencyCount { return }
    let size = max(latency + 1, old.latencyCount * 2)
    let latencies = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
    latencies.initialize(repeating: 0, count: size)
    latencies.update(from: old.latencies, count: old.latencyCount)
    arrived.pointee.latencies = latencies
    arrived.pointee.latencyCount = size
    old.latencies.deallocate()
  }
}
