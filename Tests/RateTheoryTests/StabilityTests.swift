import Foundation
import GoldenChecks
import Testing

@testable import RateTheory

/// Linear stability of self-consistent rates.
@Suite struct StabilityTests {
  /// Matrices whose eigenvalues are known: real, a pair, defective, and one that is far from normal.
  @Test func abscissaOfKnownMatrices() {
    let cases: [([[Double]], Double)] = [
      ([[-3]], -3), ([[0, 0], [0, 0]], 0), ([[2, 1], [1, 2]], 3), ([[-1, -5], [5, -1]], -1),
      ([[-0.5, 1], [0, -0.5]], -0.5), ([[-1, 1e4], [0, -2]], -1), ([[0, 1], [-1, 0]], 0),
      // Companion of (x − 1)(x + 2)(x² + 4).
      ([[-1, -2, -4, 8], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], 1),
    ]
    for (matrix, expected) in cases {
      #expect(abs(spectralAbscissa(matrix) - expected) < 1e-7, "\(matrix)")
    }
    #expect(spectralAbscissa([[.nan]]).isNaN)
  }

  /// States that others found by relaxation, and a balanced one dominated by inhibition.
  @Test func publishedStatesAreStable() throws {
    for synapse in [0, 0.5e-3] {
      let field = GoldenNetworks.corticalColumn(synapse: synapse)
      #expect(field.fixedPoint(at: field.solve().rates).isStable)
    }
    let balanced = GoldenNetworks.brunel(g: 6, eta: 4)
    let point = balanced.fixedPoint(at: balanced.solve().rates)
    // Inhibition that dominates pulls rates back faster than they relax alone.
    #expect(point.growth < -1)
  }

  /// Excitation alone: silence and a high rate, and between them the state that parts them.
  @Test func bistableExcitation() throws {
    let population = MeanField.Population(
      name: "E", timeConstant: 0.02, rest: 0, threshold: 20, reset: 10, refractory: 0.005, drift: 500,
      power: 200)
    let field = MeanField(
      populations: [population],
      couplings: [MeanField.Coupling(source: 0, target: 0, degree: 200, step: 0.2)])
    let points = field.fixedPoints()
    try #require(points.count == 2)
    #expect(points.allSatisfy(\.isStable) && points[0].rates[0] < 5 && points[1].rates[0] > 100)
    var (low, high) = (points[0].rates[0] + 1e-3, points[1].rates[0] - 1)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if field.response([middle])[0] < middle { low = middle } else { high = middle }
    }
    let between = field.fixedPoint(at: [low])
    #expect(!between.isStable)
    let slope = (field.response([low + 1e-4])[0] - field.response([low - 1e-4])[0]) / 2e-4
    #expect(abs(between.growth - (slope - 1)) < 1e-4 * slope)
    for (start, end) in [(low * 0.99, points[0]), (low * 1.01, points[1])] {
      #expect(abs(field.solve(from: [start]).rates[0] - end.rates[0]) < 1e-6)
    }
  }

  @Test func oneFixedPointIsListedOnce() {
    #expect(GoldenNetworks.brunel(g: 5, eta: 2).fixedPoints().count == 1)
  }
}
