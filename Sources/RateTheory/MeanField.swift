import Foundation

/// Populations of leaky integrate-and-fire neurons whose inputs are taken for independent Poisson trains.
///
/// ```
/// drift_a = c_a + Σ_b S_ab ν_b           per second; S = Σ_j J of a neuron's synapses from b, Q = Σ J², T = Σ J³
/// power_a = n_a + Σ_b Q_ab ν_b
/// leaky      μ = E + τ·drift, σ² = τ·power, ν = Φ(μ, σ)     (`DiffusionNeuron`)
/// not leaky  ν = 1/(t_ref + (V_θ − V_r)/drift), 0 where drift ≤ 0
/// ```
/// A rate is self-consistent where ν = Φ for all populations at once.
///
/// **Source:** Amit and Brunel 1997; Brunel 2000.
public struct MeanField: Sendable, Equatable {
  /// Σ J r and Σ J² r of steps of one sign, per second.
  public struct Steps: Sendable, Equatable {
    public var sum = 0.0
    public var squares = 0.0

    mutating func add(_ other: Steps, times factor: Double = 1) {
      sum += factor * other.sum
      squares += factor * other.squares
    }
  }

  /// Values of one typical neuron. An infinite threshold stands for a population that never fires.
  public struct Population: Sendable, Equatable {
    public var name: String
    /// Second; nil for a membrane without leak.
    public var timeConstant: Double?
    /// E: where the membrane rests without any drive; unused without a leak.
    public var rest: Double
    public var threshold: Double
    public var reset: Double
    public var refractory: Double
    /// Second; 0 where input steps the membrane at once.
    public var synapse: Double
    /// Input from outside: Σ J r, Σ J² r and Σ J³ r, per second; constant currents count as drift.
    public var drift: Double
    public var power: Double
    public var third: Double
    /// The parts of drift and power that Poisson trains of either sign bring.
    public private(set) var excitation = Steps()
    public private(set) var inhibition = Steps()

    public init(
      name: String, timeConstant: Double?, rest: Double, threshold: Double, reset: Double,
      refractory: Double, synapse: Double = 0, drift: Double = 0, power: Double = 0, third: Double = 0
    ) {
      self.name = name
      self.timeConstant = timeConstant
      self.rest = rest
      self.threshold = threshold
      self.reset = reset
      self.refractory = refractory
      self.synapse = synapse
      self.drift = drift
      self.power = power
      self.third = third
    }

    /// Adds `count` independent Poisson trains of `rate` hertz and of this step each.
    public mutating func addPoisson(count: Double, rate: Double, step: Double) {
      drift += count * rate * step
      power += count * rate * step * step
      third += count * rate * step * step * step
      let steps = Steps(sum: count * rate * step, squares: count * rate * step * step)
      if step > 0 { excitation.add(steps) } else { inhibition.add(steps) }
    }

    /// The same neuron whose Poisson trains bring these parts.
    func receiving(excitation: Steps, inhibition: Steps) -> Population {
      var population = self
      (population.excitation, population.inhibition) = (excitation, inhibition)
      return population
    }
  }

  /// All synapses from one population into a neuron of another (or the same).
  public struct Coupling: Sendable, Equatable {
    public var source: Int
    public var target: Int
    /// Σ J, Σ J², Σ J³ over the synapses of one target neuron.
    public var sum: Double
    public var squares: Double
    public var cubes: Double

    public init(source: Int, target: Int, sum: Double, squares: Double, cubes: Double) {
      self.source = source
      self.target = target
      self.sum = sum
      self.squares = squares
      self.cubes = cubes
    }

    /// `degree` synapses with the same step.
    public init(source: Int, target: Int, degree: Double, step: Double) {
      self.init(
        source: source, target: target, sum: degree * step, squares: degree * step * step,
        cubes: degree * step * step * step)
    }
  }

  public var populations: [Population]
  public var couplings: [Coupling]

  public init(populations: [Population], couplings: [Coupling]) {
    self.populations = populations
    self.couplings = couplings
  }

  /// What arrives at the neurons of a population.
  public struct Input: Sendable, Equatable {
    /// Mean of the membrane without threshold (leaky), or drift per second.
    public var mean: Double
    /// σ of `DiffusionNeuron`: √2 standard deviations of the membrane without threshold.
    public var sigma: Double
    /// Skewness of that membrane; 0 would be Gaussian.
    public var skewness: Double
  }

  /// Drift, power and third moment per second of every population, at these rates.
  private func moments(_ rates: [Double]) -> [(drift: Double, power: Double, third: Double)] {
    var sums = populations.map { ($0.drift, $0.power, $0.third) }
    for coupling in couplings {
      let rate = rates[coupling.source]
      sums[coupling.target].0 += rate * coupling.sum
      sums[coupling.target].1 += rate * coupling.squares
      sums[coupling.target].2 += rate * coupling.cubes
    }
    return sums.map { (drift: $0.0, power: $0.1, third: $0.2) }
  }

  /// Inputs at these rates. Shot noise of power P and third moment T through a leak has variance τP/2 and third cumulant
  /// τT/3, so skewness (τT/3)/(τP/2)^(3/2).
  public func inputs(_ rates: [Double]) -> [Input] {
    zip(populations, moments(rates)).map { population, moment in
      guard let tau = population.timeConstant else {
        return Input(mean: moment.drift, sigma: 0, skewness: 0)
      }
      let variance = tau * moment.power / 2
      return Input(
        mean: population.rest + tau * moment.drift, sigma: (2 * variance).squareRoot(),
        skewness: variance > 0 ? tau * moment.third / 3 / (variance * variance.squareRoot()) : 0)
    }
  }

  /// Φ of population p.
  func rate(_ p: Int, drift: Double, power: Double) -> Double {
    let population = populations[p]
    guard population.threshold.isFinite else { return 0 }
    guard let tau = population.timeConstant else {
      guard drift > 0 else { return 0 }
      return 1 / (population.refractory + max(population.threshold - population.reset, 0) / drift)
    }
    return population.neuron(tau).rate(
      mean: population.rest + tau * drift, sigma: (tau * max(power, 0)).squareRoot())
  }

  /// Coefficient of variation of the intervals of population p; nil for a membrane without leak or a silent one.
  public func intervalVariation(_ p: Int, rates: [Double]) -> Double? {
    guard let tau = populations[p].timeConstant, rates[p] > 0 else { return nil }
    let input = inputs(rates)[p]
    let variation = populations[p].neuron(tau).intervalVariation(mean: input.mean, sigma: input.sigma)
    return variation.isFinite ? variation : nil
  }

  /// The map whose fixed points are the self-consistent rates.
  public func response(_ rates: [Double]) -> [Double] {
    let moments = moments(rates)
    return populations.indices.map { rate($0, drift: moments[$0].drift, power: moments[$0].power) }
  }

  /// ∂Φ_a/∂ν_b, by central differences of Φ_a in drift and power, the only two ways in which rates reach it.
  func jacobian(_ rates: [Double]) -> [[Double]] {
    let count = populations.count
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    let moments = moments(rates)
    let slopes = populations.indices.map { p -> (drift: Double, power: Double) in
      let population = populations[p]
      guard population.threshold.isFinite else { return (0, 0) }
      let swing = abs(population.threshold - population.reset)
      let tau = population.timeConstant ?? 1
      let (drift, power) = (moments[p].drift, moments[p].power)
      let sigma = (tau * max(power, 0)).squareRoot()
      let h = 1e-5 * max(sigma, 1e-3 * swing) / tau
      let k = power > 0 ? 1e-5 * power : 1e-12 * swing * swing / tau
      let low = max(power - k, 0)
      return (
        (rate(p, drift: drift + h, power: power) - rate(p, drift: drift - h, power: power)) / (2 * h),
        (rate(p, drift: drift, power: power + k) - rate(p, drift: drift, power: low)) / (power + k - low)
      )
    }
    for coupling in couplings {
      matrix[coupling.target][coupling.source] +=
        slopes[coupling.target].drift * coupling.sum + slopes[coupling.target].power * coupling.squares
    }
    return matrix
  }
}

extension MeanField.Population {
  /// The same neuron as `DiffusionNeuron`.
  func neuron(_ tau: Double) -> DiffusionNeuron {
    DiffusionNeuron(
      timeConstant: tau, threshold: threshold, reset: reset, refractory: refractory, synapse: synapse)
  }
}
