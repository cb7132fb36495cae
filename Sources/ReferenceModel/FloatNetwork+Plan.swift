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
    /// Of populations with equations.
    var integrators: [NeuronIntegrator?]
    /// Stimuli into every population, in network order.
    var poisson: [[Poisson]]
    /// Constant current of every population, summed.
    var current: [Double]
    /// Random currents into every population, in network order.
    var random: [[RandomCurrent]]
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

  struct RandomCurrent: Sendable {
    var process: OrnsteinUhlenbeck
    /// Stream of the first neuron's draws.
    var firstStream: Int
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
    integrators = network.populations.map { $0.equations.map { NeuronIntegrator($0) } }
    poisson = [[FloatNetwork.Poisson]](repeating: [], count: count)
    current = [Double](repeating: 0, count: count)
    random = [[FloatNetwork.RandomCurrent]](repeating: [], count: count)
    var index = 0
    let neurons = network.populations.reduce(0) { $0 + $1.size }
    // Streams 0 to 2·neurons − 1 are those of the populations' own noise.
    var stream = 2 * neurons
    for stimulus in network.stimuli {
      switch stimulus.kind {
      case .current(let amplitude): current[stimulus.target] += amplitude
      case .poisson(let sources, let rate, let weight, let unit):
        poisson[stimulus.target].append(
          FloatNetwork.Poisson(
            thresholds: poissonThresholds(mean: Double(sources) * rate * dynamics.dt),
            firstIndex: index, weight: weight, isStep: unit == .step))
        index += network.populations[stimulus.target].size
      case .ornsteinUhlenbeck(let mean, let deviation, let time):
        random[stimulus.target].append(
          FloatNetwork.RandomCurrent(
            process: OrnsteinUhlenbeck(mean: mean, deviation: deviation, timeConstant: time),
            firstStream: stream))
        stream += network.populations[stimulus.target].size
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
