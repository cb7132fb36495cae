extension Chip {
  /// What the datapath `additive` has beside the fields that it shares with the leaky unit: an integrator without decay,
  /// whose bias is a leak by a constant, with a threshold on both sides. docs/emulator-semantics.md §3.6.
  ///
  /// **Source:** A. S. Cassidy et al., "Cognitive computing building block: a versatile and efficient digital neuron model
  /// for neurosynaptic cores", IJCNN 2013, whose equations the three chips of this kind follow in parts.
  public struct Additive: Sendable, Equatable {
    /// When the leak is added.
    public enum LeakOrder: String, Sendable, Codable, CaseIterable {
      case beforeThreshold, afterThreshold
      /// As each neuron's codes say.
      case either
    }
    /// How the potential is compared with the negative threshold.
    public enum NegativeComparison: String, Sendable, Codable, CaseIterable {
      case less = "<"
      case lessOrEqual = "<="
    }

    /// Whether a neuron's leak can have the sign of its potential (or the other one).
    public var leakReversal: Bool
    public var leakOrder: LeakOrder
    /// β; the negative threshold is −β.
    public var negativeThresholds: ClosedRange<Int>
    public var negativeComparison: NegativeComparison
    /// Whether a neuron can stop at −β instead of being reset below it.
    public var saturation: Bool
    /// Whether the reset mode `none` exists.
    public var nonReset: Bool

    public init(
      leakReversal: Bool, leakOrder: LeakOrder, negativeThresholds: ClosedRange<Int>,
      negativeComparison: NegativeComparison, saturation: Bool, nonReset: Bool
    ) {
      self.leakReversal = leakReversal
      self.leakOrder = leakOrder
      self.negativeThresholds = negativeThresholds
      self.negativeComparison = negativeComparison
      self.saturation = saturation
      self.nonReset = nonReset
    }
  }
}

extension Chip.Timing {
  /// `timing.kind` neuronMajor: a core takes its neurons one after the other, and for each of them all axons, whether they
  /// hold a spike or not. A tick of a core with N neurons and A axons takes
  /// ```
  /// setupCycles + N · (A · axonCycles + neuronCycles) + finishCycles
  /// ```
  /// cycles. Every column and every axon that the core has counts, used or not.
  public struct NeuronMajor: Sendable, Equatable {
    public var setupCycles: Int
    public var axonCycles: Int
    public var neuronCycles: Int
    public var finishCycles: Int

    public init(setupCycles: Int, axonCycles: Int, neuronCycles: Int, finishCycles: Int) {
      self.setupCycles = setupCycles
      self.axonCycles = axonCycles
      self.neuronCycles = neuronCycles
      self.finishCycles = finishCycles
    }

    /// Cycles of one neuron on a core with so many axons.
    public func perNeuron(axons: Int) -> Int { axons * axonCycles + neuronCycles }

    /// Cycles from the beginning of the update to the end of a core's tick, without `setupCycles`.
    public func update(_ core: Chip.Core) -> Int {
      core.neurons * perNeuron(axons: core.axons) + finishCycles
    }
  }
}
