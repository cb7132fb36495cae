import NetworkIR

/// Integer weights for the synapses of one population, and how well they fit.
struct WeightCodes {
  /// Network units per code.
  var lsb: Double
  /// Parallel to the connections that were given.
  var codes: [SparseMatrix<Int32>]
  var clipped: Int
  /// Where every axon has a type: the codes of each connection by types, as sums of which `codes` are.
  var types: [[AxonClasses.Part]]?
  /// Whether they were changed for that.
  var isShared = false

  /// What becomes of the n-th connection's axons; `whole` are its codes without zeros.
  func parts(_ n: Int, whole: SparseMatrix<Int16>) -> [AxonClasses.Part] {
    types?[n] ?? [AxonClasses.Part(number: 0, matrix: whole)]
  }
}

/// Chooses the weight scale and the codes of one population.
///
/// `nearest`: the largest |J| takes the largest code; every weight its nearest code.
///
/// `rate`: a neuron's rate follows its mean drive Σ_j J_ij·p_j. Two things are done for it.
/// 1. The scale minimises the squared error of the drive when sources differ: Σ (Ĵ − J)² over synapses, plus the
///    Poisson stimuli, which share the scale, each counted as often as it exceeds a source that fires once in 100 ticks.
///    Scales from half to one and a half of the plain one are tried: finer ones clip, coarser ones
///    may meet weights that are multiples of each other.
/// 2. Per neuron and connection, the rounding direction of those weights that lie nearest to a half is chosen so that
///    |Σ_j (Ĵ_ij − J_ij)| ≤ half a code, which is the drive's error when sources are alike. Nearest rounding leaves
///    about √(n/12) codes of it.
///
/// Does not: look at how often sources fire.
func quantizeWeights(
  _ matrices: [SparseMatrix<Double>], poisson: [LegalPopulation.Poisson], codeMaximum: Int,
  minimumLSB: Double, rounding: WeightRounding
) -> WeightCodes {
  let largest = matrices.reduce(0) { max($0, $1.value.reduce(0) { max($0, abs($1)) }) }
  let plain = max(largest / Double(codeMaximum), minimumLSB)
  guard largest > 0 else {
    return WeightCodes(lsb: plain, codes: matrices.map { $0.mapRows { _, _ in 0 } }, clipped: 0)
  }
  var lsb = plain
  if rounding == .rate {
    let trial = ScaleTrial(matrices, poisson: poisson, codeMaximum: codeMaximum)
    var best = Double.infinity
    for step in 0...500 {
      let candidate = max(plain * (0.5 + 0.002 * Double(step)), minimumLSB)
      let error = trial.squaredError(lsb: candidate)
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

/// What a scale is judged by.
private struct ScaleTrial {
  /// A sample of the weights, evenly spaced: 20 000 settle a scale as well as all of them.
  private var values: [Double] = []
  /// Poisson steps and how many synapses each is worth.
  private var stimuli: [(step: Double, worth: Double)] = []
  private var limit: Double

  init(_ matrices: [SparseMatrix<Double>], poisson: [LegalPopulation.Poisson], codeMaximum: Int) {
    limit = Double(codeMaximum)
    let total = matrices.reduce(0) { $0 + $1.value.count }
    let stride = max(1, total / 20_000)
    for matrix in matrices {
      for k in Swift.stride(from: 0, to: matrix.value.count, by: stride) { values.append(matrix.value[k]) }
    }
    for stimulus in poisson {
      let worth = max(1, stimulus.mean * 100)
      for step in stimulus.step { stimuli.append((step, worth * worth / Double(stride))) }
    }
  }

  func squaredError(lsb: Double) -> Double {
    var sum = 0.0
    for value in values {
      let x = value / lsb
      let error = x - min(max(x.rounded(.toNearestOrEven), -limit), limit)
      sum += error * error
    }
    for (step, worth) in stimuli {
      let error = step / lsb - (step / lsb).rounded(.toNearestOrEven)
      sum += worth * error * error
    }
    return sum * lsb * lsb
  }
}

/// Moves the fewest and cheapest codes by one so that every row's sum is within half a code of what was wanted.
private func balanceRows(
  of codes: inout SparseMatrix<Int32>, wanted: SparseMatrix<Double>, lsb: Double, codeMaximum: Int
) {
  for row in 0..<codes.rows {
    let range = codes.range(row)
    var excess = 0.0
    for k in range { excess += wanted.value[k] / lsb - Double(codes.value[k]) }
    var moves = Int(excess.rounded(.toNearestOrEven))
    if moves == 0 { continue }
    let rests = range.map { wanted.value[$0] / lsb - Double(codes.value[$0]) }
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
