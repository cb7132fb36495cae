import NetworkIR

/// A `LinearMap` stored by columns, so that work is proportional to the spikes.
///
/// Sums run over columns in ascending order, and the bias is added last, as `LinearMap.apply` does: same bits.
enum ColumnMap: Sendable {
  /// weight[column · rows + row].
  case dense(weight: [Double], rows: Int, bias: [Double]?)
  case diagonal([Double])
  /// For column j, entries begin[j] ..< begin[j+1] of (row, weight).
  case sparse(begin: [Int], row: [Int32], weight: [Double], rows: Int, bias: [Double]?)

  init(_ map: LinearMap) {
    switch map {
    case .dense(let weight, let rows, let columns, let bias):
      var turned = [Double](repeating: 0, count: weight.count)
      for i in 0..<rows {
        for j in 0..<columns { turned[j * rows + i] = weight[i * columns + j] }
      }
      self = .dense(weight: turned, rows: rows, bias: bias)
    case .diagonal(let scale): self = .diagonal(scale)
    case .sparse, .convolution, .pool: self = Self.turned(map)
    }
  }

  private static func turned(_ map: LinearMap) -> ColumnMap {
    var begin = [Int](repeating: 0, count: map.columns + 1)
    for i in 0..<map.rows {
      map.forEachEntry(inRow: i) { column, _ in begin[column + 1] += 1 }
    }
    for j in 0..<map.columns { begin[j + 1] += begin[j] }
    var next = begin
    var row = [Int32](repeating: 0, count: begin[map.columns])
    var weights = [Double](repeating: 0, count: row.count)
    for i in 0..<map.rows {
      map.forEachEntry(inRow: i) { column, weight in
        row[next[column]] = Int32(i)
        weights[next[column]] = weight
        next[column] += 1
      }
    }
    return .sparse(begin: begin, row: row, weight: weights, rows: map.rows, bias: map.bias)
  }

  /// The map's result for a vector given by its non-zero elements, ascending.
  func apply(_ active: [(index: Int, value: Double)]) -> [Double] {
    switch self {
    case .dense(let weight, let rows, let bias):
      var y = [Double](repeating: 0, count: rows)
      for (j, x) in active {
        for i in 0..<rows { y[i] += weight[j * rows + i] * x }
      }
      return Self.adding(bias, to: y)
    case .diagonal(let scale):
      var y = [Double](repeating: 0, count: scale.count)
      for (j, x) in active { y[j] = scale[j] * x }
      return y
    case .sparse(let begin, let row, let weight, let rows, let bias):
      var y = [Double](repeating: 0, count: rows)
      for (j, x) in active {
        for k in begin[j]..<begin[j + 1] { y[Int(row[k])] += weight[k] * x }
      }
      return Self.adding(bias, to: y)
    }
  }

  private static func adding(_ bias: [Double]?, to y: [Double]) -> [Double] {
    guard let bias else { return y }
    return zip(y, bias).map { $0 + $1 }
  }
}
