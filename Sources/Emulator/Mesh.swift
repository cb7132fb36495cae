/// A mesh of input-queued routers, cycle by cycle: docs/emulator-semantics.md §5.
///
/// A cycle is `arrive`, then (whoever uses the mesh looks at `delivered` and offers packets), then `grant`,
/// then `inject` where `canInject`. All latencies are at least 1, so what a cycle grants or injects is seen
/// in later cycles only, and the order in which routers are visited cannot matter.
///
/// Cost: a cycle touches routers that can grant and flits or credits that arrive, nothing else. `nextCycle`
/// tells which cycles can be left out.
///
/// **Layout.** A router owns 8 keys from `router · 8`: 0…4 are its ports (input and output of one number
/// share a key; 0 +x, 1 −x, 2 +y, 3 −y, 4 local), 5 is the injection port, 7 names the core as a flit's
/// target.
struct Mesh: Sendable {
  /// What travels. `packet` is the user's number; the mesh reads the destination router's x and y, or the
  /// place in a multicast tree.
  struct Flit: Sendable, Equatable {
    var packet: UInt32
    var x: UInt16
    var y: UInt16
    /// Branch of `MulticastTrees` that stands for this router; −1: one destination, at x and y.
    var branch: Int32 = -1
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
  /// A copy's longest wait so far, and where: an output, or 5 for the injection queue.
  struct Wait: Sendable, Equatable {
    var cycles: UInt32
    var router: Int32
    var output: Int8
  }
  /// What is kept of a flit in a FIFO when waits are tracked.
  struct Waiting: Sendable {
    var since: Int
    var longest: Wait
  }

  /// One key: an input FIFO, and an output (or the injection port) with its arbiter.
  struct Port: Sendable {
    /// Input: first flit's place in the ring, fill, and the largest fill since the last reset.
    var head: Int32 = 0
    var occupancy: Int32 = 0
    var peak: Int32 = 0
    /// Input: the output (or injection port) that fills it. −1: none, at the edge of the mesh.
    var filledBy: Int32 = -1
    /// Output: the FIFO (or core) that it feeds, −1 at the edge; credits for it.
    var feeds: Int32 = -1
    var credits: Int32 = 0
    /// Input: outputs that have not served the head yet, as bits.
    var unserved: UInt8 = 0
    /// Output: inputs whose head wants it, as bits over positions of the arbiters' order; the arbiter's
    /// pointer.
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
  /// Whether every copy carries its longest wait.
  let tracksWaits: Bool

  // Constant tables.
  /// Position of a port in the arbiters' order, and the port at a position: four bits each.
  let positions: UInt64
  let portAt: UInt64
  let trees: MulticastTrees

  // State.
  /// [routers · 8], and the FIFO rings, [routers · 8 · depth].
  var ports: [Port]
  var fifo: [Flit]
  var nodes: [Router]
  /// Routers that can grant now; injection ports that have a credit.
  var busy: Bitset
  var portsWithCredit: Bitset
  var hopsInFlight: Delayed<Transit>
  var injectionsInFlight: Delayed<Transit>
  var creditsInFlight: Delayed<Int32>
  // With `tracksWaits`, beside `fifo`, `hopsInFlight` and `injectionsInFlight`, in step with them.
  var fifoWaits: [Waiting]
  var hopWaits: Delayed<Wait>
  var injectionWaits: Delayed<Wait>

  /// Copies of flits in FIFOs or on their way.
  var flits = 0
  /// What reached its core in the cycle that `arrive` processed last, and, with `tracksWaits`, its waits.
  var delivered: [Delivery] = []
  var deliveredWaits: [Wait] = []
  /// Grants since the last reset, [routers · 5]; those of outputs 0–3 in all.
  var linkFlits: [UInt64]
  var hops: UInt64 = 0
  /// Of these, along y.
  var verticalHops: UInt64 = 0
  /// Cycles since the last reset in which an output was wanted and had no credit, [routers · 5]. Those that
  /// still last are counted when they end, or by `closeStalls`.
  var linkStalls: [UInt64]
  /// The first such cycle of an output that is wanted and has no credit now.
  var stalledSince: [Int]

  /// Records every grant in `grants`.
  var recordsGrants = false
  var grants: [Grant] = []
  /// Order in which routers are visited; empty: ascending. No result depends on it.
  var visitingOrder: [Int] = []

  /// - Parameters:
  ///   - bufferDepth: entries of each input FIFO, and credits of what fills it.
  ///   - hopCycles: grant → eligible in the next FIFO or delivered to the core.
  ///   - creditCycles: grant → credit usable upstream.
  ///   - injectionCycles: injection → eligible in the local FIFO.
  ///   - portOrder: the five ports as the rotating arbiters see them.
  ///   - trees: where multicast flits go.
  ///   - tracksWaits: see `deliveredWaits`.
  init(
    width: Int, height: Int, bufferDepth: Int, hopCycles: Int, creditCycles: Int,
    injectionCycles: Int, portOrder: [Int], trees: MulticastTrees = MulticastTrees(),
    tracksWaits: Bool = false
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
    self.trees = trees
    self.tracksWaits = tracksWaits
    routers = width * height
    var positions: UInt64 = 0
    var portAt: UInt64 = 0
    for (position, port) in portOrder.enumerated() {
      positions |= UInt64(position) << UInt64(port * 4)
      portAt |= UInt64(port) << UInt64(position * 4)
    }
    self.positions = positions
    self.portAt = portAt
    nodes = (0..<routers).map { Router(x: UInt16($0 % width), y: UInt16($0 / width)) }
    ports = Mesh.connectedPorts(width: width, height: height)
    let nothing = Flit(packet: 0, x: 0, y: 0)
    let noWait = Wait(cycles: 0, router: 0, output: 5)
    fifo = [Flit](repeating: nothing, count: ports.count * bufferDepth)
    fifoWaits = [Waiting](
      repeating: Waiting(since: 0, longest: noWait), count: tracksWaits ? fifo.count : 0)
    busy = Bitset(count: routers)
    portsWithCredit = Bitset(count: routers)
    hopsInFlight = Delayed(capacity: routers * 2, filler: Transit(target: 0, flit: nothing))
    injectionsInFlight = Delayed(capacity: routers, filler: Transit(target: 0, flit: nothing))
    creditsInFlight = Delayed(capacity: routers * 2, filler: 0)
    hopWaits = Delayed(capacity: 0, filler: noWait)
    injectionWaits = Delayed(capacity: 0, filler: noWait)
    linkFlits = [UInt64](repeating: 0, count: routers * Mesh.outputs)
    linkStalls = linkFlits
    stalledSince = [Int](repeating: 0, count: linkFlits.count)
    reset()
  }

  /// Ports that know what they feed and what fills them.
  private static func connectedPorts(width: Int, height: Int) -> [Port] {
    var ports = [Port](repeating: Port(), count: width * height * Mesh.stride)
    let neighbours = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    for router in 0..<width * height {
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
    return ports
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
        ports[key].peak = 0
        ports[key].unserved = 0
        ports[key].requests = 0
        ports[key].pointer = 0
        ports[key].credits = ports[key].feeds >= 0 ? Int32(depth) : 0
        if port < Mesh.outputs, ports[key].feeds >= 0 { nodes[router].credited |= 1 << UInt8(port) }
      }
    }
    for i in linkFlits.indices {
      linkFlits[i] = 0
      linkStalls[i] = 0
    }
    busy.removeAll()
    portsWithCredit.insertAll(below: routers)
    hopsInFlight.removeAll()
    injectionsInFlight.removeAll()
    creditsInFlight.removeAll()
    hopWaits.removeAll()
    injectionWaits.removeAll()
    delivered.removeAll(keepingCapacity: true)
    deliveredWaits.removeAll(keepingCapacity: true)
    grants.removeAll(keepingCapacity: true)
    flits = 0
    hops = 0
    verticalHops = 0
  }

  // MARK: - Observation

  /// Counts the stalls that still last, up to but without `cycle`, which is the next one to be processed.
  mutating func closeStalls(at cycle: Int) {
    for router in 0..<routers {
      var stalled = nodes[router].wanted & ~nodes[router].credited
      while stalled != 0 {
        let link = router * Mesh.outputs + stalled.trailingZeroBitCount
        stalled &= stalled - 1
        linkStalls[link] += UInt64(cycle - stalledSince[link])
        stalledSince[link] = cycle
      }
    }
  }

  /// Largest number of flits in the input FIFO `port` of `router` since the last reset.
  func fifoPeak(router: Int, port: Int) -> Int { Int(ports[router * Mesh.stride + port].peak) }

  // MARK: - Jumping

  /// The next cycle after `cycle` in which the mesh by itself can do anything, `Int.max` if none.
  func nextCycle(after cycle: Int) -> Int {
    if !busy.isEmpty { return cycle &+ 1 }
    return min(hopsInFlight.nextDue, injectionsInFlight.nextDue, creditsInFlight.nextDue)
  }
}
