/// How a quotient by a power of two becomes an integer.
public enum Rounding: String, Sendable, Codable, CaseIterable {
  case towardZero, awayFromZero, floor, ceil, nearestEven, stochastic
}

/// `x / 2^k`, rounded.
///
/// - Parameter x: any value; the caller keeps `|x| < 2^62`.
/// - Parameter k: 0…62.
/// - Parameter draw: 32 random bits, used by `stochastic` only: the result is `⌊(x + (draw mod 2^k)) / 2^k⌋`
///   for k ≤ 32 and uses `draw · 2^(k−32)` beyond.
///
/// Edge cases: `nearestEven` sends halves to the even neighbour; k = 0 returns x.
@inlinable
public func shiftRight(_ x: Int64, by k: Int, _ rounding: Rounding, draw: UInt32 = 0) -> Int64 {
  if k == 0 { return x }
  let unit = Int64(1) << Int64(k)
  switch rounding {
  case .floor: return x >> Int64(k)
  case .ceil: return (x &+ unit &- 1) >> Int64(k)
  case .towardZero: return (x &+ ((x >> 63) & (unit &- 1))) >> Int64(k)
  case .awayFromZero: return (x &+ (~(x >> 63) & (unit &- 1))) >> Int64(k)
  case .nearestEven:
    let quotient = x >> Int64(k)
    let rest = x &- (quotient << Int64(k))
    let half = unit >> 1
    return quotient &+ ((rest > half || (rest == half && quotient & 1 == 1)) ? 1 : 0)
  case .stochastic:
    let bits = k <= 32 ? Int64(draw) & (unit &- 1) : Int64(draw) << Int64(k - 32)
    return (x &+ bits) >> Int64(k)
  }
}

/// Smallest and largest value of a signed integer of `bits` bits.
@inlinable
public func signedRange(bits: Int) -> ClosedRange<Int64> {
  let top = Int64(1) << Int64(bits - 1)
  return -top...top - 1
}

/// What a register does with a value that does not fit.
public enum Overflow: String, Sendable, Codable, CaseIterable {
  case saturate
  /// As `saturate`, but the lowest value is that of a sign and a magnitude: −(2^(bits−1) − 1).
  case saturateSymmetric
  case wrap
}

/// `x` in a signed register of `bits` bits.
@inlinable
public func fit(_ x: Int64, bits: Int, _ overflow: Overflow) -> Int64 {
  let range = signedRange(bits: bits)
  switch overflow {
  case .saturate: return min(max(x, range.lowerBound), range.upperBound)
  case .saturateSymmetric: return min(max(x, -range.upperBound), range.upperBound)
  case .wrap:
    let drop = Int64(64 - bits)
    return (x << drop) >> drop
  }
}
