import Foundation
import Observations
import Testing

/// The bundled example through the command line, from the network file to the report.
@Suite struct DigitsTests {
  func compile(_ scratch: Scratch, _ options: [String] = [], to name: String = "digits.rbx") throws -> String
  {
    let program = scratch.path(name)
    let result = try CommandLineProgram.run(
      ["compile", Digits.network, "--parasitics", "compensate", "-o", program] + options)
    #expect(result.status == 0, "\(result.errors)")
    return program
  }

  /// 434 of 450 is what the example promises; the float64 reference gets 438.
  @Test func runClassifiesTheTestImages() throws {
    try withScratch { scratch in
      let program = try compile(scratch)
      let record = scratch.path("digits.h5")
      let result = try CommandLineProgram.run([
        "run", program, "--input", Digits.spikes, "-o", record, "--json", "-",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let report = try result.json()
      #expect(try #require(value(report, "correct") as? Int) >= 434)
      #expect(value(report, "samples") as? Int == 450)
      #expect(value(report, "ticks") as? Int == 32)
      for path in [
        "accuracy", "energy.totalJoules", "energy.perSampleJoules", "energy.breakdown", "energy.perCore",
        "time.cycles",
        "time.seconds", "time.perSampleSeconds", "time.slowestCore.busyCycles", "mesh.packets",
        "mesh.flitHops",
        "mesh.latencyCycles.p99", "rates.populations", "spikes.total", "overflow.saturations", "diagnostics",
      ] {
        #expect(value(report, path) != nil, "\(path)")
      }
      #expect(value(report, "overflow.saturations") as? Int == 0)
      #expect(try #require(value(report, "energy.totalJoules") as? Double) > 0)

      // The record says the same as the report.
      let read = try RunRecord.read(from: record)
      #expect(value(report, "spikes.total") as? Int == read.spikes.total)
      #expect(value(report, "time.cycles") as? Int == read.tickCycles.reduce(0) { $0 + Int($1) })
      #expect(value(report, "mesh.packets") as? Int == read.tickPackets.reduce(0) { $0 + Int($1) })
      let inspected = try CommandLineProgram.run(["inspect", record, "--json", "-"])
      #expect(inspected.status == 0, "\(inspected.errors)")
      let summary = try inspected.json()
      for path in ["spikes.total", "time.cycles", "mesh.packets", "mesh.flitHops", "overflow.saturations"] {
        #expect(value(summary, path) as? Int == value(report, path) as? Int, "\(path)")
      }
    }
  }

  /// What was predicted stands beside what was measured, and nothing of it in the report's document.
  @Test func profileTellsWhatWasPredicted() throws {
    try withScratch { scratch in
      let program = try compile(scratch)
      let command = ["run", program, "--input", Digits.spikes, "--json", scratch.path("report.json")]
      let plain = try CommandLineProgram.run(command)
      let document = try Data(contentsOf: URL(filePath: scratch.path("report.json")))
      let profiled = try CommandLineProgram.run(command + ["--profile"])
      #expect(profiled.status == 0, "\(profiled.errors)")
      let line =
        #/predicted [\d.]+ (m|u)?s, [+-][\d.]+ %: the model's [\d.]+ (m|u)?s times [\d.]+, by a pilot of \d+ samples/#
      #expect(try line.firstMatch(in: profiled.text) != nil, "\(profiled.text)")
      #expect(profiled.text.hasPrefix(plain.text.trimmingCharacters(in: .newlines)))
      #expect(!plain.text.contains("predicted"))
      // Nobody watches a pipe.
      #expect(profiled.errors == plain.errors)
      #expect(try Data(contentsOf: URL(filePath: scratch.path("report.json"))) == document)
    }
  }

  /// The all-digital companion runs the same network with the same leaky unit, and shows what programs would cost.
  @Test func theDigitalCompanionClassifiesThemToo() throws {
    try withScratch { scratch in
      let program = scratch.path("digital.rbx")
      let compiled = try CommandLineProgram.run([
        "compile", Digits.network, "--chip", "tessera-d", "-o", program,
      ])
      #expect(compiled.status == 0, "\(compiled.errors)")
      let result = try CommandLineProgram.run([
        "run", program, "--input", Digits.spikes, "--strict", "--json", "-",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let report = try result.json()
      #expect(try #require(value(report, "correct") as? Int) >= 434)
      #expect(value(report, "overflow.floorClamps") as? Int == 0)
      #expect(value(report, "overflow.register") as? Int == 0)
      let energy = try #require(value(report, "energy.breakdown") as? [[String: Any]])
      let added = try #require(energy.first { $0["component"] as? String == "microAdd" })
      #expect(added["events"] as? Int == 0)
    }
  }

  /// Samples run in parallel, and the record does not show it. Compiling twice gives the same program.
  @Test func everyRunIsTheSameBytes() throws {
    try withScratch { scratch in
      let program = try compile(scratch)
      let again = try compile(scratch, to: "again.rbx")
      #expect(try Data(contentsOf: URL(filePath: program)) == Data(contentsOf: URL(filePath: again)))
      var records: [Data] = []
      for (name, threads) in [("one", "1"), ("two", "2"), ("rerun", "2"), ("many", "7")] {
        let record = scratch.path(name + ".h5")
        let result = try CommandLineProgram.run([
          "run", program, "--input", Digits.spikes, "--samples", "40", "--threads", threads,
          "--probe", "lif1:0..3", "-o", record,
        ])
        #expect(result.status == 0, "\(result.errors)")
        records.append(try Data(contentsOf: URL(filePath: record)))
      }
      #expect(Set(records).count == 1)
    }
  }

  /// A barrier waits for every packet, so the mesh decides when a tick ends and not what happens in it.
  @Test(arguments: [
    ["mesh.hopCycles=3", "mesh.creditCycles=2", "mesh.injectionCycles=2"], ["mesh.bufferDepth=1"],
    ["mesh.portOrder=[4,3,2,1,0]", "mesh.hopCycles=5"],
  ])
  func meshLatenciesChangeNoSpike(settings: [String]) throws {
    try withScratch { scratch in
      func record(_ options: [String], _ name: String) throws -> RunRecord {
        let program = try compile(scratch, options, to: name + ".rbx")
        let path = scratch.path(name + ".h5")
        let result = try CommandLineProgram.run([
          "run", program, "--input", Digits.spikes, "--samples", "40", "--probe", "lif1:0..15",
          "--probe", "lif2", "-o", path,
        ])
        #expect(result.status == 0, "\(result.errors)")
        return try RunRecord.read(from: path)
      }
      let plain = try record([], "plain")
      let slow = try record(settings.flatMap { ["--set", $0] }, "slow")
      #expect(slow.spikes == plain.spikes)
      #expect(slow.potentials == plain.potentials)
      #expect(slow.outputSums == plain.outputSums)
      #expect(!plain.potentials.isEmpty)
      if settings.contains(where: { $0.hasPrefix("mesh.hopCycles") }) {
        #expect(slow.counters.cycles > plain.counters.cycles)
      }
    }
  }

  @Test func checkComparesWithTheReference() throws {
    let arguments = ["check", Digits.network, "--input", Digits.spikes, "--parasitics", "compensate"]
    let result = try CommandLineProgram.run(
      arguments + ["--tolerance", "0.01", "--min-accuracy", "0.96", "--json", "-"])
    #expect(result.status == 0, "\(result.errors)")
    let report = try result.json()
    #expect(value(report, "samples") as? Int == 450)
    #expect(value(report, "reference.correct") as? Int == 438)
    #expect(value(report, "reference.outputSpikes") as? Int == 7301)
    #expect(try #require(value(report, "chip.correct") as? Int) >= 434)
    let output = try #require(value(report, "chip.outputSpikes") as? Int)
    #expect(abs(output - 7301) <= 73)
    let chosen = try #require(value(report, "rateError.chosenHz") as? Double)
    #expect(chosen <= (try #require(value(report, "rateError.nearestHz") as? Double)))
    let populations = try #require(value(report, "populations") as? [[String: Any]])
    #expect(populations.count == 2)
    for population in populations {
      #expect(value(population, "codes.weightErrorRMS") as? Double != nil)
      #expect(value(population, "codes.leakError") as? Double != nil)
      #expect(value(population, "codes.thresholdError") as? Double != nil)
    }
  }

  /// The report is complete and on standard output, also when a bound is missed.
  @Test func missedBoundsExit1WithTheWholeReport() throws {
    let result = try CommandLineProgram.run([
      "check", Digits.network, "--input", Digits.spikes, "--samples", "20", "--parasitics", "model",
      "--tolerance", "0", "--min-accuracy", "1", "--json", "-", "--weight-bits", "3",
    ])
    #expect(result.status == 1, "\(result.errors)")
    let report = try result.json()
    #expect(value(report, "reference.outputSpikes") as? Int != nil)
    let ids = (report["diagnostics"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    #expect(ids.contains("check.tolerance"))
    #expect(result.errors.contains("[check.tolerance]"))
  }

  /// From a folder that has nothing: the chip is found from the program.
  @Test func everyCommandWorksFromAnotherFolder() throws {
    try withScratch { scratch in
      for arguments in [
        ["chips"], ["chips", "tessera"], ["compile", Digits.network, "-o", "here.rbx"],
        [
          "run", "here.rbx", "--input", Digits.spikes, "--samples", "2", "-o", "here.h5", "--json",
          "here.json",
        ],
        ["inspect", "here.rbx"], ["inspect", "here.h5"],
        ["check", Digits.network, "--input", Digits.spikes, "--samples", "2"],
      ] {
        let result = try CommandLineProgram.run(arguments, in: scratch.folder)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        #expect(!result.text.isEmpty)
      }
      #expect(try scratch.names() == ["here.h5", "here.json", "here.rbx"])
    }
  }

  /// The wrong spikes for a program are a diagnostic, not a run.
  @Test func spikesOfAnotherNetworkAreRefused() throws {
    try withScratch { scratch in
      let program = try compile(scratch)
      let spikes = scratch.path("spikes.csv")
      try "tick,channel\n0,64\n".write(toFile: spikes, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run(["run", program, "--input", spikes, "-o", scratch.path("a.h5")])
      #expect(result.status == 65, "\(result.errors)")
      #expect(!(try scratch.names().contains("a.h5")))
    }
  }
}
