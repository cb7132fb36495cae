import Foundation
import TestSupport
import Testing

/// Circuits of neurons of compiled programs: their closed form against ngspice, in a table that Golden/make_spice_fI made,
/// and, where ngspice is installed, once more.
@Suite struct SpiceTests {
  private static let programs = [
    "balanced": ["docs/examples/balanced/balanced.json5"],
    "digits": ["docs/examples/digits/digits.nir", "--parasitics", "compensate"],
    "digits-exponential": [
      "docs/examples/digits/digits.nir", "--parasitics", "model", "--integrator", "exponential",
    ],
  ]

  private static func compile(_ name: String, _ scratch: Scratch) throws -> String {
    let program = scratch.path("\(name).rbx")
    let compiled = try CommandLineProgram.run(["compile"] + (try #require(programs[name])) + ["-o", program])
    #expect(compiled.status == 0, "\(compiled.errors)")
    return program
  }

  /// Rows of the golden table: the population, the current and both rates.
  private static func table() throws -> [[String: String]] {
    let lines = try Repository.text("Tests/EndToEndTests/Golden/spice_fI.csv").split(separator: "\n")
    let header = try #require(lines.first).split(separator: ",").map(String.init)
    return lines.dropFirst().map { line in
      Dictionary(uniqueKeysWithValues: zip(header, line.split(separator: ",").map(String.init)))
    }
  }

  @Test func closedFormsAgreeWithNgspice() throws {
    try withScratch { scratch in
      var rows = 0
      for name in Self.programs.keys.sorted() {
        let program = try Self.compile(name, scratch)
        for row in try Self.table() where row["program"] == name {
          rows += 1
          func number(_ key: String) throws -> Double {
            try #require(row[key].flatMap { Double($0) }, "\(key)")
          }
          let selection = "\(try #require(row["population"])):\(try #require(row["neuron"]))"
          let result = try CommandLineProgram.run([
            "inspect", program, "--spice", selection, "--current", "\(try number("added_A")) A", "--json",
            "-",
          ])
          #expect(result.status == 0, "\(result.errors)")
          let report = try result.json()
          let closed = try #require(report["closedFormHz"] as? Double)
          let ngspice = try number("ngspice_Hz")
          #expect(closed == 0 ? ngspice == 0 : abs(ngspice / closed - 1) < 3e-4, "\(row)")
          #expect(abs((report["capacitanceFarads"] as? Double ?? 0) / (try number("C_total_F")) - 1) < 1e-6)
        }
      }
      #expect(rows == 17)
    }
  }

  /// The circuit of a neuron that a constant alone drives has the rate that the compiler predicted with parasitics. What a
  /// reset leaves behind, 4e-4 of the swing, is in the circuit alone: it fires by that much sooner.
  @Test func theCircuitIsTheCompilersNeuron() throws {
    try withScratch { scratch in
      let program = try Self.compile("balanced", scratch)
      let report = try CommandLineProgram.run(["inspect", program, "--spice", "dc:3", "--json", "-"]).json()
      let ran = try CommandLineProgram.run(["run", program, "--ticks", "10", "--json", "-"]).json()
      let rates = try #require((ran["rates"] as? [String: Any])?["populations"] as? [[String: Any]])
      let predicted = try #require(
        rates.first { $0["name"] as? String == "dc" }?["withParasiticsHz"] as? Double)
      #expect(abs((report["closedFormHz"] as? Double ?? 0) / predicted - 1) < 6e-4)
      let printed = try CommandLineProgram.run(["inspect", program, "--spice", "dc:3"])
      #expect(printed.text == report["deck"] as? String)
    }
  }

  @Test func whatHasNoCircuitIsRefused() throws {
    try withScratch { scratch in
      let program = try Self.compile("balanced", scratch)
      let subtracting = scratch.path("subtract.rbx")
      _ = try CommandLineProgram.run([
        "compile", "docs/examples/digits/digits.nir", "--reset", "subtract", "-o", subtracting,
      ])
      let cases: [(words: [String], status: Int32, sentence: String)] = [
        ([program, "--spice", "dv"], 64, "Did you mean dc"),
        ([program, "--spice", "dc:4"], 64, "no such neurons"),
        ([program, "--spice", "dc:0..2"], 64, "names 3 neurons"),
        ([program, "--current", "1pA"], 64, "needs --spice"),
        ([program, "--spice", "dc", "--current", "1pV"], 64, "a current such as"),
        (["record.h5", "--spice", "dc"], 64, "needs a program"),
        ([subtracting, "--spice", "lif1"], 65, "--reset zero"),
      ]
      for (words, status, sentence) in cases {
        let result = try CommandLineProgram.run(["inspect"] + words)
        #expect(result.status == status, "\(words)")
        #expect(result.errors.contains(sentence), "\(result.errors)")
      }
    }
  }

  private static let hasNgspice: Bool = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/ngspice") }
  }()

  @Test(.enabled(if: hasNgspice, "ngspice is not installed"))
  func ngspiceMeasuresTheClosedForm() throws {
    try withScratch { scratch in
      let program = try Self.compile("balanced", scratch)
      let process = Process()
      process.executableURL = URL(filePath: Repository.path("tools/spice/compare"))
      process.arguments = [program, "exc:7", "12.5pA"]
      process.environment = ProcessInfo.processInfo.environment.merging([
        "RHEOBASE_PROGRAM": CommandLineProgram.path
      ]) { $1 }
      let output = Pipe()
      process.standardOutput = output
      try CommandLineProgram.launch(process)
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(text)")
      #expect(text.split(separator: "\n").count == 2)
    }
  }
}
