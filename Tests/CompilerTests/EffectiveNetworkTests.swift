import ChipModel
import Compiler
import Foundation
import NetworkFormats
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import TestSupport
import Testing

/// The network that a compilation gives back is the one that its codes are.
@Suite struct EffectiveNetworkTests {
  @Test("The effective network fires as its codes do in real arithmetic")
  func equalsTheCodes() throws {
    let spikes = try (0..<60).reduce(0) { try $0 + spikesAsTheCodes(seed: $1) }
    // Some of these networks are too sparse to fire, most are not.
    #expect(spikes > 50_000)
  }

  /// Compares one random network; its spikes.
  private func spikesAsTheCodes(seed: UInt64) throws -> Int {
    var random = SeededGenerator(state: seed &+ 900)
    var network = RandomNetworks.network(&random)
    network.dynamics.integrator = random.pick([.euler, .exponential])
    network.dynamics.fire = random.pick([.strict, .inclusive])
    network.dynamics.synapseCurrent = random.pick([.new, .old])
    addConstants(&network, &random)
    for (p, population) in network.populations.enumerated() {
      network.populations[p].firing?.threshold = [Double](repeating: 0.1, count: population.size)
    }
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera([("mesh.width", "12")]),
      options: CompileOptions(
        parasitics: random.pick([.ignore, .model, .compensate]), weightBits: random.int(3...8)))
    var effective = compilation.effective.network
    #expect(effective.verify().isEmpty)
    #expect(effective.populations.map(\.name) == network.populations.map(\.name))
    let input = Synthetic.spikes(samples: 2, ticks: 40, channels: network.channels, probability: 0.2)
    // Potentials can be whole numbers of codes and meet the threshold, where the last bit of float64 would decide. So
    // both thresholds are moved off them by the same part of a code.
    let part = 0.3717
    let rows = rows(compilation.image)
    var first = 0
    for (p, population) in effective.populations.enumerated() {
      let scale = compilation.image.neurons.scale[Int(rows[first])]
      effective.populations[p].firing?.threshold =
        population.firing?.threshold.map { $0 + part / scale } ?? []
      first += population.size
    }
    let spikes = FloatNetwork(effective).run(input).spikes.events
    let expected = PlainRealNetwork(compilation.image, network.dynamics, thresholdOffset: part).run(input)
    let own = spikes.map {
      SpikeTrains.Event(sample: $0.sample, tick: $0.tick, channel: rows[Int($0.channel)])
    }
    let differing = Set(own.map(Key.init)).symmetricDifference(expected.map(Key.init)).count
    #expect(differing == 0, "seed \(seed)")
    return expected.count
  }

  private struct Key: Hashable {
    var sample: Int32
    var tick: Int32
    var neuron: Int32
    init(_ event: SpikeTrains.Event) {
      (sample, tick, neuron) = (event.sample, event.tick, event.channel)
    }
  }

  /// Biases on some projections, leaks that are not 0, a current into some population.
  private func addConstants(_ network: inout Network, _ random: inout SeededGenerator) {
    for k in network.projections.indices where random.oneIn(3) {
      let map = network.projections[k].maps[0]
      guard case .dense(let weight, let rows, let columns, _) = map else { continue }
      let bias = (0..<rows).map { 0.02 * Synthetic.uniform($0, UInt32(k) &+ 77) }
      network.projections[k].maps = [.dense(weight: weight, rows: rows, columns: columns, bias: bias)]
    }
    for p in network.populations.indices {
      if random.oneIn(3) { network.populations[p].leak = network.populations[p].leak.map { _ in 0.1 } }
      if random.oneIn(4) { network.stimuli.append(Stimulus(target: p, kind: .current(0.01))) }
    }
  }

  /// Row in the image of every neuron in network order.
  private func rows(_ image: ProgramImage) -> [Int32] {
    (0..<image.neurons.count).filter { image.neurons.kind[$0] != 1 }
      .sorted {
        (image.neurons.population[$0], image.neurons.index[$0])
          < (image.neurons.population[$1], image.neurons.index[$1])
      }.map { Int32($0) }
  }

  @Test("r, w_in, names, paths and the place of biases stay the author's")
  func keepsTheAuthorsForm() throws {
    let imported = try Bundled.digits.imported()
    let compilation = try Pipeline.compile(
      imported.network, manifest: imported.manifest, chip: try Bundled.tessera(),
      options: CompileOptions(parasitics: .model))
    let effective = compilation.effective.network
    for (own, authors) in zip(effective.populations, imported.network.populations) {
      #expect(own.r == authors.r)
      #expect(own.leak == authors.leak)
      #expect(own.shape == authors.shape)
      // Slower by C_total/C_membrane, up to the leak DAC's code.
      let slowness = try #require(own.tau?.first) / (try #require(authors.tau?.first))
      #expect(abs(slowness / (639.2 / 500) - 1) < 1e-3)
    }
    for (own, authors) in zip(effective.projections, imported.network.projections) {
      #expect(own.path == authors.path)
      guard case .dense(let weight, _, _, let bias) = own.maps[0],
        case .dense(let wanted, _, _, let wantedBias) = authors.maps[0]
      else {
        Issue.record("not the author's map")
        continue
      }
      // What compile prints for 8-bit codes: 0.23 % of the largest weight.
      let largest = wanted.map(abs).max() ?? 0
      let squares = zip(weight, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect((squares / Double(weight.count)).squareRoot() < 0.0024 * largest)
      let biases = zip(try #require(bias), try #require(wantedBias))
      #expect(biases.allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test("A population that a current alone drives is fed, and keeps volts, amperes and ohms")
  func currentBecomesBias() throws {
    let network = Network(
      name: "dc", dynamics: Dynamics(), inputs: [],
      populations: [
        Population(
          name: "dc", shape: [2], model: "LIF", tau: [0.02, 0.02], r: [4e10, 4e10], leak: [0.2, 0.2],
          firing: Population.Firing(threshold: [0.6, 0.6], reset: [0.1, 0.1], refractory: [0, 0]),
          initial: [0.2, 0.2], physical: Population.Physical(capacitance: 500e-15))
      ], projections: [], stimuli: [Stimulus(target: 0, kind: .current(2e-11))],
      outputs: [OutputPort(name: "out", population: 0)])
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(),
      options: CompileOptions(parasitics: .ignore))
    let effective = compilation.effective.network
    #expect(effective.stimuli.isEmpty)
    #expect(effective.inputs == [InputPort(name: "input", shape: [1])])
    #expect(effective.populations[0].leak == [0.2, 0.2])
    guard case .dense(let weight, 2, 1, let bias?) = effective.projections[0].maps[0] else {
      Issue.record("no bias")
      return
    }
    #expect(weight == [0, 0])
    #expect(bias.allSatisfy { abs($0 / 2e-11 - 1) < 0.01 })
    let none = SpikeTrains(samples: 1, ticks: 2000, channels: 1, events: [])
    let author = FloatNetwork(network).run(nil, ticks: 2000).spikes.total
    #expect(author > 10)
    #expect(FloatNetwork(effective).run(none).spikes.total == author)
  }

  @Test("Feedback that the chip delays is delayed in the effective network")
  func latenessIsADelay() throws {
    let network = Network(
      name: "loop", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [4])],
      populations: [Synthetic.lif("a", 4), Synthetic.lif("b", 4)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(4, 4, scale: 1, stream: 1)]),
        Projection(source: .population(0), target: 1, maps: [Synthetic.dense(4, 4, scale: 1, stream: 2)]),
        Projection(
          source: .population(1), target: 0, maps: [Synthetic.dense(4, 4, scale: 1, stream: 3)],
          delayTicks: 1, isFeedback: true),
      ], outputs: [OutputPort(name: "out", population: 1)])
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(), options: CompileOptions())
    #expect(compilation.diagnostics.contains { $0.id == "compile.feedbackLate" })
    #expect(compilation.effective.network.projections.map(\.delayTicks) == [0, 0, 2])
  }
}
