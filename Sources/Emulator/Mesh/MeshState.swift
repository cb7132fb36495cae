/// What of a mesh changes, with the loops that change it in extensions.
///
/// **Memory.** Behind pointers, because these loops are most of a run's time: arrays would be checked for their bounds at each
/// access and for a second owner at each change. Whatever is read through them is an index that this type made itself, of
/// five kinds: a *key* is `router · 8 + port` with a router below `routers`; a *slot* lies between `key · depth` and
/// `(key + 1) · depth`; a *word* is `key / 64`; a *choice* is pointer · 32 + requests, of 5 and 32; branches are found in
/// `trees` by an array's own rules, and `inject` takes routers below `routers`. `Mesh.own` sees to it that a state is changed by one
/// owner only, which is why it may be sent.
///
/// **Credits** are not counted. A FIFO has one writer, which fills its slots in turn, so that writer has a credit exactly when
/// the next slot is free; a slot that is taken out in cycle a is free from a + C on. A writer that finds its next slot taken
/// loses its bit in `credited` and waits: for the cycle from which the slot is free, or, when that is not known yet, for
/// whoever takes the flit out (`awaited`).
final class MeshState: @unchecked Sendable {
  /// One key: an input FIFO, and an output (or the injection port) with its arbiter.
  struct Port {
    /// Output: the FIFO (or core) that it feeds, −1 at the edge; the slot that its next flit takes.
    var feeds: Int32 = -1
    var next: Int32 = 0
    /// Input: the output or injection port that fills it, −1 at the edge.
    var filledBy: Int32 = -1
    /// Input: the first flit's slot, how many flits there are, and the most since the last reset.
    var head: Int32 = 0
    var occupancy: Int32 = 0
    var peak: Int32 = 0
    /// The router's x + y · 2¹⁶.
    var here: Int32 = 0
    /// Input: outputs that have not served the head yet, as bits (multicast only).
    var unserved: UInt8 = 0
    /// Output: inputs whose head wants it, as bits over positions of the arbiters' order; the arbiter's
    /// pointer.
    var requests: UInt8 = 0
    var pointer: UInt8 = 0
  }
  /// A place for a flit in a FIFO or on its way there.
  struct Slot {
    var flit: Mesh.Flit
    /// The cycle from which it can be filled again; `taken` or `awaited` while it is not known.
    var free: Int

    static let awaited = Int.max - 1
    static let taken = Int.max
  }
  /// What is kept of a flit when waits are tracked: the cycle in which it is eligible.
  struct Waiting {
    var since: Int
    var longest: Mesh.Wait
  }
  /// The request that wins: the first in cyclic order from the pointer.
  struct Choice {
    var input: UInt8 = 0
    /// Its position as a bit, and the pointer afterwards.
    var bit: UInt8 = 0
    var pointer: UInt8 = 0

    /// - Parameter order: the ports as the arbiter sees them.
    init(pointer: Int, requests: Int, order: [Int]) {
      guard let winner = (0..<5).map({ (pointer + $0) % 5 }).first(where: { requests >> $0 & 1 != 0 }) else {
        return
      }
      input = UInt8(order[winner])
      bit = 1 << UInt8(winner)
      self.pointer = UInt8((winner + 1) % 5)
    }
  }
  struct Counts {
    var flits = 0
    var hops: UInt64 = 0
    var verticalHops: UInt64 = 0
    var delivered = 0
    var logged = 0
    /// Where the next keys go in `links` and `cores`.
    var linkTail = 0
    var coreTail = 0
    /// No slot that is free, or known to become free, becomes so later.
    var lastFree = 0
  }

  let routers: Int
  let words: Int
  let depth: Int
  let hopCycles: Int
  let creditCycles: Int
  let injectionCycles: Int
  let tracksWaits: Bool
  let trees: [MulticastTrees.Branch]
  /// Position of a port in the arbiters' order, four bits each.
  let positions: UInt64
  /// What an arbiter does, [pointer · 32 + requests].
  let choices: UnsafeMutablePointer<Choice>
  /// [routers · 8], and the FIFOs, [routers · 8 · depth]; waits beside the latter.
  let ports: UnsafeMutablePointer<Port>
  let slots: UnsafeMutablePointer<Slot>
  let waits: UnsafeMutablePointer<Waiting>
  /// Outputs that some head wants, and outputs that have a credit, one bit per key.
  let wanted: UnsafeMutablePointer<UInt64>
  let credited: UnsafeMutablePointer<UInt64>
  /// One bit for each of their words with an output that is both.
  let busy: UnsafeMutablePointer<UInt64>
  /// Injection ports with a credit, one bit per router.
  let injectable: UnsafeMutablePointer<UInt64>
  /// Keys of FIFOs that get a flit by a link and from an injection port, and of cores.
  let links: Calendar
  let injections: Calendar
  let cores: Calendar
  /// Outputs and injection ports that wait for a credit.
  let wakes: Wakes

  /// [routers] what reached its core in the cycle that `arrive` processed last, and, with `tracksWaits`, its waits.
  let delivered: UnsafeMutablePointer<Mesh.Delivery>
  let deliveredWaits: UnsafeMutablePointer<Mesh.Wait>
  /// [routers · 8], see `Mesh`; the first cycle of a stall that lasts.
  let linkFlits: UnsafeMutablePointer<UInt64>
  let linkStalls: UnsafeMutablePointer<UInt64>
  let stalledSince: UnsafeMutablePointer<Int>
  /// [routers · 5] the grants of one cycle.
  let grantLog: UnsafeMutablePointer<Mesh.Grant>
  let counts: UnsafeMutablePointer<Counts>

  init(_ shape: Mesh.Shape, _ trees: [MulticastTrees.Branch]) {
    func allocate<Element>(_ count: Int, _ element: Element) -> UnsafeMutablePointer<Element> {
      let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(1, count))
      pointer.initialize(repeating: element, count: max(1, count))
      return pointer
    }
    routers = shape.width * shape.height
    depth = shape.bufferDepth
    hopCycles = shape.hopCycles
    creditCycles = shape.creditCycles
    injectionCycles = shape.injectionCycles
    tracksWaits = shape.tracksWaits
    self.trees = trees
    var positions: UInt64 = 0
    for (position, port) in shape.portOrder.enumerated() {
      positions |= UInt64(position) << UInt64(port * 4)
    }
    self.positions = positions
    choices = .allocate(capacity: 5 * 32)
    for pointer in 0..<5 {
      for requests in 0..<32 {
        let choice = Choice(pointer: pointer, requests: requests, order: shape.portOrder)
        (choices + (pointer * 32 + requests)).initialize(to: choice)
      }
    }

    let keys = routers * Mesh.stride
    words = (keys + 63) / 64
    let nothing = Mesh.Flit(packet: 0, x: 0, y: 0)
    let noWait = Mesh.Wait(cycles: 0, router: 0, output: 5)
    ports = allocate(keys, Port())
    slots = allocate(keys * depth, Slot(flit: nothing, free: 0))
    waits = allocate(tracksWaits ? keys * depth : 0, Waiting(since: 0, longest: noWait))
    wanted = allocate(words, 0)
    credited = allocate(words, 0)
    busy = allocate((words + 63) / 64, 0)
    injectable = allocate((routers + 63) / 64, 0)
    links = Calendar(capacity: 4 * routers * min(depth, hopCycles), latency: hopCycles)
    injections = Calendar(capacity: routers * min(depth, injectionCycles), latency: injectionCycles)
    cores = Calendar(capacity: routers * min(depth, hopCycles), latency: hopCycles)
    wakes = Wakes(keys: keys, reach: hopCycles + creditCycles)
    delivered = allocate(routers, Mesh.Delivery(router: 0, flit: nothing))
    deliveredWaits = allocate(tracksWaits ? routers : 0, noWait)
    linkFlits = allocate(keys, 0)
    linkStalls = allocate(keys, 0)
    stalledSince = allocate(keys, 0)
    grantLog = allocate(routers * Mesh.outputs, Mesh.Grant(cycle: 0, router: 0, output: 0, packet: 0))
    counts = allocate(1, Counts())
    connect(width: shape.width, height: shape.height)
    reset()
  }

  convenience init(_ shape: Mesh.Shape, copying other: MeshState) {
    self.init(shape, other.trees)
    let keys = routers * Mesh.stride
    ports.update(from: other.ports, count: keys)
    slots.update(from: other.slots, count: keys * depth)
    if tracksWaits {
      waits.update(from: other.waits, count: keys * depth)
      deliveredWaits.update(from: other.deliveredWaits, count: routers)
    }
    wanted.update(from: other.wanted, count: words)
    credited.update(from: other.credited, count: words)
    busy.update(from: other.busy, count: (words + 63) / 64)
    injectable.update(from: other.injectable, count: (routers + 63) / 64)
    links.copy(other.links)
    injections.copy(other.injections)
    cores.copy(other.cores)
    wakes.copy(other.wakes)
    delivered.update(from: other.delivered, count: routers)
    linkFlits.update(from: other.linkFlits, count: keys)
    linkStalls.update(from: other.linkStalls, count: keys)
    stalledSince.update(from: other.stalledSince, count: keys)
    counts.pointee = other.counts.pointee
  }

  deinit {
    choices.deallocate()
    ports.deallocate()
    slots.deallocate()
    waits.deallocate()
    wanted.deallocate()
    credited.deallocate()
    busy.deallocate()
    injectable.deallocate()
    links.deallocate()
    injections.deallocate()
    cores.deallocate()
    wakes.deallocate()
    delivered.deallocate()
    deliveredWaits.deallocate()
    linkFlits.deallocate()
    linkStalls.deallocate()
    stalledSince.deallocate()
    grantLog.deallocate()
    counts.deallocate()
  }

  /// Ports learn what they feed and what fills them.
  private func connect(width: Int, height: Int) {
    let neighbours = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    for router in 0..<routers {
      let base = router * Mesh.stride
      for port in 0..<Mesh.stride {
        ports[base + port].here = Int32(router % width) | Int32(router / width) << 16
      }
      for (port, step) in neighbours.enumerated() {
        let x = router % width + step.0
        let y = router / width + step.1
        guard x >= 0, x < width, y >= 0, y < height else { continue }
        // Output 0 (+x) leads to the neighbour's input 1 (from −x), and so on in pairs.
        let other = (y * width + x) * Mesh.stride + (port ^ 1)
        ports[base + port].feeds = Int32(other)
        ports[base + port].filledBy = Int32(other)
      }
      ports[base + 4].feeds = Int32(base + Mesh.coreKey)
      ports[base + 4].filledBy = Int32(base + Mesh.injectionKey)
      ports[base + Mesh.injectionKey].feeds = Int32(base + 4)
    }
  }

  /// Empty buffers, full credits, pointers 0, counters 0.
  func reset() {
    for key in 0..<routers * Mesh.stride {
      let port = ports[key]
      let feeds = port.feeds
      ports[key] = Port(
        feeds: feeds, next: max(0, feeds) * Int32(depth), filledBy: port.filledBy, head: Int32(key * depth),
        here: port.here)
      if key % Mesh.stride < Mesh.outputs, feeds >= 0 { credited[key / 64] |= 1 << UInt64(key % 64) }
      for slot in key * depth..<(key + 1) * depth { slots[slot].free = 0 }
    }
    for router in 0..<routers { injectable[router / 64] |= 1 << UInt64(router % 64) }
    wanted.update(repeating: 0, count: words)
    busy.update(repeating: 0, count: (words + 63) / 64)
    links.removeAll()
    injections.removeAll()
    cores.removeAll()
    wakes.removeAll()
    linkFlits.update(repeating: 0, count: routers * Mesh.stride)
    linkStalls.update(repeating: 0, count: routers * Mesh.stride)
    counts.pointee = Counts()
  }

  /// Entry `i` of a table of sixteen numbers of four bits.
  @inline(__always) static func entry(_ table: UInt64, _ i: Int) -> Int {
    Int(truncatingIfNeeded: (table &>> UInt64(truncatingIfNeeded: i &* 4)) & 15)
  }

  @inline(__always) func canInject(at router: Int) -> Bool {
    injectable[router >> 6] &>> UInt64(truncatingIfNeeded: router & 63) & 1 != 0
  }

  /// The slot after `slot` of FIFO `key`.
  @inline(__always) func slot(after slot: Int, of key: Int) -> Int {
    slot &+ 1 == (key &+ 1) &* depth ? key &* depth : slot &+ 1
  }

  func nextCycle(after cycle: Int) -> Int {
    for w in 0..<(words &+ 63) / 64 where busy[w] != 0 { return cycle &+ 1 }
    return min(links.nextDue, injections.nextDue, cores.nextDue, wakes.nextDue(after: cycle))
  }
}
