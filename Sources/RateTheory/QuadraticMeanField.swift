import Foundation

/// The exact mean field of infinitely many quadratic integrate-and-fire neurons, coupled all to all, whose drives are
/// Lorentz-distributed with centre η and half width Δ.
///
/// ```
/// τ r' = Δ/π + 2 r v               r in spikes per τ
/// τ v' = v² + η + J r − (π r)²
/// ```
/// Fixed points: v = −Δ/(2πr), and r > 0 with π²r⁴ − J r³ − η r² − Δ²/(4π²) = 0. One or three of them.
///
/// **Source:** Montbrió, Pazó and Roxin 2015.
public struct QuadraticMeanField: Sendable, Equatable {
  public var eta: Double
  public var coupling: Double
  /// Δ > 0.
  public var width: Double

  public init(eta: Double, coupling: Double, width: Double) {
    precondition(width > 0, "the half width must be positive")
    self.eta = eta
    self.coupling = coupling
    self.width = width
  }

  public enum Stability: String, Sendable {
    case stableNode, stableFocus, saddle
  }
  public struct FixedPoint: Sendable, Equatable {
    /// Spikes per τ: divided by τ it is hertz.
    public var rate: Double
    public var potential: Double
    public var stability: Stability
    /// Imaginary part of the eigenvalues, per τ; 0 unless it is a focus.
    public var angularFrequency: Double
  }

  /// All fixed points, by ascending rate.
  ///
  /// The quartic's slope vanishes at r = 0 and at two further places at most, so a root lies between neighbouring ones
  /// where the sign changes, and nowhere else. The eigenvalues are 2v ± √(2r(J − 2π²r)), and v < 0: no fixed point of a
  /// positive width is an unstable focus or node.
  public var fixedPoints: [FixedPoint] {
    let discriminant = 9 * coupling * coupling + 32 * Double.pi * Double.pi * eta
    var ends = [0.0]
    if discriminant > 0 {
      let root = discriminant.squareRoot()
      ends += [3 * coupling - root, 3 * coupling + root]
        .map { $0 / (8 * Double.pi * Double.pi) }.filter { $0 > 0 }
    }
    var top = max(ends.last ?? 0, 1)
    while quartic(top) <= 0 { top *= 2 }
    ends.append(top)
    return zip(ends, ends.dropFirst()).compactMap { low, high in
      (quartic(low) < 0) != (quartic(high) < 0) ? fixedPoint(root(low, high)) : nil
    }
  }

  private func quartic(_ r: Double) -> Double {
    let square = r * r
    return (Double.pi * Double.pi * square - coupling * r - eta) * square
      - width * width / (4 * Double.pi * Double.pi)
  }

  /// Bisection to the last bit.
  private func root(_ low: Double, _ high: Double) -> Double {
    var (low, high) = (low, high)
    let isNegative = quartic(low) < 0
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if (quartic(middle) < 0) == isNegative { low = middle } else { high = middle }
    }
  }

  private func fixedPoint(_ r: Double) -> FixedPoint {
    let v = -width / (2 * Double.pi * r)
    let square = 2 * r * (coupling - 2 * Double.pi * Double.pi * r)
    let stability: Stability =
      square < 0 ? .stableFocus : square > 4 * v * v ? .saddle : .stableNode
    return FixedPoint(
      rate: r, potential: v, stability: stability, angularFrequency: square < 0 ? (-square).squareRoot() : 0)
  }
}
