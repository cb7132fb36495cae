import Foundation

extension MeanField {
  /// A state whose rates are self-consistent, and whether the network stays there.
  public struct FixedPoint: Sendable, Equatable {
    /// Hertz, one per population.
    public var rates: [Double]
    /// Largest real part of the eigenvalues of Φ' − 1, per relaxation time; the state is stable below 0.
    public var growth: Double

    public var isStable: Bool { growth < 0 }
  }

  /// Linear stability under ν' = Φ(ν) − ν, the dynamics that `solve` follows: every population relaxes in the same time.
  ///
  /// This is about rates that drift apart. Oscillations that come from delays, as in Brunel's synchronous states, are not
  /// in it.
  public func fixedPoint(at rates: [Double]) -> FixedPoint {
    var matrix = jacobian(rates)
    for a in matrix.indices { matrix[a][a] -= 1 }
    return FixedPoint(rates: rates, growth: spectralAbscissa(matrix))
  }

  /// The fixed points that silence and the highest rates lead to, ascending; one where both lead to the same.
  ///
  /// Highest rates: 1/t_ref, at most `most` hertz. Unstable states lie between two stable ones and are not looked for.
  public func fixedPoints(most: Double = 1000) -> [FixedPoint] {
    let high = populations.map { $0.threshold.isFinite ? min(1 / $0.refractory, most) : 0 }
    var found: [[Double]] = []
    for start in [nil, high] {
      let solution = solve(from: start)
      guard solution.isConverged else { continue }
      let isNew = !found.contains { known in
        zip(known, solution.rates).allSatisfy { abs($0 - $1) <= 1e-6 * max($0, $1, 1) }
      }
      if isNew { found.append(solution.rates) }
    }
    return found.map(fixedPoint)
  }
}

/// Largest real part of a real matrix's eigenvalues.
///
/// ln‖e^(A·2^k)‖ / 2^k, by squaring: what is not the slowest mode falls behind by the k-th power of a power, and what a
/// matrix that is not normal adds is divided by 2^k. Good to 1e-9 of ‖A‖. Edge cases: 0 by 0 is −∞; not a number in,
/// not a number out.
func spectralAbscissa(_ matrix: [[Double]]) -> Double {
  let n = matrix.count
  guard n > 0 else { return -.infinity }
  func norm(_ a: [[Double]]) -> Double { a.map { $0.reduce(0) { $0 + abs($1) } }.max() ?? 0 }
  func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    a.map { row in
      (0..<n).map { column in (0..<n).reduce(0) { $0 + row[$1] * b[$1][column] } }
    }
  }
  let size = norm(matrix)
  guard size > 0 else { return size.isNaN ? .nan : 0 }
  guard size.isFinite else { return .nan }
  // e^(A h) by its series, ‖A h‖ = 1/2.
  let h = 0.5 / size
  var power = (0..<n).map { a in (0..<n).map { a == $0 ? 1.0 : 0 } }
  var term = power
  for order in 1...20 {
    term = product(term, matrix.map { $0.map { $0 * h / Double(order) } })
    for a in 0..<n { for b in 0..<n { power[a][b] += term[a][b] } }
  }
  // e^(A h 2^k) = e^logScale · power.
  var logScale = 0.0
  var time = h
  for _ in 0..<50 {
    let scale = norm(power)
    guard scale > 0, scale.isFinite else { return .nan }
    power = power.map { $0.map { $0 / scale } }
    logScale = 2 * (logScale + log(scale))
    power = product(power, power)
    time *= 2
  }
  return (logScale + log(norm(power))) / time
}
