import ChipModel
import Observations

/// Sums that spikes have gone straight into, and what of each core's crossbar they stand for.
struct StraightSums: Sendable {
  /// [slots · rows]
  var sums: [Int32]
  /// [slots · cores] axons, their synapses, and the cycles that reading them takes.
  var reads: [UInt32]
  var operations: [UInt32]
  var cycles: [UInt32]

  init(_ tables: Tables, isUsed: Bool) {
    sums = [Int32](repeating: 0, count: isUsed ? tables.slots * tables.rows : 0)
    reads = [UInt32](repeating: 0, count: isUsed ? tables.slots * tables.coreCount : 0)
    operations = reads
    cycles = reads
  }

  mutating func reset() {
    for i in sums.indices { sums[i] = 0 }
    for i in reads.indices {
      reads[i] = 0
      operations[i] = 0
      cycles[i] = 0
    }
  }

  /// Moves a core's sums of a slot into `target`, from index 0 on.
  ///
  /// - Returns: axons, synapses and cycles.
  mutating func take(
    _ rows: Range<Int>, of count: Int, core: Int, cores: Int, slot: Int, into target: inout [Int32]
  ) -> (reads: Int, operations: UInt64, cycles: Int) {
    let first = slot &* count &+ rows.lowerBound
    move(&sums, first, &target, rows.count)
    let place = slot &* cores &+ core
    let taken = (Int(reads[place]), UInt64(operations[place]), Int(cycles[place]))
    reads[place] = 0
    operations[place] = 0
    cycles[place] = 0
    return taken
  }
}

private func move(_ from: inout [Int32], _ first: Int, _ to: inout [Int32], _ count: Int) {
  var all = from.mutableSpan
  var source = all._mutatingExtracting(first..<first &+ count)
  var target = to.mutableSpan
  precondition(target.count >= count)
  for i in 0..<count {
    target[i] &+= source[i]
    source[i] = 0
  }
}

/// Step 4 of a tick with an ideal mesh: every packet is where it goes to at once.
extension ChipState {
  /// The core's update ends `integrateCycles` and its groups after the tick began, and its senders, `range`, have sent.
  mutating func sendAtOnce(
    core: Int, senders range: Range<Int>, integrateCycles: Int, tick: Int, _ ideal: IdealTables
  ) {
    let busy = integrateCycles + updateCycles(core: core)
    emission.idle = max(emission.idle, clock + busy)
    coreCounters[core].busyCycles += UInt64(busy)
    var packets: UInt64 = 0
    for i in range {
      let sender = senders[i]
      for number in Int(tables.sends.begin[Int(sender.row)])..<Int(tables.sends.begin[Int(sender.row) + 1]) {
        packets &+= 1
        arriveAtOnce(tables.sends.sends[number], ideal.ways[number], sender, tick: tick, ideal)
      }
    }
    events.packets += packets
    coreCounters[core].packets += packets
  }

  @inline(__always)
  private mutating func arriveAtOnce(
    _ send: Send, _ way: IdealTables.Way, _ sender: Sender, tick: Int, _ ideal: IdealTables
  ) {
    let slot = (tick &+ Int(send.delay)) % tables.slots
    let isStraight = way.begin < way.end
    events.hops &+= UInt64(way.hops)
    events.verticalHops &+= UInt64(way.verticalHops)
    events.deliveries &+= UInt64(send.end &- send.begin)
    if send.isPartial { counters.partialPackets &+= 1 }
    for place in Int(send.begin)..<Int(send.end) {
      let target = tables.targets[place]
      let core = Int(target.core)
      coreCounters[core].deliveries &+= 1
      if isStraight {
        let at = slot &* tables.coreCount &+ core
        straight.reads[at] &+= 1
        straight.operations[at] &+= ideal.costs[place].synapses
        straight.cycles[at] &+= ideal.costs[place].cycles
      } else if send.isPartial {
        ring.addPartial(Int64(sender.value), row: Int(target.target), slot: slot)
      } else {
        ring.addSpikes(1, axon: Int(target.target), core: core, slot: slot)
      }
    }
    if isStraight {
      scatter(
        Int(way.begin)..<Int(way.end), ideal, into: &straight.sums, from: slot &* tables.rows, tables.rows)
    }
  }
}

/// Adds the weights of a packet's synapses to the sums of their targets, which begin at `first`.
///
/// The sums fit Int32 as `CoreState.crossbarSum` does.
@inline(__always)
private func scatter(
  _ synapses: Range<Int>, _ ideal: IdealTables, into sums: inout [Int32], from first: Int, _ rows: Int
) {
  var all = sums.mutableSpan
  var slot = all._mutatingExtracting(first..<first &+ rows)
  switch (ideal.longRows.isEmpty, ideal.wideWeights.isEmpty) {
  case (true, true): add(ideal.shortRows, ideal.narrowWeights, synapses, &slot)
  case (true, false): add(ideal.shortRows, ideal.wideWeights, synapses, &slot)
  case (false, true): add(ideal.longRows, ideal.narrowWeights, synapses, &slot)
  case (false, false): add(ideal.longRows, ideal.wideWeights, synapses, &slot)
  }
}

@inline(__always)
private func add<Row: FixedWidthInteger, Weight: FixedWidthInteger>(
  _ rows: [Row], _ weights: [Weight], _ synapses: Range<Int>, _ sums: inout MutableSpan<Int32>
) {
  let row = rows.span.extracting(synapses)
  let weight = weights.span.extracting(synapses)
  for i in 0..<row.count { sums[Int(row[i])] &+= Int32(weight[i]) }
}
