import Diagnostics

extension NIRGraph {
  /// Reports what no network can have, whatever its shapes: readouts that send, outputs that are not fed by
  /// exactly one population, linear nodes fed by nothing; and warns of nodes that do nothing.
  func checkStructure(collector: inout DiagnosticCollector) {
    let incoming = incoming
    let outgoing = outgoing
    for (number, node) in nodes.enumerated() {
      switch node.kind {
      case .input:
        if !incoming[number].isEmpty {
          report("nir.inputFed", node, "an Input cannot be fed by another node", collector: &collector)
        }
      case .output:
        checkOutput(number, incoming: incoming[number], outgoing: outgoing[number], collector: &collector)
      case .linear:
        if incoming[number].isEmpty && !outgoing[number].isEmpty {
          report(
            "nir.unfed", node, "nothing feeds this node, so its output is undefined",
            remedy: "Add the missing edge, or remove the node", collector: &collector)
        }
      case .neuron(let neuron):
        if neuron.fires { continue }
        for edge in outgoing[number] where !nodes[edges[edge].target].isOutput {
          report(
            "nir.readoutSends", node,
            "\(node.type) is a readout without spikes and cannot feed \(nodes[edges[edge].target].name)",
            remedy: "Connect it to an Output only, or use a neuron that fires", collector: &collector)
        }
      }
    }
    warnOfIdleNodes(incoming: incoming, outgoing: outgoing, collector: &collector)
  }

  private func checkOutput(
    _ number: Int, incoming: [Int], outgoing: [Int], collector: inout DiagnosticCollector
  ) {
    let node = nodes[number]
    if !outgoing.isEmpty {
      report("nir.outputSends", node, "an Output cannot feed another node", collector: &collector)
    }
    if incoming.isEmpty {
      report("nir.outputUnfed", node, "nothing feeds this Output", collector: &collector)
    }
    if incoming.count > 1 {
      report(
        "nir.outputSum", node, "\(incoming.count) nodes feed this Output, which would be their sum",
        remedy: "Give each population an Output of its own", collector: &collector)
    }
    for edge in incoming where nodes[edges[edge].source].neuron == nil {
      let source = nodes[edges[edge].source]
      report(
        "nir.outputNotNeurons", node, "it is fed by \(source.name) (\(source.type)), not by neurons",
        remedy: source.isLinear
          ? "Put an LI node (a readout) or a firing node between \(source.name) and \(node.name)"
          : "Put neurons between input and output", collector: &collector)
    }
  }

  private func warnOfIdleNodes(
    incoming: [[Int]], outgoing: [[Int]], collector: inout DiagnosticCollector
  ) {
    let fed = reach(from: nodes.indices.filter { nodes[$0].isInput }) { node in
      outgoing[node].map { edges[$0].target }
    }
    let read = reach(from: nodes.indices.filter { nodes[$0].isOutput }) { node in
      incoming[node].map { edges[$0].source }
    }
    for (number, node) in nodes.enumerated() where !fed[number] || !read[number] {
      let why = !fed[number] ? "no input reaches this node" : "this node reaches no output"
      collector.add(
        Diagnostic(
          "nir.unreachable", severity: .warning, subject: node.subject, place: file, problem: why))
    }
  }

  private func reach(from roots: [Int], next: (Int) -> [Int]) -> [Bool] {
    var reached = [Bool](repeating: false, count: nodes.count)
    var waiting = roots
    while let node = waiting.popLast() {
      if reached[node] { continue }
      reached[node] = true
      waiting += next(node)
    }
    return reached
  }

  private func report(
    _ id: String, _ node: NIRNode, _ problem: String, remedy: String? = nil,
    collector: inout DiagnosticCollector
  ) {
    collector.add(
      Diagnostic(
        id, subject: node.subject, place: "\(file): /node/nodes/\(node.name)", problem: problem,
        remedy: remedy))
  }
}
