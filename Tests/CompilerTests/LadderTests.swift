import ChipModel
import Compiler
import NetworkIR
import Observations
import ReferenceModel
import TestSupport
import Testing

@testable import rheobase

/// The parts of a deviation, and what is found about neurons.
@Suite struct LadderTests {
  private struct Case {
    var compilation: Compilation
    var ladder: Ladder
    var reference: Activity
    var chip: Activity
    var yardstick: Yardstick
  }

  private static func ladder(
    _ network: Network, _ options: CompileOptions, _ input: SpikeTrains, threads: Int = 2,
    reference other: Network? = nil, isDigital: Bool = false
  ) throws -> Case {
    var model = try Bundled.tessera([
      ("mesh.width", "12"), ("mesh.height", "12"), ("routing.destinationsPerNeuron", "512"),
    ])
    if isDigital { model.electrical = nil }
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: model, options: options)
    let (_, chip) = try Bundled.run(compilation, input)
    let atDt = FloatNetwork(network).run(input)
    var reference = other.map { FloatNetwork($0).run(input) } ?? atDt
    reference.dt = atDt.dt
    let yardstick = Yardstick(
      reference: reference, labels: nil, fires: network.populations.map { $0.firing != nil })
    let ladder = Ladder(
      LadderRuns(
        parameters: compilation.ladder, places: NeuronPlaces(compilation.image), input: input,
        ticks: input.ticks, samples: input.samples, seed: 0),
      reference: yardstick, referenceDtSeconds: other?.dynamics.dt ?? network.dynamics.dt,
      float: other == nil ? nil : atDt, relayed: nil, chip: chip, threads: threads, progress: nil)
    return Case(
      compilation: compilation, ladder: ladder, reference: reference, chip: chip, yardstick: yardstick)
  }

  @Test("Parts sum to the whole; the last step before the mesh is the chip", arguments: UInt64(0)..<40)
  func partsSum(seed: UInt64) throws {
    var random = SeededGenerator(state: seed &+ 777)
    let network = RandomNetworks.network(&random)
    var other = network
    other.dynamics.dt *= 0.8
    let input = Synthetic.spikes(
      samples: 2, ticks: 24, channels: network.channels, probability: random.pick([0.1, 0.4]))
    let options = CompileOptions(
      parasitics: random.pick([.ignore, .model, .compensate]), weightBits: random.int(3...8))
    let result = try Self.ladder(network, options, input, reference: random.oneIn(2) ? other : nil)
    let ladder = result.ladder
    #expect(ladder.rungs.map(\.cause) == Cause.allCases.filter { $0 != .events })
    let start = result.yardstick.measure(result.reference)
    #expect(start.spikeDistance == 0 && start.differingSpikes == 0 && start.rateErrorHz == 0)
    let whole = result.yardstick.measure(result.chip)
    #expect(ladder.whole == whole - start)
    func sum(_ part: (Ladder.Rung) -> Measures) -> Measures {
      ladder.rungs.map(part).reduce(start - start) { $0 + $1 }
    }
    let increments = sum(\.increment)
    #expect(increments.differingSpikes == whole.differingSpikes)
    #expect(abs(increments.spikeDistance - whole.spikeDistance) < 1e-12)
    #expect(abs(increments.rateErrorHz - whole.rateErrorHz) < 1e-9)
    if let part = increments.outputDeviation, let all = whole.outputDeviation {
      #expect(abs(part - all) < 1e-12)
    }
    let explained = sum(\.alone) + ladder.interaction
    #expect(explained.differingSpikes == whole.differingSpikes)
    #expect(abs(explained.spikeDistance - whole.spikeDistance) < 1e-12)
    if result.compilation.ladder.connections.allSatisfy({ $0.lateness == 0 }) {
      #expect(try #require(ladder.rung(.meshLateness)).increment == start - start)
    }
    // Nothing hangs on threads.
    if seed < 5 {
      let again = try Self.ladder(network, options, input, threads: 1).ladder
      let once = try Self.ladder(network, options, input, threads: 3).ladder
      #expect(again == once)
    }
  }

  /// Two populations in a loop take two ticks on the chip where the network has one.
  @Test func lateFeedbackIsTheMeshs() throws {
    let input = Synthetic.spikes(samples: 3, ticks: 40, channels: 12, probability: 0.3)
    let network = Network(
      name: "loop", dynamics: Dynamics(dt: 1e-4), inputs: [InputPort(name: "in", shape: [12])],
      populations: [Synthetic.lif("a", 20), Synthetic.lif("b", 20)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(20, 12, scale: 1.5, stream: 1)]),
        Projection(source: .population(0), target: 1, maps: [Synthetic.dense(20, 20, scale: 1, stream: 2)]),
        Projection(
          source: .population(1), target: 0, maps: [Synthetic.dense(20, 20, scale: 1, stream: 3)],
          delayTicks: 1, isFeedback: true),
      ], outputs: [OutputPort(name: "out", population: 1)])
    let result = try Self.ladder(network, CompileOptions(), input, isDigital: true)
    let mesh = try #require(result.ladder.rung(.meshLateness))
    #expect(!mesh.isIdle)
    #expect(mesh.alone.differingSpikes > 50)
    #expect(result.ladder.mainCause == .meshLateness)
  }

  /// A reference with ticks twice as long is explained by the time step, and by nothing else on exact codes.
  @Test func timeStepIsTheReferences() throws {
    let input = Synthetic.spikes(samples: 2, ticks: 60, channels: 20, probability: 0.3)
    let network = Network(
      name: "one", dynamics: Dynamics(dt: 1e-4), inputs: [InputPort(name: "in", shape: [20])],
      populations: [Synthetic.lif("a", 30)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(30, 20, scale: 1.5, stream: 1)])
      ], outputs: [OutputPort(name: "out", population: 0)])
    var slow = network
    slow.dynamics.dt = 2e-4
    let result = try Self.ladder(network, CompileOptions(parasitics: .ignore), input, reference: slow)
    #expect(result.ladder.mainCause == .dt)
    let rung = try #require(result.ladder.rung(.dt))
    #expect(rung.increment == rung.alone)
    #expect(rung.cumulative == result.yardstick.measure(FloatNetwork(network).run(input)))
    let same = try Self.ladder(network, CompileOptions(parasitics: .ignore), input)
    #expect(try #require(same.ladder.rung(.dt)).isIdle)
  }

  /// One weight code for 0.9 and 1.0 makes two neurons one; two that were one from the start are no finding.
  @Test func duplicatesAreFound() throws {
    let weights = [1.0, 0.5, 0.9, 0.5, 1.0, 0.5, 1.0, -1.0]
    let network = Network(
      name: "twins", dynamics: Dynamics(dt: 1e-4), inputs: [InputPort(name: "in", shape: [2])],
      populations: [Synthetic.lif("a", 4)],
      projections: [
        Projection(
          source: .input(0), target: 0, maps: [.dense(weight: weights, rows: 4, columns: 2, bias: nil)])
      ], outputs: [OutputPort(name: "out", population: 0)])
    func groups(_ bits: Int) throws -> [[Int]] {
      try Pipeline.compile(
        network, manifest: FidelityManifest(), chip: try Bundled.tessera(),
        options: CompileOptions(parasitics: .ignore, rounding: .nearest, weightBits: bits)
      ).ladder.duplicates(0)
    }
    #expect(try groups(3) == [[0, 1, 2]])
    #expect(try groups(8) == [])
  }

  @Test func deadAndAlwaysOnNeuronsAreFound() throws {
    func activity(_ ticks: [[Int32]]) -> Activity {
      let events = ticks.enumerated().flatMap { neuron, ticks in
        ticks.map { SpikeTrains.Event(sample: 0, tick: $0, channel: Int32(neuron)) }
      }.sorted()
      return Activity(
        populations: [.init(name: "p", model: "LIF", size: ticks.count)], samples: 1, ticks: 3, dt: 1e-4,
        spikes: SpikeTrains(samples: 1, ticks: 3, channels: ticks.count, events: events), outputSums: [],
        outputCount: 0)
    }
    let network = Network(
      name: "n", dynamics: Dynamics(dt: 1e-4), inputs: [InputPort(name: "in", shape: [1])],
      populations: [Synthetic.lif("p", 5)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(5, 1, scale: 1, stream: 1)])
      ], outputs: [])
    let ladder = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(), options: CompileOptions()
    ).ladder
    let found = NeuronFindings.all(
      reference: activity([[0], [], [0, 1, 2], [1], [2]]),
      chip: activity([[], [], [0, 1, 2], [0, 1, 2], [2]]), ladder: ladder)
    #expect(found[0].dead == [0])
    #expect(found[0].alwaysOn == [3])
  }
}
