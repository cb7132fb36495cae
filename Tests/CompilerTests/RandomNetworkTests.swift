import ChipModel
import Compiler
import NetworkIR
import Observations
import ProgramImage
import TestSupport
import Testing

/// Random networks on random small chips: what the compiler makes of them runs on cores and mesh as it does without.
@Suite struct RandomNetworkTests {
  @Test("Cores, pipeline, partial sums and mesh change no spike", arguments: UInt64(0)..<80)
  func equalsPlainIntegerNetwork(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let network = Self.network(&random)
    let chip = try Bundled.tessera([
      ("core.axons", "\(random.pick([24, 64, 256]))"), ("core.neurons", "\(random.pick([16, 64, 256]))"),
      ("mesh.width", "12"), ("mesh.height", "12"), ("input.port", random.pick(["direct", "edge"])),
      ("routing.destinationsPerNeuron", "512"), ("mesh.bufferDepth", "\(random.int(1...4))"),
      ("timing.injectionQueue", "\(random.int(1...8))"),
    ])
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: chip,
      options: CompileOptions(
        parasitics: random.pick([.ignore, .model, .compensate]), weightBits: random.int(3...8)))
    let input = Synthetic.spikes(
      samples: 2, ticks: 24, channels: network.channels, probability: random.pick([0.05, 0.2, 0.5]))
    let (record, _) = try Bundled.run(compilation, input)
    let chipSpikes = Bundled.alignedSpikes(record)
    #expect(record.counters.axonSaturations == 0)
    #expect(record.counters.accumulatorSaturations == 0)
    #expect(chipSpikes == PlainIntegerNetwork(compilation.image).run(input))
    // What the interval analysis calls proven holds.
    if compilation.populations.allSatisfy(\.overflowProven) {
      #expect(record.counters.stateOverflows == 0)
      #expect(record.counters.synapseOverflows == 0)
    }
  }

  /// One to four populations in a chain with skips, loops and recurrence.
  static func network(_ random: inout SeededGenerator) -> Network {
    let inputs = [InputPort(name: "in", shape: [random.pick([3, 20, 70])])]
    var populations: [Population] = []
    for p in 0..<random.int(1...4) {
      let size = random.pick([1, 7, 30, 90])
      var population = Synthetic.lif("p\(p)", size, tau: random.pick([3e-4, 1e-3, 1e-2]))
      if random.oneIn(4) {
        population.tau = nil
        population.r = [Double](repeating: 1, count: size)
      } else if random.oneIn(3) {
        population.synapse = Population.Synapse(
          tau: [Double](repeating: 5e-4, count: size), weight: [Double](repeating: 1, count: size))
      }
      if random.oneIn(3) {
        population.firing?.refractory = [Double](repeating: 2e-4, count: size)
      }
      populations.append(population)
    }
    var projections: [Projection] = []
    var stream: UInt32 = 1
    func map(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> LinearMap {
      stream += 1
      return Synthetic.dense(
        rows, columns, scale: 2 / Double(columns).squareRoot(),
        stream: stream &+ UInt32(random.int(0...99_999)),
        density: random.pick([0.1, 0.5, 1]))
    }
    for p in populations.indices {
      let size = populations[p].size
      if p == 0 || random.oneIn(3) {
        projections.append(
          Projection(source: .input(0), target: p, maps: [map(size, inputs[0].size, &random)]))
      }
      for q in 0..<p where q == p - 1 || random.oneIn(3) {
        projections.append(
          Projection(
            source: .population(q), target: p, maps: [map(size, populations[q].size, &random)],
            delayTicks: random.pick([0, 0, 1, 3])))
      }
      for q in p..<populations.count where random.oneIn(q == p ? 2 : 5) {
        projections.append(
          Projection(
            source: .population(q), target: p, maps: [map(size, populations[q].size, &random)],
            delayTicks: random.int(1...3), isFeedback: true))
      }
    }
    return Network(
      name: "random", dynamics: Dynamics(dt: 1e-4, reset: random.pick([.zero, .subtract])), inputs: inputs,
      populations: populations, projections: projections,
      outputs: [OutputPort(name: "out", population: populations.count - 1)])
  }
}
