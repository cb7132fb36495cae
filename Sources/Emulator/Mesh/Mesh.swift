/// A mesh of input-queued routers, cycle by cycle: docs/emulator-semantics.md §5.
///
/// A cycle is `arrive`, then (whoever uses the mesh looks at what was delivered and offers packets), then `grant`,
/// then `inject` where `canInject`. All latencies are at least 1, so what a cycle grants or injects is seen
/// in later cycles only, and the order in which routers are visited cannot matter.
///
/// Cost: a cycle touches outputs that can grant and flits that arrive, nothing else. `nextCycle` tells which
/// cycles can be left out.
///
/// **Layout.** A router owns 8 keys from `router · 8`: 0…4 are its ports (input and output of one number
/// share a key; 0 +x, 1 −x, 2 +y, 3 −y, 4 local), 5 is the injection port, 7 the core.
///
/// A value: what changes is in `MeshState`, which a copy of a mesh takes over when either of them moves on.
struct Mesh: Sendable {
  /// What travels. `packet` is the user's number; the mesh reads where it goes to.
  struct Flit: Sendable, Equatable {
    var packet: UInt32
    /// The destination router's x + y · 2¹⁶, or −1 − the branch of `MulticastTrees` that stands for this router.
    var to: Int32

    init(packet: UInt32, x: UInt16, y: UInt16, branch: Int32 = -1) {
      self.packet = packet
      to = branch >= 0 ? -1 - branch : Int32(x) | Int32(y) << 16
    }

    @inline(__always) init(_ packet: UInt32, _ to: Int32) {
      self.packet = packet
      self.to = to
    }
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
    var router: Int32
    var flit: Flit

    var packet: UInt32 { flit.packet }
  }
  /// A copy's longest wait so far, and where: an output, or 5 for the injection queue.
  struct Wait: Sendable, Equatable {
    var cycles: UInt32
    var router: Int32
    var output: Int8
  }

  static let outputs = 5
  static let stride = 8
  static let injectionKey = 5
  static let coreKey = 7

  /// What a mesh is built from.
  struct Shape: Sendable {
    var width: Int
    var height: Int
    var bufferDepth: Int
    var hopCycles: Int
    var creditCycles: Int
    var injectionCycles: Int
    /// The five ports as the rotating arbiters see them.
    var portOrder: [Int]
    /// Whether every copy carries its longest wait.
    var tracksWaits: Bool
  }

  let shape: Shape
  private var owned: MeshState

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
  ///   - trees: where multicast flits go.
  ///   - tracksWaits: whether every copy carries its longest wait.
  init(
    width: Int, height: Int, bufferDepth: Int, hopCycles: Int, creditCycles: Int,
    injectionCycles: Int, portOrder: [Int], trees: MulticastTrees = MulticastTrees(),
    tracksWaits: Bool = false
  ) {
    precondition(width > 0 && height > 0 && width <= 32_767 && height <= 32_767, "a mesh has routers")
    precondition(bufferDepth > 0, "a FIFO holds a flit")
    precondition(hopCycles > 0 && creditCycles > 0 && injectionCycles > 0, "latencies are at least 1")
    precondition(portOrder.sorted() == [0, 1, 2, 3, 4], "the port order names each port once")
    shape = Shape(
      width: width, height: height, bufferDepth: bufferDepth, hopCycles: hopCycles,
      creditCycles: creditCycles, injectionCycles: injectionCycles, portOrder: portOrder,
      tracksWaits: tracksWaits)
    owned = MeshState(shape, trees.branches)
  }

  var width: Int { shape.width }
  var routers: Int { shape.width * shape.height }
  var depth: Int { shape.bufferDepth }

  /// For reading.
  var state: MeshState { owned }

  /// For changing: this mesh's alone. Whoever keeps it uses nothing else that changes the mesh meanwhile.
  @inline(__always) mutating func own() -> MeshState {
    if !isKnownUniquelyReferenced(&owned) { owned = MeshState(shape, copying: owned) }
    return owned
  }

  /// Empty buffers, full credits, pointers 0, counters 0.
  mutating func reset() {
    own().reset()
    grants.removeAll(keepingCapacity: true)
  }

  // MARK: - A cycle

  /// Step 1: flits and credits that are due in `cycle` arrive. Cycles are visited in ascending order, none that
  /// `nextCycle` names is left out.
  mutating func arrive(_ cycle: Int) { own().arrive(cycle) }

  /// Step 3: every output with a credit grants one of the inputs whose head wants it.
  ///
  /// - Returns: whether any output granted.
  @discardableResult mutating func grant(_ cycle: Int) -> Bool { grant(cycle, own()) }

  /// As `grant(cycle)`, for a user who has asked for the state himself.
  @inline(__always) mutating func grant(_ cycle: Int, _ state: MeshState) -> Bool {
    let granted = state.grant(cycle, logs: recordsGrants, order: visitingOrder)
    if recordsGrants {
      for i in 0..<state.counts.pointee.logged { grants.append(state.grantLog[i]) }
      state.counts.pointee.logged = 0
    }
    return granted
  }

  /// Whether the injection port of `router` has a credit.
  @inline(__always) func canInject(at router: Int) -> Bool { owned.canInject(at: router) }

  /// Step 4: sends a flit on its way into the local FIFO, at most one per router and cycle; needs `canInject`.
  ///
  /// - Parameter waited: cycles that the packet has spent in its injection queue.
  @inline(__always) mutating func inject(_ flit: Flit, at router: Int, _ cycle: Int, waited: Int = 0) {
    precondition(canInject(at: router), "an injection port without a credit waits")
    own().inject(flit, at: router, cycle, waited: waited)
  }

  /// All credits that are on their way have arrived in `cycle`, as they have after a barrier, when the mesh is empty.
  mutating func settleCredits(at cycle: Int) { own().settleCredits(at: cycle) }

  /// Counts the stalls that still last, up to but without `cycle`, which is the next one to be processed.
  mutating func closeStalls(at cycle: Int) { own().closeStalls(at: cycle) }

  /// The next cycle after `cycle` in which the mesh by itself can do anything, `Int.max` if none.
  @inline(__always) func nextCycle(after cycle: Int) -> Int { owned.nextCycle(after: cycle) }

  // MARK: - Observation

  /// Copies of flits in FIFOs or on their way.
  var flits: Int { owned.counts.pointee.flits }
  /// Grants of outputs 0–3 since the last reset; of these, along y.
  var hops: UInt64 { owned.counts.pointee.hops }
  var verticalHops: UInt64 { owned.counts.pointee.verticalHops }

  /// What reached its core in the cycle that `arrive` processed last.
  var deliveredCount: Int { owned.counts.pointee.delivered }
  @inline(__always) func delivery(_ i: Int) -> Delivery { owned.delivery(i) }
  var delivered: [Delivery] { (0..<deliveredCount).map { owned.delivery($0) } }
  /// With `tracksWaits`, beside `delivered`.
  var deliveredWaits: [Wait] {
    shape.tracksWaits ? (0..<deliveredCount).map { owned.wait(ofDelivery: $0) } : []
  }

  /// Grants since the last reset, and cycles in which an output was wanted and had no credit, [routers · 5]. Stalls that
  /// still last are counted when they end, or by `closeStalls`.
  var linkFlits: [UInt64] { (0..<routers * Mesh.outputs).map { owned.linkFlits[Mesh.key(ofLink: $0)] } }
  var linkStalls: [UInt64] { (0..<routers * Mesh.outputs).map { owned.linkStalls[Mesh.key(ofLink: $0)] } }

  static func key(ofLink link: Int) -> Int { link / outputs * stride + link % outputs }

  /// Largest number of flits in the input FIFO `port` of `router` since the last reset.
  func fifoPeak(router: Int, port: Int) -> Int { Int(owned.ports[router * Mesh.stride + port].peak) }

  /// Flits in the input FIFO of a port.
  func fill(router: Int, port: Int) -> Int { Int(owned.ports[router * Mesh.stride + port].occupancy) }
}
