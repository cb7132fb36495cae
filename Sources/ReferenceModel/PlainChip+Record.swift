import ChipModel
import Observations
import ProgramImage

extension PlainChip {
  /// The record of a run that has not begun.
  func emptyRecord(ticks: Int, samples: Int, probes: [Int32], labels: [Int]?) -> RunRecord {
    let chip = image.chip
    let chipTicks = ticks + image.drainTicks
    let spikes = SpikeTrains(
      samples: samples, ticks: chipTicks, channels: image.neurons.count, events: [],
      labels: labels.map { Array($0.prefix(samples)) })
    let routers = chip.mesh.width * chip.mesh.height
    var record = RunRecord(
      layout: layout, samples: samples, inputTicks: ticks, chipTicks: chipTicks, dt: image.dt,
      clock: chip.timing.clock, spikes: spikes, tickCycles: [], tickJoules: [], tickPackets: [],
      linkFlits: Array(repeating: 0, count: routers * 5),
      meshWidth: chip.mesh.width, meshHeight: chip.mesh.height, counters: RunRecord.Counters(),
      coreCounters: Array(repeating: RunRecord.CoreCounters(), count: image.cores.count),
      latencyHistogram: [], outputSums: [], outputCount: image.outputs.neuron.count,
      probes: probes, potentials: [], energy: [])
    record.linkStalls = Array(repeating: 0, count: routers * 5)
    record.fifoPeaks = Array(repeating: 0, count: routers * 5)
    return record
  }

  private var layout: NeuronLayout {
    var cores: [Int32] = []
    for core in 0..<image.cores.count {
      let rows = image.cores.neuronBegin[core + 1] - image.cores.neuronBegin[core]
      cores += Array(repeating: Int32(core), count: Int(rows))
    }
    return NeuronLayout(
      populations: image.populations.map {
        NeuronLayout.Population(name: $0.name, model: $0.model, size: $0.size)
      },
      population: image.neurons.population, index: image.neurons.index, kind: image.neurons.kind,
      core: cores, start: image.neurons.start, outputRow: image.outputs.neuron,
      outputKind: image.outputs.kind, coreX: image.cores.x, coreY: image.cores.y)
  }

  /// What `after` has beyond `before`.
  func difference(
    _ after: Chip.Energy.Events, _ before: Chip.Energy.Events
  ) -> Chip.Energy.Events {
    combined(after, before, -)
  }

  private func combined(
    _ a: Chip.Energy.Events, _ b: Chip.Energy.Events, _ operation: (UInt64, UInt64) -> UInt64
  ) -> Chip.Energy.Events {
    var events = Chip.Energy.Events(
      rowReads: operation(a.rowReads, b.rowReads),
      synapticOperations: operation(a.synapticOperations, b.synapticOperations),
      neuronUpdates: operation(a.neuronUpdates, b.neuronUpdates),
      spikes: operation(a.spikes, b.spikes), packets: operation(a.packets, b.packets),
      hops: operation(a.hops, b.hops), deliveries: operation(a.deliveries, b.deliveries),
      inputEvents: operation(a.inputEvents, b.inputEvents),
      coreTicks: operation(a.coreTicks, b.coreTicks), cycles: operation(a.cycles, b.cycles))
    events.neuronActivities = operation(a.neuronActivities, b.neuronActivities)
    events.verticalHops = operation(a.verticalHops, b.verticalHops)
    events.operations.adds = operation(a.operations.adds, b.operations.adds)
    events.operations.multiplies = operation(a.operations.multiplies, b.operations.multiplies)
    events.operations.compares = operation(a.operations.compares, b.operations.compares)
    events.operations.lookUps = operation(a.operations.lookUps, b.operations.lookUps)
    return events
  }

  /// Adds a finished sample's counts to the run's.
  func add(_ run: SampleRun, to record: inout RunRecord, and events: inout Chip.Energy.Events) {
    events = combined(events, run.energyEvents, +)
    add(run.counters, to: &record.counters)
    for core in run.coreCounters.indices {
      add(run.coreCounters[core], to: &record.coreCounters[core])
    }
    for router in run.linkFlits.indices {
      for output in 0..<5 {
        let place = router * 5 + output
        record.linkFlits[place] += run.linkFlits[router][output]
        record.linkStalls[place] += run.linkStalls[router][output]
        record.fifoPeaks[place] = max(record.fifoPeaks[place], run.fifoPeaks[router][output])
      }
    }
    record.lateDeliveries += run.lateDeliveries.prefix(10_000 - record.lateDeliveries.count)
    for latency in run.latencies.indices {
      if latency == record.latencyHistogram.count { record.latencyHistogram.append(0) }
      record.latencyHistogram[latency] += run.latencies[latency]
    }
  }

  private func add(_ a: RunRecord.Counters, to sum: inout RunRecord.Counters) {
    sum.spikes += a.spikes
    sum.splitterSpikes += a.splitterSpikes
    sum.inputEvents += a.inputEvents
    sum.poissonEvents += a.poissonEvents
    sum.packets += a.packets
    sum.partialPackets += a.partialPackets
    sum.delivered += a.delivered
    sum.hops += a.hops
    sum.axonSaturations += a.axonSaturations
    sum.accumulatorSaturations += a.accumulatorSaturations
    sum.synapseOverflows += a.synapseOverflows
    sum.stateOverflows += a.stateOverflows
    sum.floorClamps += a.floorClamps
    sum.registerSaturations += a.registerSaturations
    sum.lostSpikes += a.lostSpikes
    sum.latePackets += a.latePackets
    sum.droppedPackets += a.droppedPackets
    sum.overrunTicks += a.overrunTicks
    sum.overrunCycles += a.overrunCycles
    sum.cycles += a.cycles
  }

  private func add(_ a: RunRecord.CoreCounters, to sum: inout RunRecord.CoreCounters) {
    sum.rowReads += a.rowReads
    sum.synapticOperations += a.synapticOperations
    sum.neuronUpdates += a.neuronUpdates
    sum.neuronActivities += a.neuronActivities
    sum.spikes += a.spikes
    sum.packets += a.packets
    sum.deliveries += a.deliveries
    sum.inputEvents += a.inputEvents
    sum.ticks += a.ticks
    sum.busyCycles += a.busyCycles
    sum.frozenCycles += a.frozenCycles
    sum.microAdds += a.microAdds
    sum.microMultiplies += a.microMultiplies
    sum.microCompares += a.microCompares
    sum.microLookUps += a.microLookUps
  }
}
