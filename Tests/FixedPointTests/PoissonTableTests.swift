import FixedPoint
import Foundation
import Testing

@Suite struct PoissonTableTests {
  static let unit = 4_294_967_296.0

  /// P(K ≤ j) of a Poisson variable with mean 1: e⁻¹·(1, 2, 5/2, 8/3, 65/24), to 2^−32.
  @Test func meanOne() {
    let thresholds = poissonThresholds(mean: 1)
    let exact = [1, 2, 5.0 / 2, 8.0 / 3, 65.0 / 24].map { $0 / 2.718281828459045 }
    #expect(thresholds.prefix(5).map { Int($0) } == exact.map { Int($0 * Self.unit) })
    #expect(thresholds == thresholds.sorted())
  }

  /// Over all 2^32 draws: Σ_j P(K > j) = m, and Σ_j (2j + 1)·P(K > j) = m² + m.
  @Test(arguments: [1e-4, 0.02, 1, 7.3, 120, 5000])
  func momentsOverAllDraws(mean: Double) {
    let thresholds = poissonThresholds(mean: mean)
    let tail = thresholds.map { (Self.unit - Double($0)) / Self.unit }
    let first = tail.reduce(0, +)
    let second = tail.enumerated().reduce(0) { $0 + Double(2 * $1.offset + 1) * $1.element }
    let count = Double(thresholds.count)
    #expect(abs(first - mean) < (count + 1) * 3e-10)
    #expect(abs(second - (mean * mean + mean)) < (count + 1) * (count + 1) * 3e-10)
  }

  @Test func silence() {
    #expect(poissonThresholds(mean: 0).isEmpty)
  }
}
