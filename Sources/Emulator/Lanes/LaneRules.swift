import ChipModel

/// The parts of the update that are chosen per segment, so that the loop has no test for them. All work on Int64 without a
/// branch; what a register does not hold is counted by comparing before and after.
protocol LaneDecay {
  /// D(y, d, k) of docs/emulator-semantics.md §3.2.
  static func decayed(_ y: Int64, _ factor: Int64, _ k: Int64, _ rules: Rules) -> Int64
}

enum FlooredLeak: LaneDecay {
  @inline(__always)
  static func decayed(_ y: Int64, _ factor: Int64, _ k: Int64, _ rules: Rules) -> Int64 {
    y &- (y &* factor) &>> k
  }
}

enum FlooredRetained: LaneDecay {
  @inline(__always)
  static func decayed(_ y: Int64, _ factor: Int64, _ k: Int64, _ rules: Rules) -> Int64 {
    (y &* factor) &>> k
  }
}

/// Any rounding, and a smallest step.
enum RoundedLeak: LaneDecay {
  @inline(__always)
  static func decayed(_ y: Int64, _ factor: Int64, _ k: Int64, _ rules: Rules) -> Int64 {
    let leak = rules.decayDivider.divide(y &* factor, k, draw: 0)
    let size = leak < 0 ? 0 &- leak : leak
    let distance = y < 0 ? 0 &- y : y
    let least = rules.minimumStep < distance ? rules.minimumStep : distance
    let step = y < 0 ? 0 &- least : least
    return y &- (size < rules.minimumStep ? step : leak)
  }
}

enum RoundedRetained: LaneDecay {
  @inline(__always)
  static func decayed(_ y: Int64, _ factor: Int64, _ k: Int64, _ rules: Rules) -> Int64 {
    rules.decayDivider.divide(y &* factor, k, draw: 0)
  }
}

/// How the sum becomes x.
protocol LaneInput {
  static func scaled(_ a: Int64, _ code: NeuronCodes, _ rules: Rules) -> Int64
}

/// gain = 2^gainBits, e ≥ 0: exact, whatever the rounding.
enum WholeInput: LaneInput {
  @inline(__always)
  static func scaled(_ a: Int64, _ code: NeuronCodes, _ rules: Rules) -> Int64 {
    a &<< Int64(code.wholeShift)
  }
}

enum GainInput: LaneInput {
  @inline(__always)
  static func scaled(_ a: Int64, _ code: NeuronCodes, _ rules: Rules) -> Int64 {
    let shift = Int64(code.inputShift)
    let product = a &* Int64(code.gain)
    return shift >= 0 ? rules.inputDivider.divide(product, shift, draw: 0) : product &<< (0 &- shift)
  }
}

/// Whether u keeps anything from tick to tick.
protocol LaneCurrent { static var isKept: Bool { get } }
enum KeptCurrent: LaneCurrent { static var isKept: Bool { true } }
enum NoCurrent: LaneCurrent { static var isKept: Bool { false } }
