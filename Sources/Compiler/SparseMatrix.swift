import NetworkIR

/// Compressed rows of a matrix [targets, sources]; zeros are not stored.
struct SparseMatrix<Value: Sendable & Equatable>: Sendable, Equatable {
  /// [rows + 1]
  var begin: [Int]
  var column: [Int32]
  var value: [Value]
  var columns: Int

  var rows: Int { begin.count - 1 }
  func range(_ row: Int) -> Range<Int> { begin[row]..<begin[row + 1] }

  func mapRows<T>(_ transform: (Int, Value) -> T) -> SparseMatrix<T> {
    var result: [T] = []
    result.reserveCapacity(value.count)
    for row in 0..<rows {
      for k in range(row) { result.append(transform(row, value[k])) }
    }
    return SparseMatrix<T>(begin: begin, column: column, value: result, columns: columns)
  }
}

extension SparseMatrix<Double> {
  /// The matrix of a chain of linear maps, without its constant part.
  ///
  /// A chain is multiplied out from its end, row by row, so that a dense matrix before a diagonal one costs
  /// no more than itself. Exact zeros vanish: a synapse of weight zero is no synapse.
  init(composing maps: [LinearMap]) {
    var product = SparseMatrix(maps[0])
    for map in maps.dropFirst() { product = SparseMatrix(map).times(product) }
    self = product
  }

  private init(_ map: LinearMap) {
    if case .sparse(let begin, let column, let weight, let columns) = map {
      let whole = SparseMatrix(begin: begin, column: column, value: weight, columns: columns)
      if whole.isAscendingWithoutZeros {
        self = whole
        return
      }
    }
    self.init(begin: [0], column: [], value: [], columns: map.columns)
    var isAscending = true
    for i in 0..<map.rows {
      let first = column.count
      map.forEachEntry(inRow: i) { j, weight in
        guard weight != 0 else { return }
        if column.count > first, Int(column[column.count - 1]) >= j { isAscending = false }
        column.append(Int32(j))
        value.append(weight)
      }
      if !isAscending { mergeRow(from: first) }
      isAscending = true
      begin.append(column.count)
    }
  }

  /// Whether the arrays of a sparse map are those of the matrix already, so that they need not be copied.
  private var isAscendingWithoutZeros: Bool {
    if value.contains(0) { return false }
    for i in 0..<rows {
      for k in range(i).dropFirst() where column[k] <= column[k - 1] { return false }
    }
    return true
  }

  /// Sorts the last row's columns; repeated ones are one synapse of the summed weight.
  private mutating func mergeRow(from first: Int) {
    let entries = zip(column[first...], value[first...]).sorted { $0.0 < $1.0 }
    column.removeSubrange(first...)
    value.removeSubrange(first...)
    for (j, weight) in entries {
      if column.count > first, column[column.count - 1] == j {
        value[value.count - 1] += weight
      } else {
        column.append(j)
        value.append(weight)
      }
    }
  }

  /// self · right.
  private func times(_ right: SparseMatrix) -> SparseMatrix {
    var result = SparseMatrix(begin: [0], column: [], value: [], columns: right.columns)
    var sums = [Double](repeating: 0, count: right.columns)
    var touched = [Bool](repeating: false, count: right.columns)
    for i in 0..<rows {
      var columnsOfRow: [Int32] = []
      for k in range(i) {
        for m in right.range(Int(column[k])) {
          let j = Int(right.column[m])
          if !touched[j] {
            touched[j] = true
            columnsOfRow.append(Int32(j))
          }
          sums[j] += value[k] * right.value[m]
        }
      }
      for j in columnsOfRow.sorted() {
        if sums[Int(j)] != 0 {
          result.column.append(j)
          result.value.append(sums[Int(j)])
        }
        sums[Int(j)] = 0
        touched[Int(j)] = false
      }
      result.begin.append(result.column.count)
    }
    return result
  }

  /// Sum of two matrices of equal shape.
  func adding(_ other: SparseMatrix) -> SparseMatrix {
    var result = SparseMatrix(begin: [0], column: [], value: [], columns: columns)
    for i in 0..<rows {
      var a = begin[i]
      var b = other.begin[i]
      while a < begin[i + 1] || b < other.begin[i + 1] {
        let ja = a < begin[i + 1] ? column[a] : Int32.max
        let jb = b < other.begin[i + 1] ? other.column[b] : Int32.max
        let sum = (ja <= jb ? value[a] : 0) + (jb <= ja ? other.value[b] : 0)
        if sum != 0 {
          result.column.append(min(ja, jb))
          result.value.append(sum)
        }
        if ja <= jb { a += 1 }
        if jb <= ja { b += 1 }
      }
      result.begin.append(result.column.count)
    }
    return result
  }
}
