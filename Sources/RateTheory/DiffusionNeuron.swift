import Foundation

/// The leaky integrate-and-fire neuron under white noise, exactly (Siegert's first-passage rate).
///
/// ```
/// τ V' = −V + μ + σ√τ ξ(t),   V ← V_r at V = V_θ,   held for t_ref
/// 1/ν = t_ref + τ√π ∫_{y_r}^{y_θ} e^(u²)(1 + erf u) du,   y = (V − μ)/σ + shift
/// ```
/// σ is √2 times the standard deviation of the membrane without threshold. Independent Poisson inputs of rate r_j and
/// step J_j make μ = E + τ Σ J r and σ² = τ Σ J² r.
///
/// `synapse` is the time constant τ_s of an exponential synaptic current, 0 for none; it shifts both bounds by
/// (α/2)√(τ_s/τ), α = √2 |ζ(1/2)|, the first order in √(τ_s/τ).
///
/// Units: second, hertz, and one unit for all potentials.
///
/// **Source:** Siegert 1951; Brunel 2000, eq. 21; shift: Brunel and Sergi 1998, Fourcaud and Brunel 2002.
public struct DiffusionNeuron: Sendable, Equatable {
  public var timeConstant: Double
  public var threshold: Double
  public var reset: Double
  public var refractory: Double
  public var synapse: Double

  public init(
    timeConstant: Double, threshold: Double, reset: Double, refractory: Double, synapse: Double = 0
  ) {
    self.timeConstant = timeConstant
    self.threshold = threshold
    self.reset = reset
    self.refractory = refractory
    self.synapse = synapse
  }

  /// |ζ(1/2)|.
  static let zetaOfHalf = 1.460_354_508_809_586_8

  /// What a synaptic time constant adds to both bounds.
  var shift: Double {
    synapse > 0 ? Self.zetaOfHalf / 2.0.squareRoot() * (synapse / timeConstant).squareRoot() : 0
  }

  /// y_r and y_θ.
  func bounds(mean: Double, sigma: Double) -> (reset: Double, threshold: Double) {
    ((reset - mean) / sigma + shift, (threshold - mean) / sigma + shift)
  }

  /// Stationary rate in hertz.
  ///
  /// Edge cases: σ = 0 is the closed form `leakyRate`; a reset at or above the threshold leaves the refractory time;
  /// rates below the smallest number underflow to 0 (`logRate` keeps them).
  public func rate(mean: Double, sigma: Double) -> Double { exp(logRate(mean: mean, sigma: sigma)) }

  /// ln of the rate in hertz; −∞ for a neuron that never fires. Far below threshold the rate is e^(−10^6) and less;
  /// its logarithm keeps its digits.
  ///
  /// Accuracy: 1e-12 of the rate, or of the logarithm where that is larger. Cost: some hundred exponentials.
  public func logRate(mean: Double, sigma: Double) -> Double {
    if sigma <= 0 || reset >= threshold {
      return log(
        leakyRate(
          vInfinity: reset >= threshold ? max(mean, threshold.nextUp) : mean, threshold: threshold,
          reset: reset, timeConstant: timeConstant, refractory: refractory))
    }
    let (low, high) = bounds(mean: mean, sigma: sigma)
    // The interval without t_ref is e^scale · value.
    let scale = high > 0 ? high * high : 0
    var value = 0.0
    if low < 0 {
      value += exp(-scale) * scaledErfcIntegral(from: max(-high, 0), to: -low)
    }
    if high > 0 {
      value += peakedIntegral(from: max(low, 0), to: high) { 1 + erf($0) }
    }
    let logInterval = scale + log(timeConstant * Double.pi.squareRoot() * value)
    guard refractory > 0, logInterval < 700 else { return -logInterval }
    return -log(refractory + exp(logInterval))
  }

  /// Coefficient of variation of the intervals between spikes:
  /// ```
  /// CV² = 2π ν² τ² ∫_{y_r}^{y_θ} e^(x²) ∫_{−∞}^x e^(y²)(1 + erf y)² dy dx
  /// ```
  /// Edge cases: 0 without noise or with a reset at the threshold; 1 in the limit of rare escapes.
  ///
  /// **Source:** Brunel 2000, appendix A.1. Cost: a double integral, about a million evaluations.
  public func intervalVariation(mean: Double, sigma: Double) -> Double {
    guard sigma > 0, reset < threshold else { return 0 }
    let (low, high) = bounds(mean: mean, sigma: sigma)
    let scale = high > 0 ? high * high : 0
    // Everything is divided by e^(2·scale), which the square of the rate brings back.
    var double = 0.0
    if low < 0 {
      let top = max(-high, 0)
      var s = top
      while s < -low {
        let next = min(-low, s + 0.5 + s / 2)
        double +=
          exp(-2 * scale) * GaussPanel.standard.integral(from: s, to: next, of: Self.innerBelowZero)
        s = next
      }
    }
    if high > 0 {
      let below = Self.innerBelowZero(0)
      double += exp(-scale) * below * peakedIntegral(from: max(low, 0), to: high) { _ in 1 }
      // e^(x²) times the inner integral's e^(x²): the outer one is peaked twice as sharply.
      double += peakedIntegral(from: max(low, 0), to: high) { x in
        exp((x - high) * (x + high))
          * peakedIntegral(from: 0, to: x) { y in
            let g = 1 + erf(y)
            return g * g
          }
      }
    }
    let logSquare =
      log(2 * Double.pi * double) + 2 * (logRate(mean: mean, sigma: sigma) + log(timeConstant) + scale)
    return exp(logSquare / 2)
  }

  /// e^(s²) ∫_s^∞ e^(−t²) erfcx(t)² dt for s ≥ 0: the inner integral at x = −s. With t = s + w it is
  /// ∫_0^∞ e^(−w² − 2sw) erfcx(s + w)² dw.
  private static func innerBelowZero(_ s: Double) -> Double {
    let width = 1 / max(2 * s, 1)
    let end = min(6.5, 45 * width)
    var sum = 0.0
    var low = 0.0
    while low < end {
      let high = min(end, low + width)
      sum += GaussPanel.standard.integral(from: low, to: high) { w in
        let e = scaledErfc(s + w)
        return exp(-w * (w + 2 * s)) * e * e
      }
      low = high
    }
    return sum
  }
}
