import Foundation
import Testing

/// A network file with noise through every command that meets it.
@Suite struct NoiseTests {
  static func network(_ noise: String, stimuli: String = "") -> String {
    """
    { format: "rheobase-network", version: 1, dt: "0.5 ms",
      populations: [ { name: "p", size: 64, model: "lif", capacitance: "500 fF", leakConductance: "25 pS",
        leakReversal: "0.9 V", threshold: "1.2 V", reset: "0.9 V", refractory: "1 ms", \(noise) } ],
      stimuli: [ { into: "p", current: "6.25 pA" } \(stimuli) ], outputs: ["p"] }
    """
  }

  /// Below the rheobase of 7.5 pA only noise makes it fire; the prediction is the emulated rate, and the reference's.
  @Test func ratesAndCheck() throws {
    try withScratch { scratch in
      let file = scratch.path("noisy.json5")
      try Self.network("noise: { membrane: \"40 mV\" }").write(
        toFile: file, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run([
        "rates", file, "--emulate", "--parasitics", "ignore", "--json", "-",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let rates = try #require(try result.json()["rates"] as? [String: Any])
      let population = try #require((rates["populations"] as? [[String: Any]])?.first)
      func hertz(_ key: String) throws -> Double { try #require(population[key] as? Double, "\(key)") }
      let (quantized, emulated) = (try hertz("quantizedHz"), try hertz("emulatedHz"))
      #expect(emulated > 1)
      #expect(
        abs(quantized - emulated) < 0.01 * emulated + 3 * (try hertz("emulatedStandardErrorHz")),
        "\(quantized) \(emulated)")
      #expect(abs(try hertz("meanFieldHz") / emulated - 1) < 0.4)
      #expect(population["closedFormHz"] == nil)

      let check = try CommandLineProgram.run([
        "check", file, "--ticks", "1000", "--parasitics", "ignore", "--json", "-",
      ])
      #expect(check.status == 0, "\(check.errors)")
      let populations = try #require(try check.json()["populations"] as? [[String: Any]])
      #expect(!populations.isEmpty)
      let text = try CommandLineProgram.run([
        "compile", file, "-o", scratch.path("noisy.rbx"), "--parasitics", "ignore",
      ])
      #expect(text.status == 0 && text.text.contains("uniform steps of the membrane"), "\(text.text)")
      let listing = try CommandLineProgram.run(["inspect", scratch.path("noisy.rbx")])
      #expect(listing.text.contains("on the membrane of 64 rows"), "\(listing.text)")
    }
  }

  @Test func aRandomCurrentIsRefusedWithARemedy() throws {
    try withScratch { scratch in
      let file = scratch.path("ou.json5")
      try Self.network(
        "", stimuli: ", { into: \"p\", ornsteinUhlenbeck: { deviation: \"2 pA\", timeConstant: \"5 ms\" } }"
      ).write(toFile: file, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run(["compile", file, "-o", scratch.path("ou.rbx")])
      #expect(result.status == 65 && result.errors.contains("network.randomCurrent"), "\(result.errors)")
      #expect(result.errors.contains("whiteNoise"))
      // What no chip holds has a mean field all the same.
      let rates = try CommandLineProgram.run(["rates", file])
      #expect(rates.status == 0 && rates.text.contains("p"), "\(rates.errors)")
    }
  }
}
