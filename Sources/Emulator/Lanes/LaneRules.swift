import ChipModel

/// The parts of the update that are chosen per segment, so that the loop has no test for them. None of them branches; what a
/// register does not hold is counted by comparing before and after.
protocol LaneDecay {
  /// D(y, d, k) of docs/emulator-semantics.md §3.2.
  static func decayed<Number>(
    _ y: Number, _ factor: Number, _ k: Number, _ rounding: LaneRounding<Number>, _ minimumStep: Number
  ) -> Number
}

enum FlooredLeak: LaneDecay {
  @inline(__always)
  static func decayed<Number>(
    _ y: Number, _ factor: Number, _ k: Number, _ rounding: LaneRounding<Number>, _ minimumStep: Number
  ) -> Number {
    y &- Number.floored(y, factor, k)
  }
}

enum FlooredRetained: LaneDecay {
  @inline(__always)
  static func decayed<Number>(
    _ y: Number, _ factor: Number, _ k: Number, _ rounding: LaneRounding<Number>, _ minimumStep: Number
  ) -> Number {
    Number.floored(y, factor, k)
  }
}

/// Any rounding, and a smallest step.
enum RoundedLeak: LaneDecay {
  @inline(__always)
  static func decayed<Number>(
    _ y: Number, _ factor: Number, _ k: Number, _ rounding: LaneRounding<Number>, _ minimumStep: Number
  ) -> Number {
    let leak = Number.rounded(y, factor, k, rounding)
    let size = leak < 0 ? 0 &- leak : leak
    let distance = y < 0 ? 0 &- y : y
    let least = minimumStep < distance ? minimumStep : distance
    let step = y < 0 ? 0 &- least : least
    return y &- (size < minimumStep ? step : leak)
  }
}

enum RoundedRetained: LaneDecay {
  @inline(__always)
  static func decayed<Number>(
    _ y: Number, _ factor: Number, _ k: Number, _ rounding: LaneRounding<Number>, _ minimumStep: Number
  ) -> Number {
    Number.rounded(y, factor, k, rounding)
  }
}

/// How the sum becomes x.
protocol LaneInput {
  static func scaled<Number: LaneNumber>(_ a: Number, _ code: LaneCode<Number>) -> Number
}

/// gain = 2^gainBits, e ≥ 0: exact, whatever the rounding.
enum WholeInput: LaneInput {
  @inline(__always)
  static func scaled<Number: LaneNumber>(_ a: Number, _ code: LaneCode<Number>) -> Number {
    a &<< code.wholeShift
  }
}

/// Of 64 bits only.
enum GainInput: LaneInput {
  @inline(__always)
  static func scaled<Number: LaneNumber>(_ a: Number, _ code: LaneCode<Number>) -> Number {
    code.rightShift >= 0
      ? Number.rounded(a, code.gain, code.rightShift, code.inputRounding)
      : (a &* code.gain) &<< (0 &- code.rightShift)
  }
}

/// Whether u keeps anything from tick to tick.
protocol LaneCurrent { static var isKept: Bool { get } }
enum KeptCurrent: LaneCurrent { static var isKept: Bool { true } }
enum NoCurrent: LaneCurrent { static var isKept: Bool { false } }

/// A segment's codes and the chip's rules in the lane's integers.
struct LaneCode<Number: LaneNumber> {
  let decay: Number
  let decayExponent: Number
  let synapseDecay: Number
  let synapseDecayExponent: Number
  let decayRounding: LaneRounding<Number>
  let minimumStep: Number
  let gain: Number
  let wholeShift: Number
  let rightShift: Number
  let inputRounding: LaneRounding<Number>
  let inputFirst: Bool
  let synapse: LaneRegister<Number>
  let membrane: LaneRegister<Number>
  let drive: LaneRegister<Number>
  /// The largest number where the neurons never fire.
  let limit: Number
  let floor: Number
  let reset: Number
  let refractory: Int32
  let subtracts: Bool

  init(_ code: NeuronCodes, fires: Bool, _ rules: Rules) {
    func number(_ x: Int64) -> Number { Number(truncatingIfNeeded: x) }
    decay = number(code.decay)
    decayExponent = Number(code.decayExponent)
    synapseDecay = number(code.synapseDecay)
    synapseDecayExponent = Number(code.synapseDecayExponent)
    decayRounding = LaneRounding(rules.decayDivider)
    minimumStep = number(rules.minimumStep)
    gain = Number(code.gain)
    wholeShift = Number(code.wholeShift)
    rightShift = Number(code.inputShift)
    inputRounding = LaneRounding(rules.inputDivider)
    inputFirst = rules.inputFirst
    synapse = LaneRegister(rules.synapse)
    membrane = LaneRegister(rules.membrane)
    drive = LaneRegister(rules.drive ?? Register.endless)
    limit = fires ? number(code.limit) : Number.max
    floor = Number(code.floor)
    reset = Number(code.reset)
    refractory = code.refractory
    subtracts = code.subtracts
  }
}
