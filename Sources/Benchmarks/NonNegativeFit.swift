/// Non-negative least squares: minimizes Σ (Σ_k rows[i][k] · x[k] − 1)² over x ≥ 0, so that with rows divided by what they
/// should give, relative errors count.
struct NonNegativeFit {
  private(set) var solution: [Double]

  /// Coordinate descent on the normal equations, which are convex: each step puts one unknown where the sum is least, at 0 if
  /// that is negative.
  init(_ rows: [[Double]]) {
    let width = rows.first?.count ?? 0
    var normal = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
    var right = [Double](repeating: 0, count: width)
    for row in rows {
      for j in 0..<width {
        right[j] += row[j]
        for k in 0..<width { normal[j][k] += row[j] * row[k] }
      }
    }
    solution = [Double](repeating: 0, count: width)
    for _ in 0..<Self.mostSweeps {
      var change = 0.0
      for j in 0..<width where normal[j][j] > 0 {
        var residual = right[j]
        for k in 0..<width where k != j { residual -= normal[j][k] * solution[k] }
        let best = max(0, residual / normal[j][j])
        // Scaled by the column, so that terms of any size count alike.
        change = max(change, abs(best - solution[j]) * normal[j][j].squareRoot())
        solution[j] = best
      }
      if change < Self.smallestChange { return }
    }
  }

  private static let mostSweeps = 100_000
  private static let smallestChange = 1e-9
}
