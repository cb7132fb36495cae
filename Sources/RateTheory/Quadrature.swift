import Foundation

/// Gauss–Legendre quadrature with 16 points per panel: exact for polynomials of degree 31.
struct GaussPanel: Sendable {
  static let standard = GaussPanel(points: 16)

  private let nodes: [Double]
  private let weights: [Double]

  /// Nodes are the zeros of the Legendre polynomial P_n, by Newton's method from cos(π(i − 1/4)/(n + 1/2)).
  init(points n: Int) {
    var nodes: [Double] = []
    var weights: [Double] = []
    for i in 1...n {
      var x = cos(Double.pi * (Double(i) - 0.25) / (Double(n) + 0.5))
      var slope = 1.0
      for _ in 0..<8 {
        var (last, value) = (1.0, x)
        for k in 2...n {
          (last, value) = (value, (Double(2 * k - 1) * x * value - Double(k - 1) * last) / Double(k))
        }
        slope = Double(n) * (x * value - last) / (x * x - 1)
        x -= value / slope
      }
      nodes.append(x)
      weights.append(2 / ((1 - x * x) * slope * slope))
    }
    self.nodes = nodes
    self.weights = weights
  }

  /// ∫ f over [a, b] with one panel.
  func integral(from a: Double, to b: Double, of f: (Double) -> Double) -> Double {
    let half = (b - a) / 2
    let middle = a + half
    var sum = 0.0
    for i in nodes.indices { sum += weights[i] * f(middle + half * nodes[i]) }
    return sum * half
  }
}
