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
    if let perEvent = tables.perEvent { takeEvents(tick: tick, inputTicks: inputTicks, perEvent) }
    events.coreTicks = UInt64(tables.coreCount)
    if ideal != nil { return endTick(lastDelivery: clock) }
    let (hopsBefore, verticalBefore) = (mesh.hops, mesh.verticalHops)
    let lastDelivery = try crossMesh(tick: tick)
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
    var cycle = clock
    var lastDelivery = clock
    var watchdog = Watchdog(cycle)
    while true {
      mesh.arrive(cycle)
      if !mesh.delivered.isEmpty {
        for i in 0..<mesh.delivered.count { deliver(i, tick: tick, cycle: cycle) }
        lastDelivery = cycle
        watchdog.moved(cycle)
      }
      while emission.nextCycle == cycle {
        let core = emission.takeNext()
        offer(core: core, tick: tick, cycle: cycle)
        watchdog.moved(cycle)
      }
      traceFills(cycle)
      let granted = mesh.grant(cycle)
      let injected = inject(cycle)
      if granted || injected { watchdog.moved(cycle) }
      traceFills(cycle + 1)
      let next = nextCycle(after: cycle)
      if watchdog.isStuck(next: next) && packetsAreLeft { throw stall(tick: tick, cycle: cycle) }
      if emission.unfinished == 0 {
        switch tables.tick {
        case .barrier: if mesh.flits == 0 && queues.total == 0 { return lastDelivery }
        case .period(let period, _): if next >= max(clock + period, emission.idle + 1) { return lastDelivery }
        }
      }
      cycle = next
    }
  }

  /// Every injection port with a credit takes a packet: the edge's first, then its core's.
  ///
  /// - Returns: whether any did.
  private mutating func inject(_ cycle: Int) -> Bool {
    var injected = false
    for w in 0..<queues.waiting.wordCount {
      var bits = queues.waiting.word(w) & mesh.portsWithCredit.word(w)
      while bits != 0 {
        let router = w &* 64 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        let core = Int(tables.coreAt[router])
        let number: UInt32
        if router == 0 && queues.edgeWaits {
          number = queues.takeEdge(core: core)
        } else {
          number = queues.take(core: core)
          if emission.isFrozen[core] {
            emission.isFrozen[core] = false
            emission.schedule(core: core, cycle + 1)
          }
        }
        trace(.injected, number, at: router, cycle)
        let packet = packets[number]
        mesh.inject(tables.flit(number, packet), at: router, cycle, waited: cycle - packet.born)
        injected = true
      }
    }
    return injected
  }

  /// The next cycle in which a flit or a credit arrives, a router can grant, a core offers or a port injects.
  private func nextCycle(after cycle: Int) -> Int {
    for w in 0..<queues.waiting.wordCount where queues.waiting.word(w) & mesh.portsWithCredit.word(w) != 0 {
      return cycle + 1
    }
    return min(mesh.nextCycle(after: cycle), emission.nextCycle)
  }

  /// Step 5: how long the tick was (§6), and what it leaves to the next one.
  mutating func endTick(lastDelivery: Int) -> Int {
    let cycles: Int
    switch tables.tick {
    case .barrier(let barrier):
      cycles = max(emission.idle, lastDelivery) - clock + 1 + barrier
      mesh.settleCredits()
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
