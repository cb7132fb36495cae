import Diagnostics
import NetworkIR

/// The nodes and edges of a NIR file before their numbers are laid out.
struct NIRDraft {
  enum Content {
    case input([Int])
    case output([Int])
    case population(Population, shape: [Int])
    case map(LinearMap, shape: [Int])
    case flatten([Int])
    /// Seconds, for every element of the shape.
    case delay(Double, shape: [Int])
  }
  struct Node {
    var name: String
    var content: Content
  }
  private(set) var nodes: [Node] = []
  /// (source, target) node numbers in the order of the file.
  private(set) var edges: [(source: Int, target: Int)] = []
  private(set) var notes: [Diagnostic] = []
  /// Edge numbers of every projection's path.
  private var paths: [[Int]] = []
  private var names: Set<String> = []

  /// The draft whose feedback edges, as readers find them, and Delay nodes together are the projections' delays.
  ///
  /// A reader takes one edge of every cycle to carry the previous tick's spikes (`FeedbackEdges`); that tick needs no
  /// Delay node. Delay nodes do not change which edge it is, so after one correction nothing moves any more.
  static func resolved(_ network: Network) throws(Failure) -> NIRDraft {
    var late = network.projections.map { $0.isFeedback ? 1 : 0 }
    for _ in 0..<3 {
      let draft = NIRDraft(network, delays: zip(network.projections, late).map { $0.delayTicks - $1 })
      let found = draft.feedbackTicks()
      let early = network.projections.indices.filter { network.projections[$0].delayTicks < found[$0] }
      if !early.isEmpty { throw Failure(.badInput, early.map { lateEdge(network, $0) }) }
      if found == late { return draft }
      late = found
    }
    throw Failure(
      .ourBug,
      Diagnostic("export.feedback", problem: "the graph's feedback edges move when Delay nodes are put in"))
  }

  private static func lateEdge(_ network: Network, _ k: Int) -> Diagnostic {
    let projection = network.projections[k]
    return Diagnostic(
      "export.feedback", subject: "projection \(projection.path.joined(separator: " → "))",
      problem: "readers of the NIR file would take it for the late edge of its cycle, which it is not",
      remedy:
        "Add an output of \(network.populations[projection.target].name) whose name comes before all others: "
        + "the search for late edges starts there")
  }

  private init(_ network: Network, delays: [Int]) {
    let shapes = Self.populationShapes(network)
    var populations: [Int] = []
    for (population, shape) in zip(network.populations, shapes) {
      populations.append(add(population.name, .population(population, shape: shape)))
      let name = nodes[nodes.count - 1].name
      if name != population.name {
        note("export.renamed", population.name, "the name cannot be a NIR node's", found: name)
      }
      if shape != population.shape {
        note(
          "export.flattened", population.name,
          "NIR cannot give a vector its shape back, so it is written as one",
          found: "\(population.shape)")
      }
    }
    let inputs = network.inputs.map { add($0.name, .input(Self.vector($0.shape))) }
    let outputs = network.outputs.map { add($0.name, .output(shapes[$0.population])) }
    var chains: [[Int]] = []
    for (projection, delay) in zip(network.projections, delays) {
      let source: Int
      switch projection.source {
      case .input(let i): source = inputs[i]
      case .population(let p): source = populations[p]
      }
      let between = addPath(
        projection, delay: max(delay, 0), from: source, to: shapes[projection.target], network)
      chains.append([source] + between + [populations[projection.target]])
    }
    // Readers number inputs and outputs in the order in which edges name them.
    paths = chains.map { _ in [] }
    let order = chains.indices.sorted {
      (inputs.firstIndex(of: chains[$0][0]) ?? inputs.count, $0)
        < (inputs.firstIndex(of: chains[$1][0]) ?? inputs.count, $1)
    }
    for k in order {
      guard inputs.contains(chains[k][0]) else { continue }
      connect(chains[k][0], chains[k][1], k)
    }
    for (k, chain) in chains.enumerated() {
      for (a, b) in zip(chain, chain.dropFirst()) where !inputs.contains(a) { connect(a, b, k) }
    }
    for (output, node) in zip(network.outputs, outputs) {
      edges.append((populations[output.population], node))
    }
  }

  private mutating func connect(_ source: Int, _ target: Int, _ projection: Int) {
    paths[projection].append(edges.count)
    edges.append((source, target))
  }

  /// Adds the nodes between a projection's source and its target.
  private mutating func addPath(
    _ projection: Projection, delay: Int, from source: Int, to target: [Int], _ network: Network
  ) -> [Int] {
    let through = projection.path.dropFirst().dropLast()
    let base =
      through.isEmpty
      ? "\(nodes[source].name)_\(network.populations[projection.target].name)"
      : through.joined(separator: "_")
    var shape = nodes[source].shape
    var added: [Int] = []
    if delay > 0 {
      added.append(
        add("\(base)_delay", .delay(Double(delay) * network.dynamics.dt, shape: shape)))
    }
    for (number, map) in projection.maps.enumerated() {
      if map.takesVector, shape.count != 1 {
        added.append(add("\(base)_flatten", .flatten(shape)))
        shape = [shape.reduce(1, *)]
      }
      let name: String
      if projection.maps.count == 1 {
        name = base
      } else if through.count == projection.maps.count {
        name = through[through.startIndex + number]
      } else {
        name = "\(base)_\(number + 1)"
      }
      shape = map.outputShape(shape)
      added.append(add(name, .map(map, shape: shape)))
    }
    if shape != target { added.append(add("\(base)_flatten", .flatten(shape))) }
    return added
  }

  private mutating func add(_ name: String, _ content: Content) -> Int {
    var base = name.replacing("/", with: "_").replacing("\0", with: "_")
    if base.isEmpty || base == "." { base = "node" }
    var unique = base
    var number = 2
    while !names.insert(unique).inserted {
      unique = "\(base)_\(number)"
      number += 1
    }
    nodes.append(Node(name: unique, content: content))
    return nodes.count - 1
  }

  private mutating func note(_ id: String, _ population: String, _ problem: String, found: String) {
    notes.append(
      Diagnostic(id, severity: .note, subject: "population \(population)", problem: problem, found: found))
  }

  /// Edges of every projection's path that readers take for feedback.
  private func feedbackTicks() -> [Int] {
    let feedback = FeedbackEdges(
      names: nodes.map(\.name), isOutput: nodes.map { if case .output = $0.content { true } else { false } },
      edges: edges)
    return paths.map { $0.count { feedback.isFeedback[$0] } }
  }

  /// The populations' own shapes, or vectors where a matrix leads to them.
  private static func populationShapes(_ network: Network) -> [[Int]] {
    var shapes = network.populations.map { vector($0.shape) }
    var changed = true
    while changed {
      changed = false
      for projection in network.projections {
        var shape: [Int]
        switch projection.source {
        case .input(let i): shape = vector(network.inputs[i].shape)
        case .population(let p): shape = shapes[p]
        }
        for map in projection.maps { shape = map.outputShape(shape) }
        if shape != shapes[projection.target], shapes[projection.target].count > 1 {
          shapes[projection.target] = [shapes[projection.target].reduce(1, *)]
          changed = true
        }
      }
    }
    return shapes
  }

  /// A shape without dimensions is that of one element.
  private static func vector(_ shape: [Int]) -> [Int] { shape.isEmpty ? [1] : shape }
}

extension NIRDraft.Node {
  var shape: [Int] {
    switch content {
    case .input(let shape), .output(let shape), .population(_, let shape), .map(_, let shape),
      .delay(_, let shape):
      shape
    case .flatten(let shape): [shape.reduce(1, *)]
    }
  }
}

extension LinearMap {
  fileprivate var takesVector: Bool {
    switch self {
    case .dense, .sparse, .convolution, .pool: true
    case .diagonal: false
    }
  }
  fileprivate func outputShape(_ input: [Int]) -> [Int] {
    switch self {
    case .dense, .sparse, .convolution, .pool: [rows]
    case .diagonal: input
    }
  }
}
