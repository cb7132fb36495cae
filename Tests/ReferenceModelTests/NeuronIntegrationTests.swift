import Foundation
import ReferenceModel
import Testing

/// What the integrator promises, and what every model of the family must keep.
@Suite struct NeuronIntegrationTests {
  /// A tenfold smaller tolerance brings smaller errors, against the tightest run.
  @Test func errorsFollowTheTolerance() {
    let model = HodgkinHuxley()
    func last(_ tolerance: Double) -> Double {
      model.run(
        from: model.start, current: .constant(10), NeuronIntegration(duration: 200, tolerance: tolerance)
      ).spikeTimes.last ?? 0
    }
    let exact = last(1e-13)
    let errors = [1e-5, 1e-7, 1e-9].map { abs(last($0) - exact) }
    #expect(errors[0] > 3 * errors[1] && errors[1] > 3 * errors[2] && errors[2] < 1e-6)
  }

  /// A current with corners: a pulse that ends just before or just after the threshold is reached at τ ln 4.
  @Test func currentsMayHaveCorners() throws {
    let model = try GoldenNeurons.preset(LeakyIntegrateAndFire.self, "standard")
    let reach = 10 * log(4.0)
    for (end, spikes) in [(reach - 1e-9, 0), (reach + 1e-9, 1)] {
      let run = model.run(
        from: model.start, current: .pulse(500, until: end),
        NeuronIntegration(duration: 100, tolerance: 1e-13))
      #expect(run.spikeTimes.count == spikes)
    }
    // A ramp of 10 pA/ms: V = E_L + (r/g_L) (t - τ (1 - e^(-t/τ))) reaches the threshold at t.
    let ramp = InputCurrent([InputCurrent.Piece(from: 0, value: 0, slope: 10)])
    let run = model.run(from: model.start, current: ramp, NeuronIntegration(duration: 60, tolerance: 1e-12))
    let time = try #require(run.spikeTimes.first)
    #expect(abs(10 / 25.0 * (time - 10 * (1 - exp(-time / 10))) - 15) < 1e-8)
  }

  @Test func potentialIsHeldAfterASpike() throws {
    let model = try GoldenNeurons.preset(LeakyIntegrateAndFire.self, "standard")
    let run = model.run(
      from: model.start, current: .constant(500), NeuronIntegration(duration: 20, sampleEvery: 0.01))
    #expect(run.sampleTimes.count == 2001)
    let spike = try #require(run.spikeTimes.first)
    for (time, sample) in zip(run.sampleTimes, run.samples) {
      if time > spike, time < spike + 2 { #expect(abs(sample[0] + 65) < 1e-12) }
      if time < spike { #expect(abs(sample[0] - (-65 + 20 * (1 - exp(-time / 10)))) < 1e-6) }
    }
  }

  @Test func runsEndWhereTheyCannotGoOn() {
    // Without a cut-off in reach the quadratic neuron is at infinity after τ π/2 from V = 0.
    var model = QuadraticIntegrateAndFire()
    model.peak = 1e300
    let run = model.run(from: model.start, current: .constant(1), NeuronIntegration(duration: 100))
    guard case .diverged(let time) = run.end else {
      Issue.record("\(run.end)")
      return
    }
    #expect(abs(time - 5 * Double.pi) < 1e-3)
    model.peak = 100
    let limited = model.run(
      from: model.start, current: .constant(1), NeuronIntegration(duration: 1000, mostSpikes: 3))
    #expect(limited.end == .spikeLimit && limited.spikeTimes.count == 3)
  }

  // MARK: - Every model

  static let presets = NeuronCatalogue.models.flatMap { type in
    type.anyPresets.map { "\(type.form.name) \($0.name)" }
  }

  static func preset(_ name: String) throws -> AnyNeuronPreset {
    let words = name.split(separator: " ").map(String.init)
    let type = try #require(NeuronCatalogue.model(named: words[0]))
    return try #require(type.anyPresets.first { $0.name == words[1] })
  }

  @Test(arguments: presets)
  func everyPresetRunsAndSpikes(name: String) throws {
    let preset = try Self.preset(name)
    #expect(preset.model.brokenRules.isEmpty)
    #expect(preset.currents.contains(preset.current) || preset.currents.upperBound < preset.current)
    let run = preset.model.run(
      from: preset.model.start, current: .constant(preset.current),
      NeuronIntegration(duration: preset.duration))
    #expect(run.end == .complete)
    // Rates have no spikes, and what noise makes spike is silent without.
    let spikes = !["rate", "wilson-cowan", "lif-noisy"].contains { name.hasPrefix($0 + " ") }
    #expect(run.spikeTimes.isEmpty == !spikes)
  }

  /// What the analysis rests on: other variables rest in `steadyState`, the current enters V' linearly and nothing else.
  @Test(arguments: presets)
  func equationsKeepTheirPromises(name: String) throws {
    let model = try Self.preset(name).model
    let range = model.potentialRange
    for share in [0.1, 0.4, 0.7] {
      let state = model.steadyState(at: range.lowerBound + share * (range.upperBound - range.lowerBound))
      let slopes = [0.0, 1, 2].map { model.derivative(of: state, current: $0) }
      for lane in 1..<4 {
        #expect(slopes[0][lane].magnitude < 1e-9)
        #expect(slopes[0][lane] == slopes[2][lane])
      }
      let scale = max(slopes[0][0].magnitude, 1)
      #expect(abs(slopes[2][0] - 2 * slopes[1][0] + slopes[0][0]) < 1e-9 * scale)
      #expect(slopes[1][0] > slopes[0][0])
    }
  }

  @Test(arguments: presets)
  func parametersAreSetByName(name: String) throws {
    let model = try Self.preset(name).model
    let values = model.parameterValues
    #expect(Set(values.map(\.name)).count == values.count)
    for (index, parameter) in values.enumerated() {
      let changed = try #require(model.setting(parameter.name, to: parameter.value + 0.25))
      for (other, value) in changed.parameterValues.enumerated() {
        #expect(value.value == values[other].value + (other == index ? 0.25 : 0))
      }
    }
    #expect(model.setting("nothing", to: 1) == nil)
  }

  @Test func brokenRulesNameTheParameter() throws {
    let lif = try GoldenNeurons.preset(LeakyIntegrateAndFire.self, "standard")
    let broken: [(String, Double)] = [("C", 0), ("g_L", -1), ("V_r", -50), ("E_L", -40), ("t_ref", -1)]
    for (name, value) in broken {
      #expect(lif.setting(name, to: value)?.brokenRules.map(\.parameter) == [name])
    }
    #expect(lif.setting("C", to: .nan)?.brokenRules.map(\.parameter) == ["C"])
  }
}
