import Diagnostics
import Foundation
import HDF5Files
import NetworkIR
import Observations
import ReferenceModel
import TestSupport
import Testing

@testable import NetworkFormats

/// Networks written as NIR: the layout of NIR 1.0.8, the same network when read again, and what is refused.
@Suite struct NIRExportTests {
  // MARK: - Layout

  /// Gallery files that NIR 1.0.8 wrote, with a population or a map that must become a node of the same layout.
  static let types = [
    "i", "if", "li", "lif_vreset", "cubali", "cubalif", "linear", "affine", "scale", "flatten", "delay",
  ]

  @Test(arguments: types) func nodeIsLaidOutAsByNIR(_ name: String) throws {
    let golden = try HDF5File.read(Fixtures.golden("gallery/\(name).nir"))
    let root = try NIRExport(Self.chain(of: name)).root
    let node =
      name == "flatten" ? "w_flatten" : name == "delay" ? "w_delay" : Self.maps.contains(name) ? "w" : "n"
    let own = try #require(root.group(at: "node/nodes/\(node)"))
    let theirs = try #require(golden.group(at: "node/nodes/n"))
    #expect(own.dataset(at: "type") == theirs.dataset(at: "type"))
    #expect(Set(own.datasets.keys) == Set(theirs.datasets.keys))
    #expect(own.groups.isEmpty && own.attributes.isEmpty)
    for (key, dataset) in theirs.datasets {
      let written = try #require(own.datasets[key])
      #expect(written.shape == dataset.shape, "\(key)")
      // NIR stores the arrays that it is given; those of the gallery are float32.
      #expect(written.typeName == (dataset.typeName == "float32" ? "float64" : dataset.typeName), "\(key)")
    }
    for place in ["version", "node/type", "node/nodes/input/type", "node/nodes/output/type"] {
      #expect(root.dataset(at: place) == golden.dataset(at: place), "\(place)")
    }
    for place in ["node/edges", "node/nodes/input/shape", "node/nodes/output/shape"] {
      let (own, theirs) = (try #require(root.dataset(at: place)), try #require(golden.dataset(at: place)))
      #expect(own.typeName == theirs.typeName)
      #expect(own.shape.count == theirs.shape.count)
    }
    #expect(Set(root.datasets.keys) == Set(golden.datasets.keys))
    #expect(Set(root.groups.keys) == Set(golden.groups.keys))
  }

  private static let maps: Set<String> = ["linear", "affine", "scale"]

  /// input → w → n → output, with a population or a map of the kind.
  private static func chain(of kind: String) throws -> Network {
    var population = lif("n", 3)
    if kind.hasPrefix("i") {
      population.tau = nil
    } else if kind.hasPrefix("cuba") {
      population.synapse = Population.Synapse(tau: [1e-3, 1e-3, 1e-3], weight: [1, 1, 1])
    }
    if ["i", "li", "cubali"].contains(kind) { population.firing = nil }
    var input = kind == "scale" || kind == "delay" ? [3] : [4]
    if kind == "flatten" {
      let golden = try HDF5File.read(Fixtures.golden("gallery/flatten.nir"))
      input = golden.dataset(at: "node/nodes/n/input_type")?.int64s?.map { Int($0) } ?? []
    }
    let columns = input.reduce(1, *)
    let map: LinearMap =
      kind == "scale"
      ? .diagonal([1, 2, 3])
      : .dense(
        weight: [Double](repeating: 0.5, count: 3 * columns), rows: 3, columns: columns,
        bias: kind == "affine" ? [1, 2, 3] : nil)
    return Network(
      name: "chain", dynamics: Dynamics(), inputs: [InputPort(name: "input", shape: input)],
      populations: [population],
      projections: [
        Projection(
          source: .input(0), target: 0, maps: [map], delayTicks: kind == "delay" ? 7 : 0,
          path: ["input", "w", "n"])
      ], outputs: [OutputPort(name: "output", population: 0)])
  }

  @Test func delayIsInSeconds() throws {
    let root = try NIRExport(Self.chain(of: "delay")).root
    #expect(root.dataset(at: "node/nodes/w_delay/delay")?.doubles == [7e-4, 7e-4, 7e-4])
    #expect(
      root.dataset(at: "node/edges")?.strings == [
        "input", "w_delay", "w_delay", "w", "w", "n", "n", "output",
      ])
  }

  private static func lif(_ name: String, _ size: Int) -> Population {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: size) }
    return Population(
      name: name, shape: [size], model: "LIF", tau: all(1e-3), r: all(10), leak: all(0),
      firing: Population.Firing(threshold: all(1), reset: all(0), refractory: all(0)), initial: all(0))
  }

  // MARK: - Round trips

  @Test(arguments: UInt64(0)..<40) func randomNetworkIsReadBack(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let network = Self.network(&random)
    let options = ImportOptions(dt: network.dynamics.dt, ifGain: .perTick)
    let read = try Fixtures.withFile("net.nir", []) { path in
      try NIRExport(network).write(to: path)
      return try NetworkFile.read(path, options: options).network
    }
    #expect(read.inputs == network.inputs)
    #expect(read.outputs.map(\.name) == network.outputs.map(\.name))
    for population in network.populations {
      let again = try #require(read.populations.first { $0.name == population.name })
      #expect(again == population)
    }
    #expect(read.projections.count == network.projections.count)
    for projection in network.projections {
      // An input of two dimensions passes a Flatten node before a matrix.
      let again = try #require(
        read.projections.first { $0.path.filter { !$0.hasSuffix("_flatten") } == projection.path })
      #expect(again.isFeedback == projection.isFeedback)
      #expect(again.delayTicks == projection.delayTicks)
      let columns = projection.maps[0].columns
      for j in 0..<columns {
        var unit = [Double](repeating: 0, count: columns)
        unit[j] = 1
        #expect(
          again.maps.reduce(unit) { $1.apply($0) } == projection.maps.reduce(unit) { $1.apply($0) })
      }
    }
    let channels = network.channels
    let events = (0..<30).flatMap { tick in
      (0..<channels).filter { _ in random.oneIn(3) }.map {
        SpikeTrains.Event(sample: 0, tick: Int32(tick), channel: Int32($0))
      }
    }
    let input = SpikeTrains(samples: 1, ticks: 30, channels: channels, events: events)
    #expect(spikes(read, input) == spikes(network, input))
  }

  /// Spikes by the names of their populations.
  private func spikes(_ network: Network, _ input: SpikeTrains) -> [String] {
    let activity = FloatNetwork(network).run(input)
    var names: [String] = []
    for population in network.populations {
      names += (0..<population.size).map { "\(population.name) \($0)" }
    }
    return activity.spikes.events.map { "\($0.tick) \(names[Int($0.channel)])" }.sorted()
  }

  /// Two inputs, up to five populations of all models, skips and recurrence; the last one is read out.
  private static func network(_ random: inout SeededGenerator) -> Network {
    let inputs = [InputPort(name: "zin", shape: [2, 3]), InputPort(name: "ain", shape: [5])]
    var populations: [Population] = []
    var projections: [Projection] = []
    func weights(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> [Double] {
      (0..<rows * columns).map { _ in Double(random.int(-100...100)) / 64 }
    }
    func map(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> LinearMap {
      if random.oneIn(3) {
        let kept = (0..<rows).map { _ in (0..<columns).filter { _ in random.oneIn(2) } }
        return .sparse(
          begin: kept.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) },
          column: kept.flatMap { $0.map { Int32($0) } },
          weight: kept.flatMap { $0.map { _ in Double(random.int(1...100)) / 64 } }, columns: columns)
      }
      return .dense(
        weight: weights(rows, columns, &random), rows: rows, columns: columns,
        bias: random.oneIn(2) ? weights(rows, 1, &random) : nil)
    }
    let count = random.int(1...5)
    for p in 0..<count {
      let size = random.int(1...6)
      var population = lif("p\(p)", size)
      population.leak = weights(size, 1, &random)
      population.r = weights(size, 1, &random)
      population.firing?.threshold = (0..<size).map { _ in Double(random.int(1...300)) / 128 }
      population.firing?.reset = (0..<size).map { _ in -Double(random.int(0...100)) / 128 }
      population.tau = (0..<size).map { _ in Double(random.int(2...90)) * 1e-4 }
      if random.oneIn(4) {
        population.tau = nil
        population.leak = population.leak.map { _ in 0 }
        population.model = "IF"
      } else if random.oneIn(3) {
        population.synapse = Population.Synapse(
          tau: (0..<size).map { _ in Double(random.int(2...90)) * 1e-4 }, weight: weights(size, 1, &random))
        population.model = "CubaLIF"
      }
      if p == count - 1, random.oneIn(3) {
        population.firing = nil
        population.model.removeLast()
      }
      populations.append(population)
      func project(
        from source: Projection.Source, _ name: String, _ columns: Int, _ random: inout SeededGenerator
      ) {
        projections.append(
          Projection(
            source: source, target: p, maps: [map(size, columns, &random)],
            path: [name, "\(name)_to_p\(p)", "p\(p)"]))
      }
      if p == 0 || random.oneIn(3) { project(from: .input(0), "zin", 6, &random) }
      if p == 0 || random.oneIn(4) { project(from: .input(1), "ain", 5, &random) }
      for q in 0..<p where q == p - 1 || random.oneIn(3) {
        project(from: .population(q), "p\(q)", populations[q].size, &random)
      }
      if population.firing != nil, random.oneIn(2) {
        project(from: .population(p), "p\(p)", size, &random)
        projections[projections.count - 1].isFeedback = true
        projections[projections.count - 1].delayTicks = 1
      }
    }
    return Network(
      name: "net", dynamics: Dynamics(dt: random.pick([1e-4, 2e-4])), inputs: inputs,
      populations: populations,
      projections: projections, outputs: [OutputPort(name: "out", population: count - 1)])
  }

  @Test("A cycle's late edge stays where it was", arguments: ["digits_rec_flat", "digits_rec_flat_r1"])
  func feedbackStays(name: String) throws {
    let path = try Fixtures.golden("\(name).nir")
    let network = try NetworkFile.read(path).network
    let root = try NIRExport(network).root
    let again = try NIRFile.importNetwork(root, path: "again.nir", options: ImportOptions()).network
    #expect(again.projections == network.projections)
    #expect(again.populations == network.populations)
    func edges(_ root: HDF5Group) -> Set<[String]> {
      let ends = root.dataset(at: "node/edges")?.strings ?? []
      return Set(stride(from: 0, to: ends.count, by: 2).map { Array(ends[$0..<$0 + 2]) })
    }
    #expect(edges(root) == edges(try HDF5File.read(path)))
  }

  /// What readers take one edge of a cycle to delay by itself, Delay nodes must not add again.
  @Test func delaysInCyclesCountTheReadersTick() throws {
    let network = Network(
      name: "loop", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [2])],
      populations: [Self.lif("a", 2), Self.lif("b", 2)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [.diagonal([1, 1])], path: ["in", "a"]),
        Projection(
          source: .population(0), target: 1, maps: [.diagonal([1, 1])], delayTicks: 15, isFeedback: true,
          path: ["a", "ab", "b"]),
        Projection(
          source: .population(1), target: 0, maps: [.diagonal([1, 1])], delayTicks: 3, isFeedback: true,
          path: ["b", "ba", "a"]),
      ], outputs: [OutputPort(name: "out", population: 1)])
    let root = try NIRExport(network).root
    // From "out", b is open when a asks for it: b → a is the late edge.
    #expect(root.dataset(at: "node/nodes/ab_delay/delay")?.doubles == [15e-4, 15e-4])
    #expect(root.dataset(at: "node/nodes/ba_delay/delay")?.doubles == [2e-4, 2e-4])
  }

  @Test func anEdgeThatReadersWouldDelayIsRefused() throws {
    var network = Network(
      name: "loop", dynamics: Dynamics(), inputs: [],
      populations: [Self.lif("a", 2), Self.lif("b", 2)],
      projections: [
        Projection(source: .population(0), target: 1, maps: [.diagonal([1, 1])], path: ["a", "ab", "b"]),
        Projection(
          source: .population(1), target: 0, maps: [.diagonal([1, 1])], delayTicks: 1, isFeedback: true,
          path: ["b", "ba", "a"]),
      ], outputs: [OutputPort(name: "out", population: 0)])
    #expect(errorIDs { () throws(Failure) in try NIRExport(network) } == ["export.feedback"])
    network.outputs = [OutputPort(name: "out", population: 1)]
    #expect(errorIDs { () throws(Failure) in try NIRExport(network) }.isEmpty)
  }

  // MARK: - Shapes and names

  @Test func shapesStayUntilAMatrixLosesThem() throws {
    var deep = Self.lif("deep", 6)
    deep.shape = [1, 2, 3]
    var wide = deep
    wide.name = "wide"
    let matrix = LinearMap.dense(weight: [Double](repeating: 1, count: 36), rows: 6, columns: 6, bias: nil)
    let network = Network(
      name: "shapes", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [1, 2, 3])],
      populations: [deep, wide],
      projections: [
        Projection(
          source: .input(0), target: 0, maps: [.diagonal([1, 1, 1, 1, 1, 1])], path: ["in", "s", "deep"]),
        Projection(source: .population(0), target: 1, maps: [matrix], path: ["deep", "w", "wide"]),
      ], outputs: [OutputPort(name: "out", population: 1)])
    let export = try NIRExport(network)
    #expect(export.root.dataset(at: "node/nodes/deep/tau")?.shape == [1, 2, 3])
    #expect(export.root.dataset(at: "node/nodes/s/scale")?.shape == [1, 2, 3])
    #expect(export.root.dataset(at: "node/nodes/w_flatten/input_type")?.int64s == [1, 2, 3])
    #expect(export.root.dataset(at: "node/nodes/wide/tau")?.shape == [6])
    #expect(export.root.dataset(at: "node/nodes/out/shape")?.int64s == [6])
    #expect(export.notes.map(\.id) == ["export.readings", "export.flattened"])
    let again = try NIRFile.importNetwork(export.root, path: "again.nir", options: ImportOptions()).network
    #expect(again.populations.map(\.shape) == [[1, 2, 3], [6]])
  }

  @Test func namesAreMadeUniqueAndUsable() throws {
    let network = Network(
      name: "names", dynamics: Dynamics(), inputs: [InputPort(name: "a", shape: [2])],
      populations: [Self.lif("a", 2), Self.lif("b/c", 2)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [.diagonal([1, 1])], path: ["a", "a"]),
        Projection(source: .population(0), target: 1, maps: [.diagonal([1, 1])], path: ["a", "b/c"]),
      ], outputs: [OutputPort(name: "a", population: 0), OutputPort(name: "b/c", population: 1)])
    let export = try NIRExport(network)
    let names = Set(export.root.group(at: "node/nodes")?.groups.keys.map { $0 } ?? [])
    #expect(names == ["a", "a_2", "a_3", "b_c", "b_c_2", "a_2_a", "a_b_c"])
    #expect(export.notes.map(\.id) == ["export.readings", "export.renamed"])
  }

  // MARK: - What NIR cannot say

  @Test func whatNIRHasNoNodeForIsRefusedTogether() throws {
    var tired = Self.lif("tired", 1)
    tired.firing?.refractory = [1e-3]
    var leakless = Self.lif("leakless", 1)
    leakless.tau = nil
    leakless.synapse = Population.Synapse(tau: [1e-3], weight: [1])
    let network = Network(
      name: "no", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [1])],
      populations: [tired, leakless],
      projections: [
        Projection(
          source: .input(0), target: 0, maps: [.diagonal([1])], unit: .step, path: ["in", "tired"])
      ],
      stimuli: [
        Stimulus(target: 0, kind: .poisson(sources: 3, rate: 5, weight: 1, unit: .held)),
        Stimulus(target: 1, kind: .current(1)),
      ], outputs: [])
    #expect(
      errorIDs { () throws(Failure) in try NIRExport(network) } == [
        "export.poisson", "export.current", "export.refractory", "export.model", "export.step",
      ])
  }

  @Test func matricesWithoutEndAreRefused() throws {
    let network = Network(
      name: "wide", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [200_000])],
      populations: [Self.lif("n", 1000)],
      projections: [
        Projection(
          source: .input(0), target: 0,
          maps: [
            .sparse(begin: [Int](repeating: 0, count: 1001), column: [], weight: [], columns: 200_000)
          ], path: ["in", "n"])
      ], outputs: [])
    #expect(errorIDs { () throws(Failure) in try NIRExport(network) } == ["export.tooLarge"])
  }

  @Test func zerosCostLittleOnDisk() throws {
    let network = Network(
      name: "sparse", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [4000])],
      populations: [Self.lif("n", 1000)],
      projections: [
        Projection(
          source: .input(0), target: 0,
          maps: [
            .sparse(
              begin: (0...1000).map { $0 }, column: (0..<1000).map { Int32(4 * $0) },
              weight: [Double](repeating: 0.5, count: 1000), columns: 4000)
          ], path: ["in", "n"])
      ], outputs: [OutputPort(name: "out", population: 0)])
    try Fixtures.withFile("net.nir", []) { path in
      try NIRExport(network).write(to: path)
      // 32 MB of numbers.
      #expect(try Fixtures.bytes(path).count < 200_000)
      let read = try NetworkFile.read(path).network
      #expect(
        FloatNetwork(read).network.projections[0].maps[0].apply([Double](repeating: 1, count: 4000))
          == [Double](repeating: 0.5, count: 1000))
    }
  }

  @Test func membranesThatStartElsewhereAreShifted() throws {
    var network = try Self.chain(of: "linear")
    network.populations[0].initial = [0.25, 0.5, 0.125]
    network.populations[0].leak = [0.5, 0.5, 0.5]
    let shifted = try NIRExport(network)
    #expect(shifted.notes.map(\.severity) == [.note, .note])
    let again = try NIRFile.importNetwork(shifted.root, path: "again.nir", options: ImportOptions()).network
    #expect(again.populations[0].firing?.threshold == [0.75, 0.5, 0.875])
    let input = SpikeTrains(
      samples: 1, ticks: 60, channels: 4,
      events: (0..<60).filter { $0 % 3 == 0 }.map {
        .init(sample: 0, tick: Int32($0), channel: Int32($0 % 4))
      })
    let fired = FloatNetwork(network).run(input).spikes
    #expect(fired.total > 10)
    #expect(FloatNetwork(again).run(input).spikes == fired)
    // Under subtraction the threshold is also what is taken off: no shift can help.
    network.dynamics.reset = .subtract
    #expect(try NIRExport(network).notes.map(\.severity) == [.warning, .warning])
  }

  @Test func readingsNameTheOptions() throws {
    var network = try Self.chain(of: "cubalif")
    network.dynamics = Dynamics(
      dt: 2e-4, integrator: .exponential, reset: .subtract, fire: .inclusive, synapseCurrent: .old)
    let note = try #require(try NIRExport(network).notes.first)
    #expect(note.severity == .warning)
    #expect(
      note.remedy
        == "Read it with --dt 0.0002s --integrator exponential --reset subtract --fire inclusive --synapse-current old"
    )
    // A gain per tick that looks like one per second.
    network = try Self.chain(of: "if")
    network.populations[0].r = [1e4, 1e4, 1e4]
    #expect(try NIRExport(network).notes[0].remedy == "Read it with --dt 0.0001s --if-gain perTick")
  }

  @Test func equalNetworksGiveEqualBytes() throws {
    let network = try NetworkFile.read(Fixtures.repository("docs/examples/digits/digits.nir")).network
    let files = try (0..<2).map { _ in
      try Fixtures.withFile("net.nir", []) { path in
        try NIRExport(network).write(to: path)
        return try Fixtures.bytes(path)
      }
    }
    #expect(files[0] == files[1])
    // The rest of the file is numbers of full precision; weights alone are 75 KB.
    #expect(files[0].count < 150_000)
  }
}
