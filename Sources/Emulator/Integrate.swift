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
    let filled = ring.filledAxons(core: core, slot: slot)
    for j in 0..<range.count { cores.crossbarSum[j] = 0 }
    guard !filled.isEmpty else { return 0 }
    if let stochastic = tables.stochastic, stochastic.isUsed[core] {
      addStochastic(stochastic, core: core, slot: slot, tick: tick)
    }
    let denseBegin = tables.synapses.denseBegin[core]
    var operations: UInt64 = 0
    singles.removeAll(keepingCapacity: true)
    for axon in filled {
      let axon = Int(axon)
      let count = ring.takeCount(axon: axon, slot: slot)
      let list = tables.synapses.begin[axon]..<tables.synapses.begin[axon + 1]
      operations &+= UInt64(list.count) &* UInt64(count)
      if denseBegin < 0 {
        addList(tables.synapses, list, count, into: &cores.crossbarSum)
      } else {
        let first = denseBegin &+ (axon &- tables.axonBegin[core]) &* range.count
        if count == 1 {
          singles.append(first)
        } else {
          addRow(tables.synapses.dense, first, count, into: &cores.crossbarSum, range.count)
        }
      }
    }
    addSingleRows(tables.synapses.dense, singles, into: &cores.crossbarSum, range.count)
    let reads = filled.count
    let cycles = tables.rowTimes.cycles(filled)
    ring.clearList(core: core, slot: slot)
    coreCounters[core].rowReads &+= UInt64(reads)
    coreCounters[core].synapticOperations &+= operations
    events.rowReads &+= UInt64(reads)
    events.synapticOperations &+= operations
    return cycles
  }

  /// Z of every active neuron of the core.
  private mutating func addPoisson(core: Int, tick: Int, inputTicks: Int) {
    let poisson = tables.poisson
    for entry in tables.poissonBegin[core]..<tables.poissonBegin[core + 1] {
      let row = Int(poisson.neuron[entry])
      guard Tables.isActive(tables.codes[row], tick, inputTicks) else { continue }
      let draw = CounterRandom.draw(
        seed: tables.rules.seed, sample: sample, tick: UInt32(truncatingIfNeeded: tick),
        index: poisson.stream[entry], .poisson)
      let table = Int(poisson.table[entry])
      let begin = Int(poisson.tableBegin[table])
      var count = 0
      for threshold in poisson.threshold[begin..<Int(poisson.tableBegin[table + 1])] {
        if threshold > draw { break }  // ascending
        count &+= 1
      }
      counters.poissonEvents &+= UInt64(count)
      cores.otherSum[row - tables.neuronBegin[core]] += Int64(poisson.weight[entry]) * Int64(count)
    }
  }
}

// The sums below fit Int32 (`CoreState.crossbarSum`): every partial sum is bounded like the whole one.

/// Adds count · weight of one axon's list.
private func addList(
  _ synapses: Synapses, _ list: Range<Int>, _ count: Int32, into sums: inout [Int32]
) {
  let neuron = synapses.neuron.span.extracting(list)
  let weight = synapses.weight.span.extracting(list)
  var target = sums.mutableSpan
  for i in 0..<neuron.count { target[Int(neuron[i])] &+= Int32(weight[i]) &* count }
}

/// Adds count times one full row.
private func addRow(
  _ dense: [Int16], _ begin: Int, _ count: Int32, into sums: inout [Int32], _ width: Int
) {
  let row = dense.span.extracting(begin..<begin + width)
  var target = sums.mutableSpan
  for j in 0..<width { target[j] &+= Int32(row[j]) &* count }
}

/// Adds full rows, each once, four in a pass: the sums are read and written a quarter as often.
private func addSingleRows(
  _ dense: [Int16], _ begins: [Int], into sums: inout [Int32], _ width: Int
) {
  let weights = dense.span
  var target = sums.mutableSpan
  var i = 0
  while i + 4 <= begins.count {
    let a = weights.extracting(begins[i]..<begins[i] + width)
    let b = weights.extracting(begins[i + 1]..<begins[i + 1] + width)
    let c = weights.extracting(begins[i + 2]..<begins[i + 2] + width)
    let d = weights.extracting(begins[i + 3]..<begins[i + 3] + width)
    for j in 0..<width {
      target[j] &+= (Int32(a[j]) &+ Int32(b[j])) &+ (Int32(c[j]) &+ Int32(d[j]))
    }
    i += 4
  }
  while i < begins.count {
    let a = weights.extracting(begins[i]..<begins[i] + width)
    for j in 0..<width { target[j] &+= Int32(a[j]) }
    i += 1
  }
}
