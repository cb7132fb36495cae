import ChipModel
import FixedPoint
import ProgramImage

extension PlainChip.SampleRun {
  // MARK: - §2 Axons and inputs

  /// Adds one spike to (axon, slot of tick).
  mutating func addSpike(core: Int, axon: Int, tick: Int) {
    let slot = tick % image.chip.core.delaySlots
    let maximum = PlainArithmetic.power(image.chip.core.axonCountBits) - 1
    let count = cores[core].axonCount[axon][slot]
    if count < maximum || !rules.countsSaturate {
      cores[core].axonCount[axon][slot] = count + 1
      cores[core].arrivals[slot].append(axon)
    } else {
      counters.axonSaturations += 1
    }
  }

  /// c spikes of one channel, to every destination of it.
  mutating func enter(channel: Int, count: Int, tick: Int) {
    let inputs = image.inputs
    let entries = Int(inputs.begin[channel])..<Int(inputs.begin[channel + 1])
    for i in entries {
      counters.inputEvents += UInt64(count)
      coreCounters[Int(inputs.core[i])].inputEvents += UInt64(count)
      entered[Int(inputs.core[i])] += count
    }
    switch image.chip.input {
    case .direct:
      for i in entries {
        for _ in 0..<count {
          addSpike(core: Int(inputs.core[i]), axon: Int(inputs.axon[i]), tick: tick + Int(inputs.delay[i]))
        }
      }
    case .edge:
      let waiting = packets(
        from: -1 - channel, value: nil,
        to: entries.map {
          let destination = PlainChip.Destination(core: Int(inputs.core[$0]), target: Int(inputs.axon[$0]))
          return (destination, tick + Int(inputs.delay[$0]))
        })
      for packet in waiting { edgeQueue += Array(repeating: packet, count: count) }
    }
  }

  // MARK: - §3.1 Integrate

  func isActive(row: Int, tick: Int) -> Bool {
    let end = inputTicks + Int(image.neurons.stop[row]) + rules.addedWindow
    return Int(image.neurons.start[row]) <= tick && tick < end
  }

  /// The saturated accumulator of every neuron of the core (0 where inactive), and the stored synapses of the axons that were not empty.
  mutating func integrate(core: Int, tick: Int) -> (accumulators: [Int], fullAxons: [Int]) {
    let slot = tick % image.chip.core.delaySlots
    cores[core].arrivals[slot] = []
    var sums = cores[core].neurons.map { $0.partialSum[slot] }
    var fullAxons: [Int] = []
    for axon in cores[core].axonCount.indices {
      let spikes = cores[core].axonCount[axon][slot]
      if spikes == 0 { continue }
      let global = Int(image.cores.axonBegin[core]) + axon
      let synapses = Int(image.crossbar.begin[global])..<Int(image.crossbar.begin[global + 1])
      fullAxons.append(synapses.count)
      for synapse in synapses {
        sums[Int(image.crossbar.neuron[synapse])] += Int(image.crossbar.weight[synapse]) * spikes
      }
      coreCounters[core].rowReads += 1
      coreCounters[core].synapticOperations += UInt64(spikes * synapses.count)
      cores[core].axonCount[axon][slot] = 0
    }
    for n in sums.indices {
      cores[core].neurons[n].partialSum[slot] = 0
      let row = firstRow(of: core) + n
      guard isActive(row: row, tick: tick) else {
        sums[n] = 0
        continue
      }
      coreCounters[core].neuronUpdates += 1
      sums[n] += poisson(row: row, tick: tick)
      if rules.accumulatorSaturates {
        let register = PlainArithmetic.register(
          sums[n], bits: image.chip.datapath.accumulatorBits,
          rules.overflow(image.chip.datapath.accumulatorOverflow))
        if register != sums[n] { counters.accumulatorSaturations += 1 }
        sums[n] = register
      }
    }
    return (sums, fullAxons)
  }

  /// Z.
  private mutating func poisson(row: Int, tick: Int) -> Int {
    var sum = 0
    for i in image.poisson.neuron.indices where Int(image.poisson.neuron[i]) == row {
      let table = Int(image.poisson.table[i])
      let range = Int(image.poisson.tableBegin[table])..<Int(image.poisson.tableBegin[table + 1])
      let random = draw(.poisson, index: Int(image.poisson.stream[i]), tick: tick)
      let count = image.poisson.threshold[range].filter { $0 <= random }.count
      counters.poissonEvents += UInt64(count)
      sum += Int(image.poisson.weight[i]) * count
    }
    return sum
  }

  /// Whether an active neuron's update counts as `neuronActivity`, from what it is before it.
  func hasWork(core: Int, neuron n: Int, accumulator: Int) -> Bool {
    let row = firstRow(of: core) + n
    if programEntries[row] != nil || accumulator != 0 { return true }
    if image.neurons.kind[row] == ProgramImage.NeuronKind.partial.rawValue { return false }
    let neuron = cores[core].neurons[n]
    return neuron.v != 0 || neuron.u != 0 || image.neurons.bias[row] != 0
  }

  // MARK: - §3.2 Update

  /// What a neuron did in this tick.
  enum Outcome: Equatable {
    case quiet, held
    case fired(times: Int)
    var spikes: Int { if case .fired(let times) = self { times } else { 0 } }
  }

  /// Updates a neuron of kind 0, 2 or 3 that is active.
  mutating func update(core: Int, neuron n: Int, accumulator: Int, tick: Int) -> Outcome {
    let row = firstRow(of: core) + n
    let code = image.neurons
    let datapath = image.chip.datapath
    var neuron = cores[core].neurons[n]
    defer { cores[core].neurons[n] = neuron }

    let x = inputStep(
      accumulator, gain: Int(code.gain[row]), weightExponent: Int(code.weightExponent[row]))
    func withInput(_ u: Int) -> Int {
      let register = PlainArithmetic.register(
        u + x, bits: datapath.stateBits, rules.overflow(datapath.synapseOverflow))
      if register != u + x { counters.synapseOverflows += 1 }
      return register
    }
    func left(_ u: Int) -> Int {
      decayed(
        u, Int(code.synapseDecay[row]), Int(code.synapseDecayExponent[row]),
        draw: { draw(.synapseLeak, index: row, tick: tick) })
    }
    let current =
      switch rules.synapseInput(datapath.synapseInput) {
      case .afterDecay: withInput(left(neuron.u))
      case .beforeDecay: left(withInput(neuron.u))
      }

    let noise = noise(core: core, row: row, tick: tick)
    var drive =
      (rules.membraneSeesNewCurrent ? current : neuron.u) + Int(code.bias[row]) + noise.membrane
    if let overflow = datapath.driveOverflow {
      let register = PlainArithmetic.register(drive, bits: datapath.stateBits, rules.overflow(overflow))
      if register != drive { counters.stateOverflows += 1 }
      drive = register
    }
    let heldPotential = decayed(
      neuron.v, Int(code.decay[row]), Int(code.decayExponent[row]),
      draw: { draw(.membraneLeak, index: row, tick: tick) })
    neuron.v = PlainArithmetic.register(
      heldPotential + drive, bits: datapath.stateBits, rules.overflow(datapath.stateOverflow))
    if neuron.v != heldPotential + drive { counters.stateOverflows += 1 }
    neuron.u = current
    if neuron.v < Int(code.floor[row]) {
      neuron.v = Int(code.floor[row])
      counters.floorClamps += 1
    }

    guard code.fires(row) else { return .quiet }
    let reset = Int(code.reset[row])
    let subtracts = code.resetMode[row] == ProgramImage.ResetMode.subtract.rawValue
    let mode = rules.resetMode(subtracts ? .subtract : .toValue)
    if neuron.refractory > 0 {
      if mode == .toValue { neuron.v = reset }
      neuron.refractory -= 1
      return .held
    }
    let threshold = Int(code.threshold[row]) + noise.threshold
    func fires() -> Bool {
      switch rules.comparison(datapath.comparison) {
      case .greater: neuron.v > threshold
      case .greaterOrEqual: neuron.v >= threshold
      }
    }
    if !fires() { return .quiet }
    neuron.refractory = Int(code.refractory[row]) + rules.addedRefractory
    if mode == .toValue {
      neuron.v = reset
      return .fired(times: 1)
    }
    neuron.v -= reset
    var spikes = 1
    while reset > 0, fires(), spikes < datapath.spikesPerTick + rules.addedSpikesPerTick {
      neuron.v -= reset
      spikes += 1
    }
    return .fired(times: spikes)
  }

  // MARK: - §3.3 Kick

  /// All at once: `outcomes` is of the whole core; nil marks a neuron that is inactive or partial.
  mutating func kick(core: Int, outcomes: [Outcome?]) {
    let first = firstRow(of: core)
    let columns = outcomes.indices.map { Int(image.neurons.column[first + $0]) }
    let firing = outcomes.indices.filter { (outcomes[$0]?.spikes ?? 0) > 0 }.map { columns[$0] }
    for n in outcomes.indices {
      let isKicked =
        outcomes[n] == .quiet || (rules.heldNeuronsAreKicked && outcomes[n] == .held)
      let neighbours = firing.filter { abs($0 - columns[n]) == 1 }.count
      let kick = Int(image.neurons.kick[first + n])
      if !isKicked || neighbours == 0 || kick == 0 { continue }
      let v = cores[core].neurons[n].v - rules.kickSign * neighbours * kick
      let floor = Int(image.neurons.floor[first + n])
      if v < floor { counters.floorClamps += 1 }
      cores[core].neurons[n].v = v < floor && rules.kickStopsAtFloor ? floor : v
    }
  }
}
