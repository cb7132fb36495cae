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

  /// Where every source that is no input channel sits: core, and neuron within it.
  func homes() -> [Int: (core: Int, neuron: Int)] {
    var homes: [Int: (core: Int, neuron: Int)] = [:]
    for (c, core) in cores.enumerated() {
      for (n, neuron) in core.neurons.enumerated() {
        if let number = source(neuron) { homes[number] = (c, n) }
      }
    }
    return homes
  }
}
