import ChipModel
import Observations
import ProgramImage
import Testing

@testable import Emulator

/// Times of cores that depend on what there is to do: docs/emulator-semantics.md §4, on the tick of §10.
@Suite struct WorkTimesTests {
  private func run(_ change: (inout Chip.Timing) -> Void) throws -> RunRecord {
    var image = SmallTickTests.program()
    image.chip.timing.scanCycles = 0
    image.chip.timing.synapsesPerCycle = 1
    change(&image.chip.timing)
    let input = SpikeTrains(
      samples: 1, ticks: 1, channels: 1, events: [.init(sample: 0, tick: 0, channel: 0)])
    return try Emulator(image).run(
      input, options: RunOptions(samples: 1, ticks: 1, threads: 1, probes: []))
  }

  private func busy(_ record: RunRecord) -> [UInt64] { record.coreCounters.map(\.busyCycles) }

  /// Core 0 reads axon 0 with 2 synapses in tick 0 and axon 1 with 1 in tick 1; core 1 two axons with 1 each in tick 1.
  @Test func aRowTakesTheTimeOfItsSynapses() throws {
    let columns = try run({ _ in })
    // 4 columns: 1 + 4, then two neurons or one.
    #expect(busy(columns) == [7 + 7, 1 + 11])
    let stored = try run({ $0.work.rows = .stored })
    // 1 + 2 and 2, 1 + 1 and 2; nothing and 1, twice 1 + 1 and 1.
    #expect(busy(stored) == [5 + 4, 1 + 5])
    let slow = try run(
      {
        $0.work.rows = .stored
        $0.work.synapseCycles = 35
        $0.axonCycles = 0
      })
    #expect(busy(slow) == [72 + 37, 1 + 71])
    let pairs = try run(
      {
        $0.work.rows = .stored
        $0.work.synapseCycles = 35
        $0.synapsesPerCycle = 2
      })
    // A pair and one alone take 1 + 35 alike.
    #expect(busy(pairs) == [38 + 38, 1 + 73])
  }

  /// Tick 0: both neurons of core 0 have input and fire, core 1's has nothing. Tick 1: core 0's still hold the current of
  /// tick 0, and core 1's has input. The packets of a spike wait for its neuron: A is offered 100 cycles before B.
  @Test func anActiveNeuronTakesItsOwnTime() throws {
    let record = try run(
      {
        $0.neuronCycles = 50
        $0.work.activeNeuronCycles = 80
        $0.work.spikeCycles = 20
      })
    #expect(record.coreCounters.map(\.neuronActivities) == [4, 1])
    // 5 and twice 80 + 20, 5 and twice 80; 50, twice 5 and 80.
    #expect(busy(record) == [205 + 165, 50 + 90])
    // The last packet is delivered in cycle 205 + 3 and the last core idle in cycle 165; one more, and a barrier of 4.
    #expect(record.tickCycles == [213, 170])
  }

  @Test func aBarrierGrowsWithTheCoresInUse() throws {
    let plain = try run({ _ in })
    let growing = try run({ $0.work.barrierCyclesPerCore = 28 })
    #expect(plain.tickCycles.count == 2)
    #expect(growing.tickCycles == plain.tickCycles.map { $0 + 56 })
  }
}
