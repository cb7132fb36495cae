import ChipModel
import Diagnostics
import Observations
import ProgramImage

/// What one sample leaves in the record.
struct SampleRecord: Sendable {
  var spikes: [SpikeTrains.Event] = []
  /// [chipTicks]
  var tickCycles: [UInt32] = []
  var tickJoules: [Double] = []
  var tickPackets: [UInt32] = []
  /// [outputs]
  var outputSums: [Int64] = []
  /// [chipTicks · probes]
  var potentials: [Int32] = []
  var lateDeliveries: [RunRecord.LateDelivery] = []
}

extension ChipState {
  /// Runs one sample from its first tick to the end of its drain.
  ///
  /// - Parameter input: the sample's events, by tick, then channel.
  mutating func run(
    sample: Int, inputTicks: Int, input: ArraySlice<SpikeTrains.Event>, probes: [Int32]
  ) throws(Failure) -> SampleRecord {
    if let team = flatTeam(probes: probes) {
      return runFlat(team, sample: sample, inputTicks: inputTicks, input: input, probes: probes)
    }
    begin(sample: sample)
    var record = SampleRecord()
    record.outputSums = [Int64](repeating: 0, count: tables.outputs.neuron.count)
    let chipTicks = inputTicks + tables.drainTicks
    record.potentials.reserveCapacity(chipTicks * probes.count)
    var next = input.startIndex
    for tick in 0..<chipTicks {
      let first = next
      while tick < inputTicks, next < input.endIndex, Int(input[next].tick) == tick { next += 1 }
      try runTick(
        tick, sample: sample, inputTicks: inputTicks, input: input[first..<next], probes: probes, &record)
    }
    for core in coreCounters.indices { coreCounters[core].ticks += UInt64(chipTicks) }
    endSample()
    record.lateDeliveries = lateDeliveries
    return record
  }

  private func isSplitter(_ row: Int32) -> Bool {
    tables.codes[Int(row)].kind == ProgramImage.NeuronKind.splitter.rawValue
  }

  /// One tick, and what it leaves in the record.
  mutating func runTick(
    _ tick: Int, sample: Int, inputTicks: Int, input: ArraySlice<SpikeTrains.Event>, probes: [Int32],
    _ record: inout SampleRecord
  ) throws(Failure) {
    let cycles = try step(tick: tick, inputTicks: inputTicks, input: input)
    for row in fired where !tables.hasSplitters || !isSplitter(row) {
      record.spikes.append(.init(sample: Int32(sample), tick: Int32(tick), channel: row))
    }
    for row in probes { record.potentials.append(cores.neurons.v[Int(row)]) }
    addOutputs(tick: tick, inputTicks: inputTicks, to: &record.outputSums)
    record.tickCycles.append(UInt32(clamping: cycles))
    record.tickPackets.append(UInt32(events.packets))
    record.tickJoules.append(tables.prices.joules(events))
    totals.add(events)
    phases.mark(.record)
  }

  /// Spikes, or the potential, of every output whose window holds this tick (§3.4).
  private func addOutputs(tick: Int, inputTicks: Int, to sums: inout [Int64]) {
    for row in fired where tables.outputBegin[Int(row)] < tables.outputBegin[Int(row) + 1] {
      for entry in tables.outputBegin[Int(row)]..<tables.outputBegin[Int(row) + 1] {
        let i = Int(tables.outputOf[Int(entry)])
        if tables.isOpen(output: i, tick, inputTicks) { sums[i] += 1 }
      }
    }
    for i in tables.potentialOutputs where tables.isOpen(output: i, tick, inputTicks) {
      sums[i] += Int64(cores.neurons.v[Int(tables.outputs.neuron[i])])
    }
  }
}
