import ChipModel
import ProgramImage

/// §4.
extension PlainChip.SampleRun {
  /// I, the cycles of a core's integrate phase.
  ///
  /// - Parameter fullAxons: stored synapses of each axon that is not empty.
  func integrateCycles(core: Int, fullAxons: [Int]) -> Int {
    let timing = image.chip.timing
    if let neuronMajor = timing.neuronMajor { return neuronMajor.setupCycles }
    var cycles = roundedUp(cores[core].axonCount.count, over: timing.scanWord) * timing.scanCycles
    for stored in fullAxons {
      let synapses: Int
      switch rules.rows(timing.work.rows) {
      case .columns: synapses = image.chip.core.neurons
      case .stored: synapses = stored
      }
      cycles += timing.axonCycles
      cycles += roundedUp(synapses, over: timing.synapsesPerCycle) * timing.work.synapseCycles
    }
    return cycles
  }

  /// What a neuron takes of the update.
  func updateCycles(ofRow row: Int, hasWork: Bool, spikes: Int) -> Int {
    let timing = image.chip.timing
    var cycles = timing.neuronCycles
    if hasWork, rules.activityTakesTime, let active = timing.work.activeNeuronCycles { cycles = active }
    if let entry = programEntries[row] { cycles = cost(ofEntry: entry).cycles }
    return cycles + (rules.spikesTakeTime ? spikes * timing.work.spikeCycles : 0)
  }

  /// What is added to a tick that ends by a barrier.
  func barrier(_ cycles: Int) -> Int {
    let perCore = image.chip.timing.work.barrierCyclesPerCore
    return cycles + (rules.barrierGrowsWithCores ? perCore * cores.count : perCore)
  }

  private func roundedUp(_ count: Int, over size: Int) -> Int { (count + size - 1) / size }

  /// The packets of one neuron that fired (`value` nil), or of a partial neuron with a ≠ 0.
  func packets(ofRow row: Int, value: Int?, tick: Int) -> [PlainChip.Packet] {
    let routes = image.routes
    return packets(
      from: row, value: value,
      to: (Int(routes.begin[row])..<Int(routes.begin[row + 1])).map { i in
        let destination = PlainChip.Destination(core: Int(routes.core[i]), target: Int(routes.axon[i]))
        return (destination, tick + Int(routes.delay[i]) + rules.addedDelay)
      })
  }

  /// One packet per destination in their order; with multicast, one per target tick.
  func packets(
    from source: Int, value: Int?, to destinations: [(PlainChip.Destination, targetTick: Int)]
  ) -> [PlainChip.Packet] {
    let isPartial = value != nil
    let multicast = image.chip.mesh.multicast && (!isPartial || rules.partialsAreMulticast)
    var packets: [PlainChip.Packet] = []
    for (destination, targetTick) in destinations {
      if multicast, let i = packets.firstIndex(where: { $0.targetTick == targetTick }) {
        packets[i].destinations.append(destination)
      } else {
        packets.append(
          PlainChip.Packet(
            isPartial: isPartial, source: source, destinations: [destination], targetTick: targetTick,
            value: value ?? 0, since: elapsed))
      }
    }
    return packets
  }

  /// Sets the core's groups up: `packets` and `times` are those of each neuron, ascending.
  mutating func begin(core: Int, packets: [[PlainChip.Packet]], times: [Int], integrateCycles: Int) {
    if let neuronMajor = image.chip.timing.neuronMajor {
      return begin(core: core, packets: packets, neuronMajor)
    }
    let size = image.chip.timing.neuronsPerCycle + rules.addedGroup
    var emission = PlainChip.Emission()
    for first in stride(from: 0, to: packets.count, by: size) {
      let neurons = first..<min(first + size, packets.count)
      emission.groups.append(packets[neurons].flatMap { $0 })
      let group = times[neurons]
      emission.durations.append(rules.slowestNeuronCounts ? group.max() ?? 0 : times[first])
    }
    emission.complete = integrateCycles + (emission.durations.first ?? 0)
    cores[core].emission = emission
  }

  /// The same, neuron by neuron: columns without a neuron take their time too, and after the last one nothing is sent.
  private mutating func begin(
    core: Int, packets: [[PlainChip.Packet]], _ timing: Chip.Timing.NeuronMajor
  ) {
    let axons = rules.everyAxonTakesTime ? image.chip.core.axons : cores[core].axonCount.count
    let each = axons * timing.axonCycles + timing.neuronCycles
    var emission = PlainChip.Emission()
    var done = 0
    for n in packets.indices {
      let column = Int(image.neurons.column[firstRow(of: core) + n])
      emission.groups.append(packets[n])
      emission.durations.append((column + 1 - done) * each)
      done = column + 1
    }
    emission.groups.append([])
    emission.durations.append((image.chip.core.neurons - done) * each + timing.finishCycles)
    emission.complete = timing.setupCycles + emission.durations[0]
    cores[core].emission = emission
  }

  /// Step 2 of §5.2 for one core; `cycle` counts from the start of the tick.
  mutating func offer(core: Int, cycle: Int) {
    var emission = cores[core].emission
    defer { cores[core].emission = emission }
    let room = image.chip.timing.injectionQueue + rules.addedQueue
    while emission.idle == nil, cycle >= emission.complete {
      if emission.groups.isEmpty {
        emission.idle = cycle
        return
      }
      while let next = emission.groups[emission.group].first, cores[core].queue.count < room {
        emission.groups[emission.group].removeFirst()
        var packet = next
        packet.since = elapsed - cycle + emission.complete
        cores[core].queue.append(packet)
        counters.packets += 1
        coreCounters[core].packets += 1
        if packet.isPartial { counters.partialPackets += 1 }
      }
      if !emission.groups[emission.group].isEmpty { return }
      emission.frozen += cycle - emission.complete
      emission.group += 1
      if emission.group == emission.groups.count {
        emission.idle = cycle
      } else {
        emission.complete = cycle + emission.durations[emission.group]
      }
    }
  }
}
