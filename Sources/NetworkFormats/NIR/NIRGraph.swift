import Diagnostics
import HDF5Files

/// The nodes and edges of a flat NIR graph. Nodes are numbered in the order of their names' UTF-8 bytes.
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
    self.file = file
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
    guard let groups = top.groups["nodes"]?.groups, !groups.isEmpty else {
      collector.add(
        Diagnostic("nir.noNodes", place: "\(file): /node/nodes", problem: "the graph has no nodes"))
      return nil
    }
    for name in groups.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if let group = groups[name] { readNode(name, group, collector: &collector) }
    }
    readEdges(top, names: Set(groups.keys), collector: &collector)
  }

  private mutating func readNode(
    _ name: String, _ group: HDF5Group, collector: inout DiagnosticCollector
  ) {
    let place = "\(file): /node/nodes/\(name)"
    guard let type = group.string("type") else {
      let nested = group.groups.values.contains { $0.string("type") != nil }
      collector.add(
        Diagnostic(
          "nir.noType", subject: "node \(name)", place: place, problem: "the node has no type",
          remedy: nested ? "A node name with \"/\" becomes nested groups; rename the node" : nil))
      return
    }
    guard let reader = nirNodeReaders[type] else {
      let known = nirRefusedTypes[type]
      collector.add(
        Diagnostic(
          "nir.refusedType", subject: "node \(name) (\(type))", place: place,
          problem: known.map { "nodes of type \(type) are not read yet: it would need \($0.needs)" }
            ?? "NIR has no node type of this name", found: known == nil ? type : nil,
          expected: known == nil ? "one of \(nirNodeReaders.keys.sorted().joined(separator: ", "))" : nil,
          remedy: known?.remedy))
      return
    }
    var context = NIRNodeContext(file: file, name: name, type: type, group: group)
    let kind = reader.read(&context)
    context.warnOfUnused()
    collector.add(context.diagnostics)
    guard let kind, !context.failed else { return }
    if !context.missing.isEmpty { missing[nodes.count] = context.missing }
    nodes.append(NIRNode(name: name, type: type, kind: kind))
  }

  private mutating func readEdges(
    _ top: HDF5Group, names: Set<String>, collector: inout DiagnosticCollector
  ) {
    let place = "\(file): /node/edges"
    guard let dataset = top.datasets["edges"], let ends = dataset.strings, !ends.isEmpty else {
      let empty = top.datasets["edges"].map { $0.shape.contains(0) } ?? false
      collector.add(
        Diagnostic(
          "nir.noEdges", place: place,
          problem: empty ? "the graph has no edges" : "the graph has no list of edges",
          remedy: "Export the graph with its edges; the order of nodes in the file means nothing"))
      return
    }
    guard dataset.shape.count == 2, dataset.shape[1] == 2, ends.count == 2 * dataset.shape[0] else {
      collector.add(
        Diagnostic(
          "nir.edgeShape", place: place, problem: "the edges are not pairs of names",
          found: "shape \(dataset.shape)", expected: "shape [edges, 2]"))
      return
    }
    let numbers = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
    var seen: Set<[String]> = []
    for k in 0..<dataset.shape[0] {
      let pair = [ends[2 * k], ends[2 * k + 1]]
      let missing = pair.filter { !names.contains($0) }
      for name in Set(missing).sorted() {
        collector.add(
          Diagnostic(
            "nir.danglingEdge", subject: "edge \(pair[0]) → \(pair[1])", place: "\(place)[\(k)]",
            problem: "the edge names a node that does not exist", found: name,
            expected: "one of \(names.sorted().prefix(12).joined(separator: ", "))"))
      }
      if !seen.insert(pair).inserted {
        collector.add(
          Diagnostic(
            "nir.duplicateEdge", subject: "edge \(pair[0]) → \(pair[1])", place: "\(place)[\(k)]",
            problem: "the edge is there twice; tools disagree whether that doubles the signal",
            remedy: "Keep one of them, and double the weight if that was meant"))
      }
      if let source = numbers[pair[0]], let target = numbers[pair[1]] { edges.append((source, target)) }
    }
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
  var isLinear: Bool { if case .linear = kind { true } else { false } }
  var neuron: NIRNeuron? { if case .neuron(let neuron) = kind { neuron } else { nil } }
  var subject: String { "node \(name) (\(type))" }

  /// The shape that the node's own parameters ask of its input; nil when they leave it open.
  fileprivate var ownInputShape: [Int]? {
    switch kind {
    case .input(let shape), .output(let shape): shape
    case .linear(.dense(_, _, let columns, _)): [columns]
    case .linear(.scale(_, let shape)): shape.isEmpty ? nil : shape
    case .linear(.flatten): nil
    case .neuron(let neuron): neuron.shape ?? [1]
    }
  }
}

extension HDF5Group {
  /// The single string of a dataset.
  fileprivate func string(_ name: String) -> String? {
    guard let strings = datasets[name]?.strings, strings.count == 1 else { return nil }
    return strings[0]
  }
}
