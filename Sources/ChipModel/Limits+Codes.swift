import Diagnostics
import FixedPoint

// Ranges of the codes of synapses and neurons.

extension Limits {
  static let weightRange = Limit(
    "limit.weight", "weight code", problem: "does not fit the crossbar",
    remedy: "Compile the program again for this chip"
  ) { signed($0.crossbar.weightBits) }

  /// A weight's code.
  public static func weight(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    weightRange.check(code, subject: subject, chip: chip)
  }

  static let thresholdRange = Limit(
    "limit.threshold", "threshold code", problem: "has a threshold that does not fit its register",
    remedy: "Use a smaller scale, or wider thresholds (--set datapath.thresholdBits)"
  ) { signed($0.datapath.thresholdBits, shift: $0.datapath.thresholdShift) }

  /// A threshold's code: a mantissa times 2^thresholdShift.
  public static func threshold(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    thresholdRange.check(code, subject: subject, chip: chip)
      ?? steps(code, 1 << chip.datapath.thresholdShift, of: thresholdRange, subject: subject, chip: chip)
  }

  static let biasRange = Limit(
    "limit.bias", "bias code", problem: "has a bias that does not fit its register",
    remedy: "Use a smaller scale, or wider biases (--set datapath.biasBits)"
  ) { signed($0.datapath.biasBits, shift: $0.datapath.biasExponents.upperBound) }

  /// A bias' code: a mantissa of biasBits times 2^e, e one of biasExponents.
  public static func bias(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    biasRange.check(code, subject: subject, chip: chip)
      ?? steps(code, chip.datapath.biasStep(code), of: biasRange, subject: subject, chip: chip)
  }

  /// Codes that are a mantissa times a power of two have steps.
  private static func steps(
    _ code: Int, _ step: Int, of limit: Limit, subject: String, chip: Chip
  ) -> Diagnostic? {
    if code % step == 0 { return nil }
    return Diagnostic(
      limit.id, subject: subject, problem: "has a \(limit.name) between two that the chip has",
      found: "\(code)", expected: "a multiple of \(step) (chip \(chip.name))", remedy: limit.remedy)
  }

  static let stateRange = Limit(
    "limit.state", "state code (initial values, reset, kick, floor)",
    problem: "has a state that does not fit its register",
    remedy: "Use a smaller scale, or a wider state (--set datapath.stateBits)"
  ) { signed($0.datapath.stateBits) }

  /// A code of the state's width: v0, u0, reset, kick, floor.
  public static func state(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    stateRange.check(code, subject: subject, chip: chip)
  }

  static let decayMantissa = Limit(
    "limit.decay", "decay code", problem: "has a decay code that does not fit its register",
    remedy: "Compile the program again for this chip"
  ) { 0...1 << $0.datapath.decayBits }

  static let decayExponent = Limit(
    "limit.decayExponent", "decay exponent", problem: "has a decay exponent that the chip does not have",
    remedy: "Compile the program again for this chip"
  ) { $0.datapath.decayExponents }

  /// A decay d / 2^k: d is at most 2^decayBits, k one of the chip's exponents. An emptied synaptic current
  /// (d = 2^k) is always allowed.
  public static func decay(_ code: Int, exponent: Int, subject: String, chip: Chip) -> Diagnostic? {
    if (0...31).contains(exponent), code == 1 << exponent, decayExponent.allowed(chip).contains(exponent) {
      return nil
    }
    return decayExponent.check(exponent, subject: subject, chip: chip)
      ?? decayMantissa.check(code, subject: subject, chip: chip)
  }

  static let gainRange = Limit(
    "limit.gain", "gain code", problem: "has a gain that does not fit its register",
    remedy: "Compile the program again for this chip"
  ) { 1...1 << $0.datapath.gainBits }

  /// A gain's code; 2^gainBits is unity.
  public static func gain(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    gainRange.check(code, subject: subject, chip: chip)
  }

  static let weightExponent = Limit(
    "limit.weightExponent", "weight exponent", problem: "has a weight exponent that the chip does not have",
    remedy: "Compile the program again for this chip"
  ) { $0.datapath.weightExponents }

  /// A weight exponent.
  public static func weightExponent(_ exponent: Int, subject: String, chip: Chip) -> Diagnostic? {
    weightExponent.check(exponent, subject: subject, chip: chip)
  }

  static let refractoryTicks = Limit(
    "limit.refractory", "ticks of refractory time",
    problem: "has a refractory time that does not fit its counter",
    remedy: "Choose a larger --dt, or a wider counter (--set datapath.refractoryBits)"
  ) { 0...(1 << $0.datapath.refractoryBits) - 1 }

  /// A refractory time in ticks.
  public static func refractory(ticks: Int, population: String, chip: Chip) -> Diagnostic? {
    refractoryTicks.check(ticks, subject: "population \(population)", chip: chip)
  }

  static let poissonWeight = Limit(
    "limit.poissonWeight", "weight code of a Poisson stimulus",
    problem: "has a Poisson weight that is too large",
    remedy: "Use a smaller scale, or weaker and more numerous sources"
  ) { _ in -(1 << 15)...1 << 15 }

  /// The code of a Poisson stimulus' weight.
  public static func poissonWeight(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    poissonWeight.check(code, subject: subject, chip: chip)
  }

  /// Whether a core's largest possible sum stays below 2^31 (docs/emulator-semantics.md §7).
  static func accumulator(core: Chip.Core, crossbar: Chip.Crossbar) -> Diagnostic? {
    let largest = core.axons * core.axonCountMaximum << (crossbar.weightBits - 1)
    guard largest >= 1 << 31 else { return nil }
    return Diagnostic(
      "limit.sum", subject: "core",
      problem: "axons · (2^axonCountBits − 1) · 2^(weightBits − 1) is too large for exact sums",
      found: "\(largest)", expected: "less than \(1 << 31)",
      remedy: "Use fewer axons, narrower counts or narrower weights")
  }

  private static func signed(_ bits: Int, shift: Int = 0) -> ClosedRange<Int> {
    let range = signedRange(bits: bits)
    return Int(range.lowerBound) << shift...Int(range.upperBound) << shift
  }
}
