import ChipModel
import Compiler
import Diagnostics
import NetworkIR
import Observations
import ProgramImage
import Testing

@Suite struct PartitionTests {
  private func equalsPlain(
    _ network: Network, _ input: SpikeTrains, overrides: [(path: String, value: String)] = []
  ) throws -> (Compilation, RunRecord) {
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(overrides),
      options: CompileOptions(parasitics: .compensate))
    let (record, _) = try Bundled.run(compilation, input)
    let chip = Bundled.alignedSpikes(record)
    let plain = PlainIntegerNetwork(compilation.image).run(input)
    #expect(!plain.isEmpty)
    #expect(chip == plain)
    return (compilation, record)
  }

  @Test("A neuron with more sources than axons is split exactly", arguments: [1.0, 0.7])
  func partialSums(density: Double) throws {
    let network = Network(
      name: "wide", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [700])],
      populations: [Synthetic.lif("a", 300), Synthetic.lif("b", 20)],
      projections: [
        Projection(
          source: .input(0), target: 0,
          maps: [Synthetic.dense(300, 700, scale: 0.15, stream: 1, density: density)]),
        Projection(
          source: .population(0), target: 1,
          maps: [Synthetic.dense(20, 300, scale: 0.3, stream: 2, density: density)]),
      ], outputs: [OutputPort(name: "out", population: 1)])
    let input = Synthetic.spikes(samples: 3, ticks: 25, channels: 700, probability: 0.2)
    let (compilation, record) = try equalsPlain(network, input)
    // 700 sources are three blocks of 256 axons, so two partial neurons each. 300 sources are two blocks, but at density
    // 0.7 about 210 of them remain, which one core holds.
    #expect(compilation.populations[0].partialNeurons == 600)
    #expect(compilation.populations[1].partialNeurons == (density == 1 ? 20 : 0))
    #expect(record.counters.partialPackets > 0)
    #expect(record.counters.accumulatorSaturations == 0)
  }

  @Test("Two split populations that feed each other take the ticks that partial sums need, and say so")
  func splitLoop() throws {
    func weights(_ stream: UInt32) -> LinearMap { Synthetic.dense(300, 300, scale: 0.1, stream: stream) }
    let network = Network(
      name: "loop", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [30])],
      populations: [Synthetic.lif("a", 300), Synthetic.lif("b", 300)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(300, 30, scale: 0.4, stream: 1)]),
        Projection(source: .population(0), target: 1, maps: [weights(2)], delayTicks: 1),
        Projection(
          source: .population(1), target: 0, maps: [weights(3)], delayTicks: 1, isFeedback: true),
      ], outputs: [OutputPort(name: "out", population: 1)])
    let input = Synthetic.spikes(samples: 2, ticks: 30, channels: 30, probability: 0.3)
    let (compilation, record) = try equalsPlain(network, input)
    #expect(record.counters.partialPackets > 0)
    #expect(compilation.diagnostics.contains { $0.id == "compile.feedbackLate" })
    #expect(compilation.manifest.entries.contains { $0.fidelity == .approximated })
  }

  @Test("Paths of unequal depth are balanced, recurrence keeps its tick")
  func balancedPaths() throws {
    let network = Network(
      name: "skip", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [30])],
      populations: [Synthetic.lif("a", 40), Synthetic.lif("b", 40), Synthetic.lif("c", 12)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(40, 30, scale: 0.3, stream: 1)]),
        Projection(source: .population(0), target: 1, maps: [Synthetic.dense(40, 40, scale: 0.3, stream: 2)]),
        Projection(
          source: .population(1), target: 1, maps: [Synthetic.dense(40, 40, scale: 0.2, stream: 3)],
          delayTicks: 1, isFeedback: true),
        Projection(source: .input(0), target: 2, maps: [Synthetic.dense(12, 30, scale: 0.2, stream: 4)]),
        Projection(source: .population(0), target: 2, maps: [Synthetic.dense(12, 40, scale: 0.2, stream: 5)]),
        Projection(source: .population(1), target: 2, maps: [Synthetic.dense(12, 40, scale: 0.2, stream: 6)]),
      ], outputs: [OutputPort(name: "out", population: 2)])
    let input = Synthetic.spikes(samples: 4, ticks: 30, channels: 30, probability: 0.3)
    let (compilation, _) = try equalsPlain(network, input)
    #expect(compilation.image.drainTicks == 2)
    // The edge port costs the inputs a tick of travel: everything moves one level up and nothing else changes.
    let (edge, _) = try equalsPlain(network, input, overrides: [("input.port", "edge")])
    #expect(edge.image.drainTicks == 3)
  }

  @Test("Few cores are shared, and the spikes stay the same")
  func mergedCores() throws {
    let network = Network(
      name: "packed", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [20])],
      populations: [Synthetic.lif("a", 60), Synthetic.lif("b", 50), Synthetic.lif("c", 10)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(60, 20, scale: 0.4, stream: 1)]),
        Projection(source: .population(0), target: 1, maps: [Synthetic.dense(50, 60, scale: 0.3, stream: 2)]),
        Projection(source: .population(1), target: 2, maps: [Synthetic.dense(10, 50, scale: 0.3, stream: 3)]),
      ], outputs: [OutputPort(name: "out", population: 2)])
    let input = Synthetic.spikes(samples: 4, ticks: 30, channels: 20, probability: 0.3)
    let (compilation, _) = try equalsPlain(
      network, input, overrides: [("mesh.width", "1"), ("mesh.height", "1")])
    #expect(compilation.image.cores.count == 1)
  }

  @Test("Multicast makes one packet per delay, and the spikes stay the same", arguments: ["direct", "edge"])
  func multicast(port: String) throws {
    let network = Network(
      name: "wide", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [20])],
      populations: [Synthetic.lif("a", 40), Synthetic.lif("b", 600), Synthetic.lif("c", 10)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(40, 20, scale: 0.4, stream: 1)]),
        Projection(
          source: .population(0), target: 1, maps: [Synthetic.dense(600, 40, scale: 0.4, stream: 2)]),
        Projection(
          source: .population(0), target: 1, maps: [Synthetic.dense(600, 40, scale: 0.2, stream: 4)],
          delayTicks: 3),
        Projection(
          source: .population(1), target: 2, maps: [Synthetic.dense(10, 600, scale: 0.2, stream: 3)]),
      ], outputs: [OutputPort(name: "out", population: 2)])
    let input = Synthetic.spikes(samples: 3, ticks: 30, channels: 20, probability: 0.3)
    let (one, unicast) = try equalsPlain(network, input, overrides: [("input.port", port)])
    let (many, multicast) = try equalsPlain(
      network, input, overrides: [("input.port", port), ("mesh.multicast", "true")])
    // 600 neurons are three cores, and every neuron of a feeds them with two delays.
    #expect(one.populations.map(\.packetsPerSpike) == [6, 1, 0])
    #expect(many.populations.map(\.packetsPerSpike) == [2, 1, 0])
    #expect(many.image.routes == one.image.routes)
    #expect(multicast.spikes == unicast.spikes)
    #expect(multicast.outputSums == unicast.outputSums)
    #expect(multicast.counters.delivered == unicast.counters.delivered)
    let sparedPackets =
      unicast.spikes.events.count {
        one.image.neurons.population[Int($0.channel)] == 0
      } * 4
    #expect(sparedPackets > 0)
    #expect(multicast.counters.packets + UInt64(sparedPackets) == unicast.counters.packets)
  }

  @Test("A neuron with more synapses than are stored for it is refused, in the network and in the image")
  func synapsesPerNeuron() throws {
    let network = Network(
      name: "dense", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [40])],
      populations: [Synthetic.lif("a", 10)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(10, 40, scale: 0.1, stream: 1)])
      ], outputs: [OutputPort(name: "out", population: 0)])
    func compiled(_ limit: String) throws -> Compilation {
      try Pipeline.compile(
        network, manifest: FidelityManifest(),
        chip: try Bundled.tessera([("core.synapsesPerNeuron", limit)]), options: CompileOptions())
    }
    #expect(try compiled("40").image.verify().isEmpty)
    let failure = #expect(throws: Failure.self) { try compiled("39") }
    let problem = try #require(failure?.diagnostics.first { $0.id == "limit.synapsesPerNeuron" })
    #expect(problem.subject == "population a" && problem.found == "40")
    var image = try compiled("40").image
    image.chip.core.synapsesPerNeuron = 39
    #expect(image.verify().map(\.id).contains("limit.synapsesPerNeuron"))
  }

  @Test("Every broken limit is reported in one go")
  func limits() throws {
    let network = Network(
      name: "too big", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [300])],
      populations: [Synthetic.lif("a", 300), Synthetic.lif("b", 300)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(300, 300, scale: 0.1, stream: 1)]),
        Projection(
          source: .population(0), target: 1, maps: [Synthetic.dense(300, 300, scale: 0.1, stream: 2)],
          delayTicks: 40),
      ], outputs: [OutputPort(name: "out", population: 1)])
    let chip = try Bundled.tessera([("routing.partialPackets", "false")])
    let failure = #expect(throws: Failure.self) {
      try Pipeline.compile(
        network, manifest: FidelityManifest(), chip: chip, options: CompileOptions())
    }
    let ids = try #require(failure).diagnostics.map(\.id)
    #expect(ids.contains("limit.delay"))
    #expect(ids.filter { $0 == "limit.fanIn" }.count == 2)
    #expect(try #require(failure).reason == .badInput)
  }
}
