import ReferenceModel
import TestSupport

extension GoldenCheck {
  /// The neuron family, against another integrator, scripts of the papers and closed forms.
  static var family: [GoldenCheck] {
    [spikeTimes, closedFormRates, rateCurves, onsets, pulses, script2003] + patterns2004
  }

  /// Within the tables' own uncertainty: what changed there between tolerances 1e-10 and 1e-12.
  private static var spikeTimes: GoldenCheck {
    GoldenCheck(
      "spike times, 24 models", "ReferenceModel/spike_times.csv", .uncertainty, bound: 1, count: 770
    ) { rows, comparison in
      let byModel = Dictionary(grouping: rows) { $0["model"] ?? "" }
      for name in GoldenNeurons.all {
        guard let rows = byModel[name], let first = rows.first else { continue }
        let model = try GoldenNeurons.model(name)
        let run = model.run(
          from: model.start, current: .constant(try first.number("I")),
          NeuronIntegration(duration: try first.number("T_ms"), tolerance: 1e-12))
        let isWhole = run.end == .complete && run.spikeTimes.count == rows.count
        for (index, row) in rows.enumerated() {
          comparison.add(
            row.name("model", "spike_index"), isWhole ? run.spikeTimes[index] : .nan,
            golden: try row.number("t_ms"),
            uncertainty: max(try row.number("dt_between_tolerances_ms"), 1e-10))
        }
      }
    }
  }

  /// EIF by quadrature, QIF, and LIF.
  private static var closedFormRates: GoldenCheck {
    GoldenCheck(
      "rates of EIF, QIF and LIF, closed form", "ReferenceModel/closed_form_vs_ode.csv", bound: 1e-9,
      count: 40
    ) { rows, comparison in
      for row in rows {
        let model = try GoldenNeurons.model(try row.text("model"))
        let run = model.run(
          from: model.start, current: .constant(try row.number("I")),
          NeuronIntegration(duration: 2000, tolerance: 1e-12))
        let interval = RatePoint(current: 0, spikeTimes: run.spikeTimes).lastInterval
        comparison.add(
          row.name("model", "I"), interval.map { 1000 / $0 } ?? 0,
          golden: try row.number("rate_closed_form_Hz"))
      }
    }
  }

  /// Points that depend on the tolerance in the table itself are no truth (`golden_ok`).
  private static var rateCurves: GoldenCheck {
    GoldenCheck("f-I curves, 24 models", "ReferenceModel/fI.csv", bound: 1e-6, count: 1170) {
      rows, comparison in
      for row in rows where row["golden_ok"] == "yes" {
        let (point, name) = (try ratePoint(row), row.name("model", "I"))
        for (value, column) in [
          (Double(point.spikes), "n_spikes"), (point.firstSpike, "first_spike_ms"),
          (point.firstInterval, "first_isi_ms"), (point.lastInterval, "last_isi_ms"),
          (point.meanInterval.map { 1000 / $0 }, "rate_mean_isi_Hz"),
        ] {
          // What there is none of is empty or 0 in the table.
          comparison.add("\(name), \(column)", value ?? 0, golden: Double(try row.text(column)) ?? 0)
        }
      }
    }
  }

  private static func ratePoint(_ row: GoldenRow) throws -> RatePoint {
    let model = try GoldenNeurons.model(try row.text("model"))
    let run = model.run(
      from: model.start, current: .constant(try row.number("I")),
      NeuronIntegration(duration: try row.number("T_ms"), tolerance: 1e-11))
    return RatePoint(current: try row.number("I"), spikeTimes: run.spikeTimes)
  }

  /// Closed forms (AdEx: Touboul and Brette 2008; FHN) and eigenvalues. The uncertainty is that of the table: ten digits,
  /// and 2e-8 where eigenvalues were bisected.
  private static var onsets: GoldenCheck {
    let kinds: [(quantity: String, kind: Bifurcation.Kind, models: [String], uncertainty: Double)] = [
      (
        "I_hopf_pA", .hopf,
        [
          "AdEx_BG2005", "AdEx_Naud_adaptation", "AdEx_Naud_initial_burst", "AdEx_Naud_regular_bursting",
        ], 1e-9
      ),
      ("I_saddle_node_pA", .saddleNode, ["AdEx_BG2005", "AdEx_Naud_tonic"], 1e-9),
      ("I_saddle_node", .saddleNode, ["INapIK_high_threshold", "INap_1D"], 1e-9),
      ("I_Hopf", .hopf, ["FHN"], 1e-9), ("I_Hopf_uA_cm2", .hopf, ["HH_squid"], 2e-8),
      ("I_leading_eig_zero", .hopf, ["INapIK_high_threshold", "INapIK_low_threshold"], 2e-8),
    ]
    return GoldenCheck(
      "bifurcation currents", "ReferenceModel/onsets.csv", .uncertainty, bound: 1, count: 16
    ) { rows, comparison in
      for (quantity, kind, models, uncertainty) in kinds {
        for row in rows where row["quantity"] == quantity && models.contains(row["model"] ?? "") {
          let golden = try row.number("value")
          // The first crossing of this neuron is its saddle-node, listed as such.
          if quantity == "I_leading_eig_zero", try row.text("how").contains("-60.93") { continue }
          let found = try GoldenNeurons.model(try row.text("model")).bifurcations
            .filter { $0.kind == kind }.map(\.current)
          let nearest = found.min { abs($0 - golden) < abs($1 - golden) }
          comparison.add(
            row.name("model", "quantity"), nearest ?? .nan, golden: golden,
            uncertainty: uncertainty * abs(golden))
        }
      }
    }
  }

  /// By integration and bisection.
  private static var pulses: GoldenCheck {
    GoldenCheck(
      "LIF strength and duration, integrated", "RateTheory/strength_duration_lif.csv", bound: 1e-9, count: 12
    ) { rows, comparison in
      let model = try GoldenNeurons.preset(LeakyIntegrateAndFire.self, "standard")
      let excitability = Excitability(model, duration: 500, largest: 1000, tolerance: 1e-12)
      for row in rows {
        let found = excitability.threshold(forPulse: try row.number("duration_ms"), rheobase: 375)
        comparison.add(
          row.name("duration_ms"), found ?? .nan,
          golden: try row.number("I_threshold_pA_exact_Irh/(1-exp(-t/tau))"))
      }
    }
  }
}
