import Foundation

extension Dynamics {
  /// f(τ): the part of the way to its resting value that a state with this time constant goes in one tick.
  ///
  /// `euler`: dt/τ (beyond 1 it overshoots). `exponential`: 1 − e^(−dt/τ). A time constant of 0 is no memory: 1.
  public func fraction(of tau: Double) -> Double {
    if tau == 0 { return 1 }
    switch integrator {
    case .euler: return dt / tau
    case .exponential: return -expm1(-dt / tau)
    }
  }
}
