import ChipModel
import Observations

/// Sums that spikes have gone straight into, and what of each core's crossbar they stand for.
struct StraightSums: Sendable {
  /// [slots · rows]
  var sums: [Int32]
  /// [slots · cores] axons << 32 | synapses.
  var tallies: [UInt64]
  /// [slots · cores] cycles that reading the axons takes; empty where all axons take the same.
  var cycles: [UInt32]

  init(_ tables: Tables, isUsed: Bool) {
    let slots = isUsed ? tables.slots : 0
    sums = [Int32](repeating: 0, count: slots * tables.rows)
    tallies = [UInt64](repeating: 0, count: slots * tables.coreCount)
    cycles = [UInt32](repeating: 0, count: tables.rowTimes.areEqual ? 0 : tallies.count)
  }

  mutating func reset() {
    for i in sums.indices { sums[i] = 0 }
    for i in tallies.indices { tallies[i] = 0 }
    for i in cycles.indices { cycles[i] = 0 }
  }
}

/// Adds `count` sums to `to` and leaves zeros.
private func move(_ from: inout [Int32], _ first: Int, _ to: inout [Int32], _ count: Int) {
  var all = from.mutableSpan
  var source = all._mutatingExtracting(first..<first &+ count)
  var target = to.mutableSpan
  precondition(source.count == count && target.count >= count)
  for i in 0..<count {
    target[i] &+= source[i]
    source[i] = 0
  }
}

/// Step 4 of a tick with an ideal mesh: every packet is where it goes to at once.
extension ChipState {
  /// Adds to the crossbar's sums of a core what has gone straight into them.
  ///
  /// - Returns: axons, synapses, and cycles of reading.
  mutating func takeStraight(
    core: Int, _ rows: Range<Int>, slot: Int
  ) -> (reads: Int, operations: UInt64, cycles: Int) {
    let place = slot &* tables.coreCount &+ core
    let tally = straight.tallies[place]
    if tally == 0 { return (0, 0, 0) }
    straight.tallies[place] = 0
    move(&straight.sums, slot &* tables.rows &+ rows.lowerBound, &cores.crossbarSum, rows.count)
    var cycles = tables.rowTimes.each &* Int(tally >> 32)
    if !straight.cycles.isEmpty {
      cycles = Int(straight.cycles[place])
      straight.cycles[place] = 0
    }
    return (Int(tally >> 32), tally & 0xffff_ffff, cycles)
  }

  /// The core's update ends `integrateCycles` and its groups after the tick began, and its senders, `range`, have sent.
  mutating func sendAtOnce(
    core: Int, senders range: Range<Int>, integrateCycles: Int, tick: Int, _ ideal: PerChip<IdealTables>
  ) {
    let busy = integrateCycles + updateCycles(core: core)
    emission.idle = max(emission.idle, clock + busy)
    coreCounters[core].busyCycles += UInt64(busy)
    var packets = 0
    for i in range {
      let row = Int(senders[i].row)
      for number in Int(ideal.value.routes.burstBegin[row])..<Int(ideal.value.routes.burstBegin[row + 1]) {
        let burst = ideal.value.routes.bursts[number]
        packets &+= Int(burst.packets)
        goStraight(burst, tick: tick, ideal.value.routes)
      }
      for number in Int(ideal.value.routes.otherBegin[row])..<Int(ideal.value.routes.otherBegin[row + 1]) {
        packets &+= 1
        enterRing(ideal.value.routes.others[number], value: senders[i].value, tick: tick)
      }
    }
    events.packets += UInt64(packets)
    coreCounters[core].packets += UInt64(packets)
  }

  /// With the mesh of the chip: what the neurons that fired do, beforehand, because with a barrier all their packets arrive in
  /// time.
  mutating func enterSums(tick: Int, _ blocks: PerChip<FlatBlocks>) {
    fired.withUnsafeBufferPointer { fired in
      guard let first = fired.baseAddress else { return }
      _ = blocks.value.scatter(
        first, 0..<fired.count, count: fired.count, slot: tick % tables.slots, slots: tables.slots,
        &straight.sums, &straight.tallies, &straight.cycles)
    }
  }

  @inline(__always)
  private mutating func goStraight(_ burst: IdealRoutes.Burst, tick: Int, _ routes: IdealRoutes) {
    events.hops &+= UInt64(burst.hops.all)
    events.verticalHops &+= UInt64(burst.hops.vertical)
    events.deliveries &+= UInt64(burst.shares.count)
    let slot = (tick &+ Int(burst.delay)) % tables.slots
    let first = slot &* tables.coreCount
    for i in Int(burst.shares.lowerBound)..<Int(burst.shares.upperBound) {
      let share = routes.shares[i]
      let core = Int(share.core)
      coreCounters[core].deliveries &+= 1
      straight.tallies[first &+ core] &+= 1 &<< 32 | UInt64(share.synapses)
      if !straight.cycles.isEmpty { straight.cycles[first &+ core] &+= routes.shareCycles[i] }
    }
    scatter(
      Int(burst.synapses.lowerBound)..<Int(burst.synapses.upperBound), routes, into: &straight.sums,
      from: slot &* tables.rows, tables.rows)
  }

  private mutating func enterRing(_ other: IdealRoutes.Other, value: Int32, tick: Int) {
    let send = other.send
    let slot = (tick &+ Int(send.delay)) % tables.slots
    events.hops &+= UInt64(other.hops.all)
    events.verticalHops &+= UInt64(other.hops.vertical)
    events.deliveries &+= UInt64(send.count)
    if send.isPartial { counters.partialPackets &+= 1 }
    for i in 0..<send.count {
      let target = tables.packets.destination(i, of: send)
      coreCounters[Int(target.core)].deliveries &+= 1
      if send.isPartial {
        ring.addPartial(Int64(value), row: Int(target.target), slot: slot)
      } else {
        ring.addSpikes(1, axon: Int(target.target), core: Int(target.core), slot: slot)
      }
    }
  }
}

/// Adds the weights of synapses to the sums of their targets, which begin at `first`.
///
/// The sums fit Int32 as `CoreState.crossbarSum` does.
@inline(__always)
private func scatter(
  _ synapses: Range<Int>, _ routes: IdealRoutes, into sums: inout [Int32], from first: Int, _ rows: Int
) {
  switch (routes.longRows.isEmpty, routes.wideWeights.isEmpty) {
  case (true, true): add(routes.shortRows, routes.narrowWeights, synapses, &sums, first, rows)
  case (true, false): add(routes.shortRows, routes.wideWeights, synapses, &sums, first, rows)
  case (false, true): add(routes.longRows, routes.narrowWeights, synapses, &sums, first, rows)
  case (false, false): add(routes.longRows, routes.wideWeights, synapses, &sums, first, rows)
  }
}

@inline(__always)
private func add<Row: FixedWidthInteger, Weight: FixedWidthInteger>(
  _ rows: [Row], _ weights: [Weight], _ synapses: Range<Int>, _ sums: inout [Int32], _ first: Int,
  _ count: Int
) {
  var all = sums.mutableSpan
  var sums = all._mutatingExtracting(first..<first &+ count)
  let row = rows.span.extracting(synapses)
  let weight = weights.span.extracting(synapses)
  for i in 0..<row.count { sums[Int(row[i])] &+= Int32(weight[i]) }
}
