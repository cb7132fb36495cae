import ChipModel
import Compiler
import Diagnostics
import Foundation
import NetworkFormats
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import TestSupport
import Testing

/// Convolutions and pools: tiles of the plane on cores, folded weights, relay cells.
@Suite struct ConvolutionTests {
  private func compiled(
    _ network: Network, _ overrides: [(path: String, value: String)] = [],
    _ options: CompileOptions = CompileOptions(parasitics: .compensate)
  ) throws -> Compilation {
    try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(overrides), options: options)
  }

  /// A plane of IF neurons behind a convolution, a pool, and a second convolution.
  private func stack(_ random: inout SeededGenerator) -> Network {
    var stream = UInt32(random.int(1...99_999))
    func convolution(_ inputs: Int, _ outputs: Int, _ side: Int, _ kernel: Int) -> Convolution {
      stream += 1
      let axis = WindowAxis(input: side, kernel: kernel, padBefore: kernel / 2, padAfter: kernel / 2)
      return Convolution(
        weight: (0..<outputs * inputs * kernel * kernel).map { 0.8 * Synthetic.uniform($0, stream) },
        bias: nil,
        inChannels: inputs, outChannels: outputs, groups: 1, vertical: axis, horizontal: axis)
    }
    func plane(_ name: String, _ shape: [Int]) -> Population {
      var population = Synthetic.lif(name, shape.reduce(1, *))
      population.shape = shape
      return population
    }
    let side = random.pick([6, 9, 12])
    let channels = random.int(1...5)
    let cells = WindowAxis(input: side, kernel: 3, stride: 3)
    let pool = Pool(channels: channels, vertical: cells, horizontal: cells, scale: 1 / 9)
    let first = convolution(2, channels, side, 3)
    let second = convolution(channels, 3, side / 3, random.pick([1, 3]))
    return Network(
      name: "stack", dynamics: Dynamics(reset: random.pick([.zero, .subtract])),
      inputs: [InputPort(name: "in", shape: [2, side, side])],
      populations: [plane("a", [channels, side, side]), plane("b", [3, side / 3, side / 3])],
      projections: [
        Projection(source: .input(0), target: 0, maps: [.convolution(first)]),
        Projection(
          source: .population(0), target: 1,
          maps: [.pool(pool), .convolution(second), .diagonal([Double](repeating: 3, count: second.rows))],
          path: ["a", "pool", "conv", "b"]),
      ], outputs: [OutputPort(name: "out", population: 1)])
  }

  @Test("However the plane is divided, no spike changes", arguments: UInt64(0)..<40)
  func equalsPlainIntegerNetwork(seed: UInt64) throws {
    var random = SeededGenerator(state: seed &+ 77 << 32)
    let network = stack(&random)
    let overrides: [(path: String, value: String)] = [
      ("core.axons", "\(random.pick([24, 64, 256]))"), ("core.neurons", "\(random.pick([16, 64, 256]))"),
      ("mesh.width", "14"), ("mesh.height", "14"),
    ]
    let pools: Pools = random.pick([.fold, .relay])
    let compilation = try compiled(
      network, overrides,
      CompileOptions(parasitics: random.pick([.ignore, .model, .compensate]), pools: pools))
    #expect(compilation.populations.count == (pools == .relay ? 3 : 2))
    let input = Synthetic.spikes(samples: 2, ticks: 20, channels: network.channels, probability: 0.3)
    let (record, _) = try Bundled.run(compilation, input)
    let plain = PlainIntegerNetwork(compilation.image).run(input)
    #expect(plain.count > 20)
    #expect(Bundled.alignedSpikes(record) == plain)
  }

  @Test("Tiles over all channels need fewer cores than rows of each channel")
  func tilesShareSources() throws {
    // 16 channels of 16 × 16 behind 16 channels and 3 × 3 windows: a tile of 2 × 2 reads 16 × 4 × 4 = 256 sources, all that
    // a core has, so 64 tiles. In order, a row of one channel reads 16 × 3 × 16 sources and no two rows fit.
    let axis = WindowAxis(input: 16, kernel: 3, padBefore: 1, padAfter: 1)
    let convolution = Convolution(
      weight: (0..<16 * 16 * 9).map { Synthetic.uniform($0, 3) }, bias: nil, inChannels: 16, outChannels: 16,
      groups: 1, vertical: axis, horizontal: axis)
    var population = Synthetic.lif("a", 4096)
    population.shape = [16, 16, 16]
    let network = Network(
      name: "plane", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [16, 16, 16])],
      populations: [population],
      projections: [Projection(source: .input(0), target: 0, maps: [.convolution(convolution)])],
      outputs: [OutputPort(name: "out", population: 0)])
    let compilation = try compiled(network)
    #expect(compilation.image.cores.count == 64)
    #expect(compilation.populations[0].partialNeurons == 0)
    // On fewer routers the neurons are split, so that larger tiles share more.
    let smaller = try compiled(network, [("mesh.width", "6"), ("mesh.height", "7")])
    #expect(smaller.image.cores.count <= 42)
    #expect(smaller.populations[0].partialNeurons > 0)
  }

  @Test(
    "A pool folds into the next weights, exactly; relay cells are taken where that does not fit, and said")
  func poolsOfDigits() throws {
    let imported = try Bundled.convolutional.imported()
    let input = try Bundled.convolutional.input()
    func compiled(_ pools: Pools, partial: Bool) throws -> Compilation {
      try Pipeline.compile(
        imported.network, manifest: imported.manifest,
        chip: try Bundled.tessera([("routing.partialPackets", "\(partial)")]),
        options: CompileOptions(parasitics: .compensate, pools: pools))
    }
    let folded = try compiled(.auto, partial: true)
    #expect(folded.populations.map(\.name) == ["lif1", "lif2"])
    #expect(folded.manifest.entries.allSatisfy { $0.fidelity == .exact })
    // Without partial sums the 512 sources of a folded neuron fit no core; with cells in front of some of them they do.
    let narrowed = try compiled(.auto, partial: false)
    #expect(narrowed.populations.map(\.name) == ["lif1", "lif2", "relay into lif2"])
    #expect(
      narrowed.manifest.entries.filter { $0.fidelity == .approximated }.map(\.node) == ["sources of lif2"])
    let (narrowRecord, narrowActivity) = try Bundled.run(narrowed, input)
    #expect(Bundled.correct(narrowActivity, input) >= Bundled.convolutional.requiredCorrect)
    let meant = FloatNetwork(imported.network).run(input).outputTotal
    #expect(abs(narrowActivity.outputTotal / meant - 1) < 0.05)
    #expect(Bundled.alignedSpikes(narrowRecord) == PlainIntegerNetwork(narrowed.image).run(input))
    // Cells in the place of the pool need no other cells, for their 128 spikes fit, but they delay spikes.
    let relayed = try compiled(.relay, partial: false)
    #expect(relayed.populations.map(\.name) == ["lif1", "lif2", "relay 1"])
    #expect(
      relayed.manifest.entries.filter { $0.fidelity == .approximated }.map(\.node) == ["pool"])
    #expect(relayed.diagnostics.contains { $0.id == "compile.relays" })
    let (record, activity) = try Bundled.run(relayed, input)
    #expect(Bundled.correct(activity, input) >= Bundled.convolutional.requiredCorrect)
    // A relay passes every spike that it got, but for those that still wait when the sample ends.
    let counts = activity.spikeCounts()
    let sent = counts[..<512].reduce(0, +)
    let passed = counts[522...].reduce(0, +)
    #expect(passed < sent && passed > sent * 8 / 10)
    #expect(Bundled.alignedSpikes(record) == PlainIntegerNetwork(relayed.image).run(input))
  }

  @Test(
    "Neurons without memory fire as in float64 where the leak DAC empties the membrane, and say where it cannot"
  )
  func memoryless() throws {
    var threshold = Synthetic.lif("t", 30)
    threshold.tau = [Double](repeating: 0, count: 30)
    threshold.r = [Double](repeating: 1, count: 30)
    let network = Network(
      name: "threshold", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [20])],
      populations: [threshold],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(30, 20, scale: 1, stream: 4)])
      ], outputs: [OutputPort(name: "out", population: 0)])
    let input = Synthetic.spikes(samples: 3, ticks: 40, channels: 20, probability: 0.3)
    let exact = try compiled(network, [], CompileOptions(parasitics: .ignore))
    #expect(exact.manifest.entries.isEmpty)
    let reference = FloatNetwork(network).run(input)
    let (_, activity) = try Bundled.run(exact, input)
    func keys(_ trains: SpikeTrains) -> Set<[Int32]> {
      Set(trains.events.map { [$0.sample, $0.tick, $0.channel] })
    }
    let differing = keys(activity.spikes).symmetricDifference(keys(reference.spikes)).count
    // Only sums within half a weight code of the threshold may differ.
    #expect(reference.spikes.total > 300)
    #expect(differing * 50 < reference.spikes.total)
    let loaded = try compiled(network, [], CompileOptions(parasitics: .compensate))
    let entry = try #require(loaded.manifest.entries.first)
    #expect(entry.node == "t" && entry.fidelity == .approximated)
    // The DAC's largest packet is 511.9 fF of the column's 639.2 fF.
    #expect(entry.note?.hasPrefix("19.92 %") == true)
  }

  @Test("What relay cells cannot mend is reported of the network as it was written")
  func relaysThatDoNotFit() throws {
    let imported = try Bundled.convolutional.imported()
    let failure = #expect(throws: Failure.self) {
      try Pipeline.compile(
        imported.network, manifest: imported.manifest,
        chip: try Bundled.tessera([
          ("routing.partialPackets", "false"), ("mesh.width", "1"), ("mesh.height", "1"),
        ]), options: CompileOptions())
    }
    let problems = try #require(failure).diagnostics.filter { $0.severity == .error }
    #expect(problems.map(\.id) == ["limit.fanIn", "limit.coresUsed"])
    #expect(problems[0].found == "508")
  }

  @Test(
    "Cells keep the sum of their sources within half a quantum each, for any signs and biases",
    arguments: UInt64(0)..<12)
  func fanInRelaysAreClose(seed: UInt64) throws {
    var random = SeededGenerator(state: seed &+ 5 << 40)
    let inputs = random.int(40...120)
    var map = Synthetic.dense(6, inputs, scale: 0.3, stream: UInt32(seed) + 50)
    if case .dense(let weight, let rows, let columns, _) = map {
      map = .dense(weight: weight, rows: rows, columns: columns, bias: [0, 0.1, -0.1, 0.02, 0, 0.05])
    }
    var readout = Synthetic.lif("sum", 6)
    (readout.firing, readout.tau) = (nil, nil)
    readout.r = [Double](repeating: 1, count: 6)
    let network = Network(
      name: "wide", dynamics: Dynamics(reset: random.pick([.zero, .subtract])),
      inputs: [InputPort(name: "in", shape: [inputs])], populations: [readout],
      projections: [Projection(source: .input(0), target: 0, maps: [map])],
      outputs: [OutputPort(name: "out", population: 0)])
    let compilation = try compiled(
      network, [("routing.partialPackets", "false"), ("core.axons", "24")],
      CompileOptions(parasitics: .ignore))
    #expect(compilation.hasRelays)
    let input = Synthetic.spikes(samples: 1, ticks: 30, channels: inputs, probability: 0.2)
    let (exact, cells) = (FloatNetwork(network), FloatNetwork(compilation.network))
    // ±q of the cells of each neuron.
    let fromCells = try #require(compilation.network.projections.last).maps[0]
    let heldBack = (0..<6).map { row in
      var sum = 1e-9
      fromCells.forEachEntry(inRow: row) { _, quantum in sum += abs(quantum) / 2 }
      return sum
    }
    // The potential of an integrator after each run is off by what its cells hold back.
    func potentials(_ network: FloatNetwork, after ticks: Int) -> [Double] {
      let before = network.run(input, ticks: ticks - 1).outputSums
      return zip(network.run(input, ticks: ticks).outputSums, before).map { $0 - $1 }
    }
    for ticks in [2, 7, 30] {
      let meant = potentials(exact, after: ticks)
      let got = potentials(cells, after: ticks)
      for i in 0..<6 {
        let error = abs(got[i] - meant[i])
        #expect(error <= heldBack[i])
      }
    }
  }

  /// The gallery has one file per node type and edge case; `GalleryTests` says which can be read.
  @Test("Every file of the gallery that can be read compiles for Tessera and runs")
  func galleryRuns() throws {
    let folder = Repository.path("Tests/NetworkFormatsTests/Golden/gallery")
    var run = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      guard let imported = try? NetworkFile.read("\(folder)/\(name)", options: ImportOptions(dt: 0.1)) else {
        continue
      }
      let compilation = try Pipeline.compile(
        imported.network, manifest: imported.manifest, chip: try Bundled.tessera(), options: CompileOptions())
      let input = Synthetic.spikes(
        samples: 1, ticks: 20, channels: imported.network.channels, probability: 0.5)
      let (record, _) = try Bundled.run(compilation, input)
      #expect(Bundled.alignedSpikes(record) == PlainIntegerNetwork(compilation.image).run(input), "\(name)")
      run += 1
    }
    #expect(run == 25)
  }
}
