import FixedPoint

extension LeakRule {
  /// The states that no longer decay, D(v) = v, as an interval around 0, limited to `range`.
  ///
  /// With e = ⌈2^k/d⌉ − 1 (largest |v| whose exact leak is below one code) and h = ⌊2^(k−1)/d⌋:
  ///
  /// | rule | stuck from | to |
  /// |---|---|---|
  /// | leak floor, retained ceil | 0 | e |
  /// | leak ceil, retained floor | −e | 0 |
  /// | leak towardZero, retained awayFromZero | −e | e |
  /// | leak awayFromZero, retained towardZero | 0 | 0 |
  /// | leak nearestEven | −h | h |
  /// | retained nearestEven | −h | h, less 1 on both sides if d·h = 2^(k−1) and h is odd (the tie goes away) |
  ///
  /// Edge cases: d = 0 leaks nothing, so all of `range`; a minimum step leaves only 0, whatever d is;
  /// under stochastic rounding only 0 is stuck for certain (all of `range` for d = 0).
  public func deadZone(in range: ClosedRange<Int64>) -> ClosedRange<Int64> {
    if decayOf == .leak, minimumStep > 0 { return 0...0 }
    if decay == 0 { return range }
    let unit = Int64(1) << Int64(exponent)
    let edge = (unit + decay - 1) / decay - 1
    let (low, high): (Int64, Int64) =
      switch (decayOf, rounding) {
      case (.leak, .floor), (.retained, .ceil): (0, edge)
      case (.leak, .ceil), (.retained, .floor): (-edge, 0)
      case (.leak, .towardZero), (.retained, .awayFromZero): (-edge, edge)
      case (.leak, .awayFromZero), (.retained, .towardZero), (_, .stochastic): (0, 0)
      case (.leak, .nearestEven): (-(unit / 2 / decay), unit / 2 / decay)
      case (.retained, .nearestEven): (-retainedEvenEdge(half: unit / 2), retainedEvenEdge(half: unit / 2))
      }
    return max(low, range.lowerBound)...min(high, range.upperBound)
  }

  /// Largest v > 0 with |v·d/2^k| < 1/2, or = 1/2 and v even.
  private func retainedEvenEdge(half: Int64) -> Int64 {
    let edge = half / decay
    return edge * decay == half && edge % 2 == 1 ? edge - 1 : edge
  }

  /// The rheobase in codes: the smallest constant bias with which a neuron that starts at 0 ever gets above
  /// `top`, the largest state that does not fire (θ for `>`, θ − 1 for `≥`).
  ///
  /// `b = leak(top) + 1`: D never decreases, so v climbs until some leak is as large as the bias, and the leak is
  /// largest at the top. Leak floored: ⌊top·d/2^k⌋ + 1; retained toward zero: ⌈top·d/2^k⌉ + 1.
  /// Compare the real-valued rheobase, top·d/2^k: at small thresholds the codes can double it.
  ///
  /// Edge cases: top < 0 gives top + 1 (v = b after one tick). Nil under stochastic rounding, where any positive
  /// bias fires sooner or later.
  public func smallestFiringBias(top: Int64) -> Int64? {
    guard isDeterministic else { return nil }
    return top < 0 ? top + 1 : leak(top) + 1
  }
}
