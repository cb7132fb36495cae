import NetworkIR

/// What leaves `legalize`: every population as one discrete update per tick, every projection as a matrix of
/// steps. Still in the network's own units and still without a chip's capacitances.
///
/// With λ = `decay`, per neuron and tick (docs/emulator-semantics.md §3.2 in real numbers):
/// ```
/// u ← (1 − λ_s)·u + Σ J s + c_u        only with a synaptic current; else u = Σ J s
/// v ← (1 − λ)·v + u + c
/// ```
struct LegalNetwork: Sendable {
  var network: Network
  var populations: [LegalPopulation]
  var connections: [Connection<Double>]
}

struct LegalPopulation: Sendable {
  var name: String
  var model: String
  var size: Int
  /// λ, fraction of v that leaks per tick; 0 for IF and I.
  var decay: [Double]
  /// Whether v is to keep nothing from one tick to the next (Threshold, readouts of a sum): λ = 1 in all neurons.
  var isMemoryless = false
  /// The compiler's own cells, which count spikes (`Network.withPoolRelays`).
  var isRelay = false
  /// λ_s, or nil where input acts at once.
  var synapseDecay: [Double]?
  /// c: added to v per tick (leak drive and constant currents). Network unit.
  var constant: [Double]
  /// u before the first tick (it carries a constant synaptic drive, see `Legalize`).
  var initialCurrent: [Double]
  var initial: [Double]
  /// nil for a readout.
  var firing: Firing?
  /// Mean events per tick, step of v per event, and the first draw index.
  var poisson: [Poisson]
  /// Random steps of v and of the threshold, and the first draw index; nil for none.
  var noise: Noise?
  /// Whether the steps of this population are charge packets (`Projection.Unit.step`).
  var stepsAreCharge: Bool
  /// Poisson events enter at the accumulator in the tick of their draw; the tick that `old` lets the current lag by is an
  /// axon delay, which they do not pass.
  var poissonIsEarly = false
  /// The author's own capacitance, for a population in volts.
  var capacitance: Double?
  /// A model that only a program can compute; then `constant` is the constant current's step of v per tick, and the other
  /// numbers but the connections' stand for nothing.
  var equations: NeuronEquations?

  struct Firing: Sendable {
    var threshold: [Double]
    /// Value taken (`zero`) or amount subtracted (`subtract`).
    var reset: [Double]
    var mode: Dynamics.ResetMode
    var inclusive: Bool
    var refractory: [Int]
  }
  struct Noise: Sendable {
    /// Standard deviations.
    var step: Double
    var threshold: Double
    var firstStream: UInt32
  }
  struct Poisson: Sendable {
    var mean: Double
    var step: [Double]
    var firstStream: UInt32
  }
}

/// All synapses from one source to one population that share a delay.
struct Connection<Value: Sendable & Equatable>: Sendable {
  var source: Projection.Source
  var target: Int
  /// [target size, source size]: step of v (or u) per spike.
  var matrix: SparseMatrix<Value>
  /// Ticks between a spike and its effect in the network (not on the chip).
  var delay: Int
  var isFeedback: Bool

  func replacing<T>(_ matrix: SparseMatrix<T>) -> Connection<T> {
    Connection<T>(source: source, target: target, matrix: matrix, delay: delay, isFeedback: isFeedback)
  }
}
