import FixedPoint
import Testing

/// Every rounding against its definition, in exact 128-bit arithmetic: q = shiftRight(z, k) is judged by z − q·2^k.
@Suite struct RoundingTests {
  static let exponents = [0, 1, 2, 3, 7, 12, 16, 23, 31, 32, 33, 47, 61, 62]

  /// Edges around multiples and halves of 2^k, and values of every magnitude.
  static func values(around k: Int) -> [Int64] {
    let limit = (Int64(1) << 62) - 1
    let unit = Int64(1) << Int64(k)
    var values: [Int64] = [limit, -limit]
    for multiple in -5...5 as ClosedRange<Int64> {
      let (product, overflow) = multiple.multipliedReportingOverflow(by: unit)
      guard !overflow else { continue }
      for offset in [-unit / 2, 0, unit / 2] {
        for near in -2...2 as ClosedRange<Int64> {
          let (value, outside) = product.addingReportingOverflow(offset + near)
          if !outside { values.append(value) }
        }
      }
    }
    for i in 0..<400 as Range<UInt32> {
      let words = CounterRandom.philox(i, UInt32(k), 0, 0, key: 1)
      let wide = Int64(bitPattern: UInt64(words.0) << 32 | UInt64(words.1))
      values.append(wide >> Int64(1 + words.2 % 62))
    }
    return values.filter { (-limit...limit).contains($0) }
  }

  /// z − q·2^k.
  func rest(_ z: Int64, _ q: Int64, _ k: Int) -> Int128 { Int128(z) - (Int128(q) << k) }

  @Test(arguments: exponents)
  func directedRoundings(k: Int) {
    let unit = Int128(1) << k
    for z in Self.values(around: k) {
      let floored = rest(z, shiftRight(z, by: k, .floor), k)
      #expect(floored >= 0 && floored < unit, "floor \(z) / 2^\(k)")
      let raised = rest(z, shiftRight(z, by: k, .ceil), k)
      #expect(raised <= 0 && raised > -unit, "ceil \(z) / 2^\(k)")
      let inward = rest(z, shiftRight(z, by: k, .towardZero), k)
      #expect(z >= 0 ? inward >= 0 && inward < unit : inward <= 0 && inward > -unit, "towardZero \(z)")
      let outward = rest(z, shiftRight(z, by: k, .awayFromZero), k)
      #expect(z >= 0 ? outward <= 0 && outward > -unit : outward >= 0 && outward < unit, "away \(z)")
    }
  }

  @Test(arguments: exponents)
  func nearestRounding(k: Int) {
    let unit = Int128(1) << k
    for z in Self.values(around: k) {
      let q = shiftRight(z, by: k, .nearestEven)
      let doubled = 2 * rest(z, q, k)
      #expect(abs(doubled) <= unit, "nearest \(z) / 2^\(k)")
      if k > 0, abs(doubled) == unit { #expect(q % 2 == 0, "tie \(z) / 2^\(k)") }
    }
  }

  /// Hermite: Σ_{r < 2^k} ⌊(z + r)/2^k⌋ = z, so over all draws the mean is z/2^k exactly.
  @Test(arguments: [1, 3, 8])
  func stochasticRoundingIsUnbiased(k: Int) {
    for z in -700...700 as ClosedRange<Int64> {
      let sum = (0..<UInt32(1) << UInt32(k)).reduce(Int64(0)) {
        $0 + shiftRight(z, by: k, .stochastic, draw: $1)
      }
      #expect(sum == z)
    }
  }

  @Test(arguments: exponents)
  func stochasticRoundingTakesTheLowBitsOfTheDraw(k: Int) {
    for (i, z) in Self.values(around: k).enumerated() {
      let draw = CounterRandom.philox(UInt32(i), 1, 2, 3, key: 4).0
      let added = k <= 32 ? Int128(draw) % (Int128(1) << k) : Int128(draw) << (k - 32)
      let q = shiftRight(z, by: k, .stochastic, draw: draw)
      let rest = Int128(z) + added - (Int128(q) << k)
      #expect(rest >= 0 && rest < Int128(1) << k, "\(z) / 2^\(k), draw \(draw)")
    }
  }

  @Test(arguments: [1, 2, 8, 17, 24, 32, 63])
  func registers(bits: Int) {
    let size = Int128(1) << bits
    let range = -(size / 2)...(size / 2 - 1)
    #expect(Int128(signedRange(bits: bits).lowerBound) == range.lowerBound)
    #expect(Int128(signedRange(bits: bits).upperBound) == range.upperBound)
    for x in Self.values(around: min(bits, 60)) {
      let saturated = Int128(fit(x, bits: bits, .saturate))
      #expect(saturated == min(max(Int128(x), range.lowerBound), range.upperBound))
      let wrapped = Int128(fit(x, bits: bits, .wrap))
      #expect(range.contains(wrapped) && (wrapped - Int128(x)) % size == 0, "wrap \(x)")
    }
  }
}
