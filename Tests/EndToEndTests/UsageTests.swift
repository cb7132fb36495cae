import Foundation
import TestSupport
import Testing

/// What the command line says about itself, and how it refuses.
@Suite struct UsageTests {
  static let commands = [
    "compile", "run", "check", "compare", "survey", "rates", "chips", "inspect", "mesh traffic",
    "mesh replay",
  ]

  @Test func versionIsPrinted() throws {
    let result = try CommandLineProgram.run(["--version"])
    #expect(result.status == 0)
    #expect(result.text.wholeMatch(of: /rheobase \d+\.\d+\.\d+\n/) != nil)
  }

  @Test func helpListsEveryCommand() throws {
    let result = try CommandLineProgram.run(["--help"])
    #expect(result.status == 0)
    for command in Self.commands { #expect(result.text.contains("\n  \(command) ")) }
    #expect(result.errors.isEmpty)
  }

  @Test(arguments: commands)
  func everyCommandHasHelpWithAnExample(command: String) throws {
    let result = try CommandLineProgram.run(command.split(separator: " ").map(String.init) + ["--help"])
    #expect(result.status == 0)
    #expect(result.text.contains("Usage: rheobase \(command)"))
    #expect(result.text.contains("Example:\n  rheobase \(command)"))
    let widest = result.text.split(separator: "\n").map(\.count).max() ?? 0
    #expect(widest <= 130)
  }

  /// Arguments, and what the one sentence must say.
  @Test(arguments: [
    (["frobnicate"], "unknown command"),
    (["chekc"], "Did you mean check"),
    (["compile", "a.nir", "--parasitic", "model", "-o", "a.rbx"], "Did you mean --parasitics"),
    (["compile", "a.nir", "--parasitics", "never", "-o", "a.rbx"], "ignore or model or compensate"),
    (["compile", "a.nir", "--dt", "3 fF", "-o", "a.rbx"], "a positive time"),
    (
      ["run", "a.rbx", "--input", "b.npz", "-o", "same", "--json", "same"], "names the same file as --output"
    ),
    (["inspect", "a.rbx", "--json", "a.rbx"], "names the same file as a.rbx"),
    (["compile", "a.nir", "--dt"], "needs a value"),
    (["compile", "a.nir"], "-o PROGRAM.rbx"),
    (["compile", "-o", "a.rbx"], "NETWORK"),
    (["compile", "a.nir", "b.nir", "-o", "a.rbx"], "a word too many"),
    (["compile", "a.nir", "-o", "a.rbx", "-o", "b.rbx"], "more than once"),
    (["compile", "a.nir", "--set", "nonsense", "-o", "a.rbx"], "KEY=VALUE"),
    (["run", "a.rbx", "--threads", "0"], "a whole number from 1"),
    (["run", "a.rbx", "--strict=yes"], "takes no value"),
    (["check", "a.nir", "--tolerance", "nan"], "a number from"),
    (["compare", "a.h5"], "B: is missing"),
    (["rates", "a.json5", "--sweep", "voltage=0:1:1"], "current=0pA:100pA:5pA"),
    (["rates", "a.json5", "--sweep", "current=0pA:100pA:0pA"], "at most 1000 points"),
    (["rates", "a.json5", "--svg", "a.svg"], "Add --sweep"),
    (["rates", "a.json5", "--ticks", "1000"], "Add --emulate"),
    (["rates", "a.json5", "--csv", "a.json5"], "names the same file as a.json5"),
    (["compare", "a.h5", "b.npz", "--tolerance", "-1"], "a number from"),
    (["survey", "a.nir", "--chips", "tessera,,odin"], "chips with commas between them"),
    (["survey", "a.nir", "--svg", "a.nir"], "names the same file as a.nir"),
  ])
  func usageErrorsExit64(arguments: [String], sentence: String) throws {
    let result = try CommandLineProgram.run(arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains(sentence), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test func everyMistakeIsReportedAtOnce() throws {
    let result = try CommandLineProgram.run([
      "compile", "a.nir", "--dtt", "1ms", "--weight-bits", "99", "--seed", "-1", "-o", "a.rbx",
    ])
    #expect(result.status == 64)
    for sentence in ["--dtt", "--weight-bits", "--seed"] { #expect(result.errors.contains(sentence)) }
  }

  @Test(arguments: [
    ["compile", "missing.nir", "-o", "a.rbx"], ["compile", "missing.json5", "-o", "a.rbx"],
    ["run", "missing.rbx", "--input", "a.npz"], ["inspect", "missing.rbx"], ["inspect", "missing.h5"],
    ["chips", "nochip"], ["compare", "missing.h5", "a.npz"], ["compare", "missing.npz", "missing.csv"],
    ["check", "missing.nir", "--input", "a.npz"], ["survey", "missing.nir", "--input", "a.npz"],
  ])
  func missingFilesExit66(arguments: [String]) throws {
    try withScratch { scratch in
      let result = try CommandLineProgram.run(
        arguments, in: scratch.folder, environment: ["RHEOBASE_CHIPS": Repository.path("chips")])
      #expect(result.status == 66, "\(result.errors)")
      #expect(result.errors.contains("missing") || result.errors.contains("nochip"))
      #expect(try scratch.names().isEmpty)
    }
  }

  @Test func outputsThatCannotBeWrittenExit73BeforeAnyWork() throws {
    try withScratch { scratch in
      for path in [scratch.path("no/such/folder/a.rbx"), scratch.folder.path] {
        let result = try CommandLineProgram.run(["compile", Digits.network, "-o", path])
        #expect(result.status == 73)
        #expect(result.errors.contains(path))
      }
      #expect(try scratch.names().isEmpty)
    }
  }

  /// A failure is a document too, and standard output holds nothing else.
  @Test func failuresAreDocuments() throws {
    let result = try CommandLineProgram.run(["compile", "missing.nir", "-o", "a.rbx", "--json", "-"])
    #expect(result.status == 66)
    let diagnostics = try #require(try result.json()["diagnostics"] as? [[String: Any]])
    #expect(diagnostics.first?["severity"] as? String == "error")
  }

  @Test func chipsAreListed() throws {
    let list = try CommandLineProgram.run(["chips", "--json", "-"])
    #expect(list.status == 0)
    let chips = try #require(try list.json()["chips"] as? [[String: Any]])
    let tessera = try #require(chips.first { $0["name"] as? String == "tessera" })
    #expect(tessera["neurons"] as? Int == 64 * 256)
    #expect(tessera["fidelityWord"] as? String == "bit- and cycle-exact")
    #expect((tessera["fidelity"] as? [String: Any])?["notModelled"] as? String != nil)
    for chip in chips { #expect(chip["operationDefinition"] as? String != nil) }
    let xylo = try #require(chips.first { $0["name"] as? String == "xylo-a2" })
    #expect(xylo["operationJoules"] == nil)
    let text = try CommandLineProgram.run(["chips", "tessera", "--set", "electrical.parasitics.node=50fF"])
    #expect(text.status == 0)
    #expect(text.text.contains("50 fF node"))
    let bad = try CommandLineProgram.run(["chips", "tessera", "--set", "electrical.parasitics.nod=50fF"])
    #expect(bad.status == 65)
    #expect(bad.errors.contains("node"))
  }
}
