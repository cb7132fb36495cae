import Foundation
import RateTheory
import Testing

/// First-passage rates and interval variation against tables computed with 60 digits.
@Suite struct SiegertTests {
  private func neuron(_ row: [String: String]) throws -> DiffusionNeuron {
    DiffusionNeuron(
      timeConstant: try row.number("tau_ms") * 1e-3, threshold: try row.number("V_th_mV"),
      reset: try row.number("V_r_mV"), refractory: try row.number("t_ref_ms") * 1e-3)
  }

  @Test(arguments: [("siegert_rates.csv", 396), ("siegert_rates_pd.csv", 40)])
  func ratesOfTheTables(name: String, count: Int) throws {
    let rows = try goldenTable(name)
    #expect(rows.count == count)
    for row in rows {
      let neuron = try neuron(row)
      let (mean, sigma) = (try row.number("mu_mV"), try row.number("sigma_mV"))
      let logRate = neuron.logRate(mean: mean, sigma: sigma)
      let expected = try row.number("log10_rate_Hz")
      if expected == -.infinity {
        #expect(logRate == -.infinity && neuron.rate(mean: mean, sigma: sigma) == 0)
        continue
      }
      #expect(abs(logRate / log(10) - expected) < 1e-10 * max(abs(expected), 1), "\(row)")
      // What a double can hold is right to its digits; the rest underflows and is never NaN.
      let rate = neuron.rate(mean: mean, sigma: sigma)
      if expected > -300 {
        #expect(abs(rate / (try row.number("rate_Hz")) - 1) < 1e-10, "\(row)")
      } else {
        #expect(rate >= 0 && rate < 1e-299, "\(row)")
      }
    }
  }

  @Test func intervalVariationOfTheTable() throws {
    let rows = try goldenTable("lif_cv_isi.csv")
    #expect(rows.count == 80)
    for row in rows {
      let variation = try neuron(row).intervalVariation(
        mean: try row.number("mu_mV"), sigma: try row.number("sigma_mV"))
      #expect(abs(variation / (try row.number("CV_ISI")) - 1) < 1e-10, "\(variation) \(row)")
    }
  }

  @Test func edges() {
    let neuron = DiffusionNeuron(timeConstant: 0.02, threshold: 20, reset: 10, refractory: 0.002)
    #expect(neuron.intervalVariation(mean: 30, sigma: 0) == 0)
    #expect(abs(neuron.rate(mean: 30, sigma: 1e-6) / neuron.rate(mean: 30, sigma: 0) - 1) < 1e-12)
    let spent = DiffusionNeuron(timeConstant: 0.02, threshold: 10, reset: 10, refractory: 0.004)
    #expect(abs(spent.rate(mean: 0, sigma: 1) - 250) < 1e-9)
  }

  /// A synaptic current's shift raises the effective threshold: the rate falls, and continuously.
  @Test func slowSynapsesLowerTheRate() {
    var neuron = DiffusionNeuron(timeConstant: 0.02, threshold: 20, reset: 10, refractory: 0.002)
    let white = neuron.rate(mean: 18, sigma: 5)
    var last = white
    for synapse in [1e-9, 1e-5, 1e-4, 1e-3] {
      neuron.synapse = synapse
      let rate = neuron.rate(mean: 18, sigma: 5)
      #expect(rate < last)
      last = rate
    }
    neuron.synapse = 1e-12
    #expect(abs(neuron.rate(mean: 18, sigma: 5) / white - 1) < 1e-4)
  }
}
