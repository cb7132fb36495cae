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

  /// What is still asked for when the image is made: its cores and layouts are then held there.
  var withoutCores: PartitionedNetwork {
    var result = self
    result.cores = []
    result.layouts = []
    result.incoming = []
    return result
  }
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
  /// One axon per source and delay. A core of a large network has thousands, so its numbers are narrow; what does not fit
  /// them breaks a limit of the chip, and is refused before anything is placed.
  struct Axon: Sendable {
    private var narrowSource: Int32
    private var narrowDelay: Int32
    private var narrowConnection: Int32

    init(source: Int, delay: Int, connection: Int?) {
      narrowSource = Int32(clamping: source)
      narrowDelay = Int32(clamping: delay)
      narrowConnection = Int32(clamping: connection ?? -1)
    }

    /// An input channel or neuron by `SourceNumbering`, or a splitter.
    var source: Int {
      get { Int(narrowSource) }
      set { narrowSource = Int32(clamping: newValue) }
    }
    /// Ticks on the chip.
    var delay: Int {
      get { Int(narrowDelay) }
      set { narrowDelay = Int32(clamping: newValue) }
    }
    /// What its synapses belong to; nil where it only feeds splitters.
    var connection: Int? { narrowConnection < 0 ? nil : Int(narrowConnection) }
  }
  var neurons: [Neuron] = []
  var axons: [Axon] = []
  /// Per axon.
  var synapses = CrossbarRows()

  var columns: Int { (neurons.last?.column ?? -1) + 1 }
}

/// The synapses of a core's axons, one row after the other in one array.
struct CrossbarRows: Sendable, RandomAccessCollection {
  struct Synapse: Sendable, Equatable {
    /// Index within the core; ascending in a row.
    var neuron: UInt16
    var weight: Int16
  }
  private(set) var entries: [Synapse] = []
  /// [rows + 1]
  private(set) var begin: [Int32] = [0]

  var startIndex: Int { 0 }
  var endIndex: Int { begin.count - 1 }
  subscript(row: Int) -> ArraySlice<Synapse> { entries[range(row)] }
  func range(_ row: Int) -> Range<Int> { Int(begin[row])..<Int(begin[row + 1]) }

  init() {}

  /// - Parameter begin: [rows + 1] into `entries`.
  init(entries: [Synapse], begin: [Int32]) {
    self.entries = entries
    self.begin = begin
  }

  mutating func appendEmptyRow() { begin.append(Int32(entries.count)) }

  /// Adds the rows of another core, whose neurons come behind `base` others.
  mutating func append(_ other: CrossbarRows, base: UInt16) {
    let offset = Int32(entries.count)
    entries += other.entries.lazy.map { Synapse(neuron: $0.neuron + base, weight: $0.weight) }
    begin += other.begin.dropFirst().lazy.map { $0 + offset }
  }

  /// Adds synapses behind those of their rows, in the order given.
  mutating func insert(_ added: [(row: Int, synapse: Synapse)]) {
    if added.isEmpty { return }
    var counts = [Int32](repeating: 0, count: count)
    for (row, _) in added { counts[row] += 1 }
    var grown: [Synapse] = []
    grown.reserveCapacity(entries.count + added.count)
    var next: [Int32] = []
    next.reserveCapacity(count)
    var grownBegin: [Int32] = [0]
    grownBegin.reserveCapacity(begin.count)
    for row in 0..<count {
      grown += entries[range(row)]
      next.append(Int32(grown.count))
      grown += repeatElement(Synapse(neuron: 0, weight: 0), count: Int(counts[row]))
      grownBegin.append(Int32(grown.count))
    }
    for (row, synapse) in added {
      grown[Int(next[row])] = synapse
      next[row] += 1
    }
    entries = grown
    begin = grownBegin
  }
}
