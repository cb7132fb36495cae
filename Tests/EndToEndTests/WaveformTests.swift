import Foundation
import TestSupport
import Testing

/// `rheobase run --vcd` as a user calls it.
@Suite struct WaveformTests {
  /// Compiles the bundled example and runs it; the program's file and what `run` did.
  private func run(_ scratch: Scratch, _ arguments: [String]) throws -> CommandLineProgram.Result {
    let program = scratch.path("digits.rbx")
    if !FileManager.default.fileExists(atPath: program) {
      let compiled = try CommandLineProgram.run(["compile", Digits.network, "-o", program])
      try #require(compiled.status == 0, "\(compiled.errors)")
    }
    return try CommandLineProgram.run(["run", program, "--input", Digits.spikes] + arguments)
  }

  @Test func dumpAgreesWithTheReport() throws {
    try withScratch { scratch in
      let file = scratch.path("digits.vcd")
      let result = try run(scratch, ["--samples", "1", "--vcd", file, "--json", "-"])
      #expect(result.status == 0, "\(result.errors)")
      let report = try result.json()
      let dump = try ParsedDump(try String(contentsOfFile: file, encoding: .utf8))
      let clock = try dump["clk"]
      let middles = zip(clock.times, clock.values).filter { $0.1 == 0 }.map(\.0)
      func total(_ isWanted: (String) -> Bool) -> Int {
        dump.signals.values.filter { isWanted($0.name) }.reduce(0) { sum, signal in
          sum + middles.reduce(0) { $0 + Int(signal.value(at: $1) ?? 0) }
        }
      }
      let mesh = try #require(report["mesh"] as? [String: Any])
      #expect(total { $0.hasSuffix(".entered") } == mesh["packets"] as? Int)
      #expect(total { $0.contains(".grant_") && !$0.hasSuffix("_local") } == mesh["flitHops"] as? Int)
      let time = try #require(report["time"] as? [String: Any])
      #expect(middles.count == time["cycles"] as? Int)
      // 100 MHz: a cycle takes 10 ns.
      #expect(dump.timescale == "1 ns")
      #expect(dump.end == UInt64(middles.count) * 10)
      // The name appears whole, and nothing else does.
      #expect(try scratch.names() == ["digits.rbx", "digits.vcd"])
    }
  }

  /// Samples differ, and the one that is named is the one that is shown.
  @Test func sampleIsChosen() throws {
    try withScratch { scratch in
      var dumps: [Data] = []
      for options in [["--samples", "2"], ["--samples", "2", "--vcd-sample", "1"], ["--samples", "1"]] {
        let file = scratch.path("\(dumps.count).vcd")
        let result = try run(scratch, options + ["--ticks", "8", "--vcd", file])
        #expect(result.status == 0, "\(result.errors)")
        let sample = options.contains("--vcd-sample") ? 1 : 0
        #expect(result.text.contains("waveform: \(file), sample \(sample)\n"))
        dumps.append(try Data(contentsOf: URL(filePath: file)))
      }
      #expect(dumps[0] != dumps[1])
      #expect(dumps[0] == dumps[2])
    }
  }

  @Test func wrongUseIsRefused() throws {
    try withScratch { scratch in
      let file = scratch.path("none.vcd")
      let tooLarge = try run(scratch, ["--samples", "2", "--vcd", file, "--vcd-sample", "2"])
      #expect(tooLarge.status == 64)
      #expect(tooLarge.errors.contains("usage.waveformSample") && tooLarge.errors.contains("0 to 1"))
      let alone = try run(scratch, ["--samples", "2", "--vcd-sample", "1"])
      #expect(alone.status == 64)
      #expect(alone.errors.contains("Add --vcd FILE.vcd"))
      let nowhere = try run(scratch, ["--samples", "1", "--vcd", scratch.path("no/such/folder.vcd")])
      #expect(nowhere.status == 73)
      #expect(try scratch.names() == ["digits.rbx"])
    }
  }
}
