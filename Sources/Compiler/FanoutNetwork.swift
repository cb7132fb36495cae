/// What leaves `insertSplitters`: no neuron has more destinations than its list holds, unless that was reported.
struct FanoutNetwork: Sendable {
  /// Without splitters, but with the levels that they need.
  var partitioned: PartitionedNetwork
  /// Its cores with the splitters on them, and the cores that hold nothing else behind them.
  var cores: [PartitionedCore]
  /// Input channels, neurons and splitters.
  var sources: Int
  /// Nil where the chip cannot have splitters: nothing then needs them, or that was reported.
  var codes: SplitterCodes?
  /// Per part of a connection: ticks of its lateness that would not be there without splitters.
  var splitterLateness: [Int]

  /// Of a connection of the network: as `splitterLateness`.
  func splitterLateness(_ connection: Int) -> Int {
    splitterLateness[partitioned.quantized.axons.first(of: connection)]
  }

  /// Number of a neuron as a source of spikes; nil for a partial neuron.
  func source(_ neuron: PartitionedCore.Neuron) -> Int? {
    if neuron.isPartial { return nil }
    return neuron.splitter?.number ?? main(of: neuron)
  }

  /// Number of the neuron of the network that `neuron` is, feeds or repeats.
  func main(of neuron: PartitionedCore.Neuron) -> Int {
    partitioned.numbering.first(.population(neuron.population)) + neuron.index
  }

  /// Where every source that is no input channel sits.
  func homes() -> Homes {
    var homes = Homes(sources: sources)
    for (c, core) in cores.enumerated() {
      for (n, neuron) in core.neurons.enumerated() {
        if let number = source(neuron) { homes.put(number, core: c, neuron: n) }
      }
    }
    return homes
  }

  /// Core of every source, and neuron within it.
  struct Homes: Sendable {
    private var core: [Int32]
    private var neuron: [UInt16]

    init(sources: Int) {
      core = [Int32](repeating: -1, count: sources)
      neuron = [UInt16](repeating: 0, count: sources)
    }

    /// A chip's core has at most 65,536 neurons.
    mutating func put(_ source: Int, core: Int, neuron: Int) {
      self.core[source] = Int32(core)
      self.neuron[source] = UInt16(neuron)
    }

    subscript(source: Int) -> (core: Int, neuron: Int)? {
      core[source] < 0 ? nil : (Int(core[source]), Int(neuron[source]))
    }
  }
}
