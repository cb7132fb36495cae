extension WeightTables {
  /// Synapses by neurons, sources numbered one connection after the other.
  struct Problem {
    var begin: [Int] = [0]
    var source: [Int] = []
    /// The code that is wanted, not rounded.
    var wanted: [Double] = []
    var sources = 0
    var types: Int
    var axons: Int
    var codeMaximum: Double

    var neurons: Int { begin.count - 1 }
    var subsets: Int { 1 << types }

    init(_ matrices: [SparseMatrix<Double>], lsb: Double, types: Int, axons: Int, codeMaximum: Int) {
      self.types = min(types, 6)
      self.axons = axons
      self.codeMaximum = Double(codeMaximum)
      for i in 0..<(matrices.first?.rows ?? 0) {
        var first = 0
        for matrix in matrices {
          for k in matrix.range(i) {
            source.append(first + Int(matrix.column[k]))
            wanted.append(matrix.value[k] / lsb)
          }
          first += matrix.columns
        }
        begin.append(source.count)
      }
      sources = matrices.reduce(0) { $0 + $1.columns }
    }
  }

  /// Tables to begin with, by the largest and the smallest weight that a neuron wants.
  enum Beginning: CaseIterable {
    /// Powers of two, the last one negative.
    case complement
    /// Half of the types positive, half negative, powers of two each, that reach the ends as sums.
    case signs
    /// Likewise, the largest of each as large as the ends.
    case ends
  }
}

extension WeightTables.Problem {
  func table(_ beginning: WeightTables.Beginning) -> [Double] {
    var table: [Double] = []
    for i in 0..<neurons {
      let own = wanted[begin[i]..<begin[i + 1]]
      let high = max(own.max() ?? 0, 0)
      let low = min(own.min() ?? 0, 0)
      var values: [Double]
      switch (beginning, low < 0, high > 0) {
      case (.complement, true, true):
        let unit = max(high / Double(1 << (types - 1) - 1), -low / Double(1 << (types - 1)))
        values = (0..<types).map { $0 == types - 1 ? -Double(1 << $0) * unit : Double(1 << $0) * unit }
      case (_, true, true):
        let positive = (types + 1) / 2
        values =
          Self.powers(positive, to: high, beginning) + Self.powers(types - positive, to: low, beginning)
      default: values = Self.powers(types, to: high > 0 ? high : low, beginning)
      }
      table += values.map { min(max($0.rounded(), -codeMaximum), codeMaximum) }
    }
    return table
  }

  private static func powers(_ count: Int, to end: Double, _ beginning: WeightTables.Beginning) -> [Double] {
    (0..<count).map { k in
      beginning == .ends ? end / Double(1 << k) : end * Double(1 << k) / Double(1 << count - 1)
    }
  }
}
