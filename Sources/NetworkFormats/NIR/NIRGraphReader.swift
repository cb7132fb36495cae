import Diagnostics
import HDF5Files

/// Reads the nodes and edges of a graph and of the graphs nested in it.
struct NIRGraphReader {
  let file: String
  private(set) var nodes: [NIRNode] = []
  private(set) var edges: [(source: Int, target: Int)] = []
  private(set) var missing: [Int: Set<String>] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  /// What the names of one graph stand for.
  struct Scope {
    /// Every name, also of nodes that could not be read.
    var names: Set<String> = []
    var numbers: [String: Int] = [:]
    var graphs: [String: Scope] = [:]
    /// Node numbers of the graph's own Input and Output nodes.
    var inputs: [Int] = []
    var outputs: [Int] = []
  }

  init(file: String) { self.file = file }

  private mutating func report(
    _ id: String, subject: String = "", place: String, problem: String, found: String? = nil,
    expected: String? = nil, remedy: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(
        id, subject: subject, place: "\(file): \(place)", problem: problem, found: found,
        expected: expected, remedy: remedy))
  }

  /// Reads one graph; nil when it has no nodes. `prefix` names the graphs around it, "" for the root.
  mutating func read(_ graph: HDF5Group, at place: String, prefix: String) -> Scope? {
    guard let groups = graph.groups["nodes"]?.groups, !groups.isEmpty else {
      report("nir.noNodes", place: "\(place)/nodes", problem: "the graph has no nodes")
      return nil
    }
    var scope = Scope()
    scope.names = Set(groups.keys)
    for name in groups.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let group = groups[name] else { continue }
      let here = "\(place)/nodes/\(name)"
      if group.string("type") == "NIRGraph" {
        scope.graphs[name] = read(group, at: here, prefix: prefix + name + "/")
      } else if let node = readNode(prefix + name, group, at: here, isNested: !prefix.isEmpty) {
        scope.numbers[name] = nodes.count
        if node.type == "Input" { scope.inputs.append(nodes.count) }
        if node.type == "Output" { scope.outputs.append(nodes.count) }
        nodes.append(node)
      }
    }
    readEdges(graph, at: "\(place)/edges", scope: scope, prefix: prefix)
    return scope
  }

  private mutating func readNode(
    _ name: String, _ group: HDF5Group, at place: String, isNested: Bool
  ) -> NIRNode? {
    guard let type = group.string("type") else {
      let nested = group.groups.values.contains { $0.string("type") != nil }
      report(
        "nir.noType", subject: "node \(name)", place: place, problem: "the node has no type",
        remedy: nested ? "A node name with \"/\" becomes nested groups; rename the node" : nil)
      return nil
    }
    guard let reader = nirNodeReaders[type] else {
      report(
        "nir.unknownType", subject: "node \(name) (\(type))", place: place,
        problem: "NIR has no node type of this name", found: type,
        expected: "one of \((nirNodeReaders.keys + ["NIRGraph"]).sorted().joined(separator: ", "))")
      return nil
    }
    var context = NIRNodeContext(file: file, name: name, type: type, place: place, group: group)
    let kind = reader.read(&context)
    context.warnOfUnused()
    diagnostics += context.diagnostics
    guard let kind, !context.failed else { return nil }
    if !context.missing.isEmpty { missing[nodes.count] = context.missing }
    switch kind {
    case .input(let shape) where isNested, .output(let shape) where isNested:
      return NIRNode(name: name, type: type, kind: .linear(.port(shape: shape)))
    default:
      return NIRNode(name: name, type: type, kind: kind)
    }
  }

  private mutating func readEdges(_ graph: HDF5Group, at place: String, scope: Scope, prefix: String) {
    guard let dataset = graph.datasets["edges"], let ends = dataset.strings, !ends.isEmpty else {
      let empty = graph.datasets["edges"].map { $0.shape.contains(0) } ?? false
      report(
        "nir.noEdges", place: place,
        problem: empty ? "the graph has no edges" : "the graph has no list of edges",
        remedy: "Export the graph with its edges; the order of nodes in the file means nothing")
      return
    }
    guard dataset.shape.count == 2, dataset.shape[1] == 2, ends.count == 2 * dataset.shape[0] else {
      report(
        "nir.edgeShape", place: place, problem: "the edges are not pairs of names",
        found: "shape \(dataset.shape)", expected: "shape [edges, 2]")
      return
    }
    var seen: Set<[String]> = []
    for k in 0..<dataset.shape[0] {
      let pair = [ends[2 * k], ends[2 * k + 1]]
      let subject = "edge \(prefix)\(pair[0]) → \(prefix)\(pair[1])"
      if !seen.insert(pair).inserted {
        report(
          "nir.duplicateEdge", subject: subject, place: "\(place)[\(k)]",
          problem: "the edge is there twice; tools disagree whether that doubles the signal",
          remedy: "Keep one of them, and double the weight if that was meant")
      }
      let source = end(pair[0], isSource: true, scope, subject: subject, place: "\(place)[\(k)]")
      let target =
        pair[0] == pair[1] && source == nil
        ? nil : end(pair[1], isSource: false, scope, subject: subject, place: "\(place)[\(k)]")
      if let source, let target { edges.append((source, target)) }
    }
  }

  /// The node that an edge's end means: itself, or the port of a nested graph, named by the graph alone where it has one
  /// such port, or as `graph.port`.
  private mutating func end(
    _ name: String, isSource: Bool, _ scope: Scope, subject: String, place: String
  ) -> Int? {
    if let number = scope.numbers[name] { return number }
    if let graph = scope.graphs[name] {
      let ports = isSource ? graph.outputs : graph.inputs
      if ports.count == 1 { return ports[0] }
      let kind = isSource ? "Output" : "Input"
      report(
        "nir.ambiguousPort", subject: subject, place: place,
        problem: "the edge names a nested graph that does not have exactly one \(kind)",
        found: ports.isEmpty ? "no \(kind)" : ports.map { nodes[$0].name }.joined(separator: ", "),
        expected: "one \(kind), or the port's name: \(name).port")
      return nil
    }
    if scope.names.contains(name) { return nil }  // A node that could not be read, and was reported.
    if let dot = name.lastIndex(of: "."), let graph = scope.graphs[String(name[..<dot])],
      let port = graph.numbers[String(name[name.index(after: dot)...])],
      (isSource ? graph.outputs : graph.inputs).contains(port)
    {
      return port
    }
    report(
      "nir.danglingEdge", subject: subject, place: place,
      problem: "the edge names a node that does not exist", found: name,
      expected: "one of \(scope.names.sorted().prefix(12).joined(separator: ", "))")
    return nil
  }
}
