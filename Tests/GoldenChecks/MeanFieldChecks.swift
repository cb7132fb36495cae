import RateTheory
import TestSupport

extension GoldenCheck {
  /// Self-consistent rates and fixed points.
  static var meanField: [GoldenCheck] { brunel + column + [balanced] + quadratic }

  private static var brunel: [GoldenCheck] {
    let table = "RateTheory/brunel2000_rates.csv"
    return [
      GoldenCheck("Brunel's network, rate, μ and σ", table, bound: 1e-10, count: 42) { rows, comparison in
        for row in rows {
          let field = GoldenNetworks.brunel(g: try row.number("g"), eta: try row.number("eta"))
          let (solution, name) = (field.solve(), row.name("g", "eta"))
          comparison.add(
            name, solution.isConverged ? solution.rates[0] : .nan, golden: try row.number("rate_Hz"))
          let input = field.inputs(solution.rates)[0]
          comparison.add(name + ", μ", input.mean, golden: try row.number("mu_mV"))
          comparison.add(name + ", σ", input.sigma, golden: try row.number("sigma_mV"))
        }
      },
      // The slope of the rate map in one dimension.
      GoldenCheck("Brunel's network, stability", table, .differing, bound: 0, count: 14) { rows, comparison in
        for row in rows {
          let field = GoldenNetworks.brunel(g: try row.number("g"), eta: try row.number("eta"))
          let isStable = field.fixedPoint(at: field.solve().rates).isStable
          comparison.add(
            row.name("g", "eta"), same: isStable == (try row.text("fixed_point_slope") == "stable"))
        }
      },
      // (η − 1) ν_θ / (γg − 1)
      GoldenCheck("Brunel's network, balanced rate", table, .absolute("Hz"), bound: 1e-7, count: 12) {
        rows, comparison in
        for row in rows where try row.number("linear_balanced_prediction_Hz").isFinite {
          let field = GoldenNetworks.brunel(g: try row.number("g"), eta: try row.number("eta"))
          comparison.add(
            row.name("g", "eta"), field.balancedRates(atThreshold: true)?[0] ?? .nan,
            golden: try row.number("linear_balanced_prediction_Hz"))
        }
      },
    ]
  }

  /// By nnmt 1.3.0.
  private static var column: [GoldenCheck] {
    let table = "RateTheory/pd_microcircuit_rates.csv"
    func rates(_ name: String, synapse: Double, column: String) -> GoldenCheck {
      GoldenCheck("cortical column, rate, \(name)", table, bound: 1e-6, count: 8) { rows, comparison in
        let solution = GoldenNetworks.corticalColumn(synapse: synapse).solve()
        for (row, rate) in zip(rows, solution.rates) {
          comparison.add(
            row.name("population"), solution.isConverged ? rate : .nan, golden: try row.number(column))
        }
      }
    }
    return [
      rates("synaptic currents", synapse: 0.5e-3, column: "rate_Hz_exp_shift"),
      rates("steps", synapse: 0, column: "rate_Hz_delta"),
      GoldenCheck("cortical column, μ, σ and CV", table, bound: 1e-6, count: 24) { rows, comparison in
        let field = GoldenNetworks.corticalColumn(synapse: 0.5e-3)
        let rates = field.solve().rates
        for (a, (row, input)) in zip(rows, field.inputs(rates)).enumerated() {
          let name = row.name("population")
          comparison.add(name + ", μ", input.mean, golden: try row.number("mean_input_mV"))
          comparison.add(name + ", σ", input.sigma, golden: try row.number("std_input_mV"))
          comparison.add(
            name + ", CV", field.intervalVariation(a, rates: rates) ?? .nan,
            golden: try row.number("cv_shift"))
        }
      },
    ]
  }

  /// Exact rationals, one of them without a balanced state.
  private static var balanced: GoldenCheck {
    GoldenCheck(
      "balanced state, linear", "RateTheory/balanced_linear.csv", .absolute("Hz"), bound: 1e-12, count: 12
    ) { rows, comparison in
      for (number, row) in rows.enumerated() {
        let rates = try GoldenNetworks.balanced(row).balancedRates() ?? [.nan, .nan]
        comparison.add("row \(number + 1), r_E", rates[0], golden: try row.number("r_E_Hz"))
        comparison.add("row \(number + 1), r_I", rates[1], golden: try row.number("r_I_Hz"))
      }
    }
  }

  /// Montbrió, Pazó and Roxin.
  private static var quadratic: [GoldenCheck] {
    let table = "RateTheory/mpr_fixed_points.csv"
    return [
      GoldenCheck("quadratic neurons, r and v of fixed points", table, bound: 1e-13, count: 54) {
        rows, comparison in
        try forEachPoint(rows) { name, point, row in
          comparison.add(name + ", r", point?.rate ?? .nan, golden: try row.number("r_star"))
          comparison.add(name + ", v", point?.potential ?? .nan, golden: try row.number("v_star"))
        }
      },
      GoldenCheck("quadratic neurons, frequency of foci", table, bound: 1e-11, count: 15) {
        rows, comparison in
        try forEachPoint(rows) { name, point, row in
          guard let omega = Double(try row.text("imag_eigenvalue")) else { return }
          comparison.add(name, point?.angularFrequency ?? .nan, golden: omega)
        }
      },
      GoldenCheck("quadratic neurons, type of fixed points", table, .differing, bound: 0, count: 27) {
        rows, comparison in
        let types = ["stable_node": "stableNode", "stable_focus": "stableFocus", "saddle": "saddle"]
        try forEachPoint(rows) { name, point, row in
          comparison.add(name, same: point?.stability.rawValue == types[try row.text("type")])
        }
      },
    ]
  }

  /// Rows with the fixed point of the same rank; nil where there are more or fewer than the table has.
  private static func forEachPoint(
    _ rows: [GoldenRow], _ body: (String, QuadraticMeanField.FixedPoint?, GoldenRow) throws -> Void
  ) throws {
    let groups = Dictionary(grouping: rows) { $0.name("eta_bar", "J", "Delta") }
    for (name, group) in groups.sorted(by: { $0.key < $1.key }) {
      let sorted = try group.map { (try $0.number("r_star"), $0) }.sorted { $0.0 < $1.0 }
      let points = QuadraticMeanField(
        eta: try sorted[0].1.number("eta_bar"), coupling: try sorted[0].1.number("J"),
        width: try sorted[0].1.number("Delta")
      ).fixedPoints
      for (rank, row) in sorted.enumerated() {
        try body(
          "\(name), \(rank + 1) of \(sorted.count)", points.count == sorted.count ? points[rank] : nil, row.1)
      }
    }
  }
}
