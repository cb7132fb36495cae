import ChipModel

extension ProgramImage {
  /// [neurons] each, or all empty on a chip of another datapath: what the datapath additive knows of a neuron beside
  /// bias (its leak λ), threshold and reset. docs/emulator-semantics.md §3.6.
  public struct AdditiveCodes: Sendable, Equatable {
    /// Sum of `LeakMode` bits.
    public var leakMode: [UInt8] = []
    /// β.
    public var negativeThreshold: [Int32] = []
    /// `NegativeMode`.
    public var negativeMode: [UInt8] = []
    /// Bit g: the neuron's synapses from axons of type g are stochastic. Empty where no neuron has any.
    public var stochasticTypes: [UInt16] = []
    public init() {}

    /// Adds one row.
    public mutating func append(leak: LeakMode, negativeThreshold: Int32, _ mode: NegativeMode) {
      leakMode.append(leak.rawValue)
      self.negativeThreshold.append(negativeThreshold)
      negativeMode.append(mode.rawValue)
    }
  }

  public struct LeakMode: OptionSet, Sendable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The leak is multiplied by the sign of the potential.
    public static let reversed = LeakMode(rawValue: 1)
    /// It is added after the comparison with the thresholds.
    public static let late = LeakMode(rawValue: 2)
    /// It is its own sign, or nothing, at random.
    public static let stochastic = LeakMode(rawValue: 4)
  }

  /// What happens below the negative threshold.
  public enum NegativeMode: UInt8, Sendable, CaseIterable {
    /// As the reset mode says: v ← −reset, v ← v + β + η, or nothing.
    case reset = 0
    /// v ← −β
    case saturate = 1
  }
}
