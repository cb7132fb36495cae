/// Weights on a chip whose crossbar holds a bit per synapse and whose neurons hold one weight per type of axon.
///
/// A source has an axon of each type of a set T, and a synapse the bits of those of them that it hears:
/// ```
/// w[i][s] = Σ_{t ∈ T_s} bit[i][s][t] · table[i][t]            T_s ⊆ types,  Σ_{s feeds i} |T_s| ≤ axons of a core
/// ```
/// So a source with axons of four types gives every neuron 16 sums of its own four weights: with {1, 2, 4, −8}·q all of a 4-bit
/// two's complement, with other tables what fits its weights better. Tables, sets and bits are chosen in turn for the
/// smallest squared error, from several beginnings: tables by least squares, bits one by one, and sets by how much error
/// each axon more saves, for as many axons as there are.
///
/// **Cost:** 2^types · (types + 2) operations per synapse and round, some 25 rounds. Of more than six types six are used.
///
/// Does not: look at how often sources fire, or choose sets per core. A population has one set per source.
struct WeightTables {
  /// Per type and neuron, whole numbers: index neuron · types + type.
  private(set) var table: [Double]
  /// Per source, and per synapse: a bit per type.
  private var set: [UInt8]
  private(set) var bits: [UInt8]
  private(set) var squaredError = Double.infinity

  let problem: Problem

  /// The best tables that are found.
  ///
  /// - Parameters:
  ///   - matrices: what feeds one population, in the network's unit.
  ///   - axons: how many all sources of a neuron may have; at least one for each.
  init(_ matrices: [SparseMatrix<Double>], lsb: Double, types: Int, axons: Int, codeMaximum: Int) {
    let problem = Problem(matrices, lsb: lsb, types: types, axons: axons, codeMaximum: codeMaximum)
    self.init(problem, [])
    for beginning in Beginning.allCases {
      var candidate = WeightTables(problem, problem.table(beginning))
      for _ in 0..<Self.firstRounds { candidate.improve() }
      if candidate.squaredError < squaredError { self = candidate }
    }
    var rounds = 0
    var next = self
    repeat {
      self = next
      next.improve()
      rounds += 1
    } while rounds < Self.mostRounds && next.squaredError < squaredError * (1 - 1e-4)
    if next.squaredError < squaredError { self = next }
  }

  private static let firstRounds = 3
  private static let mostRounds = 20

  private init(_ problem: Problem, _ table: [Double]) {
    self.problem = problem
    self.table = table
    set = [UInt8](repeating: 0, count: problem.sources)
    bits = [UInt8](repeating: 0, count: problem.source.count)
  }

  /// One round: sets and bits for the tables, tables for the bits, bits again.
  private mutating func improve() {
    chooseSets()
    chooseBits()
    chooseTables()
    chooseBits()
  }

  /// Σ_{t in subset} table[neuron][t] for all subsets.
  private func sums(_ neuron: Int, into sums: inout [Double]) {
    sums[0] = 0
    for subset in 1..<problem.subsets {
      let lowest = subset.trailingZeroBitCount
      sums[subset] = sums[subset & (subset - 1)] + table[neuron * problem.types + lowest]
    }
  }

  private mutating func chooseBits() {
    var sums = [Double](repeating: 0, count: problem.subsets)
    squaredError = 0
    for i in 0..<problem.neurons {
      self.sums(i, into: &sums)
      for k in problem.begin[i]..<problem.begin[i + 1] {
        let allowed = Int(set[problem.source[k]])
        var best = 0
        var least = problem.wanted[k] * problem.wanted[k]
        // The subsets of `allowed`, descending; of equal ones none.
        var subset = allowed
        while subset != 0 {
          let error = problem.wanted[k] - sums[subset]
          if error * error < least {
            least = error * error
            best = subset
          }
          subset = (subset - 1) & allowed
        }
        bits[k] = UInt8(best)
        squaredError += least
      }
    }
  }

  /// Least squares per neuron, rounded to codes. A type that no synapse uses keeps its weight.
  private mutating func chooseTables() {
    let n = problem.types
    for i in 0..<problem.neurons {
      var normal = [Double](repeating: 0, count: n * n)
      var right = [Double](repeating: 0, count: n)
      for k in problem.begin[i]..<problem.begin[i + 1] {
        for t in 0..<n where bits[k] >> UInt8(t) & 1 == 1 {
          right[t] += problem.wanted[k]
          for u in 0..<n where bits[k] >> UInt8(u) & 1 == 1 { normal[t * n + u] += 1 }
        }
      }
      let solution = solved(normal, right)
      for t in 0..<n where normal[t * n + t] > 0 {
        table[i * n + t] = min(max(solution[t].rounded(), -problem.codeMaximum), problem.codeMaximum)
      }
    }
  }

  // MARK: - Sets

  /// A set's error is that of its best bits; each source gets the sets on the lower hull of error over axons, the steepest
  /// steps of all sources first, as long as every neuron has axons enough.
  private mutating func chooseSets() {
    let subsets = problem.subsets
    var errors = [Double](repeating: 0, count: problem.sources * subsets)
    var sums = [Double](repeating: 0, count: subsets)
    var best = sums
    for i in 0..<problem.neurons {
      self.sums(i, into: &sums)
      for k in problem.begin[i]..<problem.begin[i + 1] {
        for subset in 0..<subsets {
          let error = problem.wanted[k] - sums[subset]
          best[subset] = error * error
        }
        for t in 0..<problem.types {
          for subset in 0..<subsets where subset >> t & 1 == 1 {
            best[subset] = min(best[subset], best[subset ^ 1 << t])
          }
        }
        let first = problem.source[k] * subsets
        for subset in 0..<subsets { errors[first + subset] += best[subset] }
      }
    }
    struct Step {
      var source: Int
      var set: Int
      var axons: Int
      var slope: Double
    }
    var steps: [Step] = []
    for s in 0..<problem.sources {
      var cheapest = [Int](repeating: 0, count: problem.types + 1)
      let own = errors[s * subsets..<(s + 1) * subsets]
      for axons in 1...problem.types {
        cheapest[axons] =
          (0..<subsets).filter { $0.nonzeroBitCount == axons }
          .min { own[own.startIndex + $0] < own[own.startIndex + $1] } ?? 0
      }
      var from = 0
      while from < problem.types {
        let now = own[own.startIndex + cheapest[from]]
        var step = Step(source: s, set: 0, axons: 0, slope: 0)
        for to in from + 1...problem.types {
          let slope = (now - own[own.startIndex + cheapest[to]]) / Double(to - from)
          if slope > step.slope * (1 + 1e-9) {
            step = Step(source: s, set: cheapest[to], axons: to - from, slope: slope)
          }
        }
        if step.axons == 0 { break }
        steps.append(step)
        from += step.axons
      }
    }
    steps.sort { ($0.slope, $1.source) > ($1.slope, $0.source) }
    let fed = neuronsOfSources()
    var used = [Int](repeating: 0, count: problem.neurons)
    set = [UInt8](repeating: 0, count: problem.sources)
    // A source that a step was too much for takes none of its later ones.
    var isFull = [Bool](repeating: false, count: problem.sources)
    for step in steps where !isFull[step.source] {
      let neurons = fed[step.source]
      if neurons.contains(where: { used[$0] + step.axons > problem.axons }) {
        isFull[step.source] = true
        continue
      }
      for i in neurons { used[i] += step.axons }
      set[step.source] = UInt8(step.set)
    }
  }

  private func neuronsOfSources() -> [[Int]] {
    var fed = [[Int]](repeating: [], count: problem.sources)
    for i in 0..<problem.neurons {
      for k in problem.begin[i]..<problem.begin[i + 1] { fed[problem.source[k]].append(i) }
    }
    return fed
  }
}

/// x of A x = b, A symmetric and not negative definite; 0 for what it leaves open.
private func solved(_ matrix: [Double], _ right: [Double]) -> [Double] {
  let n = right.count
  var a = matrix
  var b = right
  var isOpen = [Bool](repeating: false, count: n)
  for p in 0..<n {
    let pivot = a[p * n + p]
    guard pivot > 1e-9 else {
      isOpen[p] = true
      continue
    }
    for row in 0..<n where row != p {
      let factor = a[row * n + p] / pivot
      if factor == 0 { continue }
      for column in 0..<n { a[row * n + column] -= factor * a[p * n + column] }
      b[row] -= factor * b[p]
    }
  }
  return (0..<n).map { isOpen[$0] ? 0 : b[$0] / a[$0 * n + $0] }
}
