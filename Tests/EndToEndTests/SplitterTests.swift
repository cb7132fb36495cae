import Foundation
import Observations
import Testing

/// Lists of destinations too short for the bundled example, through the command line.
@Suite struct SplitterTests {
  /// Cores of 8 neurons put the 10 outputs on two cores, so each of the 128 hidden neurons has two destinations.
  private static let small = ["--set", "core.neurons=8", "--set", "mesh.width=16"]

  /// Compiles and runs 40 samples; the report of the compiler, and the record.
  private func run(_ scratch: Scratch, _ options: [String]) throws -> (
    compiled: [String: Any], report: [String: Any], record: RunRecord
  ) {
    let (program, record) = (scratch.path("p.rbx"), scratch.path("r.h5"))
    let compiled = try CommandLineProgram.run(
      ["compile", Digits.network, "--parasitics", "compensate", "-o", program, "--json", "-"] + Self.small
        + options)
    #expect(compiled.status == 0, "\(compiled.errors)")
    let result = try CommandLineProgram.run([
      "run", program, "--input", Digits.spikes, "-o", record, "--json", "-",
    ])
    #expect(result.status == 0, "\(result.errors)")
    return (try compiled.json(), try result.json(), try RunRecord.read(from: record))
  }

  private func spikes(_ report: [String: Any]) throws -> [String: Int] {
    try #require(report["spikes"] as? [String: Int])
  }

  @Test func oneDestinationGivesTheSameSpikes() throws {
    try withScratch { scratch in
      let all = try run(scratch, [])
      let one = try run(scratch, ["--set", "routing.destinationsPerNeuron=1"])
      #expect(all.compiled["splitters"] as? Int == 0)
      #expect(one.compiled["splitters"] as? Int == 256)
      let populations = try #require(one.compiled["populations"] as? [[String: Any]])
      #expect(populations.map { $0["splitterNeurons"] as? Int } == [256, 0])
      #expect(one.compiled["drainTicks"] as? Int == 2)

      let scales = [Double](repeating: 1, count: all.record.outputCount)
      #expect(one.record.activity(outputScales: scales) == all.record.activity(outputScales: scales))
      #expect(one.record.spikes.total == all.record.spikes.total && one.record.spikes.total > 190_000)
      // A hidden spike goes to its splitters' row, and from both of them on.
      let hidden = all.report["mesh"].flatMap { ($0 as? [String: Any])?["packets"] as? Int } ?? 0
      #expect(try spikes(one.report)["splitters"] == hidden)
      #expect(try spikes(all.report)["splitters"] == nil)
      for key in ["total", "output"] { #expect(try spikes(one.report)[key] == spikes(all.report)[key]) }
      #expect(one.report["correct"] as? Int == all.report["correct"] as? Int)
      let rates = try [all.report, one.report].map { report in
        try #require(report["rates"] as? [String: Any])["populations"] as? [NSDictionary]
      }
      #expect(rates[0] == rates[1])
    }
  }

  @Test func textsCountThem() throws {
    try withScratch { scratch in
      let program = scratch.path("p.rbx")
      let compiled = try CommandLineProgram.run(
        ["compile", Digits.network, "-o", program, "--set", "routing.destinationsPerNeuron=1"] + Self.small)
      #expect(compiled.text.contains("394 neurons (256 of them splitters)"), "\(compiled.text)")
      let listing = try CommandLineProgram.run(["inspect", program])
      #expect(listing.text.contains("394 rows, 256 of them splitters"), "\(listing.text)")
      // Neither a probe nor a check takes a splitter for a neuron of its population.
      let run = try CommandLineProgram.run([
        "run", program, "--input", Digits.spikes, "--samples", "2", "--probe", "lif1", "-o",
        scratch.path("r.h5"),
      ])
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.text.contains("repeated by splitters"), "\(run.text)")
      let record = try RunRecord.read(from: scratch.path("r.h5"))
      #expect(record.probes.count == 128)
      #expect(record.probes.allSatisfy { record.layout.kind[Int($0)] == 0 })
      let check = try CommandLineProgram.run(
        [
          "check", Digits.network, "--input", Digits.spikes, "--samples", "20", "--parasitics", "compensate",
          "--set", "routing.destinationsPerNeuron=1",
        ] + Self.small)
      let free = try CommandLineProgram.run(
        ["check", Digits.network, "--input", Digits.spikes, "--samples", "20", "--parasitics", "compensate"]
          + Self.small)
      #expect(check.status == 0 && free.status == 0, "\(check.errors) \(free.errors)")
      func head(_ text: String) -> Substring {
        text[..<(text.range(of: "population  model")?.lowerBound ?? text.endIndex)]
      }
      #expect(head(check.text) == head(free.text))
    }
  }
}
