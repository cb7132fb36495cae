import ChipModel
import Emulator
import Observations
import TestSupport
import Testing

/// Times of Loihi's files, added up by hand from the figures that they quote, in tenths of a nanosecond.
@Suite struct LoihiTimeTests {
  /// One neuron that forgets everything within a tick, and one spike to it: it is active when the spike arrives and while its
  /// current is left, then not any more.
  private func run(_ chip: String, threshold: Int) throws -> RunRecord {
    let chip = try Chip.load(chip, directories: [Repository.path("chips")])
    var vector = RuleVector(
      ticks: 3, weight: 64, ["threshold": threshold, "synapse_decay": 4096, "decay": 4096])
    vector.input[0] = [1]
    return try Emulator(vector.image(on: chip)).run(
      SpikeTrains(
        samples: 1, ticks: 3, channels: 1, events: [SpikeTrains.Event(sample: 0, tick: 0, channel: 0)]),
      options: RunOptions(samples: 1, ticks: 3, threads: 1, probes: []))
  }

  /// 3.5 ns per synapse, 8.4 and 5.3 ns per neuron; the barrier of one core is 101.6 + 2.8 ns.
  @Test func davies() throws {
    let record = try run("loihi1-davies2018", threshold: 131071 << 6)
    // 35 + 84, 84 and 53, one cycle to be quiet, and 1016 + 28.
    #expect(record.tickCycles == [1164, 1129, 1098])
    #expect(record.coreCounters[0].neuronActivities == 2)
  }

  /// The barrier of all cores in use is that of table 2, and so is that of one tile, within 3 %.
  @Test func barrier() throws {
    let timing = try Chip.load("loihi1-davies2018", directories: [Repository.path("chips")]).timing
    for (cores, published) in [(4, 1130.0), (128, 4650.0)] {
      guard case .barrier(let cycles) = timing.tick(usedCores: cores) else {
        Issue.record("no barrier")
        continue
      }
      #expect(abs(Double(cycles) / published - 1) < 0.03)
    }
  }

  /// 16 ns for a message and 3.8 ns per synapse, 9.7 and 6 ns per neuron, 30 ns for a spike.
  @Test func sanafe() throws {
    let quiet = try run("loihi1-sanafe", threshold: 131071 << 6)
    // 160 + 38 + 97, 97 and 60, one cycle to be quiet, and 14000.
    #expect(quiet.tickCycles == [14296, 14098, 14061])
    let firing = try run("loihi1-sanafe", threshold: 64 << 6)
    #expect(firing.counters.spikes == 1)
    // The spike, and its message to its own core in the next tick.
    #expect(firing.coreCounters[0].busyCycles == quiet.coreCounters[0].busyCycles + 460)
  }
}
