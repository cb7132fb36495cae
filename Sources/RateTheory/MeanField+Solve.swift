import Foundation

extension MeanField {
  /// Self-consistent rates.
  public struct Solution: Sendable, Equatable {
    /// Hertz, one per population.
    public var rates: [Double]
    /// Largest |Φ(ν) − ν|, hertz.
    public var residual: Double
    public var steps: Int
    /// Whether the residual is down to 1e-9 of the rates.
    public var isConverged: Bool
  }

  /// Follows ν' = Φ(ν) − ν from the given rates (silence, if left out) until it stands still.
  ///
  /// Implicit Euler steps (1/h + 1 − Φ')·δ = Φ(ν) − ν, whose length h grows as the residual falls: small steps follow the
  /// relaxation to the state that can be reached, large ones are Newton's and give all digits. Rates stay ≥ 0.
  ///
  /// Edge cases: with several stable states the starting rates decide which is found. A network without one (its
  /// rates grow without limit, as with excitation alone and no refractory time) is not converged after 2000 steps.
  /// Cost: five rates per population and step, and an elimination.
  public func solve(from start: [Double]? = nil) -> Solution {
    var rates = start ?? [Double](repeating: 0, count: populations.count)
    var force = difference(rates)
    var size = norm(force, at: rates)
    var h = 0.05
    var steps = 0
    while size > 1e-13, steps < 2000, size.isFinite {
      steps += 1
      var system = jacobian(rates)
      for a in system.indices {
        for b in system.indices { system[a][b] = (a == b ? 1 / h + 1 : 0) - system[a][b] }
      }
      guard let change = solveLinear(system, force) else {
        h /= 4
        continue
      }
      let next = zip(rates, change).map { max($0 + $1, 0) }
      let nextForce = difference(next)
      let nextSize = norm(nextForce, at: next)
      // A step may raise the residual on the way, but not by much.
      guard nextSize.isFinite, nextSize < 2 * size + 1e-13 else {
        h /= 4
        if h < 1e-12 { break }
        continue
      }
      // At the last digits nothing improves any more.
      if size < 1e-10, nextSize >= size { break }
      h *= min(max(size / max(nextSize, 1e-300), 0.5), 3) * 1.2
      (rates, force, size) = (next, nextForce, nextSize)
    }
    return Solution(
      rates: rates, residual: force.map(abs).max() ?? 0, steps: steps, isConverged: size < 1e-9)
  }

  private func difference(_ rates: [Double]) -> [Double] { zip(response(rates), rates).map { $0 - $1 } }

  /// Largest residual relative to its rate (to 1 Hz for smaller ones).
  private func norm(_ force: [Double], at rates: [Double]) -> Double {
    zip(force, rates).map { abs($0) / max($1, 1) }.max() ?? 0
  }

  /// Rates of the balanced state, to leading order in the number of synapses: those at which drift vanishes,
  /// Σ_b S_ab ν_b + c_a = 0; or, with `atThreshold`, at which it holds the mean membrane at the threshold,
  /// E + τ·drift = V_θ, which is the next order's larger part.
  ///
  /// Populations whose equations are the same have the same rate, as excitatory and inhibitory neurons of one kind with the
  /// same inputs do. Nil where the equations have no single solution all the same. A negative rate means that no balanced
  /// state exists.
  ///
  /// **Source:** van Vreeswijk and Sompolinsky 1996; Brunel 2000, section 4.
  public func balancedRates(atThreshold: Bool = false) -> [Double]? {
    let count = populations.count
    // One row per population: Σ_b S_ab ν_b = right.
    var rows = populations.map { population in
      guard atThreshold, let tau = population.timeConstant else {
        return [Double](repeating: 0, count: count) + [-population.drift]
      }
      return [Double](repeating: 0, count: count)
        + [(population.threshold - population.rest) / tau - population.drift]
    }
    for coupling in couplings { rows[coupling.target][coupling.source] += coupling.sum }
    /// Population → number of its equation.
    var equation: [Int] = []
    var distinct: [[Double]] = []
    for row in rows {
      let same = distinct.firstIndex { other in
        let size = row.map(abs).max() ?? 0
        return zip(row, other).allSatisfy { abs($0 - $1) <= 1e-6 * size }
      }
      equation.append(same ?? distinct.count)
      if same == nil { distinct.append(row) }
    }
    var matrix = [[Double]](
      repeating: [Double](repeating: 0, count: distinct.count), count: distinct.count)
    for (k, row) in distinct.enumerated() {
      for (p, column) in equation.enumerated() { matrix[k][column] += row[p] }
    }
    guard let rates = solveLinear(matrix, distinct.map { $0[count] }) else { return nil }
    return equation.map { rates[$0] }
  }
}

/// x with A x = b, by elimination with partial pivoting; nil if a pivot vanishes.
func solveLinear(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
  var a = matrix
  var x = right
  let n = right.count
  for k in 0..<n {
    var pivot = k
    for row in k..<n where abs(a[row][k]) > abs(a[pivot][k]) { pivot = row }
    let largest = matrix[pivot].map(abs).max() ?? 0
    guard abs(a[pivot][k]) > 1e-14 * largest, abs(a[pivot][k]).isFinite else { return nil }
    a.swapAt(k, pivot)
    x.swapAt(k, pivot)
    for row in k + 1..<max(n, k + 1) {
      let factor = a[row][k] / a[k][k]
      if factor == 0 { continue }
      for column in k..<n { a[row][column] -= factor * a[k][column] }
      x[row] -= factor * x[k]
    }
  }
  for k in stride(from: n - 1, through: 0, by: -1) {
    for column in k + 1..<max(n, k + 1) { x[k] -= a[k][column] * x[column] }
    x[k] /= a[k][k]
  }
  return x
}
