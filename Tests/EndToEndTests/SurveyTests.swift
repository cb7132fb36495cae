import Foundation
import Testing

/// One network on many chips.
@Suite struct SurveyTests {
  private static let arguments = [
    "survey", Digits.network, "--input", Digits.spikes, "--samples", "20", "--parasitics", "compensate",
  ]

  /// Every chip is in the report once: among those that ran, or with what it lacks.
  @Test func everyChipRanOrSaysWhyNot() throws {
    try withScratch { scratch in
      let drawing = scratch.path("survey.svg")
      let result = try CommandLineProgram.run(Self.arguments + ["--json", "-", "--svg", drawing])
      #expect(result.status == 0, "\(result.errors)")
      let report = try result.json()
      let chips = try #require(report["chips"] as? [[String: Any]])
      let refused = try #require(report["refused"] as? [[String: Any]])
      let listed = try #require(
        try CommandLineProgram.run(["chips", "--json", "-"]).json()["chips"] as? [[String: Any]])
      let names = (chips + refused).compactMap { $0["chip"] as? String }
      #expect(names.sorted() == listed.compactMap { $0["name"] as? String }.sorted())
      #expect(chips.count >= 6)
      for refusal in refused {
        let limits = try #require(refusal["limits"] as? [[String: Any]])
        #expect(!limits.isEmpty && limits.allSatisfy { $0["severity"] as? String != nil })
      }
      // Xylo's shifts need a synaptic current, which neither population has: both are named.
      let xylo = try #require(refused.first { $0["chip"] as? String == "xylo-a2" })
      #expect((xylo["limits"] as? [[String: Any]])?.count == 2)
      // Chips of constant leaks and few weights run it, and say what they approximate.
      for name in ["truenorth", "ranc", "paicore"] {
        let row = try #require(chips.first { $0["chip"] as? String == name })
        #expect((row["approximated"] as? [[String: Any]])?.isEmpty == false)
        #expect(try #require(row["correct"] as? Int) >= 18)
      }

      let text = try String(contentsOfFile: drawing, encoding: .utf8)
      // Where nobody has published an energy there is no place for a point.
      let drawn = chips.filter { ($0["energyJoules"] as? Double ?? 0) > 0 }
      #expect(drawn.count < chips.count)
      for chip in drawn { #expect(text.contains(">\(try #require(chip["chip"] as? String))</text>")) }
      #expect(text.count(of: "<circle") == drawn.count)
      let rest = try #require(text.split(separator: "\n").first { $0.contains("energy unknown: ") })
      for chip in chips where (chip["energyJoules"] as? Double ?? 0) <= 0 {
        #expect(rest.contains(try #require(chip["chip"] as? String)))
      }
    }
  }

  /// A row is what compile and run say of the same chip.
  @Test(arguments: ["tessera", "loihi1-davies2018"])
  func aRowIsARunOfThatChip(chip: String) throws {
    try withScratch { scratch in
      let survey = try CommandLineProgram.run(Self.arguments + ["--chips", chip, "--json", "-"])
      #expect(survey.status == 0, "\(survey.errors)")
      let row = try #require((try survey.json()["chips"] as? [[String: Any]])?.first)
      let program = scratch.path("a.rbx")
      let compiled = try CommandLineProgram.run([
        "compile", Digits.network, "--chip", chip, "--parasitics", "compensate", "-o", program, "--json", "-",
      ])
      let run = try CommandLineProgram.run([
        "run", program, "--input", Digits.spikes, "--samples", "20", "--json", "-",
      ])
      #expect(compiled.status == 0 && run.status == 0)
      let report = try run.json()
      #expect(row["correct"] as? Int == value(report, "correct") as? Int)
      #expect(row["energyJoules"] as? Double == value(report, "energy.perSampleJoules") as? Double)
      #expect(row["seconds"] as? Double == value(report, "time.perSampleSeconds") as? Double)
      #expect(row["cores"] as? Int == (try compiled.json()["cores"] as? Int))
      let unknown = try #require(row["unknownEnergies"] as? [String])
      #expect(unknown.isEmpty == (value(report, "energy.isComplete") as? Bool))
      #expect(try #require(row["rateError"] as? Double) < 0.03)
    }
  }

  /// A chip without a place for the network, alone: every limit, and exit 65.
  @Test func noChipIsAFailureWithAllLimits() throws {
    let result = try CommandLineProgram.run(Self.arguments + ["--chips", "xylo-a2", "--json", "-"])
    #expect(result.status == 65)
    #expect(result.errors.contains("chip xylo-a2: population lif1"))
    #expect(result.errors.contains("chip xylo-a2: population lif2"))
    let unknown = try CommandLineProgram.run(Self.arguments + ["--chips", "tessera,tesera"])
    #expect(unknown.status == 66)
    #expect(unknown.errors.contains("Perhaps tessera is meant"))
  }

  /// A drawing of accuracies needs some.
  @Test func withoutLabelsNothingIsDrawn() throws {
    try withScratch { scratch in
      let spikes = scratch.path("spikes.csv")
      try "tick,channel\n0,63\n5,1\n".write(toFile: spikes, atomically: true, encoding: .utf8)
      let common = ["survey", Digits.network, "--input", spikes, "--chips", "tessera"]
      let drawn = try CommandLineProgram.run(common + ["--svg", scratch.path("a.svg")])
      #expect(drawn.status == 64)
      #expect(drawn.errors.contains("labels"))
      let listed = try CommandLineProgram.run(common + ["--json", "-"])
      #expect(listed.status == 0, "\(listed.errors)")
      let row = try #require((try listed.json()["chips"] as? [[String: Any]])?.first)
      #expect(row["accuracy"] == nil)
    }
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
