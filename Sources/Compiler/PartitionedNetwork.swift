import NetworkIR

/// What leaves `partition`: neurons and axons on numbered cores, not yet on the mesh.
struct PartitionedNetwork: Sendable {
  var quantized: QuantizedNetwork
  var levels: Levels
  /// Per population: what feeds it, and how it is divided over cores.
  var incoming: [Incoming]
  var layouts: [PopulationLayout]
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
    /// Set where this is no neuron of the network but repeats the spikes of the neuron of this population and index.
    var splitter: Splitter?

    /// Whether it is the neuron of the network that population and index name.
    var isMain: Bool { !isPartial && splitter == nil }
  }
  struct Splitter: Sendable, Equatable {
    /// Its number as a source, behind those of `SourceNumbering`.
    var number: Int
    /// Ticks after its neuron in which it fires.
    var ticks: Int
  }
  /// One axon per source and delay.
  struct Axon: Sendable {
    /// An input channel or neuron by `SourceNumbering`, or a splitter.
    var source: Int
    /// Ticks on the chip.
    var delay: Int
    /// What its synapses belong to; nil where it only feeds splitters.
    var connection: Int?
  }
  var neurons: [Neuron] = []
  var axons: [Axon] = []
  /// Per axon: (neuron index within the core, weight), ascending.
  var synapses: [[(neuron: UInt16, weight: Int16)]] = []

  var columns: Int { (neurons.last?.column ?? -1) + 1 }
}
