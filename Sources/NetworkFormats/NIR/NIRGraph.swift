import Diagnostics
import HDF5Files

/// The nodes and edges of a NIR graph, nested graphs spliced into their parents.
///
/// A node of a nested graph is named `graph/node`, which no node can be named by itself; the nested graph's Input and
/// Output become ports through which its signals pass. Nodes are numbered in the order of their names' UTF-8 bytes, level by
/// level; the edges of a nested graph come before those of its parent.
struct NIRGraph {
  let file: String
  private(set) var nodes: [NIRNode] = []
  /// (source, target) node numbers in file order.
  private(set) var edges: [(source: Int, target: Int)] = []
  /// Parameters that the file leaves out and that have a default, by node number.
  private(set) var missing: [Int: Set<String>] = [:]

  /// Numbers of the edges that lead into each node, in file order.
  var incoming: [[Int]] { edgeNumbers { $0.target } }
  /// Numbers of the edges that lead out of each node, in file order.
  var outgoing: [[Int]] { edgeNumbers { $0.source } }

  private func edgeNumbers(by end: ((source: Int, target: Int)) -> Int) -> [[Int]] {
    var numbers = [[Int]](repeating: [], count: nodes.count)
    for (number, edge) in edges.enumerated() { numbers[end(edge)].append(number) }
    return numbers
  }

  /// Reads all nodes and edges and reports everything that is wrong with them; nil when there is no graph at all.
  init?(_ root: HDF5Group, file: String, collector: inout DiagnosticCollector) {
    guard let top = root.groups["node"] else {
      collector.add(
        Diagnostic(
          "nir.notNIR", place: file, problem: "the HDF5 file has no group /node, so it is not a NIR graph"))
      return nil
    }
    guard let type = top.string("type") else {
      collector.add(
        Diagnostic(
          "nir.noType", place: "\(file): /node", problem: "the root has no type",
          remedy: "An exporter that stops half way leaves such a file; see what it said, and export again"))
      return nil
    }
    guard type == "NIRGraph" else {
      collector.add(
        Diagnostic(
          "nir.bareNode", place: "\(file): /node/type",
          problem: "the root is a single node, not a graph", found: type, expected: "NIRGraph",
          remedy: "Wrap the node in a graph with an Input and an Output"))
      return nil
    }
    var reader = NIRGraphReader(file: file)
    guard reader.read(top, at: "/node", prefix: "") != nil else {
      collector.add(reader.diagnostics)
      return nil
    }
    collector.add(reader.diagnostics)
    self.file = file
    nodes = reader.nodes
    edges = reader.edges
    missing = reader.missing
  }

  /// Adds the Input and Output nodes that old files leave out, as NIR's own reader does.
  mutating func addMissingPorts(collector: inout DiagnosticCollector) {
    let before = nodes.count
    if !nodes.contains(where: \.isInput) {
      for (number, edges) in incoming.enumerated() where edges.isEmpty && !nodes[number].isOutput {
        guard let shape = nodes[number].ownInputShape else { continue }
        add(name: "input_\(nodes[number].name)", .input(shape: shape), type: "Input")
        self.edges.append((nodes.count - 1, number))
      }
    }
    if !nodes.contains(where: \.isOutput) {
      for (number, edges) in outgoing.enumerated() where edges.isEmpty && number < before {
        add(name: "output_\(nodes[number].name)", .output(shape: []), type: "Output")
        self.edges.append((number, nodes.count - 1))
      }
    }
    for node in nodes[before...] {
      collector.add(
        Diagnostic(
          "nir.addedPort", severity: .warning, subject: "node \(node.name) (\(node.type))", place: file,
          problem: "the file has no \(node.type) node; this one was added at the open end of the graph"))
    }
  }

  private mutating func add(name: String, _ kind: NIRNode.Kind, type: String) {
    let names = Set(nodes.map(\.name))
    var free = name
    while names.contains(free) { free += "_" }
    nodes.append(NIRNode(name: free, type: type, kind: kind))
  }
}

extension NIRNode {
  var isInput: Bool { if case .input = kind { true } else { false } }
  var isOutput: Bool { if case .output = kind { true } else { false } }
  /// Whether what arrives passes unchanged, but for its shape.
  var isTransparent: Bool {
    switch kind {
    case .linear(.port), .linear(.flatten): true
    default: false
    }
  }
  var isLinear: Bool { if case .linear = kind { true } else { false } }
  var neuron: NIRNeuron? { if case .neuron(let neuron) = kind { neuron } else { nil } }
  var subject: String { "node \(name) (\(type))" }
  /// Where the node stands in its file.
  var path: String { "/node/nodes/" + name.split(separator: "/").joined(separator: "/nodes/") }

  /// The shape that the node's own parameters ask of its input; nil when they leave it open.
  fileprivate var ownInputShape: [Int]? {
    switch kind {
    case .input(let shape), .output(let shape): shape
    case .linear(.dense(_, _, let columns, _)): [columns]
    case .linear(.scale(_, let shape)): shape.isEmpty ? nil : shape
    case .linear(.port(let shape)): shape
    case .linear(.delay(_, let shape)): shape.isEmpty ? nil : shape
    case .linear(.flatten), .linear(.convolution), .linear(.pool): nil
    case .neuron(let neuron): neuron.shape ?? [1]
    }
  }
}

extension HDF5Group {
  /// The single string of a dataset.
  func string(_ name: String) -> String? {
    guard let strings = datasets[name]?.strings, strings.count == 1 else { return nil }
    return strings[0]
  }
}
