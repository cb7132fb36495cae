import ChipModel
import FixedPoint

/// A division by a power of two as one addition and one shift: `⌊(z + b) / 2^k⌋`, where the rounding decides b.
///
/// With unit = 2^k, half = unit/2, q = ⌊z / unit⌋:
/// ```
/// floor        b = 0                          towardZero     b = unit − 1 if z < 0
/// ceil         b = unit − 1                   awayFromZero   b = unit − 1 if z ≥ 0
/// nearestEven  b = half − 1 + (q mod 2)       stochastic     b = r mod unit, r the draw
/// ```
/// k = 0 returns z: every b is masked with unit − 1. The masks are resolved once, so the loop has no switch.
struct Divider: Sendable {
  private let ifNegative: Int64
  private let ifPositive: Int64
  private let even: Int64
  private let random: Int64
  let needsDraw: Bool

  init(_ rounding: Rounding) {
    ifNegative = rounding == .towardZero || rounding == .ceil ? -1 : 0
    ifPositive = rounding == .awayFromZero || rounding == .ceil ? -1 : 0
    even = rounding == .nearestEven ? -1 : 0
    random = rounding == .stochastic ? -1 : 0
    needsDraw = rounding == .stochastic
  }

  /// - Parameter z: |z| < 2^61 (docs/emulator-semantics.md §7 bounds every product below that).
  /// - Parameter k: 0 … 32.
  @inline(__always) func divide(_ z: Int64, _ k: Int64, draw: UInt32) -> Int64 {
    let mask = (1 &<< k) &- 1
    let sign = z &>> 63
    let nearest = ((mask &>> 1) &+ ((z &>> k) & 1)) & even
    let bias = (sign & ifNegative) | (~sign & ifPositive) | nearest | (Int64(draw) & random)
    return (z &+ (bias & mask)) &>> k
  }
}

/// The datapath's rules that all neurons share, resolved once per run.
struct Rules: Sendable {
  let retained: Bool
  let decayDivider: Divider
  let inputDivider: Divider
  let minimumStep: Int64
  let accumulator: Register
  /// u, and v.
  let synapse: Register
  let membrane: Register
  /// What u' + bias goes through; nil for nothing.
  let drive: Register?
  /// Whether input joins u before its decay.
  let inputFirst: Bool
  let spikesPerTick: UInt16
  let seed: UInt64

  init(_ datapath: Chip.LeakyDatapath, seed: UInt64) {
    retained = datapath.decayOf == .retained
    decayDivider = Divider(datapath.decayRounding)
    inputDivider = Divider(datapath.inputRounding)
    minimumStep = Int64(datapath.minimumStep)
    accumulator = Register(bits: datapath.accumulatorBits, datapath.accumulatorOverflow)
    synapse = Register(bits: datapath.stateBits, datapath.synapseOverflow)
    membrane = Register(bits: datapath.stateBits, datapath.stateOverflow)
    drive = datapath.driveOverflow.map { Register(bits: datapath.stateBits, $0) }
    inputFirst = datapath.synapseInput == .beforeDecay
    spikesPerTick = UInt16(datapath.spikesPerTick)
    self.seed = seed
  }
}

/// A register's range, and what it does with a value outside.
struct Register: Sendable {
  private let low: Int64
  private let high: Int64
  /// 64 − bits: how far to shift left and back for a wrap.
  private let drop: Int64
  private let wraps: Bool

  init(bits: Int, _ overflow: Overflow) {
    let range = signedRange(bits: bits)
    high = range.upperBound
    low = overflow == .saturateSymmetric ? -high : range.lowerBound
    drop = Int64(64 - bits)
    wraps = overflow == .wrap
  }

  /// F: a value in its register; `overflows` counts values that did not fit.
  @inline(__always) func fitted(_ x: Int64, _ overflows: inout UInt64) -> Int64 {
    if x >= low && x <= high { return x }
    overflows &+= 1
    return wraps ? (x &<< drop) &>> drop : (x < low ? low : high)
  }
}
