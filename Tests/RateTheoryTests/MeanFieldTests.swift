import Foundation
import RateTheory
import Testing

/// Self-consistent rates against published networks solved by others.
@Suite struct MeanFieldTests {
  /// Brunel 2000, model A: C_E = 1000, γ = 1/4, J = 0.1 mV, τ = 20 ms, θ = 20 mV, V_r = 10 mV, t_ref = 2 ms.
  private func brunel(g: Double, eta: Double) -> MeanField {
    var population = MeanField.Population(
      name: "all", timeConstant: 0.02, rest: 0, threshold: 20, reset: 10, refractory: 0.002)
    population.addPoisson(count: 1000, rate: eta * 20 / (1000 * 0.1 * 0.02), step: 0.1)
    return MeanField(
      populations: [population],
      couplings: [
        MeanField.Coupling(source: 0, target: 0, degree: 1000, step: 0.1),
        MeanField.Coupling(source: 0, target: 0, degree: 250, step: -0.1 * g),
      ])
  }

  @Test func brunelsNetwork() throws {
    let rows = try goldenTable("brunel2000_rates.csv")
    #expect(rows.count == 14)
    for row in rows {
      let field = brunel(g: try row.number("g"), eta: try row.number("eta"))
      let solution = field.solve()
      #expect(solution.isConverged, "\(row)")
      #expect(abs(solution.rates[0] / (try row.number("rate_Hz")) - 1) < 1e-10, "\(solution) \(row)")
      let input = field.inputs(solution.rates)[0]
      #expect(abs(input.mean / (try row.number("mu_mV")) - 1) < 1e-10)
      #expect(abs(input.sigma / (try row.number("sigma_mV")) - 1) < 1e-10)
      // (η − 1) ν_θ / (γg − 1)
      let predicted = try row.number("linear_balanced_prediction_Hz")
      if predicted.isFinite {
        #expect(abs((field.balancedRates(atThreshold: true)?[0] ?? .nan) - predicted) < 1e-7, "\(row)")
      }
    }
  }

  /// Two populations that are alike have the rates of one.
  @Test func splittingAPopulationChangesNothing() throws {
    let one = brunel(g: 5, eta: 2)
    var excitatory = one.populations[0]
    excitatory.name = "E"
    var two = MeanField(populations: [excitatory, excitatory], couplings: [])
    for target in 0...1 {
      two.couplings.append(MeanField.Coupling(source: 0, target: target, degree: 1000, step: 0.1))
      two.couplings.append(MeanField.Coupling(source: 1, target: target, degree: 250, step: -0.5))
    }
    let rates = two.solve().rates
    let expected = one.solve().rates[0]
    for rate in rates { #expect(abs(rate / expected - 1) < 1e-10) }
    let balanced = try #require(two.balancedRates(atThreshold: true))
    for rate in balanced { #expect(abs(rate / 40 - 1) < 1e-9) }
  }

  /// The column of Potjans and Diesmann 2014 as the test fixtures of nnmt have it (in-degrees rounded to 9 digits), with
  /// rates by nnmt 1.3.0.
  @Test func corticalColumn() throws {
    let degrees: [[Double]] = [
      [2199.86486, 1079.32007, 979.241261, 467.578108, 159.240826, 0, 109.819852, 0],
      [2990.00583, 860.261056, 703.691807, 289.693864, 380.735859, 0, 60.5863901, 0],
      [159.875428, 34.5225188, 1117.17312, 794.596213, 32.6043349, 0.319552818, 667.325211, 0],
      [1480.97354, 16.9432378, 1813.02026, 953.325789, 16.0313926, 0, 1608.12283, 0],
      [2188.36598, 374.651134, 1135.62969, 31.3195876, 420.770722, 496.471959, 296.694639, 0],
      [1165.66761, 159.083568, 570.579343, 12.0666667, 300.095775, 404.17277, 124.332394, 0],
      [325.197985, 38.632025, 467.354637, 91.7147621, 285.670372, 21.1899271, 581.635915, 752.183189],
      [766.90502, 5.83683853, 74.6380597, 2.74016282, 136.240841, 8.55427408, 979.791723, 459.402985],
    ]
    let external: [Double] = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]
    // 87.8 pA for 0.5 ms on 250 pF, in mV.
    let step = 87.8 * 0.5 / 250
    let rows = try goldenTable("pd_microcircuit_rates.csv")
    for (synapse, column) in [(0.5e-3, "rate_Hz_exp_shift"), (0, "rate_Hz_delta")] {
      var field = MeanField(populations: [], couplings: [])
      for (a, row) in rows.enumerated() {
        var population = MeanField.Population(
          name: row["population"] ?? "", timeConstant: 0.01, rest: 0, threshold: 15, reset: 0,
          refractory: 0.002, synapse: synapse)
        population.addPoisson(count: external[a], rate: 8, step: step)
        field.populations.append(population)
        for (b, degree) in degrees[a].enumerated() {
          // 4E reaches 2/3E with twice the weight.
          let weight = b % 2 == 1 ? -4 * step : a == 0 && b == 2 ? 2 * step : step
          field.couplings.append(MeanField.Coupling(source: b, target: a, degree: degree, step: weight))
        }
      }
      let solution = field.solve()
      #expect(solution.isConverged)
      let inputs = field.inputs(solution.rates)
      for (a, row) in rows.enumerated() {
        #expect(
          abs(solution.rates[a] / (try row.number(column)) - 1) < 1e-6,
          "\(column) \(solution.rates[a]) \(row)")
        guard synapse > 0 else { continue }
        #expect(abs(inputs[a].mean / (try row.number("mean_input_mV")) - 1) < 1e-6)
        #expect(abs(inputs[a].sigma / (try row.number("std_input_mV")) - 1) < 1e-6)
        let variation = try #require(field.intervalVariation(a, rates: solution.rates))
        #expect(abs(variation / (try row.number("cv_shift")) - 1) < 1e-6, "\(variation) \(row)")
      }
    }
  }

  /// Exact rationals, one of them without a balanced state.
  @Test func balancedRatesOfTheTable() throws {
    let rows = try goldenTable("balanced_linear.csv")
    #expect(rows.count == 6)
    for row in rows {
      func population(_ weight: String) throws -> MeanField.Population {
        MeanField.Population(
          name: "", timeConstant: 0.02, rest: 0, threshold: 20, reset: 10, refractory: 0,
          drift: try row.number(weight) * row.number("r_X_Hz"))
      }
      let field = MeanField(
        populations: [try population("J_EX"), try population("J_IX")],
        couplings: [
          MeanField.Coupling(source: 0, target: 0, degree: 1, step: try row.number("J_EE")),
          MeanField.Coupling(source: 1, target: 0, degree: 1, step: -(try row.number("J_EI"))),
          MeanField.Coupling(source: 0, target: 1, degree: 1, step: try row.number("J_IE")),
          MeanField.Coupling(source: 1, target: 1, degree: 1, step: -(try row.number("J_II"))),
        ])
      let rates = try #require(field.balancedRates())
      #expect(abs(rates[0] - (try row.number("r_E_Hz"))) < 1e-12)
      #expect(abs(rates[1] - (try row.number("r_I_Hz"))) < 1e-12)
    }
  }

  /// Shot noise: the free membrane's skewness of the noise table, (2/3)√(2/(rτ)).
  @Test func skewnessOfShotNoise() {
    var population = MeanField.Population(
      name: "", timeConstant: 0.01, rest: 0, threshold: 1, reset: 0, refractory: 0)
    population.addPoisson(count: 1, rate: 1000, step: 0.1)
    let input = MeanField(populations: [population], couplings: []).inputs([0])[0]
    #expect(abs(input.skewness - 0.298142396999972) < 1e-14)
    #expect(abs(input.sigma / 2.0.squareRoot() - 0.223606797749979) < 1e-14)
    #expect(abs(input.mean - 1) < 1e-14)
  }

  @Test func membraneWithoutLeakCountsItsDrift() {
    let population = MeanField.Population(
      name: "", timeConstant: nil, rest: 0, threshold: 2, reset: 1, refractory: 0.01, drift: 50)
    let field = MeanField(
      populations: [population], couplings: [MeanField.Coupling(source: 0, target: 0, degree: 1, step: -1)])
    // ν (0.01 + 1/(50 − ν)) = 1.
    let nu = field.solve().rates[0]
    #expect(abs(nu * (0.01 + 1 / (50 - nu)) - 1) < 1e-9)
  }

  @Test func fixedPointsOfQuadraticNeurons() throws {
    let rows = try goldenTable("mpr_fixed_points.csv")
    #expect(rows.count == 27)
    var groups: [[String]: [[String: String]]] = [:]
    for row in rows {
      groups[[row["eta_bar"] ?? "", row["J"] ?? "", row["Delta"] ?? ""], default: []].append(row)
    }
    for group in groups.values {
      let field = QuadraticMeanField(
        eta: try group[0].number("eta_bar"), coupling: try group[0].number("J"),
        width: try group[0].number("Delta"))
      let points = field.fixedPoints
      let sorted = try group.sorted { try $0.number("r_star") < $1.number("r_star") }
      #expect(points.count == sorted.count)
      for (point, row) in zip(points, sorted) {
        #expect(abs(point.rate / (try row.number("r_star")) - 1) < 1e-13)
        #expect(abs(point.potential / (try row.number("v_star")) - 1) < 1e-13)
        let type = ["stable_node": "stableNode", "stable_focus": "stableFocus", "saddle": "saddle"]
        #expect(point.stability.rawValue == type[row["type"] ?? ""])
        if let omega = Double(row["imag_eigenvalue"] ?? "") {
          #expect(abs(point.angularFrequency / omega - 1) < 1e-11)
        }
      }
    }
  }
}
