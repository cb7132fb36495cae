import Observations

/// What is the same for all parts of a flat program in a sample.
struct FlatSample: Sendable {
  var sample: UInt32
  var inputTicks: Int
  /// T + drainTicks.
  var ticks: Int
  /// By tick, then channel.
  var input: ArraySlice<SpikeTrains.Event>
  var initial: NeuronStates
}

extension FlatWorker {
  /// All ticks of a sample.
  ///
  /// - Parameter afterBarrier: called with each tick when all parts know who fired, and at last with the number of ticks.
  mutating func run(
    _ sample: FlatSample, _ meeting: FlatMeeting, _ phases: inout PhaseClock,
    afterBarrier: (Int, inout PhaseClock) -> Void
  ) {
    begin(sample.initial)
    let input = sample.input
    var next = input.startIndex
    for tick in 0..<sample.ticks {
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
    afterBarrier(sample.ticks, &phases)
    end()
  }
}

extension ChipState {
  /// Runs one sample of a flat program; as `run`.
  ///
  /// What a tick took and cost is worked out by the first part, from integers of all parts, one barrier after the tick.
  mutating func runFlat(
    _ team: FlatTeam, _ program: FlatProgram, sample: Int, inputTicks: Int,
    input: ArraySlice<SpikeTrains.Event>, probes: [Int32]
  ) -> SampleRecord {
    begin(sample: sample)
    let all = FlatSample(
      sample: UInt32(sample), inputTicks: inputTicks, ticks: inputTicks + tables.drainTicks, input: input,
      initial: cores.neurons)
    let meeting = team.meeting
    let parts = program.parts
    var record = SampleRecord()
    record.spikes.reserveCapacity(spikesOfLastSample)
    record.tickCycles.reserveCapacity(all.ticks)
    record.tickPackets.reserveCapacity(all.ticks)
    record.tickJoules.reserveCapacity(all.ticks)
    var phases = phases
    let seconds = team.run { worker in
      var unused = PhaseClock()
      worker.run(all, meeting, &unused) { _, _ in }
    } first: { worker in
      worker.run(all, meeting, &phases) { tick, phases in
        if tick > 0 { closeFlat(tick - 1, parts: parts.count, meeting, &record) }
        if tick < all.ticks { record.append(tick, sample: sample, parts: parts, meeting) }
        phases.mark(.record)
      }
    }
    self.phases = phases
    self.phases.addProcessorTime(seconds)
    takeFlat(team, all, probes: probes, &record)
    return record
  }

  /// Step 5 of a tick, and what is recorded of it.
  private mutating func closeFlat(
    _ tick: Int, parts: Int, _ meeting: FlatMeeting, _ record: inout SampleRecord
  ) {
    events = meeting.tally(tick, part: 0).pointee.events
    var busy = meeting.tally(tick, part: 0).pointee.busy
    for part in 1..<max(1, parts) {
      events.add(meeting.tally(tick, part: part).pointee.events)
      busy = max(busy, meeting.tally(tick, part: part).pointee.busy)
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
    _ team: FlatTeam, _ sample: FlatSample, probes: [Int32], _ record: inout SampleRecord
  ) {
    let parts = team.workers
    record.outputSums = [Int64](repeating: 0, count: tables.outputs.neuron.count)
    for part in parts {
      for (core, counted) in zip(part.cores, part.coreCounters) { coreCounters[core].add(counted) }
      for i in record.outputSums.indices { record.outputSums[i] += part.outputSums[i] }
      counters.synapseOverflows += part.counts.synapseOverflows
      counters.stateOverflows += part.counts.stateOverflows
      counters.floorClamps += part.counts.floorClamps
      counters.axonSaturations += part.ring?.saturations ?? 0
    }
    for core in coreCounters.indices { coreCounters[core].ticks += UInt64(sample.ticks) }
    var next = [Int](repeating: 0, count: parts.count)
    let owner = probes.map { row in parts.firstIndex { $0.rows.contains(Int(row)) } ?? 0 }
    record.potentials.reserveCapacity(sample.ticks * probes.count)
    for _ in 0..<sample.ticks {
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
    _ tick: Int, sample: Int, parts: [FlatProgram.Part], _ meeting: FlatMeeting
  ) {
    for (number, part) in parts.enumerated() {
      let fired = meeting.fired(tick, first: part.rows.lowerBound)
      for i in 0..<meeting.count(tick, part: number).pointee {
        spikes.append(.init(sample: Int32(sample), tick: Int32(tick), channel: fired[i]))
      }
    }
  }
}
