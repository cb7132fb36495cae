import Foundation
import TestSupport
import Testing

/// `rheobase compile --export-nir`.
@Suite struct ExportTests {
  @Test("The exported network does in float64 what the chip does")
  func exportedNetworkFiresAsTheChip() throws {
    try withScratch { scratch in
      let exported = scratch.path("chip.nir")
      let compiled = try CommandLineProgram.run([
        "compile", Digits.network, "--parasitics", "model", "--export-nir", exported, "--json", "-",
      ])
      #expect(compiled.status == 0, "\(compiled.errors)")
      let report = try compiled.json()
      #expect(report["exportedNIR"] as? String == exported)
      #expect(report["program"] == nil)
      let ids = (report["diagnostics"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? []
      #expect(
        Set(ids).isSuperset(of: [
          "effective.rounding", "effective.floor", "effective.kick", "export.readings",
        ]))
      let chip = try check(Digits.network, parasitics: "model")
      let float = try check(exported, parasitics: "ignore")
      // Parasitics cost the chip 22 % of its spikes. The export has them; what is left are kicks and roundings.
      let chipSpikes = try #require((chip["chip"] as? [String: Any])?["spikes"] as? Int)
      let author = try #require((chip["reference"] as? [String: Any])?["spikes"] as? Int)
      let spikes = try #require((float["reference"] as? [String: Any])?["spikes"] as? Int)
      #expect(Double(abs(author - chipSpikes)) > 0.2 * Double(author))
      #expect(Double(abs(spikes - chipSpikes)) < 0.002 * Double(chipSpikes))
    }
  }

  private func check(_ network: String, parasitics: String) throws -> [String: Any] {
    let result = try CommandLineProgram.run([
      "check", network, "--input", Digits.spikes, "--samples", "100", "--parasitics", parasitics, "--json",
      "-",
    ])
    #expect(result.status == 0, "\(result.errors)")
    return try result.json()
  }

  @Test func aNetworkThatNIRCannotHoldWritesNothing() throws {
    try withScratch { scratch in
      let result = try CommandLineProgram.run([
        "compile", Repository.path("docs/examples/balanced/balanced.json5"), "-o", scratch.path("a.rbx"),
        "--export-nir", scratch.path("a.nir"),
      ])
      #expect(result.status == 65)
      for id in ["export.poisson", "export.refractory"] { #expect(result.errors.contains(id)) }
      #expect(try scratch.names() == [])
    }
  }

  @Test func unwritablePathsExit73AndLeaveNothing() throws {
    try withScratch { scratch in
      try FileManager.default.createDirectory(
        atPath: scratch.path("folder.nir"), withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: scratch.path("full.nir"), withDestinationPath: "/dev/full")
      for name in ["missing/a.nir", "folder.nir", "full.nir"] {
        let result = try CommandLineProgram.run([
          "compile", Digits.network, "--export-nir", scratch.path(name),
        ])
        #expect(result.status == 73, "\(result.errors)")
        #expect(result.output.isEmpty)
      }
      #expect(try scratch.names() == ["folder.nir", "full.nir"])
    }
  }

  @Test(arguments: [
    (["a.nir", "--export-nir", "a.nir"], "names the same file as a.nir"),
    (["a.nir", "--export-nir", "b.nir", "-o", "b.nir"], "names the same file as --output"),
    (["a.nir", "--export-nir", "b.h5"], "ends in .nir"), (["a.nir"], "--export-nir FILE.nir"),
  ])
  func usageErrorsExit64(arguments: [String], sentence: String) throws {
    let result = try CommandLineProgram.run(["compile"] + arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains(sentence), "\(result.errors)")
  }
}
