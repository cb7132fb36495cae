import NetworkIR

/// What leaves `partition`: neurons and axons on numbered cores, not yet on the mesh.
struct PartitionedNetwork: Sendable {
  var quantized: QuantizedNetwork
  var levels: Levels
  var cores: [PartitionedCore]
  /// First source number of every population; sources are input channels first, then neurons in network order.
  var sourceOffsets: [Int]
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
