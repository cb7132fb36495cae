import Foundation

extension Dynamics {
  /// f(τ): the part of the way to its resting value that a state with this time constant goes in one tick.
  ///
  /// `euler`: dt/τ (beyond 1 it overshoots). `exponential`: 1 − e^(−dt/τ).
  public func fraction(of tau: Double) -> Double {
    switch integrator {
    case .euler: dt / tau
    case .exponential: -expm1(-dt / tau)
    }
  }
}
