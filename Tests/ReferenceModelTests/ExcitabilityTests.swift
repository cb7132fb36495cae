import Foundation
import ReferenceModel
import TestSupport
import Testing

/// Equilibria, rheobase, chronaxie and classes; golden onsets and strengths are `GoldenCheck`s.
@Suite struct ExcitabilityTests {
  static func onset(_ model: String, _ quantity: String, _ text: String = "") throws -> Double {
    let row = try goldenTable("onsets.csv").first {
      $0["model"] == model && $0["quantity"] == quantity
        && (text.isEmpty || $0.values.contains { $0.contains(text) })
    }
    return try #require(row).number("value")
  }

  /// Rest ends in the kind of bifurcation that theory says: a / g_L against τ_m / τ_w for AdEx.
  @Test(arguments: [
    ("AdEx_BG2005", Bifurcation.Kind.hopf), ("AdEx_Naud_tonic", .saddleNode), ("AdEx_Naud_adaptation", .hopf),
    ("AdEx_Naud_initial_burst", .hopf), ("AdEx_Naud_regular_bursting", .hopf), ("HH_squid", .hopf),
    ("INapIK_high_threshold", .saddleNode), ("INapIK_low_threshold", .hopf), ("FHN", .hopf),
    ("LIF_neuro", .threshold), ("EIF_FourcaudTrocme2003", .saddleNode), ("QIF_tau10", .saddleNode),
  ])
  func restEndsIn(name: String, kind: Bifurcation.Kind) throws {
    #expect(try #require(GoldenNeurons.model(name).restEnds).kind == kind)
  }

  @Test func equilibriaOfPersistentSodium() throws {
    let model = PersistentSodium()
    let points = model.equilibria(at: 0)
    let rows = try goldenTable("onsets.csv").filter { $0["quantity"] == "equilibrium_mV_I=0" }
    #expect(points.map(\.kind) == [.stableNode, .unstableNode, .stableNode])
    try #require(points.count == rows.count)
    // Local time constants, printed with six digits.
    for (point, (row, time)) in zip(points, zip(rows, [2.07848, 1.82069, 0.149649])) {
      #expect(abs(point.state[0] - (try row.number("value"))) < 1e-9)
      #expect(abs(1 / point.eigenvalues[0].real.magnitude - time) < 1e-5)
    }
    #expect(model.equilibria(at: 60).count == 1)
  }

  /// A triangular matrix has its eigenvalues on the diagonal: those of the generalized model are its four rates.
  @Test func eigenvaluesOfALinearModel() throws {
    let model = try GoldenNeurons.preset(GeneralizedIntegrateAndFire.self, "bursting")
    let point = try #require(model.equilibria(at: 1).first)
    #expect(point.kind == .stableNode)
    for (value, rate) in zip(point.eigenvalues, [-0.01, -0.02, -0.05, -0.2]) {
      #expect(abs(value.real - rate) < 1e-9 && value.imaginary == 0)
    }
  }

  @Test func restOfTheSquidAxonIsAFocus() throws {
    let point = try #require(HodgkinHuxley().equilibria(at: 0).first)
    #expect(abs(point.state[0] - (try Self.onset("HH_squid", "V_rest_mV"))) < 1e-9)
    #expect(point.kind == .stableFocus && point.eigenvalues.count == 4)
    #expect(HodgkinHuxley().equilibria(at: 20).map(\.kind) == [.saddleFocus])
  }

  // MARK: - Rheobase, strength and duration

  @Test(arguments: [
    ("LIF_neuro", "rheobase_pA", 1000.0), ("EIF_FourcaudTrocme2003", "rheobase_uA_cm2", 2.5),
    ("INap_1D", "I_saddle_node", 60),
  ])
  func rheobaseOfOneVariableIsExact(name: String, quantity: String, largest: Double) throws {
    func rheobase(_ model: some NeuronModel) -> Rheobase? {
      Excitability(model, duration: 500, largest: largest).rheobase
    }
    let found = try #require(rheobase(try GoldenNeurons.model(name)))
    let expected = try Self.onset(name, quantity)
    #expect(found.isExact && abs(found.current - expected) < 1e-9 * expected)
  }

  @Test func chronaxieOfALeakyNeuron() throws {
    let model = try GoldenNeurons.preset(LeakyIntegrateAndFire.self, "standard")
    let excitability = Excitability(model, duration: 500, largest: 1000, tolerance: 1e-12)
    let chronaxie = try #require(excitability.chronaxie(rheobase: 375))
    #expect(abs(chronaxie - (try Self.onset("LIF_neuro", "chronaxie_ms"))) < 1e-7)
  }

  /// From rest the squid axon fires repetitively from a current between 6.2 and 6.3 on (the f-I table), far below its Hopf
  /// bifurcation, and once from about 2.24 on.
  @Test func squidAxonIsBistable() throws {
    let excitability = Excitability(HodgkinHuxley(), duration: 1000, largest: 50)
    #expect((6.2...6.3).contains(try #require(excitability.repetitiveOnset)))
    let rheobase = try #require(excitability.rheobase)
    #expect(!rheobase.isExact)
    for (current, spikes) in [(rheobase.current * 0.999, 0), (rheobase.current * 1.001, 1)] {
      #expect(excitability.rate(at: current).spikes == spikes)
    }
  }

  // MARK: - Classes

  /// As the textbooks have them: Izhikevich 2007 §4.1, §7.1, §7.2; Hodgkin 1948.
  @Test(arguments: [
    ("if standard", ExcitabilityClass.one, NeuronResponse.integrator),
    ("lif standard", .one, .integrator), ("eif standard", .one, .integrator),
    ("qif standard", .one, .integrator), ("gif tonic", .one, .integrator),
    ("cond-lif standard", .one, .integrator), ("adex tonic", .one, .integrator),
    ("adex brette-gerstner", .two, .resonator), ("izhikevich RZ", .two, .resonator),
    ("inap-ik high-threshold", .one, .integrator), ("inap-ik low-threshold", .two, .resonator),
    ("fhn standard", .two, .resonator), ("hh squid", .two, .resonator),
    ("inap standard", .three, .integrator),
  ])
  func classes(name: String, expected: ExcitabilityClass, response: NeuronResponse) throws {
    let preset = try NeuronIntegrationTests.preset(name)
    func check(_ model: some NeuronModel) {
      let excitability = Excitability(
        model, duration: 5 * preset.duration, largest: preset.currents.upperBound)
      #expect(excitability.excitabilityClass(repetitiveOnset: excitability.repetitiveOnset) == expected)
      #expect(excitability.response == response)
    }
    check(preset.model)
  }

  // MARK: - Phase portrait

  @Test func nullclinesOfFitzHughNagumo() throws {
    let portrait = try #require(PhasePortrait(of: FitzHughNagumo(), current: 0.5, over: -2...2, points: 5))
    #expect(portrait.potentials == [-2, -1, 0, 1, 2])
    for (index, v) in portrait.potentials.enumerated() {
      #expect(abs(try #require(portrait.potentialNullcline[index]) - (v - v * v * v / 3 + 0.5)) < 1e-12)
      #expect(abs(portrait.recoveryNullcline[index] - (v + 0.7) / 0.8) < 1e-12)
    }
    #expect(PhasePortrait(of: HodgkinHuxley(), current: 0, over: -80...0) == nil)
    // Where the potassium current vanishes no value of n stops the potential.
    let sodium = try #require(
      PhasePortrait(of: PersistentSodiumPotassium(), current: 10, over: -90...0, points: 10))
    #expect(sodium.potentialNullcline[0] == nil && sodium.potentialNullcline[1] != nil)
  }
}
