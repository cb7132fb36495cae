import Foundation
import ReferenceModel
import TestSupport
import Testing

/// Spike times against closed forms and the names of patterns; golden spike times are `GoldenCheck`s.
@Suite struct NeuronSpikeTests {
  @Test(arguments: GoldenNeurons.all)
  func tracesStartWhereTheTablesDo(name: String) throws {
    let text = try Repository.text("Tests/ReferenceModelTests/Golden/initial_states.csv")
    let line = try #require(text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + ",") })
    let values = line.split(separator: ",").dropFirst().compactMap { Double($0) }
    let model = try GoldenNeurons.model(name)
    #expect(values.count == type(of: model).form.variables.count)
    for (lane, value) in values.enumerated() { #expect(abs(model.start[lane] - value) < 1e-9) }
  }

  // MARK: - Closed forms of the rest of the family

  @Test func perfectIntegrator() {
    let model = PerfectIntegrator()
    let run = model.run(from: model.start, current: .constant(500), NeuronIntegration(duration: 100))
    // C (V_th - V_r) / I = 7.5 ms, and 2 ms refractory.
    #expect(run.spikeTimes.count == 10)
    for (index, time) in run.spikeTimes.enumerated() { #expect(abs(time - 7.5 - 9.5 * Double(index)) < 1e-9) }
  }

  /// Without threshold motion a LIF with 20 ms; V∞ is 30 mV above E_L, the threshold 20 mV: 20 ms ln 3.
  @Test func generalizedTonicIsLeaky() throws {
    let model = try GoldenNeurons.preset(GeneralizedIntegrateAndFire.self, "tonic")
    let run = model.run(from: model.start, current: .constant(1.5), NeuronIntegration(duration: 200))
    #expect(run.spikeTimes.count == 9)
    for (index, time) in run.spikeTimes.enumerated() {
      #expect(abs(time - Double(index + 1) * 20 * log(3)) < 1e-7)
    }
  }

  /// What the paper's table calls the sets: phasic falls silent under 1.5 mV/ms, adaptation slows down but goes on
  /// under 2, bursts alternate with pauses.
  @Test func generalizedPatternsAreTheNamedOnes() throws {
    func spikes(_ name: String, _ current: Double) throws -> [Double] {
      let model = try GoldenNeurons.preset(GeneralizedIntegrateAndFire.self, name)
      return model.run(from: model.start, current: .constant(current), NeuronIntegration(duration: 2000))
        .spikeTimes
    }
    let phasic = try spikes("phasic", 1.5)
    #expect(phasic.count >= 1 && phasic.allSatisfy { $0 < 1000 })
    let adapting = try spikes("adaptation", 2)
    let intervals = zip(adapting.dropFirst(), adapting).map { $0 - $1 }
    #expect(zip(intervals.dropFirst(), intervals).allSatisfy { $0 > $1 - 1e-6 })
    #expect(try #require(intervals.last) > 1.3 * intervals[0] && (try #require(adapting.last)) > 1900)
    let bursting = try spikes("bursting", 2)
    let pauses = zip(bursting.dropFirst(), bursting).map { $0 - $1 }
    #expect(try #require(pauses.max()) > 5 * (try #require(pauses.min())))
  }

  /// From steady conductances a LIF with `τ = C / Σg` and `V∞ = (Σ g E + I) / Σg`.
  @Test(arguments: [61.0, 100, 300])
  func conductanceSynapsesAreAFasterLeak(current: Double) {
    let model = ConductanceIntegrateAndFire()
    let (excitatory, inhibitory) = (5 * 6 * 0.08, 10 * 67 * 0.004)
    let sum = 10 + excitatory + inhibitory
    let end = (10 * -60 + inhibitory * -80 + current) / sum
    let interval = 5 + 200 / sum * log((end + 60) / (end + 50))
    let run = model.run(
      from: model.start, current: .constant(current), NeuronIntegration(duration: 1000, tolerance: 1e-12))
    let point = RatePoint(current: current, spikeTimes: run.spikeTimes)
    #expect(point.spikes > 3)
    #expect(abs((point.meanInterval ?? 0) - interval) < 1e-7)
  }
}
