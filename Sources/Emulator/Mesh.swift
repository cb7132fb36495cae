/// A mesh of input-queued routers, cycle by cycle: docs/emulator-semantics.md §5.
///
/// A cycle is `arrive`, then (whoever uses the mesh looks at `delivered` and offers packets), then `grant`, then
/// `inject` where `canInject`. All latencies are at least 1, so what a cycle grants or injects is seen in later
/// cycles only, and the order in which routers are visited cannot matter.
///
/// Cost: a cycle touches routers that can grant and flits or credits that arrive, nothing else. `nextCycle`
/// tells which cycles can be left out.
///
/// **Layout.** A router owns 8 keys from `router · 8`: 0…4 are its ports (input and output of one number share a
/// key; 0 +x, 1 −x, 2 +y, 3 −y, 4 local), 5 is the injection port, 7 names the core as a flit's target.
struct Mesh: Sendable {
  /// What travels. `packet` is the user's number; the mesh reads the destination router's x and y only.
  struct Flit: Sendable, Equatable {
    var packet: UInt32
    var x: UInt16
    var y: UInt16
  }
  /// One switch grant, for traces.
  struct Grant: Sendable, Equatable {
    var cycle: Int
    var router: Int
    var output: Int
    var packet: UInt32
  }
  /// Arrival at the core of `router`.
  struct Delivery: Sendable, Equatable {
    var router: Int
    var packet: UInt32
  }
  struct Transit: Sendable {
    var target: Int32
    var flit: Flit
  }

  /// One key: an input FIFO, and an output (or the injection port) with its arbiter.
  struct Port: Sendable {
    /// Input: first flit's place in the ring, and fill.
    var head: Int32 = 0
    var occupancy: Int32 = 0
    /// Input: the output (or injection port) that fills it. −1: none, at the edge of the mesh.
    var filledBy: Int32 = -1
    /// Output: the FIFO (or core) that it feeds, −1 at the edge; credits for it.
    var feeds: Int32 = -1
    var credits: Int32 = 0
    /// Output: inputs whose head wants it, as bits over positions of the arbiters' order; the arbiter's pointer.
    var requests: UInt8 = 0
    var pointer: UInt8 = 0
  }
  struct Router: Sendable {
    var x: UInt16
    var y: UInt16
    /// Outputs that some head wants, and outputs that have a credit, as bits.
    var wanted: UInt8 = 0
    var credited: UInt8 = 0
  }

  static let outputs = 5
  static let stride = 8
  static let injectionKey = 5
  static let coreKey = 7

  let width: Int
  let height: Int
  let routers: Int
  let depth: Int
  let hopCycles: Int
  let creditCycles: Int
  let injectionCycles: Int

  // Constant tables.
  /// [5] position of a port in the arbiters' order, and the port at a position.
  let position: [UInt8]
  let portAt: [UInt8]

  // State.
  /// [routers · 8], and the FIFO rings, [routers · 8 · depth].
  var ports: [Port]
  private var fifo: [Flit]
  private var nodes: [Router]
  /// Routers that can grant now; injection ports that have a credit.
  private var busy: Bitset
  private(set) var portsWithCredit: Bitset
  private(set) var hopsInFlight: Delayed<Transit>
  private(set) var injectionsInFlight: Delayed<Transit>
  private(set) var creditsInFlight: Delayed<Int32>

  /// Flits in FIFOs or on their way.
  private(set) var flits = 0
  /// What reached its core in the cycle that `arrive` processed last.
  private(set) var delivered: [Delivery] = []
  /// Grants since the last reset, [routers · 5]; those of outputs 0–3 in all.
  private(set) var linkFlits: [UInt64]
  private(set) var hops: UInt64 = 0

  /// Records every grant in `grants`.
  var recordsGrants = false
  private(set) var grants: [Grant] = []
  /// Order in which routers are visited; empty: ascending. No result depends on it.
  var visitingOrder: [Int] = []

  /// - Parameters:
  ///   - bufferDepth: entries of each input FIFO, and credits of what fills it.
  ///   - hopCycles: grant → eligible in the next FIFO or delivered to the core.
  ///   - creditCycles: grant → credit usable upstream.
  ///   - injectionCycles: injection → eligible in the local FIFO.
  ///   - portOrder: the five ports as the rotating arbiters see them.
  init(
    width: Int, height: Int, bufferDepth: Int, hopCycles: Int, creditCycles: Int,
    injectionCycles: Int, portOrder: [Int]
  ) {
    precondition(width > 0 && height > 0 && width <= 65_535 && height <= 65_535, "a mesh has routers")
    precondition(bufferDepth > 0, "a FIFO holds a flit")
    precondition(hopCycles > 0 && creditCycles > 0 && injectionCycles > 0, "latencies are at least 1")
    precondition(portOrder.sorted() == [0, 1, 2, 3, 4], "the port order names each port once")
    self.width = width
    self.height = height
    self.depth = bufferDepth
    self.hopCycles = hopCycles
    self.creditCycles = creditCycles
    self.injectionCycles = injectionCycles
    routers = width * height
    portAt = portOrder.map(UInt8.init)
    position = (0..<5).map { port in UInt8(portOrder.firstIndex(of: port) ?? 0) }
    nodes = (0..<routers).map { Router(x: UInt16($0 % width), y: UInt16($0 / width)) }
    var ports = [Port](repeating: Port(), count: routers * Mesh.stride)
    let neighbours = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    for router in 0..<routers {
      let base = router * Mesh.stride
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
    self.ports = ports
    let nothing = Flit(packet: 0, x: 0, y: 0)
    fifo = [Flit](repeating: nothing, count: ports.count * bufferDepth)
    busy = Bitset(count: routers)
    portsWithCredit = Bitset(count: routers)
    hopsInFlight = Delayed(capacity: routers * 2, filler: Transit(target: 0, flit: nothing))
    injectionsInFlight = Delayed(capacity: routers, filler: Transit(target: 0, flit: nothing))
    creditsInFlight = Delayed(capacity: routers * 2, filler: 0)
    linkFlits = [UInt64](repeating: 0, count: routers * Mesh.outputs)
    reset()
  }

  /// Empty buffers, full credits, pointers 0, counters 0.
  mutating func reset() {
    for router in 0..<routers {
      nodes[router].wanted = 0
      nodes[router].credited = 0
      for port in 0..<Mesh.stride {
        let key = router * Mesh.stride + port
        ports[key].head = 0
        ports[key].occupancy = 0
        ports[key].requests = 0
        ports[key].pointer = 0
        ports[key].credits = ports[key].feeds >= 0 ? Int32(depth) : 0
        if port < Mesh.outputs, ports[key].feeds >= 0 { nodes[router].credited |= 1 << UInt8(port) }
      }
    }
    for i in linkFlits.indices { linkFlits[i] = 0 }
    busy.removeAll()
    portsWithCredit.insertAll(below: routers)
    hopsInFlight.removeAll()
    injectionsInFlight.removeAll()
    creditsInFlight.removeAll()
    delivered.removeAll(keepingCapacity: true)
    grants.removeAll(keepingCapacity: true)
    flits = 0
    hops = 0
  }

  // MARK: - Step 1

  /// Flits and credits that are due in `cycle` arrive. Cycles are visited in ascending order, none that
  /// `nextCycle` names is left out.
  mutating func arrive(_ cycle: Int) {
    delivered.removeAll(keepingCapacity: true)
    while hopsInFlight.nextDue <= cycle {
      let transit = hopsInFlight.receive()
      let target = Int(transit.target)
      if target & (Mesh.stride - 1) == Mesh.coreKey {
        flits &-= 1
        delivered.append(Delivery(router: target / Mesh.stride, packet: transit.flit.packet))
        let output = target &- Mesh.coreKey &+ 4
        creditsInFlight.send(Int32(truncatingIfNeeded: output), due: cycle &+ creditCycles)
      } else {
        append(transit.flit, to: target)
      }
    }
    while injectionsInFlight.nextDue <= cycle {
      let transit = injectionsInFlight.receive()
      append(transit.flit, to: Int(transit.target))
    }
    while creditsInFlight.nextDue <= cycle { returnCredit(Int(creditsInFlight.receive())) }
  }

  /// All credits that are on their way arrive at once, as they do during a barrier.
  mutating func settleCredits() {
    while creditsInFlight.count > 0 { returnCredit(Int(creditsInFlight.receive())) }
  }

  private mutating func returnCredit(_ key: Int) {
    ports[key].credits &+= 1  // at most depth: a credit comes back only for a slot that was taken
    let router = key / Mesh.stride
    let port = key & (Mesh.stride - 1)
    if port == Mesh.injectionKey {
      portsWithCredit.insert(router)
    } else {
      let credited = nodes[router].credited | 1 << UInt8(truncatingIfNeeded: port)
      nodes[router].credited = credited
      if nodes[router].wanted & credited != 0 { busy.insert(router) }
    }
  }

  private mutating func append(_ flit: Flit, to key: Int) {
    let fill = Int(ports[key].occupancy)
    precondition(fill < depth, "credits keep a FIFO from overflowing")
    var slot = Int(ports[key].head) &+ fill
    if slot >= depth { slot &-= depth }
    fifo[key &* depth &+ slot] = flit
    ports[key].occupancy = Int32(truncatingIfNeeded: fill &+ 1)
    if fill == 0 { request(for: flit, at: key) }
  }

  /// The head of FIFO `key` asks for its output: x first, then y, then the core.
  @inline(__always) private mutating func request(for flit: Flit, at key: Int) {
    let router = key / Mesh.stride
    var node = nodes[router]
    let output: Int
    if flit.x != node.x {
      output = flit.x > node.x ? 0 : 1
    } else if flit.y != node.y {
      output = flit.y > node.y ? 2 : 3
    } else {
      output = 4
    }
    ports[router &* Mesh.stride &+ output].requests |= 1 << position[key & (Mesh.stride - 1)]
    node.wanted |= 1 << UInt8(truncatingIfNeeded: output)
    nodes[router] = node
    if node.wanted & node.credited != 0 { busy.insert(router) }
  }

  // MARK: - Step 3

  /// Every output with a credit grants one of the inputs whose head wants it.
  mutating func grant(_ cycle: Int) {
    if visitingOrder.isEmpty {
      for w in 0..<busy.wordCount {
        var bits = busy.word(w)
        while bits != 0 {
          grant(cycle, router: w &* 64 &+ bits.trailingZeroBitCount)
          bits &= bits &- 1
        }
      }
    } else {
      for router in visitingOrder where busy.contains(router) { grant(cycle, router: router) }
    }
  }

  @inline(__always) private mutating func grant(_ cycle: Int, router: Int) {
    let base = router &* Mesh.stride
    var node = nodes[router]
    var outputs = node.wanted & node.credited
    var popped: UInt8 = 0
    while outputs != 0 {
      let output = outputs.trailingZeroBitCount
      let bit = outputs & (0 &- outputs)
      outputs ^= bit
      var port = ports[base &+ output]
      // The first request in cyclic order from the pointer: rotate the five bits, take the lowest.
      let asked = UInt32(port.requests)
      let pointer = UInt32(port.pointer)
      var winner = Int(pointer) &+ ((asked &>> pointer) | (asked &<< (5 &- pointer))).trailingZeroBitCount
      if winner >= Mesh.outputs { winner &-= Mesh.outputs }
      port.pointer = winner == Mesh.outputs - 1 ? 0 : UInt8(truncatingIfNeeded: winner &+ 1)
      port.requests &= ~(1 &<< UInt8(truncatingIfNeeded: winner))
      if port.requests == 0 { node.wanted &= ~bit }
      port.credits &-= 1  // at least 1 before: the output was credited
      if port.credits == 0 { node.credited &= ~bit }
      ports[base &+ output] = port

      let input = portAt[winner]
      popped |= 1 &<< input
      let flit = pop(base &+ Int(input))
      creditsInFlight.send(ports[base &+ Int(input)].filledBy, due: cycle &+ creditCycles)
      hopsInFlight.send(Transit(target: port.feeds, flit: flit), due: cycle &+ hopCycles)
      linkFlits[router &* Mesh.outputs &+ output] &+= 1
      if output != 4 { hops &+= 1 }
      if recordsGrants {
        grants.append(Grant(cycle: cycle, router: router, output: output, packet: flit.packet))
      }
    }
    nodes[router] = node
    if node.wanted & node.credited == 0 { busy.remove(router) }
    // New heads ask only now: one grant per FIFO and cycle, decided from the state before any of them.
    while popped != 0 {
      let key = base &+ popped.trailingZeroBitCount
      popped &= popped &- 1
      if ports[key].occupancy > 0 { request(for: fifo[key &* depth &+ Int(ports[key].head)], at: key) }
    }
  }

  @inline(__always) private mutating func pop(_ key: Int) -> Flit {
    let slot = Int(ports[key].head)
    ports[key].head = Int32(truncatingIfNeeded: slot &+ 1 == depth ? 0 : slot &+ 1)
    ports[key].occupancy &-= 1  // a FIFO that asks is not empty
    return fifo[key &* depth &+ slot]
  }

  // MARK: - Step 4

  /// Whether the injection port of `router` has a credit.
  func canInject(at router: Int) -> Bool { portsWithCredit.contains(router) }

  /// Sends a flit on its way into the local FIFO; needs `canInject`.
  mutating func inject(_ flit: Flit, at router: Int, _ cycle: Int) {
    let key = router &* Mesh.stride &+ Mesh.injectionKey
    precondition(ports[key].credits > 0, "an injection port without a credit waits")
    ports[key].credits &-= 1
    if ports[key].credits == 0 { portsWithCredit.remove(router) }
    flits &+= 1
    let local = Int32(truncatingIfNeeded: router &* Mesh.stride &+ 4)
    injectionsInFlight.send(Transit(target: local, flit: flit), due: cycle &+ injectionCycles)
  }

  // MARK: - Jumping

  /// The next cycle after `cycle` in which the mesh by itself can do anything, `Int.max` if none.
  func nextCycle(after cycle: Int) -> Int {
    if !busy.isEmpty { return cycle &+ 1 }
    return min(hopsInFlight.nextDue, injectionsInFlight.nextDue, creditsInFlight.nextDue)
  }
}
