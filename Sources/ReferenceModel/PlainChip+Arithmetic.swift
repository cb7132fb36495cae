import ChipModel
import FixedPoint

/// §3.2 in integers as a textbook has them: quotients rounded down, remainders, and comparisons. No shifts.
package enum PlainArithmetic {
  /// 2^k.
  package static func power(_ k: Int) -> Int {
    (0..<k).reduce(1) { product, _ in product * 2 }
  }

  /// ⌊z/unit⌋, unit > 0.
  package static func floorQuotient(_ z: Int, _ unit: Int) -> Int {
    let quotient = z / unit
    return z < 0 && quotient * unit != z ? quotient - 1 : quotient
  }

  /// z/unit, rounded; `random` is used by `stochastic` alone.
  package static func rounded(_ z: Int, over unit: Int, _ rounding: Rounding, random: Int) -> Int {
    let below = floorQuotient(z, unit)
    let rest = z - below * unit
    if rounding == .stochastic { return floorQuotient(z + random % unit, unit) }
    if rest == 0 { return below }
    let above = below + 1
    switch rounding {
    case .floor, .stochastic: return below
    case .ceil: return above
    case .towardZero: return z > 0 ? below : above
    case .awayFromZero: return z > 0 ? above : below
    case .nearestEven:
      if 2 * rest < unit { return below }
      if 2 * rest > unit { return above }
      return below % 2 == 0 ? below : above
    }
  }

  /// The value a signed register of `bits` bits holds after x is written to it.
  package static func register(_ x: Int, bits: Int, _ overflow: Overflow) -> Int {
    let half = power(bits - 1)
    switch overflow {
    case .saturate, .saturateSymmetric:
      let lowest = overflow == .saturate ? -half : 1 - half
      if x > half - 1 { return half - 1 }
      if x < lowest { return lowest }
      return x
    case .wrap:
      let size = 2 * half
      let low = x - floorQuotient(x, size) * size
      return low >= half ? low - size : low
    }
  }
}

extension PlainChip.SampleRun {
  /// D(y, d, k).
  func decayed(_ y: Int, _ d: Int, _ k: Int, draw: () -> UInt32) -> Int {
    let datapath = image.chip.datapath
    let unit = PlainArithmetic.power(k)
    let rounding = rules.decayRounding(datapath.decayRounding)
    let random = rounding == .stochastic ? Int(draw()) : 0
    switch rules.decayOf(datapath.decayOf) {
    case .retained:
      return PlainArithmetic.rounded(y * (unit - d), over: unit, rounding, random: random)
    case .leak:
      var leak = PlainArithmetic.rounded(y * d, over: unit, rounding, random: random)
      let step = rules.minimumStepApplies ? datapath.minimumStep : 0
      if step > 0, y != 0, abs(leak) < step {
        leak = y > 0 ? min(step, y) : -min(step, -y)
      }
      return y - leak
    }
  }

  /// R_in(a · gain · 2^e / 2^g).
  func inputStep(_ a: Int, gain: Int, weightExponent: Int) -> Int {
    let datapath = image.chip.datapath
    return PlainArithmetic.rounded(
      a * gain * PlainArithmetic.power(weightExponent),
      over: PlainArithmetic.power(datapath.gainBits),
      rules.inputRounding(datapath.inputRounding), random: 0)
  }

  /// §8.
  func draw(_ purpose: CounterRandom.Purpose, index: Int, tick: Int) -> UInt32 {
    CounterRandom.draw(
      seed: image.seed, sample: UInt32(sample), tick: UInt32(tick), index: UInt32(index), purpose)
  }
}
