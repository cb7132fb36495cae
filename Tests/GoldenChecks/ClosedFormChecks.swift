import Foundation
import RateTheory
import TestSupport

extension GoldenCheck {
  /// The leaky neuron under constant current, in continuous time and on ticks.
  static var closedForms: [GoldenCheck] { [rateCurve, rateCurveSpice, strengthDuration] + ticks + resets }

  /// Parameters of lif_fI.csv and of its ngspice netlist.
  public static let spiceNeuron = LeakyIntegrator(
    capacitance: 500e-15, leakConductance: 25e-12, leakReversal: 0.2, threshold: 0.6, reset: 0.1,
    refractory: 1e-3)

  private static var rateCurve: GoldenCheck {
    GoldenCheck("LIF f-I, closed form", "RateTheory/lif_fI.csv", bound: 1e-12, count: 88) {
      rows, comparison in
      for row in rows {
        let (neuron, name) = (try loaded(row), row.name("I_in_A", "C_par_F"))
        comparison.add(name + ", τ", neuron.timeConstant, golden: try row.number("tau_s"))
        comparison.add(
          name, neuron.rate(current: try row.number("I_in_A")), golden: try row.number("f_closed_Hz"))
      }
    }
  }

  private static var rateCurveSpice: GoldenCheck {
    GoldenCheck("LIF f-I, ngspice", "RateTheory/lif_fI.csv", bound: 3e-4, count: 44) { rows, comparison in
      for row in rows {
        comparison.add(
          row.name("I_in_A", "C_par_F"), try loaded(row).rate(current: try row.number("I_in_A")),
          golden: try row.number("f_spice_Hz"))
      }
    }
  }

  private static func loaded(_ row: GoldenRow) throws -> LeakyIntegrator {
    spiceNeuron.withCapacitance(try row.number("C_tot_F"))
  }

  /// τ 10 ms, rheobase 375 pA.
  private static var strengthDuration: GoldenCheck {
    GoldenCheck(
      "LIF strength and duration, closed form", "RateTheory/strength_duration_lif.csv", bound: 1e-12,
      count: 12
    ) { rows, comparison in
      let neuron = LeakyIntegrator(
        capacitance: 250e-12, leakConductance: 25e-9, leakReversal: -65e-3, threshold: -50e-3, reset: -65e-3,
        refractory: 2e-3)
      for row in rows {
        comparison.add(
          row.name("duration_ms"), neuron.pulseThreshold(duration: try row.number("duration_ms") * 1e-3),
          golden: try row.number("I_threshold_pA_exact_Irh/(1-exp(-t/tau))") * 1e-12)
      }
    }
  }

  /// Both integrators; the table prints 12 digits.
  private static var ticks: [GoldenCheck] {
    [
      ("exponential", "f_exactmap_Hz", true), ("Euler", "f_euler_Hz", false),
    ].map { name, column, exponential in
      GoldenCheck(
        "LIF on ticks, \(name)", "RateTheory/dt_discretisation.csv", bound: 5.1e-12, count: 30
      ) { rows, comparison in
        for row in rows {
          let (tau, dt) = (try row.number("tau_ms") * 1e-3, try row.number("dt_ms") * 1e-3)
          // The table's rheobase is the drive whose v∞ is the threshold, 1.
          let map = RealMap(
            retained: exponential ? exp(-dt / tau) : 1 - dt / tau, vInfinity: try row.number("I_over_Irh"),
            threshold: 1)
          comparison.add(
            row.name("tau_ms", "dt_ms", "I_over_Irh"), map.ratePerTick(reset: 0) / dt,
            golden: try row.number(column))
        }
      }
    } + [
      GoldenCheck("LIF in continuous time", "RateTheory/dt_discretisation.csv", bound: 5.1e-12, count: 30) {
        rows, comparison in
        for row in rows {
          comparison.add(
            row.name("tau_ms", "I_over_Irh"),
            leakyRate(
              vInfinity: try row.number("I_over_Irh"), threshold: 1, reset: 0,
              timeConstant: try row.number("tau_ms") * 1e-3, refractory: 0),
            golden: try row.number("f_cont_Hz"))
        }
      }
    ]
  }

  /// The table prints 8 digits; its simulation has 40 000 steps.
  private static var resets: [GoldenCheck] {
    let table = "RateTheory/reset_rates_real_map.csv"
    return [
      GoldenCheck("real map, reset to zero", table, bound: 5.1e-8, count: 18) { rows, comparison in
        for row in rows {
          comparison.add(
            row.name("decay_factor", "vinf_over_vth"), try realMap(row).ratePerTick(reset: 0),
            golden: try row.number("rate_zeroreset_exact"))
        }
      },
      GoldenCheck("real map, reset by subtraction, rotation number", table, bound: 5.1e-8, count: 18) {
        rows, comparison in
        for row in rows {
          comparison.add(
            row.name("decay_factor", "vinf_over_vth"), try realMap(row).ratePerTickSubtracting(),
            golden: try row.number("rate_subreset_rotation_formula"))
        }
      },
      GoldenCheck(
        "real map, reset by subtraction, simulated", table, .absolute("per tick"), bound: 5e-5, count: 18
      ) { rows, comparison in
        for row in rows {
          comparison.add(
            row.name("decay_factor", "vinf_over_vth"), try realMap(row).ratePerTickSubtracting(),
            golden: try row.number("rate_subreset_sim_per_step"))
        }
      },
    ]
  }

  private static func realMap(_ row: GoldenRow) throws -> RealMap {
    RealMap(
      retained: try row.number("decay_factor"), vInfinity: try row.number("vinf_over_vth"), threshold: 1)
  }
}
