import NetworkIR

/// Integer weights for the synapses of one population, and how well they fit.
struct WeightCodes {
  /// Network units per code.
  var lsb: Double
  /// Parallel to the connections that were given.
  var codes: [SparseMatrix<Int32>]
  var clipped: Int
}

/// Chooses the weight scale and the codes of one population.
///
/// `nearest`: the largest |J| takes the largest code; every weight its nearest code.
///
/// `rate`: a neuron's rate follows its mean drive Σ_j J_ij·p_j. Two things are done for it.
/// 1. The scale minimises Σ (Ĵ − J)² over a range of clipping points, which is the variance of the drive's error when
///    sources differ.
/// 2. Per neuron and connection, the rounding direction of those weights that lie nearest to a half is chosen so that
///    |Σ_j (Ĵ_ij − J_ij)| ≤ half a code, which is the drive's error when sources are alike. Nearest rounding leaves
///    about √(n/12) codes of it.
///
/// Does not: look at how often sources fire.
func quantizeWeights(
  _ matrices: [SparseMatrix<Double>], codeMaximum: Int, minimumLSB: Double, rounding: WeightRounding
) -> WeightCodes {
  let largest = matrices.flatMap { $0.value.lazy.map(abs) }.max() ?? 0
  let plain = max(largest / Double(codeMaximum), minimumLSB)
  guard largest > 0 else {
    return WeightCodes(lsb: plain, codes: matrices.map { $0.mapRows { _, _ in 0 } }, clipped: 0)
  }
  var lsb = plain
  if rounding == .rate {
    var best = Double.infinity
    // Clipping more than half of the range never pays for normal or uniform weights down to 2 bits.
    for step in 0...50 {
      let candidate = max(plain * (1 - 0.01 * Double(step)), minimumLSB)
      let error = squaredError(matrices, lsb: candidate, codeMaximum: codeMaximum)
      if error < best {
        best = error
        lsb = candidate
      }
    }
  }
  var clipped = 0
  let codes = matrices.map { matrix in
    var rounded = matrix.mapRows { _, value -> Int32 in
      let code = (value / lsb).rounded(.toNearestOrEven)
      if abs(code) > Double(codeMaximum) { clipped += 1 }
      return Int32(min(max(code, -Double(codeMaximum)), Double(codeMaximum)))
    }
    if rounding == .rate { balanceRows(of: &rounded, wanted: matrix, lsb: lsb, codeMaximum: codeMaximum) }
    return rounded
  }
  return WeightCodes(lsb: lsb, codes: codes, clipped: clipped)
}

private func squaredError(
  _ matrices: [SparseMatrix<Double>], lsb: Double, codeMaximum: Int
) -> Double {
  let limit = Double(codeMaximum)
  var sum = 0.0
  for matrix in matrices {
    for value in matrix.value {
      let x = value / lsb
      let error = x - min(max(x.rounded(.toNearestOrEven), -limit), limit)
      sum += error * error
    }
  }
  return sum * lsb * lsb
}

/// Moves the fewest and cheapest codes by one so that every row's sum is within half a code of what was wanted.
private func balanceRows(
  of codes: inout SparseMatrix<Int32>, wanted: SparseMatrix<Double>, lsb: Double, codeMaximum: Int
) {
  for row in 0..<codes.rows {
    let range = codes.range(row)
    let rests = range.map { wanted.value[$0] / lsb - Double(codes.value[$0]) }
    let excess = rests.reduce(0, +)
    var moves = Int(excess.rounded(.toNearestOrEven))
    if moves == 0 { continue }
    let direction: Int32 = moves > 0 ? 1 : -1
    moves = abs(moves)
    // A rest beyond a half is a clipped weight: it has no code to move to. Ties go to the lower column.
    let order = rests.indices
      .filter { Double(direction) * rests[$0] > 0 && abs(rests[$0]) <= 0.5 }
      .sorted { a, b in
        let x = abs(rests[a])
        let y = abs(rests[b])
        return x != y ? x > y : a < b
      }
    for k in order.prefix(moves) {
      let at = range.lowerBound + k
      if abs(codes.value[at] + direction) <= Int32(codeMaximum) { codes.value[at] += direction }
    }
  }
}
