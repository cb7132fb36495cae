import Foundation
import ReferenceModel
import Testing

/// Spike times against another integrator's tables, against the papers' scripts and against closed forms.
@Suite struct NeuronSpikeTests {
  /// 770 spikes of 24 models, within the tables' own uncertainty: what changed there between tolerances 1e-10 and 1e-12.
  @Test(arguments: GoldenNeurons.all)
  func spikeTimesAreTheTables(name: String) throws {
    let rows = try goldenTable("spike_times.csv").filter { $0["model"] == name }
    let model = try GoldenNeurons.model(name)
    let run = model.run(
      from: model.start, current: .constant(try rows[0].number("I")),
      NeuronIntegration(duration: try rows[0].number("T_ms"), tolerance: 1e-12))
    #expect(run.end == .complete)
    try #require(run.spikeTimes.count == rows.count)
    for (time, row) in zip(run.spikeTimes, rows) {
      let bound = max(try row.number("dt_between_tolerances_ms"), 1e-10)
      #expect(abs(time - (try row.number("t_ms"))) <= bound, "spike \(row["spike_index"] ?? "")")
    }
  }

  /// 234 points of f-I curves; the six that depend on the tolerance there are not usable as a truth.
  @Test(arguments: GoldenNeurons.all)
  func rateCurvesAreTheTables(name: String) throws {
    let model = try GoldenNeurons.model(name)
    let rows = try goldenTable("fI.csv").filter { $0["model"] == name && $0["golden_ok"] == "yes" }
    #expect(rows.count >= 6)
    for row in rows {
      let run = model.run(
        from: model.start, current: .constant(try row.number("I")),
        NeuronIntegration(duration: try row.number("T_ms"), tolerance: 1e-11))
      let point = RatePoint(current: try row.number("I"), spikeTimes: run.spikeTimes)
      #expect(point.spikes == Int(try row.number("n_spikes")), "\(row)")
      for (value, column) in [
        (point.firstSpike, "first_spike_ms"), (point.firstInterval, "first_isi_ms"),
        (point.lastInterval, "last_isi_ms"), (point.meanInterval.map { 1000 / $0 }, "rate_mean_isi_Hz"),
      ] {
        let text = try #require(row[column])
        let expected = text.isEmpty || Double(text) == 0 ? nil : Double(text)
        #expect((value == nil) == (expected == nil), "\(column) of \(row)")
        guard let value, let expected else { continue }
        #expect(abs(value - expected) <= 1e-6 * expected, "\(column): \(value) of \(row)")
      }
    }
  }

  @Test(arguments: GoldenNeurons.all)
  func tracesStartWhereTheTablesDo(name: String) throws {
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    let text = try String(contentsOf: folder.appendingPathComponent("initial_states.csv"), encoding: .utf8)
    let line = try #require(text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + ",") })
    let values = line.split(separator: ",").dropFirst().compactMap { Double($0) }
    let model = try GoldenNeurons.model(name)
    #expect(values.count == type(of: model).form.variables.count)
    for (lane, value) in values.enumerated() { #expect(abs(model.start[lane] - value) < 1e-9) }
  }

  /// Rates by formula: EIF by quadrature, QIF, and LIF.
  @Test func ratesAreTheClosedForms() throws {
    for row in try goldenTable("closed_form_vs_ode.csv") {
      let model = try GoldenNeurons.model(try #require(row["model"]))
      let run = model.run(
        from: model.start, current: .constant(try row.number("I")),
        NeuronIntegration(duration: 2000, tolerance: 1e-12))
      let interval = RatePoint(current: 0, spikeTimes: run.spikeTimes).lastInterval
      let expected = try row.number("rate_closed_form_Hz")
      #expect(abs((interval.map { 1000 / $0 } ?? 0) - expected) <= 1e-9 * expected, "\(row)")
    }
  }

  // MARK: - The schemes of the papers

  @Test(arguments: ["RS", "IB", "CH", "FS", "TC", "RZ", "LTS"])
  func scriptOf2003(name: String) throws {
    let model = try GoldenNeurons.preset(Izhikevich.self, name)
    let rows = try goldenTable("izh2003_script_scheme.csv").filter { $0["model"] == "Izh2003_\(name)" }
    for current in [5.0, 10, 15] {
      let golden = try rows.filter { try $0.number("I") == current }.map {
        Int(try $0.number("t_ms_integer"))
      }
      #expect(!golden.isEmpty)
      #expect(IzhikevichScript.spikes2003(model, current: current, steps: 1000) == golden)
    }
  }

  /// The twenty panels of 2004, by the script and by the equation.
  @Test(arguments: IzhikevichPattern.all.map(\.letter))
  func patternOf2004(letter: String) throws {
    let pattern = try #require(IzhikevichPattern.all.first { $0.letter == letter })
    let rows = try goldenTable("izh2004_patterns.csv").filter { $0["pattern"]?.hasPrefix(letter) == true }
    let script = try rows.filter { $0["scheme"] == "euler_script" }.map { try $0.number("t_ms") }
    let steps = IzhikevichScript.spikes2004(pattern)
    #expect(!script.isEmpty && steps.count == script.count)
    for (step, time) in zip(steps, script) {
      #expect(abs(Double(step) * pattern.scriptStep - time) < 1e-9)
    }
    // Panel T runs away; its table ends after 20 spikes.
    let equation = try rows.filter { $0["scheme"] == "ode_converged" }.map { try $0.number("t_ms") }
    let run = pattern.model.run(
      from: pattern.start, current: pattern.current,
      NeuronIntegration(duration: pattern.duration, tolerance: 1e-12, mostSpikes: letter == "T" ? 20 : 1000))
    try #require(run.spikeTimes.count == equation.count)
    for (time, golden) in zip(run.spikeTimes, equation) { #expect(abs(time - golden) < 2e-9) }
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
