import Foundation
import RateTheory
import TestSupport

extension GoldenCheck {
  /// First-passage rates and interval variation, against tables computed with 60 digits.
  static var passage: [GoldenCheck] {
    [
      ("Siegert rate", "siegert_rates.csv", 396),
      ("Siegert rate, microcircuit's neuron", "siegert_rates_pd.csv", 40),
    ]
    .flatMap { name, file, count in
      [
        GoldenCheck(name, "RateTheory/\(file)", bound: 1e-10, count: count) { rows, comparison in
          for row in rows {
            let (neuron, name) = (try diffusionNeuron(row), passageName(row))
            let rate = neuron.rate(mean: try row.number("mu_mV"), sigma: try row.number("sigma_mV"))
            // What a double cannot hold underflows and is never NaN.
            if try row.number("log10_rate_Hz") > -300 {
              comparison.add(name, rate, golden: try row.number("rate_Hz"))
            } else {
              comparison.add(name, deviation: rate >= 0 && rate < 1e-299 ? 0 : .infinity)
            }
          }
        },
        GoldenCheck("\(name), logarithm", "RateTheory/\(file)", bound: 1e-10, count: count) {
          rows, comparison in
          for row in rows {
            let neuron = try diffusionNeuron(row)
            let value =
              neuron.logRate(mean: try row.number("mu_mV"), sigma: try row.number("sigma_mV")) / log(10)
            let golden = try row.number("log10_rate_Hz")
            // Around 1 Hz the logarithm vanishes and its own digits count.
            comparison.add(
              passageName(row),
              deviation: value == golden ? 0 : abs(value - golden) / max(abs(golden), 1))
          }
        },
      ]
    } + [
      GoldenCheck("CV of intervals", "RateTheory/lif_cv_isi.csv", bound: 1e-10, count: 80) {
        rows, comparison in
        for row in rows {
          let variation = try diffusionNeuron(row).intervalVariation(
            mean: try row.number("mu_mV"), sigma: try row.number("sigma_mV"))
          comparison.add(passageName(row), variation, golden: try row.number("CV_ISI"))
        }
      }
    ]
  }

  private static func passageName(_ row: GoldenRow) -> String { row.name("t_ref_ms", "mu_mV", "sigma_mV") }

  private static func diffusionNeuron(_ row: GoldenRow) throws -> DiffusionNeuron {
    DiffusionNeuron(
      timeConstant: try row.number("tau_ms") * 1e-3, threshold: try row.number("V_th_mV"),
      reset: try row.number("V_r_mV"), refractory: try row.number("t_ref_ms") * 1e-3)
  }
}
