import Foundation

/// The leaky neuron under shot noise whose steps are exponentially distributed: exact where inputs are few and strong.
///
/// ```
/// τ V' = −(V − E), steps of mean a_e at rate R_e and of mean −a_i at rate R_i, each exponentially distributed
/// 1/ν = t_ref + τ ∫_0^{1/a_e} (ds/s) (1 − a_e s)^{τR_e} (1 + a_i s)^{τR_i} [ e^{s(V_θ − E)}/(1 − a_e s) − e^{s(V_r − E)} ]
/// ```
/// For many small steps it becomes `DiffusionNeuron` with μ = E + τ(a_e R_e − a_i R_i), σ² = 2τ(a_e² R_e + a_i² R_i): the
/// second moment of an exponential step is twice its mean squared.
///
/// Units: second, hertz, and one unit for potentials.
///
/// **Source:** Richardson and Swarbrick 2010.
public struct ShotNoiseNeuron: Sendable, Equatable {
  public var timeConstant: Double
  /// E, below the threshold: steps alone must bring the membrane there.
  public var rest: Double
  public var threshold: Double
  public var reset: Double
  public var refractory: Double

  public init(timeConstant: Double, rest: Double, threshold: Double, reset: Double, refractory: Double) {
    precondition(rest < threshold && reset < threshold, "rest and reset must lie below the threshold")
    self.timeConstant = timeConstant
    self.rest = rest
    self.threshold = threshold
    self.reset = reset
    self.refractory = refractory
  }

  /// A kind of input: mean step, positive for both kinds, and rate in hertz.
  public struct Input: Sendable, Equatable {
    public var step: Double
    public var rate: Double

    public init(step: Double, rate: Double) {
      self.step = step
      self.rate = rate
    }
  }

  /// Stationary rate; 0 without excitation.
  ///
  /// With q = 1 − a_e s = p^m, m so large that no power of p is singular at 0, the integrand is smooth in 0 < p < 1. It is
  /// divided by its largest value, which only its logarithm holds.
  public func rate(excitation: Input, inhibition: Input = Input(step: 0, rate: 0)) -> Double {
    guard excitation.rate > 0, excitation.step > 0 else { return 0 }
    let events = timeConstant * excitation.rate
    let quiet = timeConstant * inhibition.rate
    let m = max(1, (2 / events).rounded(.up))
    let (a, high, low) = (excitation.step, threshold - rest, reset - rest)
    /// ln of the integrand in p, with the bracket split as e^{s·high}/q · (1 − q e^{s(low − high)}).
    func logIntegrand(_ p: Double) -> Double {
      let logQ = m * log(p)
      let s = -expm1(logQ) / a
      guard s > 0 else { return -.infinity }
      let rest = -expm1(logQ + s * (low - high))
      return (events - 1) * logQ + quiet * log1p(inhibition.step * s) + s * high + log(rest) - log(s * a)
        + log(m) + (m - 1) * log(p)
    }
    let panels = 400
    var largest = -Double.infinity
    for i in 1..<panels * 4 { largest = max(largest, logIntegrand(Double(i) / Double(panels * 4))) }
    var sum = 0.0
    for i in 0..<panels {
      sum += GaussPanel.standard.integral(
        from: Double(i) / Double(panels), to: Double(i + 1) / Double(panels)
      ) { exp(logIntegrand($0) - largest) }
    }
    return 1 / (refractory + exp(largest) * timeConstant * sum)
  }
}
