import Foundation
import Testing

/// A network in SI units through the command line: rates beside what theory says.
@Suite struct PhysicalNetworkTests {
  /// One population under constant current, alone.
  static let network = """
    { format: "rheobase-network", version: 1,
      populations: [
        { name: "exc", size: 4, model: "lif", capacitance: "500 fF", leakConductance: "25 pS",
          leakReversal: "0.9 V", threshold: "1.2 V", reset: "0.9 V", refractory: "1 ms" } ],
      stimuli: [ { into: "exc", current: "10 pA" } ],
      outputs: ["exc"] }
    """

  /// τ = 20 ms, V∞ = 0.9 V + 10 pA / 25 pS = 1.3 V: f = 1 / (1 ms + 20 ms · ln(0.4 / 0.1)); the column's capacitance
  /// makes the second term longer by C_total/C_membrane and leaves V∞.
  @Test(arguments: ["model", "compensate"])
  func ratesStandBesideThePredictions(parasitics: String) throws {
    try withScratch { scratch in
      let (network, program) = (scratch.path("net.json5"), scratch.path("net.rbx"))
      try Self.network.write(toFile: network, atomically: true, encoding: .utf8)
      let compiled = try CommandLineProgram.run([
        "compile", network, "--parasitics", parasitics, "-o", program, "--json", "-",
      ])
      #expect(compiled.status == 0, "\(compiled.errors)")
      let codes = try #require((try compiled.json()["populations"] as? [[String: Any]])?.first)
      let total = try #require(codes["totalCapacitance"] as? Double)
      #expect(total > 600e-15)

      let ran = try CommandLineProgram.run(["run", program, "--ticks", "20000", "--json", "-"])
      #expect(ran.status == 0, "\(ran.errors)")
      let rates = try ran.json()["rates"] as? [String: Any]
      let population = try #require((rates?["populations"] as? [[String: Any]])?.first)
      func hertz(_ key: String) throws -> Double { try #require(population[key] as? Double, "\(key)") }
      let rise = 0.020 * log(4.0)
      #expect(abs(try hertz("closedFormHz") / (1 / (0.001 + rise)) - 1) < 1e-9)
      #expect(abs(try hertz("withParasiticsHz") / (1 / (0.001 + rise * total / 500e-15)) - 1) < 1e-9)
      // Two seconds of network time: the emulated count is within a spike of the integer orbit's.
      #expect(abs(try hertz("emulatedHz") - hertz("quantizedHz")) <= 0.5)
      #expect(try hertz("emulatedHz") == hertz("meanHz"))
      let predicted = try hertz(parasitics == "model" ? "withParasiticsHz" : "closedFormHz")
      #expect(abs(try hertz("quantizedHz") / predicted - 1) < 0.01)
    }
  }

  @Test func runsWithoutInputNeedTicks() throws {
    try withScratch { scratch in
      let (network, program) = (scratch.path("net.json5"), scratch.path("net.rbx"))
      try Self.network.write(toFile: network, atomically: true, encoding: .utf8)
      #expect(try CommandLineProgram.run(["compile", network, "-o", program]).status == 0)
      let result = try CommandLineProgram.run(["run", program])
      #expect(result.status == 64)
      #expect(result.errors.contains("--ticks N"))
    }
  }

  /// A program's probes and the record that takes them.
  @Test func probesNameNeurons() throws {
    try withScratch { scratch in
      let (network, program) = (scratch.path("net.json5"), scratch.path("net.rbx"))
      try Self.network.write(toFile: network, atomically: true, encoding: .utf8)
      #expect(try CommandLineProgram.run(["compile", network, "-o", program]).status == 0)
      for (probe, sentence) in [
        ("ex", "Did you mean exc"), ("exc:4", "0 ≤ I ≤ J ≤ 3"), ("exc:2..1", "no such neurons"),
        ("exc:a", "no such"),
      ] {
        let result = try CommandLineProgram.run(["run", program, "--ticks", "10", "--probe", probe])
        #expect(result.status == 64)
        #expect(result.errors.contains(sentence), "\(result.errors)")
      }
      let unused = try CommandLineProgram.run(["run", program, "--ticks", "10", "--probe", "exc:1..2"])
      #expect(unused.status == 0)
      #expect(unused.errors.contains("[run.probesUnused]"))
    }
  }
}
