import ChipModel

extension WeightTables {
  /// The codes of every matrix that the tables were made for, and their parts by types.
  func codes(like matrices: [SparseMatrix<Double>]) -> (
    codes: [SparseMatrix<Int32>], types: [[AxonClasses.Part]]
  ) {
    var codes = matrices.map { $0.mapRows { _, _ in Int32(0) } }
    let empty = matrices.map { SparseMatrix<Int16>(begin: [0], column: [], value: [], columns: $0.columns) }
    var parts = empty.map { matrix in (0..<problem.types).map { AxonClasses.Part(number: $0, matrix: matrix) }
    }
    for i in 0..<problem.neurons {
      var k = problem.begin[i]
      for n in matrices.indices {
        for e in matrices[n].range(i) {
          for t in 0..<problem.types where bits[k] >> UInt8(t) & 1 == 1 {
            let weight = Int16(table[i * problem.types + t])
            if weight == 0 { continue }
            codes[n].value[e] += Int32(weight)
            parts[n][t].matrix.column.append(matrices[n].column[e])
            parts[n][t].matrix.value.append(weight)
          }
          k += 1
        }
        for t in 0..<problem.types { parts[n][t].matrix.begin.append(parts[n][t].matrix.column.count) }
      }
    }
    return (codes, parts)
  }
}

extension WeightCodes {
  /// Makes weights that a chip with types of axons holds: as they are where one axon per source is enough, else by
  /// `WeightTables`. Any other chip holds them as they are.
  ///
  /// A neuron with more sources than a core has axons keeps its weights: another limit stands against it.
  mutating func fitTypes(of chip: Chip, to matrices: [SparseMatrix<Double>], codeMaximum: Int) {
    guard let count = chip.crossbar.axonTypes else { return }
    types = oneTypeEach(count)
    let fanIn = (0..<(matrices.first?.rows ?? 0)).map { i in matrices.reduce(0) { $0 + $1.range(i).count } }
    let axons = chip.routing.partialPackets ? Int.max / 64 : chip.core.axons
    if types != nil || lsb <= 0 || (fanIn.max() ?? 0) > axons { return }
    let tables = WeightTables(matrices, lsb: lsb, types: count, axons: axons, codeMaximum: codeMaximum)
    let result = tables.codes(like: matrices)
    codes = result.codes
    types = result.types
    isShared = true
    clipped = 0
  }

  /// Sources in order take the lowest type that contradicts none before them; nil where `types` are too few. Exact for sources
  /// that each have one weight, such as excitatory and inhibitory ones.
  private func oneTypeEach(_ types: Int) -> [[AxonClasses.Part]]? {
    let rows = codes.first?.rows ?? 0
    var table = [Int32](repeating: 0, count: rows * types)
    var parts: [[AxonClasses.Part]] = []
    for matrix in codes {
      var synapses = [[(row: Int, code: Int32)]](repeating: [], count: matrix.columns)
      for i in 0..<rows {
        for k in matrix.range(i) where matrix.value[k] != 0 {
          synapses[Int(matrix.column[k])].append((i, matrix.value[k]))
        }
      }
      var typeOf = [Int](repeating: 0, count: matrix.columns)
      for (j, own) in synapses.enumerated() {
        let type = (0..<types).first { type in
          own.allSatisfy { [0, $0.code].contains(table[$0.row * types + type]) }
        }
        guard let type else { return nil }
        for synapse in own { table[synapse.row * types + type] = synapse.code }
        typeOf[j] = type
      }
      parts.append(
        (0..<types).map { type in
          let own = SparseMatrix<Int32>(
            begin: matrix.begin, column: matrix.column,
            value: zip(matrix.column, matrix.value).map { typeOf[Int($0)] == type ? $1 : 0 },
            columns: matrix.columns)
          return AxonClasses.Part(number: type, matrix: own.withoutZeros)
        })
    }
    return parts
  }
}
