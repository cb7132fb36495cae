import RateTheory
import TestSupport

/// Published networks whose rates others have solved.
public enum GoldenNetworks {
  /// Brunel 2000, model A: C_E = 1000, γ = 1/4, J = 0.1 mV, τ = 20 ms, θ = 20 mV, V_r = 10 mV, t_ref = 2 ms.
  public static func brunel(g: Double, eta: Double) -> MeanField {
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

  /// The column of Potjans and Diesmann 2014 as the test fixtures of nnmt have it (in-degrees rounded to 9 digits).
  ///
  /// - Parameter synapse: seconds; 0 for steps.
  public static func corticalColumn(synapse: Double) -> MeanField {
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
    var field = MeanField(populations: [], couplings: [])
    for (a, name) in ["23E", "23I", "4E", "4I", "5E", "5I", "6E", "6I"].enumerated() {
      var population = MeanField.Population(
        name: name, timeConstant: 0.01, rest: 0, threshold: 15, reset: 0, refractory: 0.002, synapse: synapse)
      population.addPoisson(count: external[a], rate: 8, step: step)
      field.populations.append(population)
      for (b, degree) in degrees[a].enumerated() {
        // 4E reaches 2/3E with twice the weight.
        let weight = b % 2 == 1 ? -4 * step : a == 0 && b == 2 ? 2 * step : step
        field.couplings.append(MeanField.Coupling(source: b, target: a, degree: degree, step: weight))
      }
    }
    return field
  }

  /// Two linear populations of balanced_linear.csv; weights are sums over all synapses.
  static func balanced(_ row: GoldenRow) throws -> MeanField {
    func population(_ weight: String) throws -> MeanField.Population {
      MeanField.Population(
        name: "", timeConstant: 0.02, rest: 0, threshold: 20, reset: 10, refractory: 0,
        drift: try row.number(weight) * row.number("r_X_Hz"))
    }
    return MeanField(
      populations: [try population("J_EX"), try population("J_IX")],
      couplings: [
        MeanField.Coupling(source: 0, target: 0, degree: 1, step: try row.number("J_EE")),
        MeanField.Coupling(source: 1, target: 0, degree: 1, step: -(try row.number("J_EI"))),
        MeanField.Coupling(source: 0, target: 1, degree: 1, step: try row.number("J_IE")),
        MeanField.Coupling(source: 1, target: 1, degree: 1, step: -(try row.number("J_II"))),
      ])
  }
}
