import Diagnostics
import NetworkIR

/// Builds the network from a graph whose nodes, shapes and paths are known to be right.
struct NIRAssembly {
  let graph: NIRGraph
  let feedback: FeedbackEdges
  let shapes: NIRShapes
  let options: ImportOptions
  private let dynamics: Dynamics
  /// How the gain of IF and I nodes was read, by node number.
  private var gains: [Int: ImportOptions.IFGain] = [:]
  private(set) var warnings: [Diagnostic] = []

  init(graph: NIRGraph, feedback: FeedbackEdges, shapes: NIRShapes, options: ImportOptions) {
    self.graph = graph
    self.feedback = feedback
    self.shapes = shapes
    self.options = options
    dynamics = options.dynamics()
  }

  /// Populations come in order of evaluation; inputs and outputs in the order in which the edges name them.
  mutating func network(paths: [NIRPaths.Path], name: String) -> Network {
    let inputNodes = ports(\.isInput) { $0.source }
    let outputNodes = ports(\.isOutput) { $0.target }
    let neuronNodes = feedback.order.filter { graph.nodes[$0].neuron != nil }
    let inputIndex = Dictionary(uniqueKeysWithValues: inputNodes.enumerated().map { ($1, $0) })
    let populationIndex = Dictionary(uniqueKeysWithValues: neuronNodes.enumerated().map { ($1, $0) })

    let populations = neuronNodes.compactMap { population($0) }
    let projections = paths.compactMap { path -> Projection? in
      guard let target = populationIndex[path.target] else { return nil }
      let source: Projection.Source
      if let index = inputIndex[path.source] {
        source = .input(index)
      } else if let index = populationIndex[path.source] {
        source = .population(index)
      } else {
        return nil
      }
      return Projection(
        source: source, target: target, maps: maps(path), delayTicks: path.feedbackEdges,
        isFeedback: path.feedbackEdges > 0,
        path: ([path.source] + path.through + [path.target]).map { graph.nodes[$0].name })
    }
    let incoming = graph.incoming
    let outputs = outputNodes.compactMap { node -> OutputPort? in
      incoming[node].first.flatMap { populationIndex[graph.edges[$0].source] }
        .map { OutputPort(name: graph.nodes[node].name, population: $0) }
    }
    let inputs = inputNodes.map { InputPort(name: graph.nodes[$0].name, shape: shape($0)) }
    return Network(
      name: name, dynamics: dynamics, inputs: inputs, populations: populations,
      projections: projections, outputs: outputs)
  }

  private func shape(_ node: Int) -> [Int] { shapes.output[node] ?? [] }

  private func size(_ node: Int) -> Int { shape(node).reduce(1, *) }

  /// Ports of one kind: those that edges name, in that order, then the others by name.
  private func ports(
    _ isPort: (NIRNode) -> Bool, end: ((source: Int, target: Int)) -> Int
  ) -> [Int] {
    var found: [Int] = []
    var seen: Set<Int> = []
    for node in graph.edges.map(end) + Array(graph.nodes.indices)
    where isPort(graph.nodes[node]) && seen.insert(node).inserted {
      found.append(node)
    }
    return found
  }

  private func maps(_ path: NIRPaths.Path) -> [LinearMap] {
    var maps: [LinearMap] = []
    for node in path.through {
      guard case .linear(let linear) = graph.nodes[node].kind else { continue }
      switch linear {
      case .dense(let weight, let rows, let columns, let bias):
        let own = path.biased.contains(node) ? bias : nil
        maps.append(.dense(weight: weight, rows: rows, columns: columns, bias: own))
      case .scale(let values, _):
        maps.append(.diagonal(NIRNeuron.Parameter(values: values).broadcast(to: size(node))))
      case .flatten: break
      }
    }
    return maps.isEmpty ? [.diagonal([Double](repeating: 1, count: size(path.target)))] : maps
  }

  private mutating func population(_ node: Int) -> Population? {
    guard let neuron = graph.nodes[node].neuron else { return nil }
    let count = size(node)
    let times = (neuron.tau?.values ?? []) + (neuron.synapseTau?.values ?? [])
    if let warning = timeStepWarning(
      times, dynamics, subject: graph.nodes[node].subject, place: graph.file)
    {
      warnings.append(warning)
    }
    warnOfMissingReset(node)
    let zeros = [Double](repeating: 0, count: count)
    let synapse = neuron.synapseTau.map {
      Population.Synapse(
        tau: $0.broadcast(to: count),
        weight: neuron.synapseWeight?.broadcast(to: count) ?? [Double](repeating: 1, count: count))
    }
    let firing = neuron.threshold.map {
      Population.Firing(
        threshold: $0.broadcast(to: count), reset: neuron.reset?.broadcast(to: count) ?? zeros,
        refractory: zeros)
    }
    let r = neuron.tau == nil ? gained(neuron.r.values, node) : neuron.r.values
    return Population(
      name: graph.nodes[node].name, shape: shape(node), model: graph.nodes[node].type,
      tau: neuron.tau?.broadcast(to: count), r: NIRNeuron.Parameter(values: r).broadcast(to: count),
      leak: neuron.leak?.broadcast(to: count) ?? zeros, synapse: synapse, firing: firing, initial: zeros)
  }

  /// The gain per tick of an IF or I node (`ImportOptions.IFGain`).
  private mutating func gained(_ r: [Double], _ node: Int) -> [Double] {
    var gain = options.ifGain
    if gain == .auto {
      gain = ImportOptions.isRate(r, dt: dynamics.dt) ? .ode : .perTick
      warnings.append(
        Diagnostic(
          "nir.ifGain", severity: .warning, subject: graph.nodes[node].subject, place: graph.file,
          problem: gain == .ode
            ? "r is 1/dt, so v grows by dt·r·x per tick, as the differential equation says"
            : "r is not 1/dt, so v grows by r·x per tick, as most exporters mean it",
          found: "r = \(r[0])\(r.count > 1 ? ", …" : "")",
          remedy: "Settle it with --if-gain perTick or --if-gain ode"))
    }
    gains[node] = gain
    return gain == .ode ? r.map { $0 * dynamics.dt } : r
  }

  private mutating func warnOfMissingReset(_ node: Int) {
    guard dynamics.reset == .zero, graph.missing[node]?.contains("v_reset") == true else { return }
    warnings.append(
      Diagnostic(
        "nir.missingReset", severity: .warning, subject: graph.nodes[node].subject, place: graph.file,
        problem: "the file has no v_reset, so neurons are reset to 0",
        remedy: "Files from before NIR 1.0.6 may have been trained with --reset subtract"))
  }

  // MARK: - Manifest

  /// Call after `network`.
  func manifest() -> FidelityManifest {
    FidelityManifest(
      entries: graph.nodes.indices.map { number in
        let node = graph.nodes[number]
        return .init(node: node.name, type: node.type, fidelity: .exact, note: note(number))
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
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  private func readings() -> [FidelityManifest.Reading] {
    var readings: [FidelityManifest.Reading] = [
      .init(name: "dt", value: "\(dynamics.dt) s (\(options.dt == nil ? "default" : "option --dt"))"),
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
