import Diagnostics
import Foundation
import Observations
import Reports
import Testing

@Suite struct RunReportTests {
  let warning = Diagnostic("test.warning", severity: .warning, problem: "a thing to know")

  func report(
    _ record: RunRecord = sampleRecord(), labels: [Int]? = nil, predictions: [String: RatePrediction] = [:]
  ) -> RunReport {
    RunReport(
      record: record, program: "a.rbx", input: "in.npz", chip: "tessera", classes: [0, 0], labels: labels,
      predictions: predictions, diagnostics: [warning])
  }

  func document(_ report: RunReport) throws -> [String: Any] {
    let data = Data(try jsonDocument(report).utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func accuracyNeedsLabels() throws {
    #expect(report(labels: [0, 1]).accuracy == 0.5)
    #expect(report(labels: [0, 1]).correct == 1)
    #expect(try document(report())["accuracy"] == nil)
    #expect(!report().text.contains("accuracy"))
    #expect(report(labels: [0]).accuracy == nil)
  }

  /// 3 spikes of two neurons in 2 · 4 ms are 4/16 ms; 2 of one neuron 2/8 ms. The partial row is not counted.
  @Test func ratesAreSpikesPerNeuronSecond() {
    let rates = report().rates.populations
    #expect(rates.map(\.name) == ["hidden", "out"])
    #expect(rates.map(\.spikes) == [4, 2])
    #expect(rates.map(\.neurons) == [2, 1])
    #expect(rates.map(\.meanHz) == [250, 250])
    #expect(rates.map(\.emulatedHz) == [nil, nil])
  }

  @Test func predictionsStandBesideTheEmulatedRate() throws {
    let prediction = RatePrediction(closedFormHz: 260, quantizedHz: 251)
    let rate = report(predictions: ["out": prediction]).rates.populations[1]
    #expect(rate.closedFormHz == 260)
    #expect(rate.withParasiticsHz == nil)
    #expect(rate.quantizedHz == 251)
    #expect(rate.emulatedHz == 250)
    #expect(report(predictions: ["out": prediction]).text.contains("integer codes"))
    #expect(!report().text.contains("integer codes"))
  }

  @Test func energySumsTheKnownAndSaysSo() throws {
    let energy = report().energy
    #expect(abs(energy.totalJoules - 1.086e-9) < 1e-18)
    #expect(abs(energy.perSampleJoules - 0.543e-9) < 1e-18)
    #expect(!energy.isComplete)
    #expect(report().text.contains("at least 543 pJ per sample, at least 1.086 nJ in all"))
    #expect(report().text.contains("unknown"))
    #expect(energy.breakdown[3].staticWatts == 1e-6)
    #expect(energy.breakdown[3].perEventJoules == nil)
    // 10 rows at 2 pJ and 4 resets at 1 pJ; 30 rows and 2 resets.
    #expect(energy.perCore.map { ($0.joules * 1e12).rounded() } == [24, 62])
  }

  @Test func energyIsCompleteWhenTheUnknownNeverOccurred() {
    var record = sampleRecord()
    record.energy[2].events = 0
    #expect(report(record).energy.isComplete)
    #expect(!report(record).text.contains("at least"))
  }

  @Test func timeNamesTheSlowestCore() throws {
    let time = report().time
    #expect(time.cycles == 1000)
    #expect(time.seconds == 1e-3)
    #expect(time.perSampleSeconds == 5e-4)
    #expect(time.slowestTickCycles == 100)
    let core = try #require(time.slowestCore)
    #expect((core.x, core.y) == (1, 0))
    #expect(core.utilization == 0.6)
    #expect(core.frozenCycles == 5)
  }

  @Test func slowestCoreTiesGoToTheFirst() {
    var record = sampleRecord()
    record.coreCounters[0].busyCycles = 600
    #expect(report(record).time.slowestCore?.x == 0)
  }

  @Test func meshNamesLatencyAndLink() throws {
    let mesh = report().mesh
    #expect(mesh.packets == 5)
    #expect(mesh.flitHops == 3)
    #expect(mesh.latencyCycles == MeshReport.Latency(histogram: [0, 0, 3, 1, 0, 1]))
    let link = try #require(mesh.busiestLink)
    #expect((link.x, link.y, link.port, link.flits) == (1, 0, "local", 5))
  }

  /// The histogram's percentiles are those of the sorted list of packets.
  @Test(arguments: [
    [0, 0, 3, 1, 0, 1], [7], [0, 1], [1, 1], [0, 99, 1], [0, 98, 1, 1], [50, 0, 0, 49, 1],
  ])
  func latencyEqualsTheSortedList(histogram: [UInt64]) throws {
    let latencies = histogram.enumerated().flatMap { Array(repeating: $0.offset, count: Int($0.element)) }
    let latency = try #require(MeshReport.Latency(histogram: histogram))
    #expect(abs(latency.mean - Double(latencies.reduce(0, +)) / Double(latencies.count)) < 1e-12)
    #expect(latency.p50 == latencies[(latencies.count * 50 + 99) / 100 - 1])
    #expect(latency.p99 == latencies[(latencies.count * 99 + 99) / 100 - 1])
    #expect(latency.max == latencies.last)
  }

  @Test func noPacketsHaveNoLatency() {
    #expect(MeshReport.Latency(histogram: []) == nil)
    #expect(MeshReport.Latency(histogram: [0, 0]) == nil)
  }

  @Test func overflowIsNeverSilent() {
    #expect(report().overflow.saturations == 3)
    #expect(
      report().text.contains("saturated: axon count 2, state 1; membrane stopped at its floor 7 times"))
  }

  @Test func programsThatSaturateAreShown() {
    var counters = RunRecord.Counters()
    counters.registerSaturations = 5
    counters.lostSpikes = 2
    let report = OverflowReport(counters)
    #expect(report.saturations == 7)
    #expect(report.text == "saturated: register 5, spikes per tick 2")
  }

  /// Instructions are their core's, as rows and synapses are.
  @Test func aCoresEnergyHoldsItsInstructions() {
    var record = sampleRecord()
    record.energy = [
      RunRecord.EnergyItem(
        component: "microMultiply", events: 10, perEvent: 2e-12, joules: 20e-12, source: "drawn")
    ]
    record.coreCounters[0].microMultiplies = 7
    record.coreCounters[1].microMultiplies = 3
    let energy = EnergyReport(record)
    #expect(energy.perCore.map { ($0.joules * 1e12).rounded() } == [14, 6])
  }

  @Test func potentialsHaveNoOutputSpikes() throws {
    var record = sampleRecord()
    #expect(report(record).spikes.output == 2)
    record.layout.outputKind = [1]
    #expect(report(record).spikes.output == nil)
  }

  /// A run of nothing: no division by zero reaches the document.
  @Test func emptyRunHasNoNaN() throws {
    var record = sampleRecord()
    record.samples = 0
    record.counters = RunRecord.Counters()
    record.coreCounters = []
    record.spikes.events = []
    record.tickCycles = []
    let text = try jsonDocument(report(record))
    #expect(!text.contains("nan") && !text.contains("inf"))
    #expect(report(record).time.slowestCore == nil)
  }

  /// Every key that docs/report.md promises, by its path.
  @Test func documentHasThePromisedKeys() throws {
    let document = try document(report(labels: [0, 0]))
    func value(_ path: String) -> Any? {
      path.split(separator: ".").reduce(document as Any?) { ($0 as? [String: Any])?[String($1)] }
    }
    for path in [
      "program", "input", "chip", "samples", "ticks", "chipTicks", "dtSeconds", "accuracy", "correct",
      "spikes.total",
      "spikes.inputEvents", "spikes.output", "rates.populations", "energy.totalJoules",
      "energy.perSampleJoules",
      "energy.breakdown", "energy.perCore", "time.cycles", "time.seconds", "time.perSampleSeconds",
      "time.slowestCore.x",
      "mesh.packets", "mesh.flitHops", "mesh.latencyCycles.mean", "mesh.latencyCycles.p50",
      "mesh.latencyCycles.p99",
      "mesh.latencyCycles.max", "overflow.saturations", "diagnostics",
    ] {
      #expect(value(path) != nil, "\(path)")
    }
    let diagnostics = try #require(document["diagnostics"] as? [[String: Any]])
    #expect(diagnostics.first?["id"] as? String == "test.warning")
  }

  @Test func documentIsReadBack() throws {
    let report = report(labels: [0, 0])
    let text = try jsonDocument(report)
    #expect(try JSONDecoder().decode(RunReport.self, from: Data(text.utf8)) == report)
    #expect(try jsonDocument(report) == text)
  }
}
