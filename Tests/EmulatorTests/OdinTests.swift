import ChipModel
import Foundation
import Observations
import ProgramImage
import Quantities
import Testing

@testable import Emulator

/// ODIN's cycles and potentials, as its RTL has them, and its power as it was measured.
@Suite struct OdinTests {
  /// Neurons with weight `weight` from axon 0, on a chip that takes event by event.
  private func image(
    _ neurons: [AdditiveCore.Neuron], weight: Int, on name: String = "odin", axons: Int = 1,
    _ overrides: [(path: String, value: String)] = []
  ) throws -> ProgramImage {
    let chip = try AdditiveCore.chip(name, overrides)
    let core = AdditiveCore(
      types: [Int](repeating: 0, count: axons),
      crossbar: (0..<axons).map { axon in neurons.map { _ in axon == 0 && weight != 0 } },
      neurons: neurons.map { given in
        var neuron = given
        neuron.weights = [weight]
        neuron.saturates = true
        neuron.negativeThreshold = name == "odin" ? 0 : 2048
        neuron.isReversed = name != "odin"
        return neuron
      })
    let image = try core.image(on: chip)
    #expect(image.verify().map(\.formatted) == [])
    return image
  }

  private func neuron(
    threshold: Int = 255, initial: Int = 0, leak: Int = 0, column: Int? = nil
  ) -> AdditiveCore.Neuron {
    var neuron = AdditiveCore.Neuron(weights: [])
    (neuron.threshold, neuron.initial, neuron.leak, neuron.column) = (threshold, initial, leak, column)
    return neuron
  }

  /// - Parameter counts: [ticks] spikes on axon 0.
  private func run(_ image: ProgramImage, _ counts: [Int]) throws -> RunRecord {
    let events = counts.enumerated().filter { $1 > 0 }.map {
      SpikeTrains.Event(sample: 0, tick: Int32($0), channel: 0, count: UInt8($1))
    }
    return try Emulator(image).run(
      SpikeTrains(samples: 1, ticks: counts.count, channels: image.inputs.channels, events: events),
      options: RunOptions(
        samples: 1, ticks: counts.count, threads: 1, probes: (0..<image.neurons.count).map { Int32($0) }),
      progress: nil)
  }

  @Test(arguments: ["odin", "tinyodin"])
  func aFileHoldsTheProgram(name: String) throws {
    let image = try image([neuron(threshold: 9, leak: -3, column: 5)], weight: -4, on: name)
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).rbx").path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try image.write(to: path)
    #expect(try ProgramImage.read(from: path) == image)
  }

  // MARK: - V5: cycles

  /// 520 cycles from the request of a spike event to its end, 6 more per output spike.
  @Test(arguments: [
    (events: 1, threshold: 255, cycles: 520), (3, 255, 1560), (1, 7, 532), (2, 7, 1064), (0, 7, 0),
  ])
  func spikeEvents(events: Int, threshold: Int, cycles: Int) throws {
    let two = [neuron(threshold: threshold), neuron(threshold: threshold, column: 200)]
    let record = try run(try image(two, weight: 7), [events])
    #expect(record.coreCounters[0].busyCycles == UInt64(cycles))
    #expect(record.counters.spikes == (threshold == 7 ? UInt64(2 * events) : 0))
    #expect(record.coreCounters[0].synapticOperations == UInt64(256 * events))
  }

  /// A time reference visits all neurons too, and so does a spike from within the core: 513, without a sender to wait for.
  @Test func timeReferenceAndOwnSpike() throws {
    #expect(try run(try image([neuron(leak: -1)], weight: 7), [0]).coreCounters[0].busyCycles == 518)
    var own = try image([neuron(threshold: 7)], weight: 7, axons: 2)
    own.routes.kind = [0]
    own.routes.core = [0]
    own.routes.axon = [1]
    own.routes.delay = [1]
    own.routes.begin = [0, 1]
    let record = try run(own, [1, 0])
    #expect(record.tickCycles == [527, 514])
    #expect(record.coreCounters[0].busyCycles == 526 + 513)
  }

  /// tinyODIN visits no neuron behind the last one that is used.
  @Test func tinyVisitsWhatIsUsed() throws {
    let record = try run(try image([neuron(threshold: 7, column: 201)], weight: 7, on: "tinyodin"), [1, 0])
    #expect(record.coreCounters[0].busyCycles == 7 + 2 + 2 * 202 + 6)
  }

  // MARK: - V6: potentials

  @Test func potentialsStop() throws {
    // 250 + 7 stops at 255, where it fires; 3 - 7 stops at 0.
    let high = try run(try image([neuron(initial: 250)], weight: 7), [1])
    #expect(high.counters.stateOverflows == 1 && high.counters.spikes == 1)
    let low = try run(try image([neuron(initial: 3)], weight: -7), [1])
    #expect(low.potentials == [0] && low.counters.floorClamps == 1 && low.counters.spikes == 0)
  }

  /// The threshold is compared after a leak too; with a threshold of 0 every access fires.
  @Test func thresholdAtEveryAccess() throws {
    let leaking = try run(try image([neuron(threshold: 5, initial: 9, leak: -1)], weight: 0), [0, 0])
    #expect(leaking.spikes.events.map(\.tick) == [0])
    let below = try run(try image([neuron(threshold: 9, initial: 9, leak: -1)], weight: 0), [0, 0])
    #expect(below.counters.spikes == 0 && below.potentials == [8, 7])
    let always = try run(try image([neuron(threshold: 0)], weight: 0), [3, 0, 1])
    #expect(always.spikes.events.map(\.tick) == [0, 0, 0, 2])
  }

  @Test(arguments: [(9, 4, 5), (3, 4, 0), (-9, 4, -5), (-3, 4, 0), (0, 4, 0)])
  func tinyLeaksTowardsZero(initial: Int, strength: Int, after: Int) throws {
    let image = try image([neuron(initial: initial, leak: -strength)], weight: 0, on: "tinyodin")
    #expect(try run(image, [0]).potentials == [Int32(after)])
  }

  // MARK: - E1 to E3: power

  /// One spike that starts 255 events of the chip's own, so that nothing but synaptic operations happens in tick 1.
  private func busy(_ overrides: [(path: String, value: String)] = []) throws -> RunRecord {
    let neurons = [neuron(threshold: 7)] + (1..<256).map { _ in neuron() }
    var image = try image(
      neurons, weight: 7, axons: 256, [("routing.destinationsPerNeuron", "255")] + overrides)
    image.routes.begin = [0] + [Int64](repeating: 255, count: 256)
    for axon in 1..<256 {
      image.routes.kind.append(0)
      image.routes.core.append(0)
      image.routes.axon.append(UInt16(axon))
      image.routes.delay.append(1)
    }
    return try run(image, [1, 0])
  }

  /// Energy per synaptic operation at full rate, the published clocks and powers: all-in, leakage and clock included.
  @Test(arguments: [
    (clock: "75 MHz", watts: 477e-6, joules: 12.7e-12), (clock: "1.3 MHz", watts: 35e-6, joules: 54e-12),
  ])
  func powerAtFullRate(clock: String, watts: Double, joules: Double) throws {
    let record = try busy([("timing.clock", clock)])
    let time = Double(record.tickCycles[1]) / record.clock
    let operations = 255.0 * 256
    let (power, each) = (record.tickJoules[1] / time, record.tickJoules[1] / operations)
    print(
      "ODIN at \(clock): emulator \(formatQuantity(power, unit: "W")), \(formatQuantity(each, unit: "J")) per operation; "
        + "published \(formatQuantity(watts, unit: "W")), \(formatQuantity(joules, unit: "J"))")
    #expect(abs(power / watts - 1) < 0.005)
    #expect(abs(each / joules - 1) < 0.005)
  }

  /// What operations cost beyond leakage and clock, from two runs of equal length.
  @Test func energyOfOneMoreOperation() throws {
    let period = [
      ("timing.barrierCycles", "null"), ("timing.tickPeriod", "200000"), ("timing.late", "nextTick"),
    ]
    let record = try busy(period)
    let idle = try run(try image([neuron()], weight: 7, axons: 1, period), [0])
    #expect(record.tickCycles[1] == idle.tickCycles[0])
    let each = (record.tickJoules[1] - idle.tickJoules[0]) / (255.0 * 256)
    print("ODIN, one more operation: emulator \(formatQuantity(each, unit: "J")), published 8.43 pJ")
    #expect(abs(each / 8.43e-12 - 1) < 1e-6)
  }
}
