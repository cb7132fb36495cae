import FixedPoint
import Observations

/// Step 2 of a tick: docs/emulator-semantics.md §3.1.
extension ChipState {
  /// Adds up what the tick's slot holds for one core, empties the slot, and returns the cycles that it takes (§4).
  mutating func integrate(core: Int, tick: Int, inputTicks: Int) -> Int {
    let slot = tick % tables.slots
    let range = tables.neuronBegin[core]..<tables.neuronBegin[core + 1]
    let rowCycles = addRows(core: core, slot: slot, tick: tick, range)
    if tables.takesPartials[core] { ring.takePartials(range, slot: slot, into: &cores.otherSum) }
    addPoisson(core: core, tick: tick, inputTicks: inputTicks)
    return tables.scanCycles[core] + rowCycles
  }

  /// A of every neuron of the core; returns the cycles of the axons that held a spike.
  private mutating func addRows(core: Int, slot: Int, tick: Int, _ range: Range<Int>) -> Int {
    cores.clearSums()
    // Where all spikes go straight, only inputs wait in the ring.
    let isEmpty = beforehand != nil && tick >= inputEnd
    var reads = isEmpty ? 0 : ring.take(core: core, slot: slot, into: &taken)
    if let stochastic, stochastic.value.isUsed[core] {
      addStochastic(stochastic, core: core, reads, tick: tick)
    }
    var operations: UInt64 = 0
    var cycles = tables.rowTimes.cycles(taken, reads, firstAxon: tables.axonBegin[core])
    if reads > 0 {
      operations = tables.addSynapses(
        core: core, taken, reads, into: &cores.crossbarSum, width: range.count, scratch: &rowScratch)
    }
    if beforehand != nil || ideal?.value.routes.isStraight[core] == true {
      let others = takeStraight(core: core, range, slot: slot)
      reads += others.reads
      operations += others.operations
      cycles += others.cycles
    }
    if reads > 0 { cores.usedSums = range.count }
    coreCounters[core].rowReads &+= UInt64(reads)
    coreCounters[core].synapticOperations &+= operations
    events.rowReads &+= UInt64(reads)
    events.synapticOperations &+= operations
    return cycles
  }

  /// Z of every active neuron of the core.
  private mutating func addPoisson(core: Int, tick: Int, inputTicks: Int) {
    for entry in tables.poissonBegin[core]..<tables.poissonBegin[core + 1] {
      let row = Int(tables.poisson.neuron[entry])
      guard Tables.isActive(tables.codes[row], tick, inputTicks) else { continue }
      let draw = CounterRandom.draw(
        seed: tables.rules.seed, sample: sample, tick: UInt32(truncatingIfNeeded: tick),
        index: tables.poisson.stream[entry], .poisson)
      let table = Int(tables.poisson.table[entry])
      let begin = Int(tables.poisson.tableBegin[table])
      let end = Int(tables.poisson.tableBegin[table + 1])
      var count = 0
      while begin + count < end, tables.poisson.threshold[begin + count] <= draw { count &+= 1 }  // ascending
      counters.poissonEvents &+= UInt64(count)
      cores.otherSum[row - tables.neuronBegin[core]] += Int64(tables.poisson.weight[entry]) * Int64(count)
    }
  }
}
