import Foundation

/// The scaled complementary error function: erfcx(s) = e^(s²)·erfc(s), s ≥ 0. Good to a few units of the last place.
///
/// Below 6 as the product, with the rounding of s² made up for; from 6 on by the continued fraction
/// `√π erfcx(s) = 1/(s + (1/2)/(s + (2/2)/(s + (3/2)/(s + …))))`, whose 30 levels are exact there.
///
/// **Source:** Abramowitz and Stegun 7.1.14.
func scaledErfc(_ s: Double) -> Double {
  if s < 6 {
    let square = s * s
    let rest = (-square).addingProduct(s, s)
    return exp(square) * (1 + rest) * erfc(s)
  }
  var tail = 0.0
  for level in stride(from: 30.0, to: 0, by: -1) { tail = level / 2 / (s + tail) }
  return 1 / (Double.pi.squareRoot() * (s + tail))
}

/// ∫_a^b erfcx(s) ds for 0 ≤ a ≤ b: panels that grow with s, since erfcx falls as 1/(s√π).
func scaledErfcIntegral(from a: Double, to b: Double) -> Double {
  var sum = 0.0
  var low = a
  while low < b {
    let high = min(b, low + 0.5 + low / 2)
    sum += GaussPanel.standard.integral(from: low, to: high, of: scaledErfc)
    low = high
  }
  return sum
}

/// ∫_a^b e^(u² − b²)·g(u) du for 0 ≤ a ≤ b, g smooth and of moderate size.
///
/// With u = b − t the factor is e^(−t(2b − t)), which falls by at most e² per panel of width 1/max(b, 1). Where it is
/// below e^−45 nothing is left to add.
func peakedIntegral(from a: Double, to b: Double, of g: (Double) -> Double) -> Double {
  let width = 1 / max(b, 1)
  let end = min(b - a, b > 7 ? 45 / b : b)
  var sum = 0.0
  var low = 0.0
  while low < end {
    let high = min(end, low + width)
    sum += GaussPanel.standard.integral(from: low, to: high) { t in exp(-t * (2 * b - t)) * g(b - t) }
    low = high
  }
  return sum
}
