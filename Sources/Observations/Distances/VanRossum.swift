import Glibc

/// Van Rossum distance of two spike trains, in spikes.
///
/// ```
/// f(t) = Σ_i H(t − a_i)·e^(−(t − a_i)/τ)        g(t) the same of b        D² = (2/τ)·∫ (f − g)² dt
/// ```
/// So one spike without a counterpart is at distance 1, two spikes far apart at √2; τ → ∞ gives the difference of the
/// spike counts, τ → 0 the root of the number of spikes that the other train does not have. Van Rossum's own 1/τ makes
/// all of it smaller by √2. The tail after the last spike counts.
///
/// The integral is taken over the signed merged train: between two events f − g = m·e^(−t/τ), which contributes
/// m²·(1 − e^(−2Δ/τ)). All terms are positive, so that nothing cancels: equal trains give exactly 0.
///
/// - Parameters:
///   - a: spike times in seconds, ascending; a time that stands twice counts twice. The same for `b`.
///   - timeConstant: τ in seconds, positive.
///
/// **Cost**: one exponential and one `expm1` per spike.
///
/// **Source**: M. van Rossum, A novel spike distance, Neural Computation 13 (2001); factor 2 and markage: C. Houghton and
/// T. Kreuz, On the efficient calculation of van Rossum distances, Network 23 (2012).
public func vanRossumDistance(_ a: [Double], _ b: [Double], timeConstant: Double) -> Double {
  var (i, j) = (0, 0)
  /// f − g just after the last event, and when that was.
  var height = 0.0
  var last = 0.0
  var sum = 0.0
  while i < a.count || j < b.count {
    let time = min(i < a.count ? a[i] : .infinity, j < b.count ? b[j] : .infinity)
    if height != 0 {
      let gap = (time - last) / timeConstant
      sum -= height * height * expm1(-2 * gap)
      height *= exp(-gap)
    }
    while i < a.count, a[i] == time {
      height += 1
      i += 1
    }
    while j < b.count, b[j] == time {
      height -= 1
      j += 1
    }
    last = time
  }
  return (sum + height * height).squareRoot()
}
