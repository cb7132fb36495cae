import FixedPoint
import NetworkIR

extension FloatNetwork {
  /// What stays the same in every tick, computed once.
  struct Plan: Sendable {
    var order: [Int]
    /// First neuron number of every population.
    var offsets: [Int]
    /// First channel of every input.
    var channelOffsets: [Int]
    /// Projections into every population.
    var into: [[Prepared]]
    var neurons: [NeuronConstants]
    /// Stimuli into every population, in network order.
    var poisson: [[Poisson]]
    /// Constant current of every population, summed.
    var current: [Double]
    /// Ticks of spikes that have to be kept.
    var history: Int
    var outputCount: Int
  }

  struct Prepared: Sendable {
    var source: Projection.Source
    var delay: Int
    var isStep: Bool
    var maps: [ColumnMap]
  }

  struct NeuronConstants: Sendable {
    /// f(τ); nil for neurons without a leak.
    var leakFraction: [Double]?
    var synapseFraction: [Double]?
    var refractoryTicks: [Int]
  }

  struct Poisson: Sendable {
    var thresholds: [UInt32]
    /// Index of the first neuron's draws.
    var firstIndex: Int
    var weight: Double
    var isStep: Bool

    /// The number of thresholds that are ≤ the draw.
    func count(for draw: UInt32) -> Int {
      var low = 0
      var high = thresholds.count
      while low < high {
        let middle = (low + high) / 2
        if thresholds[middle] <= draw { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}

extension FloatNetwork.Plan {
  init(_ network: Network) {
    guard let order = network.evaluationOrder() else {
      preconditionFailure("a verified network has no cycle without a delay")
    }
    self.order = order
    let count = network.populations.count
    offsets = Self.starts(network.populations.map(\.size))
    channelOffsets = Self.starts(network.inputs.map(\.size))
    into = [[FloatNetwork.Prepared]](repeating: [], count: count)
    for projection in network.projections {
      into[projection.target].append(
        FloatNetwork.Prepared(
          source: projection.source, delay: projection.delayTicks, isStep: projection.unit == .step,
          maps: projection.maps.map(ColumnMap.init)))
    }
    let dynamics = network.dynamics
    neurons = network.populations.map { population in
      FloatNetwork.NeuronConstants(
        leakFraction: population.tau.map { $0.map(dynamics.fraction(of:)) },
        synapseFraction: population.synapse.map { $0.tau.map(dynamics.fraction(of:)) },
        refractoryTicks: population.firing?.refractory.map { Int(($0 / dynamics.dt).rounded()) } ?? [])
    }
    poisson = [[FloatNetwork.Poisson]](repeating: [], count: count)
    current = [Double](repeating: 0, count: count)
    var index = 0
    for stimulus in network.stimuli {
      switch stimulus.kind {
      case .current(let amplitude): current[stimulus.target] += amplitude
      case .poisson(let sources, let rate, let weight, let unit):
        poisson[stimulus.target].append(
          FloatNetwork.Poisson(
            thresholds: poissonThresholds(mean: Double(sources) * rate * dynamics.dt),
            firstIndex: index, weight: weight, isStep: unit == .step))
        index += network.populations[stimulus.target].size
      }
    }
    history = (network.projections.map(\.delayTicks).max() ?? 0) + 1
    outputCount = network.outputs.reduce(0) { $0 + network.populations[$1.population].size }
  }

  private static func starts(_ sizes: [Int]) -> [Int] {
    var next = 0
    return sizes.map { size in
      defer { next += size }
      return next
    }
  }
}

/// A `LinearMap` stored by columns, so that work is proportional to the spikes.
///
/// Sums run over columns in ascending order, and the bias is added last, as `LinearMap.apply` does: same bits.
enum ColumnMap: Sendable {
  /// weight[column · rows + row].
  case dense(weight: [Double], rows: Int, bias: [Double]?)
  case diagonal([Double])
  /// For column j, entries begin[j] ..< begin[j+1] of (row, weight).
  case sparse(begin: [Int], row: [Int32], weight: [Double], rows: Int)

  init(_ map: LinearMap) {
    switch map {
    case .dense(let weight, let rows, let columns, let bias):
      var turned = [Double](repeating: 0, count: weight.count)
      for i in 0..<rows {
        for j in 0..<columns { turned[j * rows + i] = weight[i * columns + j] }
      }
      self = .dense(weight: turned, rows: rows, bias: bias)
    case .diagonal(let scale): self = .diagonal(scale)
    case .sparse(let begin, let column, let weight, let columns):
      var starts = [Int](repeating: 0, count: columns + 1)
      for j in column { starts[Int(j) + 1] += 1 }
      for j in 0..<columns { starts[j + 1] += starts[j] }
      var next = starts
      var row = [Int32](repeating: 0, count: column.count)
      var values = [Double](repeating: 0, count: column.count)
      for i in 0..<begin.count - 1 {
        for k in begin[i]..<begin[i + 1] {
          let place = next[Int(column[k])]
          next[Int(column[k])] += 1
          row[place] = Int32(i)
          values[place] = weight[k]
        }
      }
      self = .sparse(begin: starts, row: row, weight: values, rows: begin.count - 1)
    }
  }

  /// The map's result for a vector given by its non-zero elements, ascending.
  func apply(_ active: [(index: Int, value: Double)]) -> [Double] {
    switch self {
    case .dense(let weight, let rows, let bias):
      var y = [Double](repeating: 0, count: rows)
      for (j, x) in active {
        for i in 0..<rows { y[i] += weight[j * rows + i] * x }
      }
      if let bias {
        for i in 0..<rows { y[i] += bias[i] }
      }
      return y
    case .diagonal(let scale):
      var y = [Double](repeating: 0, count: scale.count)
      for (j, x) in active { y[j] = scale[j] * x }
      return y
    case .sparse(let begin, let row, let weight, let rows):
      var y = [Double](repeating: 0, count: rows)
      for (j, x) in active {
        for k in begin[j]..<begin[j + 1] { y[Int(row[k])] += weight[k] * x }
      }
      return y
    }
  }
}
