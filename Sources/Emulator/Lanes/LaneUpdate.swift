import ChipModel
import ProgramImage

/// Updates the rows of one segment: docs/emulator-semantics.md §3.2, many neurons at a time.
extension CoreState {
  mutating func updateLanes(
    _ segment: LaneTables.Segment, core: Int, _ time: TickTime, _ tables: Tables,
    _ counts: inout UpdateCounts,
    _ fired: inout [Int32], _ senders: inout [Sender]
  ) {
    let rows = segment.rows
    let code = tables.codes[rows.lowerBound]
    let begin = tables.neuronBegin[core]
    let rules = tables.rules
    guard Tables.isActive(code, time.tick, time.inputTicks) else {
      for row in rows {
        neurons.outcome[row] = NeuronState.Outcome.none.rawValue
        otherSum[row &- begin] = 0
      }
      return
    }
    counts.updates &+= UInt64(rows.count)
    if tables.takesOther(core) || (tables.lanes.overflows[core] && usedSums > 0) {
      gather(rows, begin, rules.accumulator, &counts.accumulatorSaturations)
    }
    let kernel = LaneKernel(code: code, rules: rules, firstSum: begin, firstState: 0)
    var next = rows.lowerBound
    while let part = rest.next(
      segment, tick: time.tick, from: next, crossbarSum, firstSum: begin, isSilent: usedSums == 0, &counts)
    {
      kernel.run(
        part, isNarrow: segment.isNarrow, crossbarSum, tables, &neurons, &rest, &counts)
      if code.kind == ProgramImage.NeuronKind.spiking.rawValue {
        collect(part.rows, begin, code, tables, &counts, &fired, &senders)
      }
      next = part.rows.upperBound
    }
  }

  /// Notes who fired, and lets those fire once more that still are above the threshold.
  private mutating func collect(
    _ rows: Range<Int>, _ begin: Int, _ code: NeuronCodes, _ tables: Tables, _ counts: inout UpdateCounts,
    _ fired: inout [Int32], _ senders: inout [Sender]
  ) {
    let sends = tables.lanes.sends
    let mostSpikes = tables.rules.spikesPerTick
    let outcomes = neurons.outcome
    let bytes = outcomes.span.bytes
    var row = rows.lowerBound
    while row < rows.upperBound {
      // Eight outcomes at a time; the lowest bit of each byte says whether the neuron fired.
      let length = min(8, rows.upperBound &- row)
      var word: UInt64 = 0
      if length == 8 {
        word = bytes.unsafeLoadUnaligned(fromByteOffset: row, as: UInt64.self)
      } else {
        for i in 0..<length { word |= UInt64(outcomes[row &+ i]) &<< UInt64(i &* 8) }
      }
      word &= 0x0101_0101_0101_0101
      while word != 0 {
        let hit = row &+ word.trailingZeroBitCount / 8
        word &= word &- 1
        neurons.spikes[hit] = 1
        counts.spikes &+= 1
        fired.append(Int32(truncatingIfNeeded: hit))
        if sends[hit] { senders.append(sender(hit, begin, tables, value: 0)) }
        while neurons.spikes[hit] < mostSpikes && code.firesAgain && Int64(neurons.v[hit]) > code.limit {
          neurons.v[hit] = Int32(truncatingIfNeeded: Int64(neurons.v[hit]) &- Int64(code.reset))
          neurons.spikes[hit] &+= 1
          counts.spikes &+= 1
          fired.append(Int32(truncatingIfNeeded: hit))
          if sends[hit] { senders.append(sender(hit, begin, tables, value: 0)) }
        }
      }
      row &+= 8
    }
  }

  /// Joins a segment's sums with what came beside the crossbar, in their accumulators.
  private mutating func gather(
    _ rows: Range<Int>, _ begin: Int, _ accumulator: Register, _ saturations: inout UInt64
  ) {
    usedSums = max(usedSums, rows.upperBound &- begin)
    for j in rows.lowerBound &- begin..<rows.upperBound &- begin {
      let sum = Int64(crossbarSum[j]) &+ otherSum[j]
      otherSum[j] = 0
      let held = accumulator.fitted(sum, &saturations)
      crossbarSum[j] = Int32(truncatingIfNeeded: held)  // at most 24 bits
    }
  }
}
