import ChipModel
import ProgramImage

/// §3.7.
extension PlainChip.SampleRun {
  /// What visits every neuron: a spike of an axon, or the time reference.
  private enum Event: Equatable {
    case spike(axon: Int)
    case timeReference
  }

  /// The packets of a core in one tick, each group with the cycles since the one before.
  private struct Log {
    var groups: [[PlainChip.Packet]] = []
    var durations: [Int] = []
    var waited = 0
    var fired: [Int] = []

    mutating func send(_ packets: [PlainChip.Packet]) {
      groups.append(packets)
      durations.append(waited)
      waited = 0
    }
  }

  /// A tick of one core but for what its packets do; the rows whose spikes are recorded, ascending.
  mutating func takeEvents(core: Int, tick: Int, _ timing: Chip.Timing.PerEvent) -> [Int] {
    let slot = tick % image.chip.core.delaySlots
    let rows = firstRow(of: core)..<firstRow(of: core) + cores[core].neurons.count
    var axons = cores[core].arrivals[slot]
    cores[core].arrivals[slot] = []
    for axon in cores[core].axonCount.indices { cores[core].axonCount[axon][slot] = 0 }
    if !rules.eventsKeepTheirOrder { axons.sort() }

    var list = axons.map { Event.spike(axon: $0) }
    if rows.contains(where: { image.neurons.bias[$0] != 0 }) {
      list.insert(.timeReference, at: rules.timeReferenceComesLast ? list.count : 0)
    }
    var columns = rows.last.map { Int(image.neurons.column[$0]) + 1 } ?? 0
    if timing.visits == .all, rules.unusedColumnsTakeTime { columns = image.chip.core.neurons }

    var log = Log()
    for event in list {
      switch event {
      case .spike:
        log.waited += timing.eventCycles
        coreCounters[core].rowReads += 1
        coreCounters[core].synapticOperations += UInt64(columns)
      case .timeReference:
        log.waited += timing.timeReferenceCycles
        coreCounters[core].neuronUpdates += UInt64(columns)
      }
      for column in 0..<columns {
        log.waited += timing.accessCycles
        if let row = rows.first(where: { Int(image.neurons.column[$0]) == column }),
          isActive(row: row, tick: tick), visit(core: core, row: row, event)
        {
          fire(core: core, row: row, tick: tick, timing, &log)
        }
      }
    }
    log.send([])

    var emission = PlainChip.Emission()
    emission.groups = log.groups
    emission.durations = log.durations
    emission.complete = (rules.inputsTakeTime ? entered[core] * timing.inputCycles : 0) + log.durations[0]
    cores[core].emission = emission
    return log.fired.sorted()
  }

  /// One access; whether the neuron fires.
  private mutating func visit(core: Int, row: Int, _ event: Event) -> Bool {
    let n = row - firstRow(of: core)
    var v = cores[core].neurons[n].v
    switch event {
    case .spike(let axon):
      let global = Int(image.cores.axonBegin[core]) + axon
      var isMapped = false
      for synapse in Int(image.crossbar.begin[global])..<Int(image.crossbar.begin[global + 1])
      where Int(image.crossbar.neuron[synapse]) == n {
        v += Int(image.crossbar.weight[synapse])
        isMapped = true
      }
      if !isMapped, !rules.unmappedNeuronsAreTested { return false }
    case .timeReference: v = leaked(v, by: -Int(image.neurons.bias[row]))
    }

    let register = PlainArithmetic.register(
      v, bits: image.chip.datapath.stateBits, rules.overflow(image.chip.datapath.stateOverflow))
    if register != v { counters.stateOverflows += 1 }
    let floor = -Int(image.neurons.additive.negativeThreshold[row])
    let bounded = register < floor ? floor : register
    if bounded != register { counters.floorClamps += 1 }
    cores[core].neurons[n].v = bounded

    guard image.neurons.fires(row) else { return false }
    let tested = rules.floorComesBeforeThreshold ? bounded : register
    let threshold = Int(image.neurons.threshold[row])
    let fires =
      switch rules.comparison(image.chip.datapath.comparison) {
      case .greater: tested > threshold
      case .greaterOrEqual: tested >= threshold
      }
    if fires { cores[core].neurons[n].v = 0 }
    return fires
  }

  private func leaked(_ v: Int, by strength: Int) -> Int {
    guard image.chip.additive?.leakReversal == true else { return v - strength }
    if v == 0 { return 0 }
    let moved = v > 0 ? v - strength : v + strength
    let crosses = (v > 0) != (moved > 0)
    return crosses && rules.leakStopsAtZero ? 0 : moved
  }

  private mutating func fire(
    core: Int, row: Int, tick: Int, _ timing: Chip.Timing.PerEvent, _ log: inout Log
  ) {
    coreCounters[core].spikes += 1
    if image.neurons.kind[row] == ProgramImage.NeuronKind.splitter.rawValue {
      counters.splitterSpikes += 1
    } else {
      counters.spikes += 1
      log.fired.append(row)
    }
    log.send(packets(ofRow: row, value: nil, tick: tick))
    if rules.spikesTakeTime { log.waited += timing.spikeCycles }
  }
}
