/// Non-negative least squares: minimizes Σ (Σ_k rows[i][k] · x[k] − 1)² over x ≥ 0, so that with rows divided by what they
/// should give, relative errors count.
///
/// **Source:** Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23, on the normal equations.
struct NonNegativeFit {
  private(set) var solution: [Double]

  private let normal: [[Double]]
  private let right: [Double]
  /// Unknowns that are not held at 0.
  private var free: [Bool]

  init(_ rows: [[Double]]) {
    let width = rows.first?.count ?? 0
    // Columns are scaled to length 1, so that one tolerance does for terms of any size.
    let scale = (0..<width).map { k in
      let length = rows.reduce(0) { $0 + $1[k] * $1[k] }.squareRoot()
      return length > 0 ? 1 / length : 0
    }
    var normal = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
    var right = [Double](repeating: 0, count: width)
    for row in rows {
      let scaled = zip(row, scale).map { $0 * $1 }
      for j in 0..<width {
        right[j] += scaled[j]
        for k in 0..<width { normal[j][k] += scaled[j] * scaled[k] }
      }
    }
    self.normal = normal
    self.right = right
    solution = [Double](repeating: 0, count: width)
    free = [Bool](repeating: false, count: width)
    for _ in 0..<3 * width {
      guard let next = steepest() else { break }
      free[next] = true
      descend()
    }
    solution = zip(solution, scale).map { $0 * $1 }
  }

  private static let tolerance = 1e-10

  /// The unknown at 0 that the sum falls fastest along; nil at its least.
  private func steepest() -> Int? {
    let gradient = solution.indices.map { j in
      right[j] - zip(normal[j], solution).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let held = solution.indices.filter { !free[$0] && gradient[$0] > Self.tolerance }
    return held.max { gradient[$0] < gradient[$1] }
  }

  /// Goes to the least of the free unknowns, and holds those at 0 that get there on the way.
  private mutating func descend() {
    while true {
      let least = unconstrained()
      let falling = solution.indices.filter { free[$0] && least[$0] <= 0 }
      guard !falling.isEmpty else {
        solution = least
        return
      }
      let steps = falling.map { solution[$0] / max(solution[$0] - least[$0], .leastNormalMagnitude) }
      let step = steps.min() ?? 0
      for j in solution.indices where free[j] { solution[j] += step * (least[j] - solution[j]) }
      for (j, length) in zip(falling, steps) where length <= step {
        solution[j] = 0
        free[j] = false
      }
    }
  }

  /// The free unknowns' normal equations by elimination; they are positive definite, so no row is exchanged.
  private func unconstrained() -> [Double] {
    let used = free.indices.filter { free[$0] }
    var matrix = used.map { j in used.map { normal[j][$0] } + [right[j]] }
    for i in used.indices {
      let pivot = max(matrix[i][i], Self.tolerance * Self.tolerance)
      for k in used.indices where k != i {
        let factor = matrix[k][i] / pivot
        for l in i...used.count { matrix[k][l] -= factor * matrix[i][l] }
      }
      for l in i...used.count { matrix[i][l] /= pivot }
    }
    var result = [Double](repeating: 0, count: free.count)
    for (i, j) in used.enumerated() { result[j] = matrix[i][used.count] }
    return result
  }
}
