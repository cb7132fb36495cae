import Foundation

/// A Gaussian current that stands still over each step, drawn anew for the next.
///
/// White noise of intensity S (ampere · √second, `⟨I(t) I(t′)⟩ = S² δ(t − t′)`) has the standard deviation `S/√step`:
/// over each step the charge has the variance S²·step, as it should. The potential of a membrane with time constant τ
/// then varies by `(s/g)·√((1 − a)/(1 + a))`, a = e^(−step/τ), which tends to `S/√(2·C·g)` for short steps.
public struct WhiteNoiseCurrent: Sendable, Equatable {
  /// Standard deviation s of the current within a step.
  public var deviation: Double

  /// - Parameters:
  ///   - intensity: S, 0 or more.
  ///   - step: length of a step, above 0.
  public init(intensity: Double, step: Double) { deviation = intensity / step.squareRoot() }

  /// The current in step k.
  public func callAsFunction(_ source: RandomSource, step k: UInt32) -> Double {
    deviation * source.normal(k)
  }
}

/// An Ornstein–Uhlenbeck process, advanced exactly over steps of any length:
/// ```
/// τ dx = (mean − x) dt + deviation·√(2τ) dW       x ← mean + a·(x − mean) + deviation·√(1 − a²)·z,  a = e^(−step/τ)
/// ```
/// Its variance is deviation², its autocorrelation e^(−|t|/τ), and neither depends on the step.
///
/// **Source:** G. E. Uhlenbeck, L. S. Ornstein, Phys. Rev. 36 (1930) 823; D. T. Gillespie, Phys. Rev. E 54 (1996) 2084.
public struct OrnsteinUhlenbeck: Sendable, Equatable {
  public var mean: Double
  public var deviation: Double
  public var timeConstant: Double

  public init(mean: Double, deviation: Double, timeConstant: Double) {
    self.mean = mean
    self.deviation = deviation
    self.timeConstant = timeConstant
  }

  /// A value of the stationary process.
  public func start(_ source: RandomSource, draw k: UInt32) -> Double {
    mean + deviation * source.normal(k)
  }

  /// The value a step later.
  public func next(_ x: Double, after step: Double, _ source: RandomSource, draw k: UInt32) -> Double {
    let kept = exp(-step / timeConstant)
    let spread = deviation * (-expm1(-2 * step / timeConstant)).squareRoot()
    return mean + kept * (x - mean) + spread * source.normal(k)
  }
}
