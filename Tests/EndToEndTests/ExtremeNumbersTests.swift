import Foundation
import TestSupport
import Testing

/// What a file or an option may hold and no chip can: refused in words, or run, and never a crash.
@Suite struct ExtremeNumbersTests {
  private static func network(
    _ rest: String = "", threshold: String = "0.6 V", reset: String = "0.1 V", leak: String = "25 pS",
    neuron: String = "", stimuli: String = "{ into: \"a\", current: \"20 pA\" }"
  ) -> String {
    """
    { format: "rheobase-network", version: 1, \(rest) populations: [ { name: "a", size: 2, model: "lif",
      capacitance: "500 fF", leakConductance: "\(leak)", leakReversal: "0.2 V", threshold: "\(threshold)",
      reset: "\(reset)", \(neuron) } ], stimuli: [ \(stimuli) ], outputs: ["a"] }
    """
  }

  /// Network, further options, exit code, and a part of what is said.
  static let cases: [(String, [String], Int32, String)] = [
    (network("dt: \"1e-8 s\",", neuron: "refractory: \"900 s\""), [], 65, "limit.refractory"),
    (network(neuron: "refractory: \"900 s\""), ["--dt", "1e-30s"], 64, "import.dt"),
    (network(), ["--dt", "1e300s"], 64, "import.dt"),
    (network(), ["--dt", "1e6s"], 65, "network.tooFast"),
    (
      network(threshold: "1e-310 V", reset: "0 V", stimuli: "").replacing("0.2 V", with: "0 V"), [], 65,
      "network.range"
    ),
    // A leak of 0.8 per tick from a reset far below the threshold: the reset decides the scale.
    (
      network(reset: "-50 V", leak: "4 nS", stimuli: "{ into: \"a\", current: \"2.5 nA\" }"),
      ["--set", "electrical.floor=-100V"], 0, ""
    ),
    // The chip would add these steps to the synaptic current.
    (
      network(
        neuron: "synapticTimeConstant: \"5 ms\"",
        stimuli: "{ into: \"a\", poisson: { sources: 100, rate: \"20 Hz\" }, weight: \"2 mV\" }"
      ).replacing("\"lif\"", with: "\"cubalif\""), [], 65, "network.stepIntoSynapse"
    ),
  ]

  @Test(arguments: cases.indices) func compile(_ number: Int) throws {
    let (text, options, status, sentence) = Self.cases[number]
    try withScratch { scratch in
      let file = scratch.path("a.json5")
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run(["compile", file, "-o", scratch.path("a.rbx")] + options)
      #expect(result.status == status, "\(result.errors)")
      #expect(sentence.isEmpty || result.errors.contains(sentence), "\(result.errors)")
    }
  }

  /// A name that would switch a terminal's colours reaches it without the control character.
  @Test func controlCharactersAreNotPrinted() throws {
    try withScratch { scratch in
      let file = scratch.path("a.json5")
      let text = Self.network().replacing("\"a\"", with: "\"a\\u001b[31m\"")
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run(["compile", file, "-o", scratch.path("a.rbx")])
      #expect(result.status == 0)
      #expect(result.text.contains("a\u{FFFD}[31m"))
      #expect(!result.text.contains("\u{1B}"))
    }
  }

  /// A spike file without ticks is at fault itself, and is named.
  @Test func emptySpikeFile() throws {
    try withScratch { scratch in
      let spikes = scratch.path("none.csv")
      try "tick,channel\n".write(toFile: spikes, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run(["check", Digits.network, "--input", spikes])
      #expect(result.status == 65)
      #expect(result.errors.contains(spikes))
    }
  }

  @Test func fullStandardOutputExits73() throws {
    let process = Process()
    process.executableURL = URL(filePath: CommandLineProgram.path)
    process.arguments = ["--help"]
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
    process.standardError = FileHandle.nullDevice
    try CommandLineProgram.launch(process)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 73)
  }
}
