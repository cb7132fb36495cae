import ChipModel
import Compiler
import NetworkFormats
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import TestSupport
import Testing

@testable import rheobase

/// The network of the cores, from all ideal numbers to all codes.
@Suite struct CoreNetworkTests {
  private static let codes = Set(Cause.switched).subtracting([.meshLateness])

  private static func core(
    _ compilation: Compilation, _ input: SpikeTrains, acting: Set<Cause>, seed: UInt64 = 0
  ) -> Activity {
    CoreNetwork(compilation.ladder, acting: acting, places: NeuronPlaces(compilation.image)).run(
      input, ticks: input.ticks, samples: input.samples, seed: seed)
  }

  @Test("Without any cause it is the float64 network", arguments: [Bundled.digits, Bundled.recurrent])
  func idealIsFloat(_ bundled: Bundled.Case) throws {
    let imported = try bundled.imported()
    let input = try bundled.input()
    let compilation = try Pipeline.compile(
      imported.network, manifest: imported.manifest, chip: try Bundled.tessera(), options: CompileOptions())
    let float = FloatNetwork(imported.network).run(input)
    let core = Self.core(compilation, input, acting: [])
    #expect(float.spikes.total > 100_000)
    #expect(core.spikes == float.spikes)
    #expect(core.outputSums == float.outputSums)
  }

  @Test("With all codes it is the chip, spike for spike", arguments: [Bundled.digits, Bundled.recurrent])
  func codedIsChip(_ bundled: Bundled.Case) throws {
    let imported = try bundled.imported()
    let input = try bundled.input()
    for parasitics in Parasitics.allCases {
      let compilation = try Pipeline.compile(
        imported.network, manifest: imported.manifest, chip: try Bundled.tessera(),
        options: CompileOptions(parasitics: parasitics, weightBits: 5, leakBits: 7))
      let (_, chip) = try Bundled.run(compilation, input)
      let core = Self.core(compilation, input, acting: Self.codes)
      #expect(core.spikes == chip.spikes)
      #expect(core.outputSums == chip.outputSums)
    }
  }

  /// Against two programs: the emulator, and the plain integer network of these tests.
  @Test("Random networks", arguments: UInt64(0)..<60)
  func randomNetworks(seed: UInt64) throws {
    var random = SeededGenerator(state: seed &+ 5000)
    let network = RandomNetworks.network(&random)
    let chip = try Bundled.tessera([
      ("core.axons", "\(random.pick([64, 256]))"), ("mesh.width", "12"), ("mesh.height", "12"),
      ("routing.destinationsPerNeuron", "512"), ("input.port", random.pick(["direct", "edge"])),
    ])
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: chip,
      options: CompileOptions(
        parasitics: random.pick([.ignore, .model, .compensate]), weightBits: random.int(3...8),
        leakBits: random.pick([nil, 5, 9])))
    let input = Synthetic.spikes(
      samples: 2, ticks: 24, channels: network.channels, probability: random.pick([0.05, 0.2, 0.5]))
    let (record, chipActivity) = try Bundled.run(compilation, input)
    #expect(record.counters.accumulatorSaturations == 0)
    // Late feedback is known to the compiler, so the network with it is the chip.
    let late = Self.core(compilation, input, acting: Set(Cause.switched))
    #expect(late.spikes == chipActivity.spikes)
    #expect(late.outputSums == chipActivity.outputSums)
    let isLate = compilation.ladder.connections.contains { $0.lateness > 0 }
    if !isLate {
      #expect(Self.core(compilation, input, acting: Self.codes) == late)
    }
    // Rows to neurons in network order.
    let image = compilation.image
    var offsets = [0]
    for population in image.populations { offsets.append(offsets[offsets.count - 1] + population.size) }
    let plain = PlainIntegerNetwork(image).run(input).map { event in
      let row = Int(event.channel)
      return SpikeTrains.Event(
        sample: event.sample, tick: event.tick,
        channel: Int32(offsets[Int(image.neurons.population[row])]) + image.neurons.index[row])
    }.sorted()
    #expect(late.spikes.events == plain)
  }

  /// Other roundings, registers that are too small, spikes that come several at a time, Poisson drive, readouts.
  @Test("Every rule of the datapath", arguments: UInt64(0)..<60)
  func datapaths(seed: UInt64) throws {
    var random = SeededGenerator(state: seed &+ 9000)
    var network = RandomNetworks.network(&random)
    let last = network.populations.count - 1
    let feeds = network.projections.contains { $0.source == .population(last) }
    if !feeds, random.oneIn(2) { network.populations[last].firing = nil }
    if random.oneIn(2), network.populations[0].synapse == nil {
      network.stimuli.append(
        Stimulus(
          target: 0,
          kind: .poisson(sources: 30, rate: 300, weight: 0.3, unit: random.pick([.held, .step]))))
    }
    if random.oneIn(2) { network.dynamics.fire = .inclusive }
    if random.oneIn(2) { network.dynamics.integrator = .exponential }
    let retains = random.oneIn(3)
    var settings = [
      ("datapath.decayOf", retains ? "retained" : "leak"),
      (
        "datapath.decayRounding",
        random.pick(["towardZero", "awayFromZero", "floor", "ceil", "nearestEven", "stochastic"])
      ),
      ("datapath.inputRounding", random.pick(["towardZero", "floor", "nearestEven"])),
      ("datapath.comparison", random.pick([">", ">="])),
      ("mesh.width", "12"), ("mesh.height", "12"), ("routing.destinationsPerNeuron", "512"),
    ]
    if !retains, random.oneIn(3) { settings.append(("datapath.minimumStep", "3")) }
    if random.oneIn(2) {
      let bits = "\(random.pick([10, 14]))"
      settings += [
        ("datapath.stateBits", bits), ("datapath.biasBits", bits), ("datapath.thresholdBits", bits),
        ("datapath.stateOverflow", random.pick(["saturate", "wrap"])), ("datapath.accumulatorBits", "10"),
      ]
    }
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(settings),
      options: CompileOptions(parasitics: random.pick([.ignore, .model, .compensate]), seed: seed))
    var input = Synthetic.spikes(
      samples: 2, ticks: 24, channels: network.channels, probability: random.pick([0.1, 0.5]))
    for k in input.events.indices where k % 3 == 0 { input.events[k].count = UInt8(random.int(1...12)) }
    let (record, chip) = try Bundled.run(compilation, input)
    let core = Self.core(compilation, input, acting: Set(Cause.switched), seed: seed)
    // A partial sum saturates on its own core; here the whole sum does.
    let isSplit = compilation.populations.contains { $0.partialNeurons > 0 }
    if !isSplit || record.counters.accumulatorSaturations == 0 {
      #expect(core.spikes == chip.spikes)
      #expect(core.outputSums == chip.outputSums)
    }
  }

  /// v after k ticks of a constant c is (1 − (1 − λ)^k)·c/λ.
  @Test func membraneFollowsItsClosedForm() {
    let (decay, constant) = (0.125, 1.0)
    var network = Self.single(decay: decay, constant: constant)
    let none = SpikeTrains(samples: 1, ticks: 0, channels: 0, events: [])
    var sum = 0.0
    for k in 1...20 {
      sum += (1 - (0..<k).reduce(1) { power, _ in power * (1 - decay) }) * constant / decay
      let activity = network.run(none, ticks: k, samples: 1, seed: 0)
      #expect(abs(activity.outputSums[0] - sum) < 1e-9)
    }
    // Just below its resting value 8 it never fires, above it does: after k ticks v > 6 where (7/8)^k < 1/4.
    network.populations[0].threshold = [8]
    #expect(network.run(none, ticks: 500, samples: 1, seed: 0).spikes.total == 0)
    network.populations[0].threshold = [6]
    #expect(network.run(none, ticks: 11, samples: 1, seed: 0).spikes.events.map(\.tick) == [10])
  }

  /// Kicks reach both neighbours that stay silent, and not below the floor.
  @Test func kicksReachNeighbours() {
    var network = Self.single(decay: 0, constant: 0)
    network.populations[0].size = 3
    func three(_ values: [Double]) -> [Double] { values }
    network.populations[0].decay = three([0, 0, 0])
    network.populations[0].synapseDecay = three([1, 1, 1])
    network.populations[0].constant = three([0, 2, 0])
    network.populations[0].threshold = three([9, 1, 9])
    network.populations[0].reset = three([0, 0, 0])
    network.populations[0].refractory = [0, 0, 0]
    network.populations[0].kick = three([0.5, 0.5, 4])
    network.populations[0].floor = three([-10, -10, -3])
    network.populations[0].gain = three([1, 1, 1])
    network.populations[0].initial = three([0, 0, 0])
    network.populations[0].initialCurrent = three([0, 0, 0])
    network.populations[0].row = [0, 1, 2]
    network.populations[0].leftNeighbour = [-1, 0, 1]
    network.populations[0].rightNeighbour = [1, 2, -1]
    // A second population reads nothing: the first is watched through a readout of its own potentials.
    let none = SpikeTrains(samples: 1, ticks: 0, channels: 0, events: [])
    let fired = network.run(none, ticks: 4, samples: 1, seed: 0)
    #expect(fired.spikes.events.map(\.channel) == [1, 1, 1, 1])
    // Neuron 0 is 2 below its start after four kicks, so a drive of 3 per tick needs one tick more than without.
    network.populations[0].constant = three([3, 2, 3])
    let driven = network.run(none, ticks: 5, samples: 1, seed: 0)
    let first = driven.spikes.events.first { $0.channel == 0 }
    let alone = driven.spikes.events.first { $0.channel == 2 }
    // 3, 5.5, 8, 10.5 > 9 in tick 3; with kicks of 4 the third neuron loses what it gains.
    #expect(first?.tick == 3)
    #expect(alone == nil)
  }

  private static func single(decay: Double, constant: Double) -> CoreNetwork {
    CoreNetwork(
      populations: [
        CoreNetwork.Population(
          name: "p", model: "LI", size: 1, decay: [decay], synapseDecay: [1], decayExponent: nil,
          synapseDecayExponent: nil, constant: [constant], threshold: nil, isInclusive: false, reset: [0],
          subtracts: false, refractory: [0], kick: [0], floor: [-.infinity], gain: [1], initial: [0],
          initialCurrent: [0], poisson: [], startTick: 0, row: [0], leftNeighbour: [-1],
          rightNeighbour: [-1], scale: 1)
      ], connections: [], inputSizes: [], outputs: [0], registers: nil, dt: 1e-4)
  }
}
