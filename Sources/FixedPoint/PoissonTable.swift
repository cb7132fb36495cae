import Foundation

/// Thresholds that turn 32 random bits into a Poisson count: k is the number of thresholds that are ≤ the draw.
///
/// ```
/// thresholds[j] = ⌊ P(K ≤ j) · 2^32 ⌋,  j = 0, 1, …   while the rest 1 − P(K ≤ j) is at least 2^−32
/// ```
/// So P(k) is met to 2^−32, and the same table gives the same counts everywhere.
///
/// - Parameter mean: expected count per draw, 0 ≤ mean ≤ 10^6; 0 gives an empty table (k is always 0).
///
/// **Source:** inversion of the cumulative distribution, p(j) = e^(j·ln m − m − ln j!), both sums
/// compensated (Kahan), so that means beyond 700, where e^−m underflows, keep their digits.
public func poissonThresholds(mean: Double) -> [UInt32] {
  precondition(mean >= 0 && mean <= 1e6, "a Poisson mean must be in 0…10^6")
  if mean == 0 { return [] }
  let unit = 4_294_967_296.0
  var thresholds: [UInt32] = []
  var cumulative = CompensatedSum()
  var logFactorial = CompensatedSum()
  var j = 0.0
  while true {
    if j > 1 { logFactorial.add(log(j)) }
    let p = exp(j * log(mean) - mean - logFactorial.value)
    cumulative.add(p)
    // Far above the mean p falls faster than geometrically: nothing that follows can reach 2^−32.
    if (1 - cumulative.value) * unit < 1 || (j > mean && p * unit < 0x1p-20) { return thresholds }
    thresholds.append(UInt32(max(cumulative.value * unit, 0)))
    j += 1
  }
}

/// Kahan's sum: the error does not grow with the number of terms.
private struct CompensatedSum {
  private(set) var value = 0.0
  private var carry = 0.0

  mutating func add(_ x: Double) {
    let term = x - carry
    let next = value + term
    carry = (next - value) - term
    value = next
  }
}
