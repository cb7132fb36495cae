import Foundation

/// The leaky integrate-and-fire neuron under constant current, in closed form.
///
/// ```
/// C V' = −g_L (V − E_L) + I,   V ← V_r at V = V_θ,   held for t_ref
/// V∞ = E_L + I/g_L             τ = C/g_L
/// f  = 1 / (t_ref + τ ln((V∞ − V_r)/(V∞ − V_θ)))      0 where V∞ ≤ V_θ
/// ```
/// `capacitance` is the total that the membrane node sees; `withCapacitance` gives the same neuron with
/// parasitics added. They change τ and with it the rate above rheobase, not the rheobase itself.
///
/// Units: farad, siemens, volt, second, ampere, hertz; any consistent set will do.
public struct LeakyIntegrator: Sendable, Equatable {
  public var capacitance: Double
  public var leakConductance: Double
  public var leakReversal: Double
  public var threshold: Double
  public var reset: Double
  public var refractory: Double

  public init(
    capacitance: Double, leakConductance: Double, leakReversal: Double, threshold: Double,
    reset: Double, refractory: Double
  ) {
    self.capacitance = capacitance
    self.leakConductance = leakConductance
    self.leakReversal = leakReversal
    self.threshold = threshold
    self.reset = reset
    self.refractory = refractory
  }

  /// The same neuron with another total capacitance on its membrane node.
  public func withCapacitance(_ total: Double) -> LeakyIntegrator {
    var neuron = self
    neuron.capacitance = total
    return neuron
  }

  /// τ = C/g_L.
  public var timeConstant: Double { capacitance / leakConductance }

  /// Smallest current that makes the neuron fire (it fires above, not at it): g_L (V_θ − E_L).
  public var rheobase: Double { leakConductance * (threshold - leakReversal) }

  /// Duration at which the threshold current of a pulse is twice the rheobase: τ ln 2.
  public var chronaxie: Double { timeConstant * log(2) }

  /// Current of a rectangular pulse of this duration that just reaches threshold from rest:
  /// I_rheobase / (1 − e^(−t/τ)).
  public func pulseThreshold(duration: Double) -> Double {
    rheobase / -expm1(-duration / timeConstant)
  }

  /// Rate under constant current.
  public func rate(current: Double) -> Double {
    leakyRate(
      vInfinity: leakReversal + current / leakConductance, threshold: threshold, reset: reset,
      timeConstant: timeConstant, refractory: refractory)
  }
}

/// Where a constant drive ends relative to the threshold; sums of constants are exact to a few roundings only.
public enum DriveEnd: Sendable, Equatable {
  /// The neuron never fires.
  case below
  /// At rheobase: V∞ is the threshold up to 1e-12 of the larger of |V_θ| and |`scale`|. The neuron never fires.
  case atThreshold
  case above

  /// - Parameter scale: another potential of the sum that makes V∞.
  public init(vInfinity: Double, threshold: Double, scale: Double) {
    let excess = vInfinity - threshold
    let rounding = 1e-12 * max(abs(threshold), abs(scale))
    self = excess > rounding ? .above : excess < -rounding ? .below : .atThreshold
  }
}

/// `f = 1 / (t_ref + τ ln((V∞ − V_r)/(V∞ − V_θ)))`, 0 where V∞ ≤ V_θ.
///
/// Edge cases: a reset at or above threshold fires again at once, so the rate is 1/t_ref (infinite without a
/// refractory time). τ = ∞ is not covered: a neuron without leak has no V∞.
public func leakyRate(
  vInfinity: Double, threshold: Double, reset: Double, timeConstant: Double, refractory: Double
) -> Double {
  guard vInfinity > threshold else { return 0 }
  // ln((V∞ − V_r)/(V∞ − V_θ)) as log1p keeps its digits when the swing is small against the drive.
  let rise = reset < threshold ? log1p((threshold - reset) / (vInfinity - threshold)) : 0
  return 1 / (refractory + timeConstant * rise)
}
