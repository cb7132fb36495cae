import ProgramImage

/// One neuron's state.
struct NeuronState: Sendable {
  /// Membrane and synaptic current, integers of `stateBits` bits (one more after v − reset).
  var v: Int32
  var u: Int32
  /// Ticks for which the neuron is still held.
  var refractory: Int32 = 0
  /// What became of it in the tick that was updated last.
  var outcome = Outcome.none
  /// Where it fired: how often, 1 … spikesPerTick, or at most once per event.
  var spikes: UInt16 = 0

  enum Outcome: UInt8, Sendable {
    /// Active, did not fire, may be kicked.
    case quiet
    case fired
    /// Refractory.
    case held
    /// Inactive, or a partial neuron, which has no state.
    case none
  }
}

/// State of all neurons of all cores, and the sums that the core at work hands from integration to update.
struct CoreState: Sendable {
  /// [rows]
  var neurons: [NeuronState]
  /// Σ weight · count over the axons of the tick's slot, by neuron within the core.
  ///
  /// Int32 cannot overflow: axons · axonCountMaximum · 2^(weightBits − 1) < 2^31.
  var crossbarSum: [Int32]
  /// Partial sums and Poisson input of the tick, by neuron within the core; 0 between ticks.
  var otherSum: [Int64]
  /// State words and scratch registers of neurons with programs.
  var micro: MicroState
  private let initial: [NeuronState]

  init(_ image: ProgramImage, _ tables: Tables) {
    micro = MicroState(image, tables.micro)
    initial = zip(image.neurons.v0, image.neurons.u0).map { NeuronState(v: $0, u: $1) }
    neurons = initial
    let sizes = zip(image.cores.neuronBegin, image.cores.neuronBegin.dropFirst()).map { Int($1 - $0) }
    crossbarSum = [Int32](repeating: 0, count: sizes.max() ?? 0)
    otherSum = [Int64](repeating: 0, count: crossbarSum.count)
  }

  /// The state before the first tick of a sample.
  mutating func reset() {
    for row in neurons.indices { neurons[row] = initial[row] }
    micro.reset()
  }
}
