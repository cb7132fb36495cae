import Foundation

/// The neuron in discrete time with real numbers: `v ← a·v + (1 − a)·v∞`, fired at `v ≥ threshold`.
///
/// This is what a chip with infinitely fine codes would do; the distance from `LeakyIntegrator` to this map is
/// the price of dt, the distance from this map to `integerRate` that of the codes.
public struct RealMap: Sendable, Equatable {
  /// a: what is left of v after one tick, 0 ≤ a < 1. Euler: 1 − dt/τ; exponential: e^(−dt/τ);
  /// in codes: 1 − d/2^k.
  public var retained: Double
  /// Where v would settle without a threshold: (drive per tick)/(1 − a).
  public var vInfinity: Double
  public var threshold: Double

  public init(retained: Double, vInfinity: Double, threshold: Double) {
    self.retained = retained
    self.vInfinity = vInfinity
    self.threshold = threshold
  }

  /// Ticks from reset to the next spike: `n = ⌈ln((v∞ − v_r)/(v∞ − v_θ)) / (−ln a)⌉`; nil if it never fires.
  ///
  /// The ceiling is settled by the map itself, `v_n = v∞ + (v_r − v∞)·a^n`, so a quotient that is
  /// an integer up to rounding does not cost a tick. At least 1: a neuron is tested once per tick.
  public func period(reset: Double) -> Int? {
    let firstValue = value(after: 1, from: reset)
    if firstValue >= threshold { return 1 }
    guard vInfinity > threshold, retained > 0 else { return nil }
    let quotient = log((vInfinity - reset) / (vInfinity - threshold)) / -log(retained)
    var n = max(Int(quotient.rounded(.up)), 1)
    while n > 1, value(after: n - 1, from: reset) >= threshold { n -= 1 }
    while value(after: n, from: reset) < threshold { n += 1 }
    return n
  }

  /// Spikes per tick with reset to a value and `refractory` held ticks: 1/(n + refractory); 0 if silent.
  public func ratePerTick(reset: Double, refractory: Int = 0) -> Double {
    guard let n = period(reset: reset) else { return 0 }
    return 1 / Double(n + refractory)
  }

  /// Spikes per tick with `v ← v − threshold`: the rotation number ρ of the contracted rotation
  /// `x ← {a·x + b/v_θ}`, b = (1 − a)·v∞. It is the ρ at which
  /// ```
  /// S(ρ) = (1 − a)·(1 + Σ_{k≥0} a^k (⌊(k+1)ρ⌋ − ⌊kρ⌋))
  /// ```
  /// passes b/v_θ. S jumps at every rational, so ρ locks onto rationals over whole intervals of drive.
  ///
  /// Edge cases: 0 while v∞ < v_θ; 1 from b ≥ v_θ on (more than one threshold per tick still is one spike).
  /// Good to 1e-12. Cost: 40 sums of ln(1e-18)/ln(a) terms.
  public func ratePerTickSubtracting() -> Double {
    let drive = (1 - retained) * vInfinity / threshold
    guard drive >= 1 - retained else { return 0 }
    guard drive < 1 else { return 1 }
    var low = 0.0
    var high = 1.0
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if rotationDrive(middle) <= drive { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private func value(after n: Int, from reset: Double) -> Double {
    vInfinity + (reset - vInfinity) * pow(retained, Double(n))
  }

  /// S(ρ).
  private func rotationDrive(_ rho: Double) -> Double {
    var sum = 1.0
    var power = 1.0
    var k = 0.0
    while power > 1e-18 {
      sum += power * (((k + 1) * rho).rounded(.down) - (k * rho).rounded(.down))
      power *= retained
      k += 1
    }
    return (1 - retained) * sum
  }
}
