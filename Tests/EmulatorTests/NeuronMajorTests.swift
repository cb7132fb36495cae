import ChipModel
import Observations
import ProgramImage
import Testing

@testable import Emulator

/// Cycles of RANC, as they were measured in a simulation of its RTL.
@Suite struct NeuronMajorTests {
  private func record(_ image: ProgramImage, ticks: Int) throws -> RunRecord {
    try Emulator(image).run(
      SpikeTrains(samples: 1, ticks: ticks, channels: image.inputs.channels, events: []),
      options: RunOptions(samples: 1, ticks: ticks, threads: 1, probes: []), progress: nil)
  }

  /// One neuron that fires in every tick.
  private func core(column: Int = 0) -> AdditiveCore {
    var neuron = AdditiveCore.Neuron(weights: [0, 0, 0, 0])
    neuron.leak = 1
    neuron.threshold = 1
    neuron.column = column
    return AdditiveCore(types: [0], crossbar: [[true]], neurons: [neuron])
  }

  /// 3 + 256·(256 + 2), whatever of the core is used, and 258 for a neuron.
  @Test func aTickOfACore() throws {
    let chip = try AdditiveCore.chip("ranc")
    let whole = try record(try core().image(on: chip), ticks: 3)
    #expect(whole.counters.spikes == 3)
    #expect(whole.coreCounters[0].busyCycles == 3 * 66_051)
    #expect(chip.timing.neuronMajor?.perNeuron(axons: chip.core.axons) == 258)
    #expect(whole.tickCycles == [100_000, 100_000, 100_000])
    let small = try AdditiveCore.chip("ranc", [("core.axons", "8"), ("core.neurons", "5")])
    #expect(
      try record(try core(column: 4).image(on: small), ticks: 1).coreCounters[0].busyCycles == 3 + 5 * 10)
  }

  /// From the spike to the scheduler in an empty mesh: 7 + 2·(|dx| + |dy|).
  @Test(arguments: [(0, 0), (1, 0), (0, 1), (2, 2), (5, 3), (7, 7)])
  func latency(x: Int, y: Int) throws {
    let chip = try AdditiveCore.chip("ranc")
    var image = try core().image(on: chip)
    let isSame = x == 0 && y == 0
    if !isSame {
      image.cores.x.append(Int32(x))
      image.cores.y.append(Int32(y))
      image.cores.axonBegin.append(2)
      image.cores.neuronBegin.append(1)
      image.crossbar.begin.append(1)
      image.crossbar.axonType.append(0)
    }
    image.routes.kind = [0]
    image.routes.core = [isSame ? 0 : 1]
    image.routes.axon = [0]
    image.routes.delay = [1]
    image.routes.begin = [0, 1]
    #expect(image.verify().map(\.formatted) == [])
    let histogram = try record(image, ticks: 1).latencyHistogram
    let expected = 7 + 2 * (x + y)
    #expect(histogram.reduce(0, +) == 1)
    #expect(histogram.count == expected + 1)
  }

  /// Neuron n is done n + 1 neurons after the two cycles of setting up.
  @Test func neuronsOneAfterTheOther() throws {
    let chip = try AdditiveCore.chip("ranc")
    let tables = Emulator(try core(column: 9).image(on: chip)).tables
    #expect(tables.groups.complete(0, core: 0) == 10 * 258)
    #expect(tables.scanCycles == [2])
  }
}
