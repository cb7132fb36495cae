import Observations

/// What is the same for all parts of a flat program in a sample.
struct FlatSample: Sendable {
  var sample: UInt32
  var inputTicks: Int
  /// Which ticks of the sample are run: from the first one, or from where the last run ended.
  var ticks: Range<Int>
  /// Of these ticks: by tick, then channel.
  var input: ArraySlice<SpikeTrains.Event>
  var initial: NeuronStates
}

extension FlatWorker {
  /// Ticks of a sample.
  ///
  /// - Parameter afterBarrier: called with each tick when all parts know who fired, and at last with the one after them.
  mutating func run(
    _ sample: FlatSample, _ meeting: FlatMeeting, _ phases: inout PhaseClock,
    afterBarrier: (Int, inout PhaseClock) -> Void
  ) {
    if sample.ticks.lowerBound == 0 { begin(sample.initial) }
    let input = sample.input
    var next = input.startIndex
    for tick in sample.ticks {
      let first = next
      while tick < sample.inputTicks, next < input.endIndex, Int(input[next].tick) == tick { next += 1 }
      let time = TickTime(sample: sample.sample, tick: tick, inputTicks: sample.inputTicks)
      phases.beginTick(tick)
      update(input[first..<next], time, meeting, &phases)
      meeting.barrier.meet()
      afterBarrier(tick, &phases)
      send(tick: tick, meeting)
      phases.mark(.mesh)
      observe(time, meeting)
      phases.mark(.record)
    }
    meeting.barrier.meet()
    afterBarrier(sample.ticks.upperBound, &phases)
  }
}

extension ChipState {
  /// Runs one sample of a flat program; as `run`.
  ///
  /// What a tick took and cost is worked out by the first part, from integers of all parts, one barrier after the tick.
  mutating func runFlat(
    _ team: FlatTeam, sample: Int, inputTicks: Int,
    input: ArraySlice<SpikeTrains.Event>, probes: [Int32]
  ) -> SampleRecord {
    begin(sample: sample)
    let ticks = inputTicks + tables.drainTicks
    var record = SampleRecord()
    record.spikes.reserveCapacity(spikesOfLastSample)
    record.tickCycles.reserveCapacity(ticks)
    record.tickPackets.reserveCapacity(ticks)
    record.tickJoules.reserveCapacity(ticks)
    runFlat(team, ticks: 0..<ticks, inputTicks: inputTicks, input: input, &record)
    takeFlat(team, ticks: ticks, probes: probes, &record)
    return record
  }

  /// Runs ticks of a sample that has begun; what they fired, took and cost is in `record`.
  ///
  /// - Returns: processor time of the threads beside this one, seconds.
  @discardableResult
  mutating func runFlat(
    _ team: FlatTeam, ticks: Range<Int>, inputTicks: Int,
    input: ArraySlice<SpikeTrains.Event>, _ record: inout SampleRecord
  ) -> Double {
    let all = FlatSample(
      sample: sample, inputTicks: inputTicks, ticks: ticks, input: input, initial: cores.neurons)
    let meeting = team.meeting
    let number = Int(sample)
    // Out of the chip meanwhile, so that nothing is copied when it changes.
    var phases = PhaseClock()
    swap(&phases, &self.phases)
    let seconds = team.run { worker in
      var unused = PhaseClock()
      worker.run(all, meeting, &unused) { _, _ in }
    } first: { worker in
      worker.run(all, meeting, &phases) { tick, phases in
        if tick > ticks.lowerBound { closeFlat(tick - 1, meeting, &record) }
        if tick < ticks.upperBound { record.append(tick, sample: number, meeting) }
        phases.mark(.record)
      }
    }
    self.phases = phases
    self.phases.addProcessorTime(seconds)
    return seconds
  }

  /// Step 5 of a tick, and what is recorded of it.
  private mutating func closeFlat(
    _ tick: Int, _ meeting: FlatMeeting, _ record: inout SampleRecord
  ) {
    events = meeting.tally(tick, part: 0).pointee.events
    var busy = meeting.tally(tick, part: 0).pointee.busy
    restingUpdates += meeting.tally(tick, part: 0).pointee.resting
    for part in 1..<meeting.parts {
      events.add(meeting.tally(tick, part: part).pointee.events)
      busy = max(busy, meeting.tally(tick, part: part).pointee.busy)
      restingUpdates += meeting.tally(tick, part: part).pointee.resting
    }
    events.coreTicks = UInt64(tables.coreCount)
    emission.idle = clock + busy
    let cycles = endTick(lastDelivery: clock)
    record.tickCycles.append(UInt32(clamping: cycles))
    record.tickPackets.append(UInt32(events.packets))
    record.tickJoules.append(tables.prices.joules(events))
    totals.add(events)
  }

  /// Adds up what the workers hold when the sample is over.
  private mutating func takeFlat(
    _ team: FlatTeam, ticks: Int, probes: [Int32], _ record: inout SampleRecord
  ) {
    let parts = team.workers.map { worker in
      var worker = worker
      worker.end()
      return worker
    }
    record.outputSums = [Int64](repeating: 0, count: tables.outputs.neuron.count)
    for part in parts {
      for (core, counted) in zip(part.cores, part.coreCounters) { coreCounters[core].add(counted) }
      for i in record.outputSums.indices { record.outputSums[i] += part.outputSums[i] }
      counters.synapseOverflows += part.counts.synapseOverflows
      counters.stateOverflows += part.counts.stateOverflows
      counters.floorClamps += part.counts.floorClamps
      counters.axonSaturations += part.ring?.saturations ?? 0
    }
    for core in coreCounters.indices { coreCounters[core].ticks += UInt64(ticks) }
    var next = [Int](repeating: 0, count: parts.count)
    let owner = probes.map { row in parts.firstIndex { $0.rows.contains(Int(row)) } ?? 0 }
    record.potentials.reserveCapacity(ticks * probes.count)
    for _ in 0..<ticks {
      for part in owner {
        record.potentials.append(parts[part].potentials[next[part]])
        next[part] += 1
      }
    }
    spikesOfLastSample = record.spikes.count
    endSample()
  }
}

extension SampleRecord {
  /// The spikes of a tick, rows ascending.
  fileprivate mutating func append(
    _ tick: Int, sample: Int, _ meeting: FlatMeeting
  ) {
    for part in 0..<meeting.parts {
      let fired = meeting.fired(tick, part: part)
      for i in 0..<meeting.count(tick, part: part).pointee {
        spikes.append(.init(sample: Int32(sample), tick: Int32(tick), channel: fired[i]))
      }
    }
  }
}
