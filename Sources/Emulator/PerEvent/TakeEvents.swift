import ChipModel
import ProgramImage

/// Steps 2 and 3 of a tick on a chip that takes event by event: docs/emulator-semantics.md §3.7.
extension ChipState {
  mutating func takeEvents(tick: Int, inputTicks: Int, _ perEvent: PerChip<PerEventTables>) {
    visits.spikeTimes.removeAll(keepingCapacity: true)
    for core in 0..<tables.coreCount {
      let entered = coreCounters[core].inputEvents - visits.inputsBefore[core]
      visits.inputsBefore[core] = coreCounters[core].inputEvents
      let firstSender = senders.count
      takeEvents(core: core, tick: tick, inputTicks: inputTicks, perEvent)
      send(
        core: core, senders: firstSender..<senders.count,
        integrateCycles: Int(entered) * perEvent.value.timing.inputCycles, tick: tick)
    }
  }

  private mutating func takeEvents(core: Int, tick: Int, inputTicks: Int, _ perEvent: PerChip<PerEventTables>)
  {
    let timing = perEvent.value.timing
    let slot = tick % tables.slots
    let list = ring.arrivalList(core: core, slot: slot)
    let count = ring.arrivals[list].count
    let rows = tables.neuronBegin[core]..<tables.neuronBegin[core + 1]
    load(rows, tick: tick, inputTicks: inputTicks, perEvent)

    let accesses = perEvent.value.visited[core] * timing.accessCycles
    var elapsed = 0
    var spikes = 0
    for event in 0..<count {
      loadSynapses(axon: Int(ring.arrivals[list][event]), core: core, rows.count)
      elapsed += timing.eventCycles
      let fired = visit(rows, start: elapsed, perEvent)
      elapsed += accesses + fired * timing.spikeCycles
      spikes += fired
    }
    if perEvent.value.leaks[core] {
      loadLeaks(rows, perEvent)
      elapsed += timing.timeReferenceCycles
      let fired = visit(rows, start: elapsed, perEvent)
      elapsed += accesses + fired * timing.spikeCycles
      spikes += fired
    }
    visits.duration[core] = elapsed
    store(rows)
    ring.clearArrivals(core: core, slot: slot)

    let reads = UInt64(count)
    let operations = reads * UInt64(perEvent.value.visited[core])
    let updates = perEvent.value.leaks[core] ? UInt64(perEvent.value.visited[core]) : 0
    coreCounters[core].rowReads += reads
    coreCounters[core].synapticOperations += operations
    coreCounters[core].neuronUpdates += updates
    coreCounters[core].spikes += UInt64(spikes)
    events.rowReads += reads
    events.synapticOperations += operations
    events.neuronUpdates += updates
    events.spikes += UInt64(spikes)
  }

  /// Lays the core's neurons out.
  private mutating func load(
    _ rows: Range<Int>, tick: Int, inputTicks: Int, _ perEvent: PerChip<PerEventTables>
  ) {
    for j in 0..<rows.count {
      let row = rows.lowerBound &+ j
      let code = tables.codes[row]
      let isActive = Tables.isActive(code, tick, inputTicks)
      let mayFire = isActive && code.kind != ProgramImage.NeuronKind.potential.rawValue
      visits.v[j] = cores.neurons[row].v
      visits.bounds.mask[j] = isActive ? -1 : 0
      visits.bounds.limit[j] = mayFire ? Int32(truncatingIfNeeded: code.limit) : Int32.max
      visits.bounds.lowest[j] = isActive ? perEvent.value.lowest : Int32.min
      visits.bounds.floor[j] = isActive ? perEvent.value.floor[row] : Int32.min
      visits.firings[j] = 0
    }
  }

  /// The steps of one axon's spike: its weights, 0 where there is no synapse.
  private mutating func loadSynapses(axon: Int, core: Int, _ width: Int) {
    tables.loadSynapses(axon: axon, core: core, into: &visits.step, width: width)
  }

  /// The steps of a time reference: λ, or towards 0 and no farther.
  private mutating func loadLeaks(_ rows: Range<Int>, _ perEvent: PerChip<PerEventTables>) {
    for j in 0..<rows.count {
      let leak = tables.codes[rows.lowerBound &+ j].bias  // ≤ 0
      let v = visits.v[j]
      visits.step[j] =
        !perEvent.value.leaksTowardZero ? leak : v > 0 ? max(leak, 0 &- v) : min(0 &- leak, 0 &- v)
    }
  }

  /// Adds the steps to all neurons of the core, each of which is compared with its threshold at once.
  ///
  /// - Returns: how many fired.
  private mutating func visit(_ rows: Range<Int>, start: Int, _ perEvent: PerChip<PerEventTables>) -> Int {
    let changes = addSteps(
      visits.step, visits.bounds, highest: perEvent.value.highest, to: &visits.v, rows.count)
    counters.stateOverflows &+= UInt64(changes.overflows)
    counters.floorClamps &+= UInt64(changes.clamps)
    return changes.anyFires ? fire(rows, start: start, perEvent.value.timing) : 0
  }

  /// Resets the neurons above their thresholds and notes when each of them has fired.
  private mutating func fire(_ rows: Range<Int>, start: Int, _ timing: Chip.Timing.PerEvent) -> Int {
    var spikes = 0
    for j in 0..<rows.count where visits.v[j] > visits.bounds.limit[j] {
      let row = rows.lowerBound &+ j
      let code = tables.codes[row]
      visits.v[j] = 0
      visits.firings[j] &+= 1
      if code.kind == ProgramImage.NeuronKind.splitter.rawValue { counters.splitterSpikes &+= 1 }
      if code.hasRoutes {
        senders.append(
          Sender(
            row: Int32(truncatingIfNeeded: row), group: Int32(truncatingIfNeeded: visits.spikeTimes.count),
            value: 0))
        visits.spikeTimes.append(
          start &+ (Int(code.column) &+ 1) &* timing.accessCycles &+ spikes &* timing.spikeCycles)
      }
      spikes &+= 1
    }
    return spikes
  }

  /// Takes the potentials back and lists who fired, in ascending order.
  private mutating func store(_ rows: Range<Int>) {
    for j in 0..<rows.count {
      let row = rows.lowerBound &+ j
      let firings = visits.firings[j]
      cores.neurons[row].v = visits.v[j]
      cores.neurons[row].spikes = firings
      cores.neurons[row].outcome = firings > 0 ? .fired : visits.bounds.mask[j] == 0 ? .none : .quiet
      for _ in 0..<firings { fired.append(Int32(truncatingIfNeeded: row)) }
    }
  }
}

// Int32 holds every sum: potentials have at most 30 bits, weights 16 and leaks 30.
/// v ← max(F(v + step), −β) for every neuron; how often F and −β changed it, and whether any is above its threshold now.
private func addSteps(
  _ steps: [Int32], _ bounds: VisitBounds, highest: Int32, to potentials: inout [Int32], _ width: Int
) -> (overflows: Int32, clamps: Int32, anyFires: Bool) {
  let step = steps.span.extracting(0..<width)
  let mask = bounds.mask.span.extracting(0..<width)
  let limit = bounds.limit.span.extracting(0..<width)
  let lowest = bounds.lowest.span.extracting(0..<width)
  let floor = bounds.floor.span.extracting(0..<width)
  var v = potentials.mutableSpan
  var overflows: Int32 = 0
  var clamps: Int32 = 0
  var above: Int32 = 0
  for j in 0..<width {
    let sum = v[j] &+ (step[j] & mask[j])
    let fitted = min(max(sum, lowest[j]), highest)
    let bounded = max(fitted, floor[j])
    overflows &+= sum == fitted ? 0 : 1
    clamps &+= bounded == fitted ? 0 : 1
    above |= bounded > limit[j] ? 1 : 0
    v[j] = bounded
  }
  return (overflows, clamps, above != 0)
}
