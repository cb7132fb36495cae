/// Magnitude beyond which a number of a network is refused, so that sums of products stay finite.
let largestMagnitude = 1e100

/// The whole number nearest to `x`, ties to even; ±2^62 beyond that, 0 for NaN.
///
/// For numbers that are only this large when an error has been reported already, and passes go on to find more.
func wholeNumber(_ x: Double) -> Int {
  x.isNaN ? 0 : Int(min(max(x.rounded(.toNearestOrEven), -0x1p62), 0x1p62))
}
