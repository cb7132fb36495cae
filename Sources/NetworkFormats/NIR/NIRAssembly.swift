import Diagnostics
import NetworkIR

/// Builds the network from a graph whose nodes, shapes and paths are known to be right.
struct NIRAssembly {
  let graph: NIRGraph
  let feedback: FeedbackEdges
  let shapes: NIRShapes
  let options: ImportOptions
  let dynamics: Dynamics
  /// How the gain of IF and I nodes was read, by node number.
  private(set) var gains: [Int: ImportOptions.IFGain] = [:]
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
    // What each Output reads: neurons of the file, or itself, as a readout without memory.
    let read = Dictionary(uniqueKeysWithValues: outputNodes.map { ($0, graph.neurons(readBy: $0) ?? $0) })
    let populationNodes = feedback.order.filter { graph.nodes[$0].neuron != nil || read[$0] == $0 }
    let inputIndex = Dictionary(uniqueKeysWithValues: inputNodes.enumerated().map { ($1, $0) })
    let populationIndex = Dictionary(uniqueKeysWithValues: populationNodes.enumerated().map { ($1, $0) })

    let populations = populationNodes.map { population($0) }
    let projections = paths.flatMap { path -> [Projection] in
      guard let target = populationIndex[path.target] else { return [] }
      let source: Projection.Source
      if let index = inputIndex[path.source] {
        source = .input(index)
      } else if let index = populationIndex[path.source] {
        source = .population(index)
      } else {
        return []
      }
      let names = ([path.source] + path.through + [path.target]).map { graph.nodes[$0].name }
      return branches(path).map { branch in
        Projection(
          source: source, target: target, maps: branch.maps,
          delayTicks: path.feedbackEdges + branch.delay,
          isFeedback: path.feedbackEdges > 0, path: names)
      }
    }
    let outputs = outputNodes.compactMap { node in
      read[node].flatMap { populationIndex[$0] }.map {
        OutputPort(name: graph.nodes[node].name, population: $0)
      }
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

  /// A path's maps for the elements that share a delay.
  private struct Branch {
    var maps: [LinearMap] = []
    var delay = 0
  }

  /// The maps of a path. A Delay of several values divides it into branches, each of which lets the elements of one
  /// delay pass. Its ticks come on top of those of feedback edges.
  private func branches(_ path: NIRPaths.Path) -> [Branch] {
    var branches = [Branch()]
    func append(_ map: LinearMap) {
      for k in branches.indices { branches[k].maps.append(map) }
    }
    for node in path.through {
      guard case .linear(let linear) = graph.nodes[node].kind else { continue }
      let biased = path.biased.contains(node)
      switch linear {
      case .dense(let weight, let rows, let columns, let bias):
        append(.dense(weight: weight, rows: rows, columns: columns, bias: biased ? bias : nil))
      case .scale(let values, _):
        append(.diagonal(NIRNeuron.Parameter(values: values).broadcast(to: size(node))))
      case .convolution(let convolution):
        guard let full = try? convolution.over(shapes.input[node] ?? []) else { continue }
        append(biased ? .convolution(full) : LinearMap.convolution(full).withoutBias)
      case .pool(let pool):
        if let full = try? pool.over(shapes.input[node] ?? []) { append(.pool(full)) }
      case .delay(let values, _):
        let ticks = NIRNeuron.Parameter(values: values).broadcast(to: size(node)).map(delayTicks)
        let distinct = Set(ticks).sorted()
        branches = branches.flatMap { branch in
          distinct.map { delay in
            var part = branch
            part.delay += delay
            if distinct.count > 1 { part.maps.append(.diagonal(ticks.map { $0 == delay ? 1 : 0 })) }
            return part
          }
        }
      case .flatten, .port: break
      }
    }
    for k in branches.indices where branches[k].maps.isEmpty {
      branches[k].maps = [.diagonal([Double](repeating: 1, count: size(path.target)))]
    }
    return branches
  }

  func delayTicks(_ delay: Double) -> Int {
    Int(min((delay / dynamics.dt).rounded(), Self.longestDelay))
  }

  /// Ticks beyond which a delay is as good as never; keeps a damaged file's number within an integer.
  private static let longestDelay = 1e6

  private mutating func population(_ node: Int) -> Population {
    let count = size(node)
    let zeros = [Double](repeating: 0, count: count)
    guard let neuron = graph.nodes[node].neuron else {
      return Population(
        name: graph.nodes[node].name, shape: shape(node), model: "readout", tau: zeros,
        r: [Double](repeating: 1, count: count), leak: zeros, firing: nil, initial: zeros)
    }
    let times = (neuron.tau?.values ?? []) + (neuron.synapseTau?.values ?? [])
    if let warning = timeStepWarning(
      times, dynamics, subject: graph.nodes[node].subject, place: graph.file)
    {
      warnings.append(warning)
    }
    warnOfMissingReset(node)
    let synapse = neuron.synapseTau.map {
      Population.Synapse(
        tau: $0.broadcast(to: count),
        weight: neuron.synapseWeight?.broadcast(to: count) ?? [Double](repeating: 1, count: count))
    }
    let firing = neuron.threshold.map {
      let threshold = $0.broadcast(to: count)
      // Without memory a reset changes nothing; it only has to lie below the threshold, where there is a swing.
      let reset = neuron.hasMemory ? zeros : threshold.map { $0 > 0 ? 0 : $0 - 1 }
      return Population.Firing(
        threshold: threshold, reset: neuron.reset?.broadcast(to: count) ?? reset, refractory: zeros)
    }
    let r = neuron.tau == nil && neuron.hasMemory ? gained(neuron.r.values, node) : neuron.r.values
    return Population(
      name: graph.nodes[node].name, shape: shape(node), model: graph.nodes[node].type,
      tau: neuron.hasMemory ? neuron.tau?.broadcast(to: count) : zeros,
      r: NIRNeuron.Parameter(values: r).broadcast(to: count),
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
}
