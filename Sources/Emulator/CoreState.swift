import ProgramImage

/// State of all neurons of all cores, and the sums that the core at work hands from integration to update.
struct CoreState: Sendable {
  var neurons: NeuronStates
  /// Σ weight · count over the axons of the tick's slot, by neuron within the core.
  ///
  /// Int32 cannot overflow: axons · axonCountMaximum · 2^(weightBits − 1) < 2^31.
  var crossbarSum: [Int32]
  /// Behind so many, all of `crossbarSum` is 0.
  var usedSums = 0
  /// Partial sums and Poisson input of the tick, by neuron within the core; 0 between ticks.
  var otherSum: [Int64]
  /// State words and scratch registers of neurons with programs.
  var micro: MicroState
  /// Blocks of neurons of which an update changes nothing.
  var rest: LaneRest
  private let initial: NeuronStates

  init(_ image: ProgramImage, _ tables: Tables) {
    micro = MicroState(image, tables.micro)
    initial = NeuronStates(v: image.neurons.v0, u: image.neurons.u0)
    neurons = initial
    let sizes = zip(image.cores.neuronBegin, image.cores.neuronBegin.dropFirst()).map { Int($1 - $0) }
    crossbarSum = [Int32](repeating: 0, count: sizes.max() ?? 0)
    otherSum = [Int64](repeating: 0, count: crossbarSum.count)
    rest = LaneRest(tables.lanes, cores: 0..<tables.coreCount)
  }

  /// Takes out what the core before has left.
  mutating func clearSums() {
    for j in 0..<usedSums { crossbarSum[j] = 0 }
    usedSums = 0
  }

  /// The state before the first tick of a sample.
  mutating func reset() {
    neurons.copy(initial)
    micro.reset()
    rest.reset()
  }
}
