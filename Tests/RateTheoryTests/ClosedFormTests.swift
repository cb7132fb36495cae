import Foundation
import RateTheory
import Testing

@Suite struct ClosedFormTests {
  /// Parameters of lif_fI.csv and of its ngspice netlist.
  static let neuron = LeakyIntegrator(
    capacitance: 500e-15, leakConductance: 25e-12, leakReversal: 0.2, threshold: 0.6, reset: 0.1,
    refractory: 1e-3)

  /// The closed form of an independent script, and ngspice's transistor-free RC circuit to 3e-4.
  @Test func rateCurveWithParasitics() throws {
    let rows = try goldenTable("lif_fI.csv")
    #expect(rows.count == 44)
    for row in rows {
      let neuron = Self.neuron.withCapacitance(try row.number("C_tot_F"))
      #expect(agrees(neuron.timeConstant, try row.number("tau_s"), digits: 14))
      let rate = neuron.rate(current: try row.number("I_in_A"))
      let closed = try row.number("f_closed_Hz")
      #expect(closed == 0 ? rate == 0 : abs(rate / closed - 1) < 1e-12)
      let spice = try row.number("f_spice_Hz")
      #expect(spice == 0 ? rate == 0 : abs(spice / rate - 1) < 3e-4)
    }
  }

  /// tau 10 ms, rheobase 375 pA.
  @Test func strengthDurationCurve() throws {
    let neuron = LeakyIntegrator(
      capacitance: 250e-12, leakConductance: 25e-9, leakReversal: -65e-3, threshold: -50e-3,
      reset: -65e-3, refractory: 2e-3)
    #expect(abs(neuron.rheobase - 375e-12) < 1e-22)
    #expect(abs(neuron.chronaxie - 6.93147180559945e-3) < 1e-16)
    for row in try goldenTable("strength_duration_lif.csv") {
      let current = neuron.pulseThreshold(duration: try row.number("duration_ms") * 1e-3)
      let expected = try row.number("I_threshold_pA_exact_Irh/(1-exp(-t/tau))") * 1e-12
      #expect(abs(current / expected - 1) < 1e-12)
    }
    let atChronaxie = neuron.pulseThreshold(duration: neuron.chronaxie)
    #expect(abs(atChronaxie / (2 * neuron.rheobase) - 1) < 1e-12)
  }

  @Test func rheobaseIsTheEdgeOfFiring() {
    let neuron = Self.neuron
    #expect(neuron.rate(current: neuron.rheobase * (1 - 1e-9)) == 0)
    #expect(neuron.rate(current: neuron.rheobase * (1 + 1e-9)) > 0)
    #expect(neuron.withCapacitance(1e-12).rheobase == neuron.rheobase)
  }

  @Test func resetAboveThresholdLeavesTheRefractoryTime() {
    #expect(
      leakyRate(vInfinity: 3, threshold: 1, reset: 1, timeConstant: 0.02, refractory: 0.004) == 250)
  }

  /// Discrete time, both integrators: 12 digits printed.
  @Test func ratesOnAGrid() throws {
    let rows = try goldenTable("dt_discretisation.csv")
    #expect(rows.count == 30)
    for row in rows {
      let tau = try row.number("tau_ms") * 1e-3
      let dt = try row.number("dt_ms") * 1e-3
      // The table's rheobase is the drive whose v∞ is the threshold, 1.
      let drive = try row.number("I_over_Irh")
      let continuous = leakyRate(
        vInfinity: drive, threshold: 1, reset: 0, timeConstant: tau, refractory: 0)
      #expect(agrees(continuous, try row.number("f_cont_Hz"), digits: 12))
      for (retained, column) in [(exp(-dt / tau), "f_exactmap_Hz"), (1 - dt / tau, "f_euler_Hz")] {
        let map = RealMap(retained: retained, vInfinity: drive, threshold: 1)
        let rate = map.ratePerTick(reset: 0) / dt
        #expect(agrees(rate, try row.number(column), digits: 12), "\(column) \(row)")
      }
    }
  }

  /// Zero reset exactly; subtracting reset as rotation number, and as simulated for 40 000 steps.
  @Test func resetModesOnTheRealMap() throws {
    let rows = try goldenTable("reset_rates_real_map.csv")
    #expect(rows.count == 18)
    for row in rows {
      let map = RealMap(
        retained: try row.number("decay_factor"), vInfinity: try row.number("vinf_over_vth"),
        threshold: 1)
      #expect(agrees(map.ratePerTick(reset: 0), try row.number("rate_zeroreset_exact"), digits: 8))
      let subtracting = map.ratePerTickSubtracting()
      #expect(agrees(subtracting, try row.number("rate_subreset_rotation_formula"), digits: 8))
      #expect(abs(subtracting - (try row.number("rate_subreset_sim_per_step"))) < 5e-5)
    }
  }

  @Test func edgesOfTheRealMap() {
    #expect(RealMap(retained: 0.9, vInfinity: 0.99, threshold: 1).period(reset: 0) == nil)
    #expect(RealMap(retained: 0.9, vInfinity: 0.99, threshold: 1).ratePerTickSubtracting() == 0)
    #expect(RealMap(retained: 0.5, vInfinity: 2, threshold: 1).ratePerTickSubtracting() == 1)
    // v_1 = 1.5, v_2 = 2.25: the threshold is met exactly, in the second tick.
    #expect(RealMap(retained: 0.5, vInfinity: 3, threshold: 2.25).period(reset: 0) == 2)
    #expect(RealMap(retained: 0, vInfinity: 1, threshold: 1).period(reset: 0) == 1)
    #expect(RealMap(retained: 0.5, vInfinity: 3, threshold: 2.25).ratePerTick(reset: 0, refractory: 3) == 0.2)
  }
}
