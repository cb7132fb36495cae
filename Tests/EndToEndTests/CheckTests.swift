import Foundation
import TestSupport
import Testing

/// What `rheobase check` says about causes and remedies.
@Suite struct CheckTests {
  private static let network = Repository.path("Tests/NetworkFormatsTests/Golden/digits_rec_flat.nir")
  private static let spikes = Repository.path("Tests/NetworkFormatsTests/Golden/digits_rec_test.npz")

  private func check(_ options: [String]) throws -> CommandLineProgram.Result {
    let result = try CommandLineProgram.run(
      ["check", Self.network, "--input", Self.spikes, "--samples", "100"] + options)
    #expect(result.status == 0, "\(result.errors)")
    return result
  }

  /// On 100 samples; all 450 name the same causes.
  @Test(arguments: [
    (["--weight-bits", "3", "--parasitics", "compensate"], "weightCode"),
    (["--weight-bits", "3", "--parasitics", "ignore"], "weightCode"),
    (["--leak-bits", "6", "--parasitics", "compensate"], "leakCode"),
    (["--leak-bits", "6", "--parasitics", "ignore"], "leakCode"),
    (["--parasitics", "model"], "parasitics"),
  ])
  func mainCauseIsNamed(options: [String], cause: String) throws {
    let report = try check(options + ["--json", "-"]).json()
    #expect(value(report, "ladder.mainCause") as? String == cause)
    #expect(try #require(value(report, "ladder.mainShare") as? Double) > 0.4)
    let rungs = try #require(value(report, "ladder.rungs") as? [[String: Any]])
    #expect(rungs.count == 10)
    let sum = rungs.reduce(0) { $0 + (value($1, "increment.differingSpikes") as? Int ?? 0) }
    #expect(sum == value(report, "differingSpikes") as? Int)
    #expect(sum == value(report, "ladder.whole.differingSpikes") as? Int)
  }

  @Test func textHasLadderRemediesAndClasses() throws {
    let text = try check(["--weight-bits", "3", "--parasitics", "compensate", "--by-class"]).text
    #expect(text.contains("\nMain cause: the weight code, "))
    #expect(text.contains("\nNothing comes from: time step (the reference has the chip's 100 us), "))
    let lines = text.split(separator: "\n").map(String.init)
    for cause in [
      "parasitics ", "leak code ", "threshold code ", "weight code ", "state width and saturation ", "all ",
    ] {
      #expect(lines.count { $0.hasPrefix(cause) } == 1, "\(cause)")
    }
    let remedy = try #require(lines.firstIndex { $0.hasPrefix("change ") })
    #expect(lines[remedy + 1].hasPrefix("--weight-bits 8 "))
    let classes = try #require(lines.firstIndex { $0.hasPrefix("class ") })
    #expect(lines.count == classes + 11)
  }

  @Test func remediesAreBestFirstAndHelp() throws {
    let report = try check(["--weight-bits", "4", "--parasitics", "model", "--json", "-"]).json()
    let remedies = try #require(report["remedies"] as? [[String: Any]])
    #expect(value(try #require(remedies.first), "change") as? String == "--parasitics compensate")
    let won = remedies.compactMap { value($0, "wonBackShare") as? Double }
    #expect(won.count == remedies.count)
    #expect(won.allSatisfy { $0 >= 0.01 })
    #expect(won == won.sorted(by: >))
  }

  /// Nothing is proposed that does not help: all bits are in use and parasitics compensated.
  @Test func nothingIsProposedWhereNothingHelps() throws {
    let result = try check(["--parasitics", "compensate", "--set", "crossbar.weightBits=16"])
    #expect(!result.text.contains("--weight-bits"))
    #expect(!result.text.contains("--leak-bits"))
    #expect(!result.text.contains("--parasitics compensate\n"))
  }

  @Test func classesAddUp() throws {
    let report = try check(["--by-class", "--json", "-"]).json()
    let classes = try #require(report["classes"] as? [[String: Any]])
    #expect(classes.compactMap { value($0, "label") as? Int } == Array(0...9))
    func sum(_ key: String) -> Int { classes.reduce(0) { $0 + (value($1, key) as? Int ?? 0) } }
    #expect(sum("samples") == 100)
    #expect(sum("referenceCorrect") == value(report, "reference.correct") as? Int)
    #expect(sum("chipCorrect") == value(report, "chip.correct") as? Int)
    #expect(try check(["--json", "-"]).json()["classes"] == nil)
  }

  @Test func classesNeedLabels() throws {
    let result = try CommandLineProgram.run([
      "check", Repository.path("docs/examples/balanced/balanced.json5"), "--ticks", "200", "--by-class",
    ])
    #expect(result.status == 0)
    #expect(result.errors.contains("[check.byClass]"))
  }

  /// Ticks are ticks: a reference of other ticks sees the same spikes and leaks differently.
  @Test func referenceMayHaveOtherTicks() throws {
    let report = try check(["--reference-dt", "2e-4s", "--parasitics", "ignore", "--json", "-"]).json()
    #expect(value(report, "ladder.mainCause") as? String == "dt")
    #expect(value(report, "ladder.referenceDtSeconds") as? Double == 2e-4)
    #expect(value(report, "ladder.dtSeconds") as? Double == 1e-4)
    #expect(value(report, "rateError.against") as? String == "chipDt")
    let remedies = try #require(report["remedies"] as? [[String: Any]])
    #expect(value(try #require(remedies.first), "change") as? String == "--dt 200us")
    let same = try check(["--reference-dt", "1e-4s", "--json", "-"]).json()
    let first = try #require((value(same, "ladder.rungs") as? [[String: Any]])?.first)
    #expect(value(first, "cause") as? String == "dt")
    #expect(value(first, "isIdle") as? Bool == true)
    #expect(value(first, "increment.differingSpikes") as? Int == 0)
  }

  @Test func populationsHaveDistancesAndNeurons() throws {
    let report = try check(["--weight-bits", "2", "--parasitics", "compensate", "--json", "-"]).json()
    let populations = try #require(report["populations"] as? [[String: Any]])
    for population in populations {
      for key in ["vanRossum", "victorPurpura", "isi", "spike", "spikeSync"] {
        let distance = try #require(value(population, "distance.\(key)") as? Double)
        #expect(distance > 0)
      }
      #expect(value(population, "neurons.dead") as? [Int] != nil)
      #expect(value(population, "neurons.alwaysOn") as? [Int] != nil)
      #expect(value(population, "neurons.duplicates") as? [[Int]] != nil)
    }
  }

  /// Fewer bits for the leak are an option of `compile` too, and its error is in the report.
  @Test func leakBitsAreCompiled() throws {
    try withScratch { scratch in
      let result = try CommandLineProgram.run([
        "compile", Digits.network, "--leak-bits", "4", "--parasitics", "ignore", "-o", scratch.path("a.rbx"),
        "--json", "-",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let populations = try #require(try result.json()["populations"] as? [[String: Any]])
      for population in populations {
        let mantissa = try #require(value(population, "decayMantissa") as? Int)
        #expect(mantissa % 256 == 0)
      }
    }
  }

  /// Without a leak, subtraction leaves a rest that grows as long as spikes come.
  @Test func overflowNamesItsInput() throws {
    try withScratch { scratch in
      let network = Repository.path("Tests/NetworkFormatsTests/Golden/gallery/if.nir")
      let spikes = scratch.path("spikes.csv")
      try "tick,channel\n0,0\n".write(toFile: spikes, atomically: true, encoding: .utf8)
      let compile = ["compile", network, "--reset", "subtract", "-o", scratch.path("a.rbx")]
      let check = ["check", network, "--reset", "subtract", "--input", spikes]
      for command in [compile, check] {
        let text = try CommandLineProgram.run(command).text
        let line = try #require(
          text.split(separator: "\n").first { $0.hasPrefix("overflow in n: neuron 0: ") })
        #expect(
          line.contains(" by its only source of positive weight (7 spikes per tick) in every tick for "))
        let report = try CommandLineProgram.run(command + ["--json", "-"]).json()
        let population = try #require((report["populations"] as? [[String: Any]])?.first)
        let codes = population["codes"] as? [String: Any] ?? population
        #expect(value(codes, "overflowProven") as? Bool == false)
        #expect(value(codes, "overflowInput.register") as? String == "membrane")
        #expect(value(codes, "overflowInput.sources") as? Int == 1)
        #expect(try #require(value(codes, "overflowInput.ticks") as? Int) > 100)
      }
    }
  }
}
