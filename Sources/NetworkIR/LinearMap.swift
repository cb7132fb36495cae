/// One linear step. A bias is a constant amplitude added in every tick.
public enum LinearMap: Sendable, Equatable {
  /// y = W x (+ b); weight row-major [out, in].
  case dense(weight: [Double], rows: Int, columns: Int, bias: [Double]?)
  /// y_i = s_i x_i.
  case diagonal([Double])
  /// Compressed rows: for output i, entries begin[i] ..< begin[i+1] of (column, weight).
  case sparse(begin: [Int], column: [Int32], weight: [Double], columns: Int)
  case convolution(Convolution)
  case pool(Pool)
}

extension LinearMap {
  /// Length of the vector that comes out.
  public var rows: Int {
    switch self {
    case .dense(_, let rows, _, _): rows
    case .diagonal(let scale): scale.count
    case .sparse(let begin, _, _, _): begin.count - 1
    case .convolution(let convolution): convolution.rows
    case .pool(let pool): pool.rows
    }
  }
  /// Length of the vector that goes in.
  public var columns: Int {
    switch self {
    case .dense(_, _, let columns, _): columns
    case .diagonal(let scale): scale.count
    case .sparse(_, _, _, let columns): columns
    case .convolution(let convolution): convolution.columns
    case .pool(let pool): pool.columns
    }
  }

  /// The constant added to every output; nil where there is none.
  public var bias: [Double]? {
    switch self {
    case .dense(_, _, _, let bias): bias
    case .convolution(let convolution):
      convolution.bias.map { bias in
        let plane = convolution.vertical.output * convolution.horizontal.output
        return (0..<convolution.rows).map { bias[$0 / plane] }
      }
    case .diagonal, .sparse, .pool: nil
    }
  }

  /// The same map without its constant.
  public var withoutBias: LinearMap {
    switch self {
    case .dense(let weight, let rows, let columns, _):
      return .dense(weight: weight, rows: rows, columns: columns, bias: nil)
    case .convolution(var convolution):
      convolution.bias = nil
      return .convolution(convolution)
    case .diagonal, .sparse, .pool: return self
    }
  }

  /// Calls `body` for every stored weight of an output, columns ascending. A sparse map's columns come as they are
  /// stored, and may repeat; their weights add up. Zeros of a dense map are left out.
  public func forEachEntry(inRow i: Int, _ body: (_ column: Int, _ weight: Double) -> Void) {
    switch self {
    case .dense(let weight, _, let columns, _):
      for j in 0..<columns where weight[i * columns + j] != 0 { body(j, weight[i * columns + j]) }
    case .diagonal(let scale): body(i, scale[i])
    case .sparse(let begin, let column, let weight, _):
      for k in begin[i]..<begin[i + 1] { body(Int(column[k]), weight[k]) }
    case .convolution(let convolution): convolution.forEachEntry(inRow: i, body)
    case .pool(let pool): pool.forEachEntry(inRow: i, body)
    }
  }

  /// Result for the input vector x (length `columns`); the bias is added last.
  public func apply(_ x: [Double]) -> [Double] {
    var y = (0..<rows).map { i in
      var sum = 0.0
      forEachEntry(inRow: i) { j, weight in
        if x[j] != 0 { sum += weight * x[j] }
      }
      return sum
    }
    if let bias {
      for i in y.indices { y[i] += bias[i] }
    }
    return y
  }
}
