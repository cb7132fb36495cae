import NetworkIR

extension NIRAssembly {
  /// What became of every node. Call after `network`.
  func manifest() -> FidelityManifest {
    FidelityManifest(
      entries: graph.nodes.indices.map { number in
        let node = graph.nodes[number]
        let rounding = delayRounding(number)
        return .init(
          node: node.name, type: node.type, fidelity: rounding == nil ? .exact : .approximated,
          note: rounding ?? note(number))
      }, readings: readings())
  }

  private func note(_ number: Int) -> String? {
    var notes: [String] = []
    switch gains[number] {
    case .ode: notes.append("v grows by dt·r·x per tick")
    case .perTick: notes.append("v grows by r·x per tick")
    case .auto, nil: break
    }
    let missing = graph.missing[number] ?? []
    if missing.contains("v_reset") { notes.append("v_reset is not in the file: 0") }
    if missing.contains("w_in") { notes.append("w_in is not in the file: 1") }
    switch graph.nodes[number].kind {
    case .linear(.convolution):
      if missing.contains("bias") { notes.append("bias is not in the file: 0") }
      if let unrolled = unrolling(number) { notes.append(unrolled) }
    case .linear(.pool(let pool)) where pool.averages && pool.window.padding != .cells([0, 0]):
      notes.append("zeros of the padding count in the mean")
    case .output where graph.neurons(readBy: number) == nil:
      notes.append("a readout without memory computes the sum that it reads")
    default: break
    }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  /// What a convolution costs on a chip without shared weights.
  private func unrolling(_ number: Int) -> String? {
    guard case .linear(.convolution(let convolution)) = graph.nodes[number].kind,
      let full = try? convolution.over(shapes.input[number] ?? [])
    else { return nil }
    return "\(full.weight.count) shared weights unrolled to \(entries(.convolution(full))) synapses"
  }

  private func entries(_ map: LinearMap) -> Int {
    var count = 0
    for i in 0..<map.rows { map.forEachEntry(inRow: i) { _, _ in count += 1 } }
    return count
  }

  /// How far a Delay node is off because chips delay by whole ticks; nil where it is not.
  private func delayRounding(_ number: Int) -> String? {
    guard case .linear(.delay(let values, _)) = graph.nodes[number].kind else { return nil }
    let errors = values.map { abs($0 / dynamics.dt - Double(delayTicks($0))) }
    guard let worst = errors.max(), worst > 1e-6 else { return nil }
    return "delays rounded to whole ticks, by up to \((worst * 1000).rounded() / 1000) of a tick"
  }

  private func readings() -> [FidelityManifest.Reading] {
    var readings: [FidelityManifest.Reading] = [
      .init(name: "dt", value: "\(dynamics.dt) s (\(options.dt == nil ? "default" : "option --dt"))"),
      .init(name: "unit", value: "the file's times are in the unit of dt"),
      .init(name: "integrator", value: dynamics.integrator.rawValue),
      .init(
        name: "reset",
        value: dynamics.reset == .zero ? "zero: v ← v_reset" : "subtract: v ← v − v_threshold"),
      .init(
        name: "fire",
        value: dynamics.fire == .strict ? "strict: v > v_threshold" : "inclusive: v ≥ v_threshold"),
      .init(name: "synapseCurrent", value: dynamics.synapseCurrent.rawValue),
      .init(name: "ifGain", value: options.ifGain.rawValue),
      .init(name: "initialState", value: "v = 0, i = 0"),
    ]
    for (number, node) in graph.nodes.enumerated() {
      guard case .linear(.convolution) = node.kind, let unrolled = unrolling(number) else { continue }
      readings.append(.init(name: "convolution \(node.name)", value: unrolled))
    }
    if options.stripBatch {
      readings.append(.init(name: "stripBatch", value: "a leading 1 of a shape is a batch and left out"))
    }
    let late = graph.edges.indices.filter { feedback.isFeedback[$0] }.map { edge in
      "\(graph.nodes[graph.edges[edge].source].name) → \(graph.nodes[graph.edges[edge].target].name)"
    }
    if !late.isEmpty {
      readings.append(
        .init(name: "feedbackEdges", value: late.joined(separator: ", ") + " (previous tick's spikes)"))
    }
    if graph.missing.values.contains(where: { $0.contains("w_in") }) {
      readings.append(.init(name: "w_in", value: "1 where the file has none"))
    }
    return readings
  }
}
