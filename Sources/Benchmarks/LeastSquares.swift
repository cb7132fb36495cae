/// c with the least Σ (Σ c·a − b)², by elimination on the normal equations; columns are scaled to the same size first.
struct LeastSquares {
  let solution: [Double]
  /// [rows] b − Σ c·a.
  let residuals: [Double]

  /// - Parameters:
  ///   - a: [rows][columns] of full rank, more rows than columns.
  ///   - b: [rows]
  init(_ a: [[Double]], _ b: [Double]) {
    let columns = a[0].count
    let scale = (0..<columns).map { j in a.map { abs($0[j]) }.max() ?? 1 }
    var m = (0..<columns).map { i in
      (0..<columns).map { j in a.reduce(0) { $0 + $1[i] * $1[j] / (scale[i] * scale[j]) } }
        + [zip(a, b).reduce(0) { $0 + $1.0[i] * $1.1 / scale[i] }]
    }
    for i in 0..<columns {
      let pivot = (i..<columns).max { abs(m[$0][i]) < abs(m[$1][i]) } ?? i
      m.swapAt(i, pivot)
      for k in 0..<columns where k != i {
        let factor = m[k][i] / m[i][i]
        for j in i...columns { m[k][j] -= factor * m[i][j] }
      }
    }
    let solution = (0..<columns).map { m[$0][columns] / m[$0][$0] / scale[$0] }
    self.solution = solution
    residuals = zip(a, b).map { row, value in value - zip(row, solution).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
