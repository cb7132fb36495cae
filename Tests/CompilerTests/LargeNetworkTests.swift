import ChipModel
import FixedPoint
import NetworkIR
import ProgramImage
import Testing

@testable import Compiler

/// What large networks need of the compiler: flat arrays, shared matrices, bounded searches.
@Suite struct LargeNetworkTests {
  /// A synapse by neuron numbers within one population.
  private struct Synapse: Hashable {
    var source: Int
    var target: Int
    var weight: Int
  }

  private static let size = 900

  /// Whole weights of which the largest is 127, so that every code is its weight.
  private static func synapses(seed: UInt64) -> Set<Synapse> {
    var result: [Int: Synapse] = [:]
    for k in 0..<size * 20 {
      let (a, b, _, _) = CounterRandom.philox(UInt32(k), 0, 0, 17, key: seed)
      let (source, target) = (Int(a) % size, Int(b) % size)
      let magnitude = k == 0 ? 127 : Int(a >> 16) % 127 + 1
      result[source * size + target] = Synapse(
        source: source, target: target, weight: b >> 31 == 0 ? magnitude : -magnitude)
    }
    return Set(result.values)
  }

  private static func network(_ map: LinearMap) -> Network {
    Network(
      name: "large", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [1])],
      populations: [Synthetic.lif("a", size, threshold: 1000)],
      projections: [
        Projection(source: .population(0), target: 0, maps: [map], delayTicks: 2, isFeedback: true)
      ],
      outputs: [OutputPort(name: "out", population: 0)])
  }

  /// Rows with their columns in the order of `place`.
  private static func sparse(_ synapses: Set<Synapse>, by place: (Synapse) -> Int) -> LinearMap {
    var begin = [0]
    var column: [Int32] = []
    var weight: [Double] = []
    let rows = Dictionary(grouping: synapses, by: \.target)
    for target in 0..<size {
      for synapse in (rows[target] ?? []).sorted(by: { place($0) < place($1) }) {
        column.append(Int32(synapse.source))
        weight.append(Double(synapse.weight))
      }
      begin.append(column.count)
    }
    return .sparse(begin: begin, column: column, weight: weight, columns: size)
  }

  private static func compile(
    _ network: Network, _ overrides: [(path: String, value: String)],
    progress: (Pipeline.Pass) -> Void = { _ in }
  ) throws -> ProgramImage {
    try Pipeline.compile(
      network, manifest: FidelityManifest(),
      chip: try Bundled.tessera(overrides), options: CompileOptions(parasitics: .ignore),
      progress: progress
    ).image
  }

  /// Every synapse that a spike reaches, by routes, splitters, axons and partial sums.
  private static func synapses(of image: ProgramImage) -> [Synapse] {
    let neurons = image.neurons
    var found: [Synapse] = []
    /// The neuron of the network that the sums of a row end in.
    func follow(from row: Int, source: Int) {
      for route in Int(image.routes.begin[row])..<Int(image.routes.begin[row + 1]) {
        let core = Int(image.routes.core[route])
        let axon = Int(image.cores.axonBegin[core]) + Int(image.routes.axon[route])
        for k in Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1]) {
          let target = Int(image.cores.neuronBegin[core]) + Int(image.crossbar.neuron[k])
          if ProgramImage.NeuronKind(rawValue: neurons.kind[target]) == .splitter {
            follow(from: target, source: source)
          } else {
            found.append(
              Synapse(
                source: source, target: Int(neurons.index[target]), weight: Int(image.crossbar.weight[k]))
            )
          }
        }
      }
    }
    for row in 0..<neurons.count where neurons.isMain(row) {
      follow(from: row, source: Int(neurons.index[row]))
    }
    return found
  }

  @Test(
    "Every synapse is in the image once",
    arguments: [
      [("mesh.width", "8")], [("core.axons", "64"), ("mesh.width", "20"), ("mesh.height", "20")],
      [
        ("core.neurons", "64"), ("mesh.width", "16"), ("mesh.height", "16"),
        ("routing.destinationsPerNeuron", "3"),
      ],
      [
        ("core.axons", "1024"), ("core.neurons", "1024"), ("mesh.width", "2"), ("mesh.height", "1"),
        ("routing.packetBits", "64"),
      ],
    ])
  func synapsesAreKept(overrides: [(path: String, value: String)]) throws {
    let expected = Self.synapses(seed: 3)
    let image = try Self.compile(Self.network(Self.sparse(expected) { $0.source }), overrides)
    let found = Self.synapses(of: image)
    #expect(found.count == expected.count)
    #expect(Set(found) == expected)
  }

  @Test("A sparse map whose arrays are taken as they are compiles as any other form of it does")
  func formsOfAMap() throws {
    let synapses = Self.synapses(seed: 4)
    var dense = [Double](repeating: 0, count: Self.size * Self.size)
    for synapse in synapses { dense[synapse.target * Self.size + synapse.source] = Double(synapse.weight) }
    let ascending = try Self.compile(Self.network(Self.sparse(synapses) { $0.source }), [])
    let descending = try Self.compile(Self.network(Self.sparse(synapses) { -$0.source }), [])
    let full = try Self.compile(
      Self.network(.dense(weight: dense, rows: Self.size, columns: Self.size, bias: nil)), [])
    #expect(ascending == descending)
    #expect(ascending == full)
  }

  @Test("Each pass is announced once and in order")
  func passes() throws {
    var seen: [Pipeline.Pass] = []
    _ = try Self.compile(Self.network(Self.sparse(Self.synapses(seed: 5)) { $0.source }), []) {
      seen.append($0)
    }
    #expect(seen == Pipeline.Pass.allCases)
  }

  @Test("Rows of a crossbar grow as lists do", arguments: UInt64(0)..<8)
  func rows(seed: UInt64) {
    func draw(_ k: Int, _ bound: Int) -> Int {
      Int(CounterRandom.philox(UInt32(k), 1, 0, 17, key: seed).0) % bound
    }
    var rows = CrossbarRows()
    var lists: [[CrossbarRows.Synapse]] = []
    var next = 0
    for step in 0..<40 {
      rows.appendEmptyRow()
      lists.append([])
      var added: [(row: Int, synapse: CrossbarRows.Synapse)] = []
      for _ in 0..<draw(step, 6) {
        let row = draw(1000 + next, lists.count)
        let synapse = CrossbarRows.Synapse(neuron: UInt16(next), weight: Int16(draw(next, 99)))
        added.append((row, synapse))
        lists[row].append(synapse)
        next += 1
      }
      rows.insert(added)
    }
    #expect(rows.map(Array.init) == lists)
    rows.append(rows, base: 1000)
    let shifted = lists.map { $0.map { CrossbarRows.Synapse(neuron: $0.neuron + 1000, weight: $0.weight) } }
    #expect(rows.map(Array.init) == lists + shifted)
  }

  @Test("Where all tilings are too many, the fullest are compared")
  func fullestTilings() {
    let tiling = Tiling(shape: [16, 64, 48], columns: 256)
    func neurons(_ tile: (channels: Int, height: Int, width: Int)) -> Int {
      tile.channels * tile.height * tile.width
    }
    let all = tiling.candidates.map(neurons)
    #expect(tiling.candidates(atMost: all.count).map(neurons) == all)
    for most in [0, 1, 7] {
      let some = tiling.candidates(atMost: most).map(neurons)
      #expect(some.count == max(most, 1))
      #expect(some.sorted(by: >) == Array(all.sorted(by: >).prefix(some.count)))
    }
  }
}
