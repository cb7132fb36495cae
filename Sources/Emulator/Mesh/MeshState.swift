/// What of a mesh changes, with the loops that change it in extensions.
///
/// **Memory.** Behind pointers, because these loops are most of a run's time: arrays would be checked for their bounds at each
/// access and for a second owner at each change. Whatever is read through them is an index that this type made itself, of
/// five kinds: a *key* is `router · 8 + port` with a router below `routers`; a *slot* is one of `depth` from `key · 2^slotBits` on;
/// a *word* is `key / 64`; an *arbiter* is pointer · 32 + requests, of 5 and 32; a *branch* is one of `trees` or a child of one,
/// and `inject` checks it; it takes routers below `routers`. `Mesh.own` sees to it that a state is changed by one owner only,
/// which is why it may be sent.
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
    /// Input: itself as a bit over positions of the arbiters' order.
    var bit: UInt8 = 0
  }
  /// A place for a flit in a FIFO or on its way there.
  struct Slot {
    var flit: Mesh.Flit
    /// The cycle from which it can be filled again; `taken` or `awaited` while it is not known.
    var free: Int

    static let awaited = Int.max - 1
    static let taken = Int.max
  }
  /// An output that grants: its key, and the input that it serves with the slot of the head.
  struct Granting {
    var key: Int32
    var input: Int32
    var head: Int32
  }
  /// What is kept of a flit when waits are tracked: the cycle in which it is eligible.
  struct Waiting {
    var since: Int
    var longest: Mesh.Wait
  }
  /// The request that wins, the first in cyclic order from the pointer: the input, and the arbiter without it and with the
  /// pointer after it.
  struct Choice {
    var input: UInt8 = 0
    var arbiter: UInt8 = 0

    /// - Parameters:
    ///   - arbiter: as it was.
    ///   - order: the ports as the arbiter sees them.
    init(arbiter: Int, order: [Int]) {
      guard let winner = (0..<5).map({ (arbiter / 32 + $0) % 5 }).first(where: { arbiter >> $0 & 1 != 0 })
      else {
        return
      }
      input = UInt8(order[winner])
      self.arbiter = UInt8((winner + 1) % 5 * 32 | arbiter & 31 & ~(1 << winner))
    }
  }
  struct Counts {
    var flits = 0
    var hops: UInt64 = 0
    var verticalHops: UInt64 = 0
    /// The place of the cycle's first delivery in `cores`, and how many there are.
    var firstDelivered = 0
    var delivered = 0
    var logged = 0
    /// No slot that is free, or known to become free, becomes so later.
    var lastFree = 0
  }

  let routers: Int
  let words: Int
  let depth: Int
  /// A FIFO's slots begin at a multiple of 2^slotBits, at least `depth`.
  let slotBits: Int
  let hopCycles: Int
  let creditCycles: Int
  let injectionCycles: Int
  let tracksWaits: Bool
  /// [treeCount] the branches of multicast flits.
  let trees: UnsafeMutablePointer<MulticastTrees.Branch>
  let treeCount: Int
  /// [routers] a byte per output: 32 times its arbiter's pointer, and the inputs whose head wants it, as `Port.bit`.
  let arbiters: UnsafeMutablePointer<UInt64>
  /// What an arbiter does.
  let choices: UnsafeMutablePointer<Choice>
  /// [routers · 8], and the FIFOs, [routers · 8 · 2^slotBits]; beside the latter the outputs that have not served a flit yet, as
  /// bits, and waits.
  let ports: UnsafeMutablePointer<Port>
  let slots: UnsafeMutablePointer<Slot>
  let ways: UnsafeMutablePointer<UInt8>
  let waits: UnsafeMutablePointer<Waiting>
  /// Outputs that some head wants, and outputs that have a credit, one bit per key.
  let wanted: UnsafeMutablePointer<UInt64>
  let credited: UnsafeMutablePointer<UInt64>
  /// One bit for each of their words with an output that is both.
  let busy: UnsafeMutablePointer<UInt64>
  /// Injection ports with a credit, one bit per router.
  let injectable: UnsafeMutablePointer<UInt64>
  /// Keys of FIFOs that get a flit by a link and from an injection port, and what cores get.
  let links: Calendar<Int32>
  let injections: Calendar<Int32>
  let cores: Calendar<Mesh.Delivery>
  /// Outputs and injection ports that wait for a credit.
  let wakes: Wakes

  /// With `tracksWaits`, beside the items of `cores`: their longest waits.
  let coreWaits: UnsafeMutablePointer<Mesh.Wait>
  /// [routers · 8], see `Mesh`; the first cycle of a stall that lasts.
  let linkFlits: UnsafeMutablePointer<UInt64>
  let linkStalls: UnsafeMutablePointer<UInt64>
  let stalledSince: UnsafeMutablePointer<Int>
  /// [64] the outputs of one word that grant.
  let granting: UnsafeMutablePointer<Granting>
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
    slotBits = Int.bitWidth - (depth - 1).leadingZeroBitCount
    hopCycles = shape.hopCycles
    creditCycles = shape.creditCycles
    injectionCycles = shape.injectionCycles
    tracksWaits = shape.tracksWaits
    treeCount = trees.count
    self.trees = .allocate(capacity: max(1, treeCount))
    self.trees.initialize(from: trees, count: treeCount)
    choices = .allocate(capacity: 256)
    for arbiter in 0..<256 {
      (choices + arbiter).initialize(to: Choice(arbiter: arbiter, order: shape.portOrder))
    }

    let keys = routers * Mesh.stride
    words = (keys + 63) / 64
    let nothing = Mesh.Flit(packet: 0, x: 0, y: 0)
    let noWait = Mesh.Wait(cycles: 0, router: 0, output: 5)
    arbiters = allocate(routers, 0)
    ports = allocate(keys, Port())
    slots = allocate(keys << slotBits, Slot(flit: nothing, free: 0))
    ways = allocate(keys << slotBits, 0)
    waits = allocate(tracksWaits ? keys << slotBits : 0, Waiting(since: 0, longest: noWait))
    wanted = allocate(words, 0)
    credited = allocate(words, 0)
    busy = allocate((words + 63) / 64, 0)
    injectable = allocate((routers + 63) / 64, 0)
    links = Calendar(capacity: 4 * routers * min(depth, hopCycles), latency: hopCycles, 0)
    injections = Calendar(capacity: routers * min(depth, injectionCycles), latency: injectionCycles, 0)
    // Those that arrive in a cycle are read after it, when as many again may have been sent.
    cores = Calendar(
      capacity: routers * min(depth, hopCycles + 1), latency: hopCycles,
      Mesh.Delivery(router: 0, flit: nothing))
    coreWaits = allocate(tracksWaits ? cores.mask + 1 : 0, noWait)
    wakes = Wakes(keys: keys, reach: hopCycles + creditCycles)
    linkFlits = allocate(keys, 0)
    linkStalls = allocate(keys, 0)
    stalledSince = allocate(keys, 0)
    granting = allocate(64, Granting(key: 0, input: 0, head: 0))
    grantLog = allocate(routers * Mesh.outputs, Mesh.Grant(cycle: 0, router: 0, output: 0, packet: 0))
    counts = allocate(1, Counts())
    connect(shape)
    reset()
  }

  convenience init(_ shape: Mesh.Shape, copying other: MeshState) {
    self.init(shape, Array(UnsafeBufferPointer(start: other.trees, count: other.treeCount)))
    let keys = routers * Mesh.stride
    arbiters.update(from: other.arbiters, count: routers)
    ports.update(from: other.ports, count: keys)
    slots.update(from: other.slots, count: keys << slotBits)
    ways.update(from: other.ways, count: keys << slotBits)
    if tracksWaits {
      waits.update(from: other.waits, count: keys << slotBits)
      coreWaits.update(from: other.coreWaits, count: cores.mask + 1)
    }
    wanted.update(from: other.wanted, count: words)
    credited.update(from: other.credited, count: words)
    busy.update(from: other.busy, count: (words + 63) / 64)
    injectable.update(from: other.injectable, count: (routers + 63) / 64)
    links.copy(other.links)
    injections.copy(other.injections)
    cores.copy(other.cores)
    wakes.copy(other.wakes)
    linkFlits.update(from: other.linkFlits, count: keys)
    linkStalls.update(from: other.linkStalls, count: keys)
    stalledSince.update(from: other.stalledSince, count: keys)
    counts.pointee = other.counts.pointee
  }

  deinit {
    trees.deallocate()
    arbiters.deallocate()
    choices.deallocate()
    ports.deallocate()
    slots.deallocate()
    ways.deallocate()
    waits.deallocate()
    wanted.deallocate()
    credited.deallocate()
    busy.deallocate()
    injectable.deallocate()
    links.deallocate()
    injections.deallocate()
    cores.deallocate()
    wakes.deallocate()
    coreWaits.deallocate()
    linkFlits.deallocate()
    linkStalls.deallocate()
    stalledSince.deallocate()
    granting.deallocate()
    grantLog.deallocate()
    counts.deallocate()
  }

  /// Ports learn what they feed and what fills them.
  private func connect(_ shape: Mesh.Shape) {
    let (width, height) = (shape.width, shape.height)
    let neighbours = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    for router in 0..<routers {
      let base = router * Mesh.stride
      for port in 0..<Mesh.stride {
        ports[base + port].here = Int32(router % width) | Int32(router / width) << 16
      }
      for (position, port) in shape.portOrder.enumerated() { ports[base + port].bit = 1 << UInt8(position) }
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
        feeds: feeds, next: max(0, feeds) << Int32(slotBits), filledBy: port.filledBy,
        head: Int32(key << slotBits), here: port.here, bit: port.bit)
      if key % Mesh.stride < Mesh.outputs, feeds >= 0 { credited[key / 64] |= 1 << UInt64(key % 64) }
      for i in 0..<depth { slots[key << slotBits + i].free = 0 }
    }
    for router in 0..<routers { injectable[router / 64] |= 1 << UInt64(router % 64) }
    arbiters.update(repeating: 0, count: routers)
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

  /// The inputs whose head wants output `key`.
  func requests(of key: Int) -> UInt64 { arbiters[key / Mesh.stride] >> UInt64(key % Mesh.stride * 8) & 31 }

  /// Of ports and FIFOs.
  var bytes: Int {
    routers * Mesh.stride * (MemoryLayout<Port>.stride + (MemoryLayout<Slot>.stride + 1) << slotBits)
  }

  @inline(__always) func canInject(at router: Int) -> Bool {
    injectable[router >> 6] &>> UInt64(truncatingIfNeeded: router & 63) & 1 != 0
  }

  /// The slot after `slot` of FIFO `key`.
  @inline(__always) func slot(after slot: Int, of key: Int) -> Int {
    let first = key &<< slotBits
    return slot &+ 1 == first &+ depth ? first : slot &+ 1
  }

  /// Delivery `i` of the cycle that `arrive` processed last, and its longest wait where waits are tracked.
  @inline(__always) func delivery(_ i: Int) -> Mesh.Delivery { cores[counts.pointee.firstDelivered &+ i] }
  func wait(ofDelivery i: Int) -> Mesh.Wait { coreWaits[(counts.pointee.firstDelivered &+ i) & cores.mask] }

  func nextCycle(after cycle: Int) -> Int {
    for w in 0..<(words &+ 63) / 64 where busy[w] != 0 { return cycle &+ 1 }
    return min(links.nextDue, injections.nextDue, cores.nextDue, wakes.nextDue(after: cycle))
  }
}
