/// The integers that a lane computes with: 32 bits where everything is known to fit, twice as many at a time as of 64.
protocol LaneNumber: FixedWidthInteger, SignedInteger, Sendable {
  /// ⌊y · factor / 2^k⌋.
  static func floored(_ y: Self, _ factor: Self, _ k: Self) -> Self
  /// y · factor / 2^k, rounded as `rounding` says.
  static func rounded(_ y: Self, _ factor: Self, _ k: Self, _ rounding: LaneRounding<Self>) -> Self
}

/// `Divider` without draws.
struct LaneRounding<Number: LaneNumber> {
  let ifNegative: Number
  let ifPositive: Number
  let even: Number

  init(_ divider: Divider) {
    ifNegative = Number(truncatingIfNeeded: divider.ifNegative)
    ifPositive = Number(truncatingIfNeeded: divider.ifPositive)
    even = Number(truncatingIfNeeded: divider.even)
  }
}

/// `Register` in the lane's integers.
struct LaneRegister<Number: LaneNumber> {
  private let low: Number
  private let high: Number
  private let drop: Number
  private let wraps: Bool

  init(_ register: Register) {
    low = Number(clamping: register.low)
    high = Number(clamping: register.high)
    drop = Number(max(0, Number.bitWidth - register.bits))
    wraps = register.wraps
  }

  /// F without a branch; who compares with x knows whether it did not fit.
  @inline(__always) func held(_ x: Number) -> Number {
    let wrapped = (x &<< drop) &>> drop
    let raised = x < low ? low : x
    let clamped = raised > high ? high : raised
    return wraps ? wrapped : clamped
  }
}

// No product overflows: |y| < 2^25, factor ≤ 2^32, k ≤ 32.
extension Int64: LaneNumber {
  @inline(__always) static func floored(_ y: Int64, _ factor: Int64, _ k: Int64) -> Int64 {
    (y &* factor) &>> k
  }

  @inline(__always)
  static func rounded(_ y: Int64, _ factor: Int64, _ k: Int64, _ rounding: LaneRounding<Int64>) -> Int64 {
    let z = y &* factor
    let mask = (1 &<< k) &- 1
    let sign = z &>> 63
    let nearest = ((mask &>> 1) &+ ((z &>> k) & 1)) & rounding.even
    let bias = (sign & rounding.ifNegative) | (~sign & rounding.ifPositive) | nearest
    return (z &+ (bias & mask)) &>> k
  }
}

// |y| < 2^25, 0 ≤ factor ≤ 2^13, 12 ≤ k ≤ 23. With y = h · 2^12 + l, 0 ≤ l < 2^12, the product is (h · factor) · 2^12 + l ·
// factor, and ⌊(a · 2^12 + b) / 2^k⌋ = ⌊(a + ⌊b / 2^12⌋) / 2^(k − 12)⌋: |h · factor| ≤ 2^26, l · factor < 2^25.
extension Int32: LaneNumber {
  static let largestFactor: Int64 = 1 << 13
  static let exponents: ClosedRange<Int> = 12...23

  @inline(__always) static func floored(_ y: Int32, _ factor: Int32, _ k: Int32) -> Int32 {
    let low = ((y & 4095) &* factor) &>> 12
    return ((y &>> 12) &* factor &+ low) &>> (k &- 12)
  }

  @inline(__always)
  static func rounded(_ y: Int32, _ factor: Int32, _ k: Int32, _ rounding: LaneRounding<Int32>) -> Int32 {
    let low = (y & 4095) &* factor
    let high = (y &>> 12) &* factor
    let mask = (1 &<< k) &- 1
    // The product has the sign of y; where it is 0 by the factor, every rounding of it must be 0 as well.
    let sign = (y &>> 31) & (factor == 0 ? 0 : -1)
    let floor = (high &+ low &>> 12) &>> (k &- 12)
    let nearest = ((mask &>> 1) &+ (floor & 1)) & rounding.even
    let bias = ((sign & rounding.ifNegative) | (~sign & rounding.ifPositive) | nearest) & mask
    return (high &+ bias &>> 12 &+ (low &+ (bias & 4095)) &>> 12) &>> (k &- 12)
  }
}
