import Diagnostics

extension NIRGraph {
  /// The neurons that an Output reads: those that reach it through nodes that change nothing but the shape. Nil where it
  /// reads a sum or a linear function, which a readout without memory then computes.
  func neurons(readBy output: Int) -> Int? {
    let incoming = incoming
    var number = output
    for _ in nodes.indices {
      guard incoming[number].count == 1 else { return nil }
      number = edges[incoming[number][0]].source
      if nodes[number].neuron != nil { return number }
      if !nodes[number].isTransparent { return nil }
    }
    return nil
  }

  /// Reports what no network can have, whatever its shapes: potentials that are sent on, outputs and linear nodes fed by
  /// nothing; and warns of nodes that do nothing.
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
        if !outgoing[number].isEmpty {
          report("nir.outputSends", node, "an Output cannot feed another node", collector: &collector)
        }
        if incoming[number].isEmpty {
          report("nir.outputUnfed", node, "nothing feeds this Output", collector: &collector)
        }
      case .linear:
        if incoming[number].isEmpty && !outgoing[number].isEmpty {
          report(
            "nir.unfed", node, "nothing feeds this node, so its output is undefined",
            remedy: "Add the missing edge, or remove the node", collector: &collector)
        }
      case .neuron(let neuron):
        if neuron.fires { continue }
        for receiver in receivers(of: number, outgoing: outgoing) {
          report(
            "nir.readoutSends", node,
            "\(node.type) is a readout without spikes and cannot feed \(nodes[receiver].name)",
            remedy: "Connect it to an Output of its own, or use a neuron that fires", collector: &collector)
        }
      }
    }
    warnOfIdleNodes(incoming: incoming, outgoing: outgoing, collector: &collector)
    warnOfWeightedPorts(incoming: incoming, outgoing: outgoing, collector: &collector)
  }

  /// spyx and some imports write a recurrent layer as a nested graph whose input runs through the recurrent weights. That is
  /// another network than the one whose input goes to the neurons, and the file does not tell which was meant.
  private func warnOfWeightedPorts(
    incoming: [[Int]], outgoing: [[Int]], collector: inout DiagnosticCollector
  ) {
    for (number, node) in nodes.enumerated() {
      guard case .linear(.dense) = node.kind else { continue }
      let sources = incoming[number].map { edges[$0].source }
      let targets = outgoing[number].map { edges[$0].target }
      let loops = sources.contains { nodes[$0].neuron != nil && targets.contains($0) }
      guard loops, let port = sources.first(where: { nodes[$0].type == "Input" }) else { continue }
      collector.add(
        Diagnostic(
          "nir.recurrentInput", severity: .warning, subject: node.subject, place: "\(file): \(node.path)",
          problem: "the input \(nodes[port].name) runs through the recurrent weights, and is read so",
          remedy: "If it was meant to reach the neurons directly, as most exporters write it, mend the edge"))
    }
  }

  /// Nodes that a readout's potential would have to be sent to: all that it reaches but Outputs that read it alone.
  private func receivers(of readout: Int, outgoing: [[Int]]) -> [Int] {
    var found: [Int] = []
    var waiting = [readout]
    var seen: Set<Int> = []
    while let number = waiting.popLast() {
      for edge in outgoing[number] {
        let target = edges[edge].target
        guard seen.insert(target).inserted else { continue }
        if nodes[target].isTransparent {
          waiting.append(target)
        } else if !nodes[target].isOutput || neurons(readBy: target) != readout {
          found.append(target)
        }
      }
    }
    return found.sorted()
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
        id, subject: node.subject, place: "\(file): \(node.path)", problem: problem,
        remedy: remedy))
  }
}
