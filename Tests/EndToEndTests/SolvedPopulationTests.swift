import Foundation
import Testing

/// Populations that `rates` solves and everything that runs neurons refuses.
@Suite struct SolvedPopulationTests {
  private static func file(_ more: String = "", coupling: Double = 15) -> String {
    """
    { format: "rheobase-network", version: 1,
      populations: [ { name: "q", model: "qifPopulation", timeConstant: "10 ms", eta: -5, delta: 1, coupling: \(coupling) } ]
      \(more) }
    """
  }

  /// The bistable point of mpr_fixed_points.csv: τ 10 ms makes hertz of its rates times 100.
  @Test func fixedPointsOfTheTable() throws {
    try withScratch { scratch in
      let path = scratch.path("q.json5")
      try Self.file().write(toFile: path, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run(["rates", path, "--json", "-"])
      #expect(result.status == 0, "\(result.errors)")
      let densities = try #require(try result.json()["densities"] as? [[String: Any]])
      let points = try #require(densities.first?["fixedPoints"] as? [[String: Any]])
      #expect(points.map { $0["type"] as? String } == ["stableNode", "saddle", "stableFocus"])
      #expect(points.map { $0["isStable"] as? Bool } == [true, false, true])
      for (point, expected) in zip(points, [8.11344419501, 47.2980340685, 103.05968]) {
        #expect(abs((point["hertz"] as? Double ?? 0) / expected - 1) < 1e-6)
      }
      let text = try CommandLineProgram.run(["rates", path])
      #expect(text.text.contains("unstable") && text.text.contains("saddle"), "\(text.text)")
    }
  }

  /// The drive of `StrongInputTests.conductancesShunt`: 25 + 36 + 30 pS on 500 fF, whose simulated rate theory meets to 12 %.
  @Test func conductancesShunt() throws {
    try withScratch { scratch in
      let path = scratch.path("g.json5")
      let text = """
        { format: "rheobase-network", version: 1,
          populations: [ { name: "g", model: "conductanceLif", capacitance: "500 fF", leakConductance: "25 pS",
            leakReversal: "0.2 V", threshold: "0.6 V", reset: "0.3 V", refractory: "1 ms", inputs: [
              { sources: 900, rate: "10 Hz", jump: "4 pS", timeConstant: "1 ms", reversal: "1.2 V" },
              { sources: 300, rate: "5 Hz", jump: "10 pS", timeConstant: "2 ms", reversal: "0.1 V" } ] } ] }
        """
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run(["rates", path, "--json", "-"])
      #expect(result.status == 0, "\(result.errors)")
      let report = try #require((try result.json()["conductances"] as? [[String: Any]])?.first)
      func number(_ key: String) -> Double { report[key] as? Double ?? .nan }
      #expect(abs(number("effectiveTimeConstantSeconds") / (500e-15 / 91e-12) - 1) < 1e-12)
      #expect(abs(number("membraneTimeConstantSeconds") / 20e-3 - 1) < 1e-12)
      #expect(abs(number("meanVolts") / ((25 * 0.2 + 36 * 1.2 + 30 * 0.1) / 91) - 1) < 1e-12)
      // Variances 16·9000·0.001/2 and 100·1500·0.002/2 pS².
      #expect(abs(number("conductanceFluctuation") / ((72.0 + 150).squareRoot() / 91) - 1) < 1e-12)
      #expect(number("meanFieldHz") > 10)
      let compiled = try CommandLineProgram.run(["compile", path, "-o", scratch.path("g.rbx")])
      #expect(compiled.status == 65 && compiled.errors.contains("conductance synapses"), "\(compiled.errors)")
    }
  }

  @Test func refusedWhereNeuronsRun() throws {
    try withScratch { scratch in
      let path = scratch.path("q.json5")
      func result(_ words: [String], _ text: String) throws -> CommandLineProgram.Result {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try CommandLineProgram.run(words)
      }
      let compiled = try result(["compile", path, "-o", scratch.path("q.rbx")], Self.file())
      #expect(compiled.status == 65 && compiled.errors.contains("physical.solvedOnly"), "\(compiled.errors)")
      let connected = try result(
        ["rates", path], Self.file(", stimuli: [{ into: \"q\", current: \"1 pA\" }], outputs: [\"q\"]"))
      #expect(
        connected.status == 65 && connected.errors.contains("physical.solvedConnected"),
        "\(connected.errors)")
      let wrong = try result(["rates", path], Self.file().replacing("delta: 1", with: "delta: 0, wdith: 3"))
      #expect(wrong.status == 65 && wrong.errors.contains("delta") && wrong.errors.contains("wdith"))
    }
  }
}
