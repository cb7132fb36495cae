import ChipModel
import Diagnostics
import Observations

/// One tick of the chip, in the order of docs/emulator-semantics.md §1.
extension ChipState {
  /// - Parameters:
  ///   - tick: t, from 0.
  ///   - inputTicks: T.
  ///   - input: the sample's events of this tick, ascending channel.
  /// - Returns: the cycles that the tick took. What it did is in `fired`, `cores` and `events`.
  mutating func step(
    tick: Int, inputTicks: Int, input: ArraySlice<SpikeTrains.Event>
  ) throws(Failure) -> Int {
    events = Chip.Energy.Events()
    fired.removeAll(keepingCapacity: true)
    senders.removeAll(keepingCapacity: true)

    phases.beginTick(tick)
    enterInputs(input, tick: tick)
    emission.idle = clock
    for core in 0..<tables.coreCount where tables.perEvent == nil {
      let integrateCycles = integrate(core: core, tick: tick, inputTicks: inputTicks)
      phases.mark(.integrate)
      let firstFired = fired.count
      let firstSender = senders.count
      if tables.timesVary { beginTimes(core: core, tick: tick, inputTicks: inputTicks) }
      update(core: core, tick: tick, inputTicks: inputTicks)
      if tables.timesVary { endTimes(core: core) }
      kick(core: core, firstFired: firstFired)
      phases.mark(.update)
      send(
        core: core, senders: firstSender..<senders.count, integrateCycles: integrateCycles, tick: tick)
      phases.mark(.mesh)
    }
    if let beforehand { enterSums(tick: tick, beforehand) }
    phases.mark(.integrate)
    if let perEvent { takeEvents(tick: tick, inputTicks: inputTicks, perEvent) }
    events.coreTicks = UInt64(tables.coreCount)
    if ideal != nil { return endTick(lastDelivery: clock) }
    let (hopsBefore, verticalBefore) = (mesh.hops, mesh.verticalHops)
    let lastDelivery = try crossMesh(tick: tick)
    enterArrived(traffic.own())
    phases.mark(.mesh)
    events.hops = mesh.hops - hopsBefore
    events.verticalHops = mesh.verticalHops - verticalBefore
    return endTick(lastDelivery: lastDelivery)
  }

  /// What the core's neurons send, from the beginning of its update.
  mutating func send(core: Int, senders range: Range<Int>, integrateCycles: Int, tick: Int) {
    if let ideal {
      sendAtOnce(core: core, senders: range, integrateCycles: integrateCycles, tick: tick, ideal)
    } else {
      beginEmission(core: core, senders: range, integrateCycles: integrateCycles)
    }
  }

  /// Step 4: cycle after cycle (§5.2), leaving out those in which nothing can happen.
  ///
  /// - Returns: the cycle of the last delivery of this tick, the tick's first cycle if there is none.
  private mutating func crossMesh(tick: Int) throws(Failure) -> Int {
    let state = mesh.own()
    let traffic = self.traffic.own()
    var cycle = clock
    var lastDelivery = clock
    var watchdog = Watchdog(cycle)
    while true {
      visitedCycles &+= 1
      state.arrive(cycle)
      if state.counts.pointee.delivered > 0 {
        deliverAll(tick: tick, cycle: cycle, state, traffic)
        lastDelivery = cycle
        watchdog.moved(cycle)
      }
      if offer(tick: tick, cycle: cycle, traffic) { watchdog.moved(cycle) }
      traceFills(cycle)
      let granted = mesh.grant(cycle, state)
      let injected = inject(cycle, state, traffic)
      if granted || injected { watchdog.moved(cycle) }
      traceFills(cycle + 1)
      let next = min(traffic.nextCycle(after: cycle, state), emission.nextCycle)
      let packetsAreLeft = state.counts.pointee.flits > 0 || traffic.pool.pointee.waiting > 0
      if watchdog.isStuck(next: next) && packetsAreLeft { throw stall(tick: tick, cycle: cycle) }
      if emission.unfinished == 0 {
        switch tables.tick {
        case .barrier: if !packetsAreLeft { return lastDelivery }
        case .period(let period, _): if next >= max(clock + period, emission.idle + 1) { return lastDelivery }
        }
      }
      cycle = next
    }
  }

  /// Every injection port with a credit takes a packet: the edge's first, then its core's.
  ///
  /// - Returns: whether any did.
  private mutating func inject(_ cycle: Int, _ mesh: MeshState, _ traffic: TrafficState) -> Bool {
    var injected = false
    for w in 0..<(mesh.routers &+ 63) / 64 {
      var bits = traffic.waiting[w] & mesh.injectable[w]
      while bits != 0 {
        let router = w &* 64 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        let core = Int(tables.coreAt[router])
        let flit: Mesh.Flit
        if router == 0 && traffic.edgeWaits {
          flit = traffic.takeEdge(core: core)
        } else {
          flit = traffic.take(core: core, router: router)
        }
        trace(.injected, flit.packet, at: router, cycle)
        let waited = mesh.tracksWaits ? cycle - traffic.pool.pointee.packets[Int(flit.packet)].born : 0
        mesh.inject(flit, at: router, cycle, waited: waited)
        injected = true
      }
    }
    return injected
  }

  /// Step 5: how long the tick was (§6), and what it leaves to the next one.
  mutating func endTick(lastDelivery: Int) -> Int {
    let cycles: Int
    switch tables.tick {
    case .barrier(let barrier):
      cycles = max(emission.idle, lastDelivery) - clock + 1 + barrier
      mesh.settleCredits(at: clock + cycles)
    case .period(let period, _):
      cycles = max(period, emission.idle + 1 - clock)
      if cycles > period {
        counters.overrunTicks += 1
        counters.overrunCycles += UInt64(cycles - period)
      }
    }
    clock += cycles
    events.cycles = UInt64(cycles)
    return cycles
  }
}
