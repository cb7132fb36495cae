import Foundation

/// A reverse-biased junction, whose capacitance falls as the voltage across it rises.
///
/// ```
/// C(V) = C_j0 / (1 + V/φ)^m
/// Q(V) = C_j0·φ/(1 − m) · ((1 + V/φ)^(1 − m) − 1)
/// ```
/// V ≥ 0 is the reverse bias, here the membrane's voltage above a grounded substrate.
///
/// **Source:** the depletion capacitance of every SPICE diode and MOS model (CJ, PB, MJ).
public struct Junction: Sendable, Equatable {
  /// C_j0, farad.
  public var zeroBias: Double
  /// φ, volt.
  public var potential: Double
  /// m, 0 ≤ m < 1.
  public var grading: Double

  public init(zeroBias: Double, potential: Double, grading: Double) {
    self.zeroBias = zeroBias
    self.potential = potential
    self.grading = grading
  }

  /// Small-signal capacitance, farad.
  public func capacitance(at voltage: Double) -> Double {
    zeroBias / pow(1 + voltage / potential, grading)
  }

  /// Charge since 0 V, coulomb.
  public func charge(at voltage: Double) -> Double {
    let power = 1 - grading
    return zeroBias * potential / power * (pow(1 + voltage / potential, power) - 1)
  }

  /// (Q(b) − Q(a)) / (b − a): the constant capacitance that takes the same charge over the whole swing. A single step
  /// within the swing sees C at its place instead; the two differ most at the swing's ends.
  ///
  /// Edge case: a = b gives C(a).
  public func mean(from a: Double, to b: Double) -> Double {
    a == b ? capacitance(at: a) : (charge(at: b) - charge(at: a)) / (b - a)
  }
}
