/// One cycle of the mesh, step by step: docs/emulator-semantics.md §5.2.
extension Mesh {
  // MARK: - Step 1

  /// Flits and credits that are due in `cycle` arrive. Cycles are visited in ascending order, none that
  /// `nextCycle` names is left out.
  mutating func arrive(_ cycle: Int) {
    delivered.removeAll(keepingCapacity: true)
    if tracksWaits { deliveredWaits.removeAll(keepingCapacity: true) }
    let due = min(hopsInFlight.nextDue, injectionsInFlight.nextDue, creditsInFlight.nextDue)
    if due > cycle { return }
    // Spans: one check for a unique owner per array and cycle, not per access.
    var takenPorts = Mesh.take(&self.ports)
    var takenNodes = Mesh.take(&self.nodes)
    var takenStalled = Mesh.take(&self.stalledSince)
    var takenBusy = Mesh.take(&self.busy.words)
    var takenFifo = Mesh.take(&self.fifo)
    defer {
      self.ports = takenPorts
      self.nodes = takenNodes
      self.stalledSince = takenStalled
      self.busy.words = takenBusy
      self.fifo = takenFifo
    }
    var ports = takenPorts.mutableSpan
    var nodes = takenNodes.mutableSpan
    var stalledSince = takenStalled.mutableSpan
    var busy = takenBusy.mutableSpan
    var fifo = takenFifo.mutableSpan
    while hopsInFlight.nextDue <= cycle {
      let transit = hopsInFlight.receive()
      let target = Int(transit.target)
      if target & (Mesh.stride - 1) == Mesh.coreKey {
        flits &-= 1
        delivered.append(Delivery(router: target / Mesh.stride, packet: transit.flit.packet))
        if tracksWaits { deliveredWaits.append(hopWaits.receive()) }
        let output = target &- Mesh.coreKey &+ 4
        creditsInFlight.send(Int32(truncatingIfNeeded: output), due: cycle &+ creditCycles)
      } else {
        let slot = append(transit.flit, to: target, &ports, &fifo)
        if tracksWaits { fifoWaits[slot] = Waiting(since: cycle, longest: hopWaits.receive()) }
        if ports[target].occupancy == 1 {
          request(transit.flit, target, cycle, &ports, &nodes, &stalledSince, &busy)
        }
      }
    }
    while injectionsInFlight.nextDue <= cycle {
      let transit = injectionsInFlight.receive()
      let target = Int(transit.target)
      let slot = append(transit.flit, to: target, &ports, &fifo)
      if tracksWaits { fifoWaits[slot] = Waiting(since: cycle, longest: injectionWaits.receive()) }
      if ports[target].occupancy == 1 {
        request(transit.flit, target, cycle, &ports, &nodes, &stalledSince, &busy)
      }
    }
    while creditsInFlight.nextDue <= cycle {
      let key = Int(creditsInFlight.receive())
      ports[key].credits &+= 1  // at most depth: a credit comes back only for a slot that was taken
      let router = key / Mesh.stride
      let port = key & (Mesh.stride - 1)
      if port == Mesh.injectionKey {
        portsWithCredit.insert(router)
        continue
      }
      var node = nodes[router]
      let bit: UInt8 = 1 &<< UInt8(truncatingIfNeeded: port)
      if node.credited & bit != 0 { continue }
      node.credited |= bit
      nodes[router] = node
      if node.wanted & bit != 0 {
        let link = router &* Mesh.outputs &+ port
        linkStalls[link] &+= UInt64(cycle &- stalledSince[link])
        busy[router / 64] |= 1 &<< UInt64(router & 63)
      }
    }
  }

  /// All credits that are on their way arrive at once, as they do during a barrier, when the mesh is empty.
  mutating func settleCredits() {
    precondition(flits == 0, "no output is wanted, so no stall ends")
    while creditsInFlight.count > 0 {
      let key = Int(creditsInFlight.receive())
      ports[key].credits &+= 1
      let port = key & (Mesh.stride - 1)
      if port == Mesh.injectionKey {
        portsWithCredit.insert(key / Mesh.stride)
      } else {
        nodes[key / Mesh.stride].credited |= 1 &<< UInt8(truncatingIfNeeded: port)
      }
    }
  }

  /// Moves an array out, so that a span of it stands beside spans of others; it must be put back.
  @inline(__always) private static func take<Element>(_ array: inout [Element]) -> [Element] {
    var taken: [Element] = []
    swap(&taken, &array)
    return taken
  }

  /// Puts a flit behind the others of FIFO `key`.
  ///
  /// - Returns: its place in `fifo`.
  @inline(__always) private func append(
    _ flit: Flit, to key: Int, _ ports: inout MutableSpan<Port>, _ fifo: inout MutableSpan<Flit>
  ) -> Int {
    var port = ports[key]
    let fill = Int(port.occupancy)
    precondition(fill < depth, "credits keep a FIFO from overflowing")
    var slot = Int(port.head) &+ fill
    if slot >= depth { slot &-= depth }
    slot &+= key &* depth
    fifo[slot] = flit
    port.occupancy &+= 1
    port.peak = max(port.peak, port.occupancy)
    ports[key] = port
    return slot
  }

  /// The head of FIFO `key` asks for its outputs; they see it from `cycle` on.
  @inline(__always) private func request(
    _ flit: Flit, _ key: Int, _ cycle: Int, _ ports: inout MutableSpan<Port>,
    _ nodes: inout MutableSpan<Router>, _ stalledSince: inout MutableSpan<Int>,
    _ busy: inout MutableSpan<UInt64>
  ) {
    let router = key / Mesh.stride
    var node = nodes[router]
    let asking = UInt8(truncatingIfNeeded: 1 &<< Mesh.entry(positions, key & (Mesh.stride - 1)))
    var outputs: UInt8
    if flit.branch < 0 {
      // One table look-up: a branch on where the flit goes could not be predicted.
      let way =
        (flit.x > node.x ? 1 : 0) | (flit.x < node.x ? 2 : 0) | (flit.y > node.y ? 4 : 0)
        | (flit.y < node.y ? 8 : 0)
      let output = Mesh.entry(Mesh.routes, way)
      outputs = 1 &<< UInt8(truncatingIfNeeded: output)
      ports[router &* Mesh.stride &+ output].requests |= asking
    } else {
      outputs = trees.branches[Int(flit.branch)].outputs
      ports[key].unserved = outputs
      var bits = outputs
      while bits != 0 {
        ports[router &* Mesh.stride &+ bits.trailingZeroBitCount].requests |= asking
        bits &= bits &- 1
      }
    }
    var stalled = outputs & ~(node.wanted | node.credited)
    while stalled != 0 {
      stalledSince[router &* Mesh.outputs &+ stalled.trailingZeroBitCount] = cycle
      stalled &= stalled &- 1
    }
    node.wanted |= outputs
    nodes[router] = node
    if node.wanted & node.credited != 0 { busy[router / 64] |= 1 &<< UInt64(router & 63) }
  }

  /// Entry `i` of a table of sixteen numbers of four bits.
  @inline(__always) private static func entry(_ table: UInt64, _ i: Int) -> Int {
    Int(truncatingIfNeeded: (table &>> UInt64(truncatingIfNeeded: i &* 4)) & 15)
  }

  /// The output by where the destination lies: 1 at larger x, 2 at smaller x, plus 4 at larger y, 8 at
  /// smaller y.
  ///
  /// Digits from the right: here 4; x decides (0, 1) in all entries but 0, 4 and 8, which hold 4, 2 and 3.
  private static var routes: UInt64 { 0x0103_0102_0104 }

  // MARK: - Step 3

  /// Every output with a credit grants one of the inputs whose head wants it.
  ///
  /// - Returns: whether any output granted.
  @discardableResult
  mutating func grant(_ cycle: Int) -> Bool {
    if busy.isEmpty { return false }
    hopsInFlight.reserve(routers &* Mesh.outputs)
    creditsInFlight.reserve(routers &* Mesh.outputs)
    if visitingOrder.isEmpty {
      for w in 0..<busy.wordCount {
        let bits = busy.word(w)
        if bits != 0 { grant(cycle, bits, from: w &* 64) }
      }
    } else {
      for router in visitingOrder where busy.contains(router) {
        grant(cycle, 1 &<< UInt64(router & 63), from: router & ~63)
      }
    }
    return true
  }

  /// Grants of the routers `first` + i for the bits i of `routers`.
  private mutating func grant(_ cycle: Int, _ routers: UInt64, from first: Int) {
    var takenPorts = Mesh.take(&self.ports)
    var takenNodes = Mesh.take(&self.nodes)
    var takenStalled = Mesh.take(&self.stalledSince)
    var takenBusy = Mesh.take(&self.busy.words)
    var takenLinks = Mesh.take(&self.linkFlits)
    defer {
      self.ports = takenPorts
      self.nodes = takenNodes
      self.stalledSince = takenStalled
      self.busy.words = takenBusy
      self.linkFlits = takenLinks
    }
    var ports = takenPorts.mutableSpan
    var nodes = takenNodes.mutableSpan
    var stalledSince = takenStalled.mutableSpan
    var busy = takenBusy.mutableSpan
    var linkFlits = takenLinks.mutableSpan
    let fifos = self.fifo
    let fifo = fifos.span
    var routers = routers
    while routers != 0 {
      let router = first &+ routers.trailingZeroBitCount
      routers &= routers &- 1
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
        var winner =
          Int(pointer) &+ ((asked &>> pointer) | (asked &<< (5 &- pointer))).trailingZeroBitCount
        if winner >= Mesh.outputs { winner &-= Mesh.outputs }
        port.pointer = winner == Mesh.outputs - 1 ? 0 : UInt8(truncatingIfNeeded: winner &+ 1)
        port.requests &= ~(1 &<< UInt8(truncatingIfNeeded: winner))
        port.credits &-= 1  // at least 1 before: the output was credited
        if port.requests == 0 { node.wanted &= ~bit }
        if port.credits == 0 { node.credited &= ~bit }
        if node.wanted & ~node.credited & bit != 0 {
          stalledSince[router &* Mesh.outputs &+ output] = cycle &+ 1
        }
        ports[base &+ output] = port

        let input = Mesh.entry(portAt, winner)
        let key = base &+ input
        let head = Int(ports[key].head)
        var flit = fifo[key &* depth &+ head]
        if tracksWaits { passOn(fifoWaits[key &* depth &+ head], router, output, cycle) }
        var isServed = true
        if flit.branch >= 0 {
          let unserved = ports[key].unserved & ~bit
          ports[key].unserved = unserved
          isServed = unserved == 0
          if !isServed { flits &+= 1 }
          if output != 4 { flit.branch = trees.child(of: flit.branch, output: output) }
        }
        if isServed {
          popped |= 1 &<< UInt8(truncatingIfNeeded: input)
          ports[key].head = Int32(truncatingIfNeeded: head &+ 1 == depth ? 0 : head &+ 1)
          ports[key].occupancy &-= 1  // a FIFO that asks is not empty
          creditsInFlight.send(ports[key].filledBy, due: cycle &+ creditCycles)
        }
        hopsInFlight.send(Transit(target: port.feeds, flit: flit), due: cycle &+ hopCycles)
        linkFlits[router &* Mesh.outputs &+ output] &+= 1
        hops &+= output != 4 ? 1 : 0
        verticalHops &+= output == 2 || output == 3 ? 1 : 0
        if recordsGrants {
          grants.append(Grant(cycle: cycle, router: router, output: output, packet: flit.packet))
        }
      }
      nodes[router] = node
      if node.wanted & node.credited == 0 { busy[router / 64] &= ~(1 &<< UInt64(router & 63)) }
      // New heads ask only now: every output decides from the state before any of them.
      while popped != 0 {
        let key = base &+ popped.trailingZeroBitCount
        popped &= popped &- 1
        if ports[key].occupancy > 0 {
          request(
            fifo[key &* depth &+ Int(ports[key].head)], key, cycle &+ 1, &ports, &nodes,
            &stalledSince, &busy)
        }
      }
    }
  }

  // MARK: - Step 4

  /// Whether the injection port of `router` has a credit.
  func canInject(at router: Int) -> Bool { portsWithCredit.contains(router) }

  /// Sends a flit on its way into the local FIFO; needs `canInject`.
  ///
  /// - Parameter waited: cycles that the packet has spent in its injection queue.
  mutating func inject(_ flit: Flit, at router: Int, _ cycle: Int, waited: Int = 0) {
    let key = router &* Mesh.stride &+ Mesh.injectionKey
    precondition(ports[key].credits > 0, "an injection port without a credit waits")
    ports[key].credits &-= 1
    if ports[key].credits == 0 { portsWithCredit.remove(router) }
    flits &+= 1
    let local = Int32(truncatingIfNeeded: router &* Mesh.stride &+ 4)
    injectionsInFlight.send(Transit(target: local, flit: flit), due: cycle &+ injectionCycles)
    if tracksWaits {
      injectionWaits.send(
        Wait(cycles: UInt32(clamping: waited), router: Int32(truncatingIfNeeded: router), output: 5),
        due: cycle &+ injectionCycles)
    }
  }

  // MARK: - Waits

  /// The copy that leaves by `output` carries its longest wait; of equal waits the earliest counts.
  private mutating func passOn(_ waiting: Waiting, _ router: Int, _ output: Int, _ cycle: Int) {
    var longest = waiting.longest
    let here = UInt32(clamping: cycle &- waiting.since)
    if here > longest.cycles {
      longest = Wait(cycles: here, router: Int32(truncatingIfNeeded: router), output: Int8(output))
    }
    hopWaits.send(longest, due: cycle &+ hopCycles)
  }
}
