import NetworkIR

/// What leaves `partition`: neurons and axons on numbered cores, not yet on the mesh.
struct PartitionedNetwork: Sendable {
  var quantized: QuantizedNetwork
  var levels: Levels
  var cores: [PartitionedCore]
  var numbering: SourceNumbering
}

/// One number for everything that sends spikes: input channels first, then neurons, in network order.
struct SourceNumbering: Sendable {
  private var inputs: [Int] = []
  private var populations: [Int] = []
  private(set) var count = 0

  init(_ legal: LegalNetwork) {
    for input in legal.network.inputs {
      inputs.append(count)
      count += input.size
    }
    for population in legal.populations {
      populations.append(count)
      count += population.size
    }
  }

  /// Number of a source's first channel or neuron.
  func first(_ source: Projection.Source) -> Int {
    switch source {
    case .input(let i): inputs[i]
    case .population(let p): populations[p]
    }
  }
}

/// One core's share.
struct PartitionedCore: Sendable {
  struct Neuron: Sendable {
    var population: Int
    var index: Int
    /// Forwards a partial sum to the neuron of the same population and index.
    var isPartial: Bool
    var column: Int
  }
  /// One axon per source and delay.
  struct Axon: Sendable {
    var source: Int
    /// Ticks on the chip.
    var delay: Int
  }
  var neurons: [Neuron] = []
  var axons: [Axon] = []
  /// Per axon: (neuron index within the core, weight), ascending.
  var synapses: [[(neuron: UInt16, weight: Int16)]] = []

  var columns: Int { (neurons.last?.column ?? -1) + 1 }
}
