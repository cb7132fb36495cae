import Foundation
import Testing

/// Neuron models as programs, as a user runs them.
@Suite struct ProgramRatesTests {
  private static let example = "docs/examples/adex/adex.json5"

  @Test("Model, program and chip side by side, within 2 %")
  func rates() throws {
    let result = try CommandLineProgram.run([
      "rates", Self.example, "--chip", "tessera-d", "--emulate", "--json", "-",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let rates = try #require(try result.json()["rates"] as? [String: Any])
    let populations = try #require(rates["populations"] as? [[String: Any]])
    #expect(populations.count == 8)
    for population in populations.prefix(6) {
      let model = try #require(population["modelHz"] as? Double)
      let quantized = try #require(population["quantizedHz"] as? Double)
      #expect(model > 10)
      // 1.8 s: a spike more or less at the ends counts 0.56 Hz.
      #expect(abs(quantized - model) <= max(0.02 * model, 0.56))
      let emulated = try #require(population["emulatedHz"] as? Double)
      // The same counts; the emulated rate is a mean over stretches.
      #expect(abs(emulated - quantized) < 1e-9 * quantized)
      #expect(population["closedFormHz"] == nil)
    }
  }

  @Test("A sweep of a model without a capacitance is in volts per second")
  func sweep() throws {
    try withScratch { scratch in
      let network = scratch.path("rs.json5")
      try #"""
      { format: "rheobase-network", version: 1, dt: "0.1 ms",
        populations: [{ name: "rs", size: 1, model: "izhikevich", preset: "RS" }] }
      """#.write(toFile: network, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run([
        "rates", network, "--chip", "tessera-d", "--sweep", "current=2mV/ms:10mV/ms:8mV/ms", "--json", "-",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let sweep = try #require(try result.json()["sweep"] as? [String: Any])
      #expect(sweep["unit"] as? String == "V/s")
      let points = try #require(sweep["points"] as? [[String: Any]])
      let hertz = points.map {
        (($0["populations"] as? [[String: Any]])?.first?["quantizedHz"] as? Double) ?? -1
      }
      #expect(hertz.first == 0)
      #expect((20...25).contains(hertz.last ?? 0))
      let wrong = try CommandLineProgram.run([
        "rates", network, "--chip", "tessera-d", "--sweep", "current=0pA:1pA:1pA",
      ])
      #expect(wrong.status == 64)
      #expect(wrong.errors.contains("volt per second"))
    }
  }

  @Test("Compile prints the bound; check runs the network in float64")
  func compileAndCheck() throws {
    try withScratch { scratch in
      let compiled = try CommandLineProgram.run([
        "compile", Self.example, "--chip", "tessera-d", "-o", scratch.path("a.rbx"),
      ])
      #expect(compiled.status == 0, "\(compiled.errors)")
      for word in ["program of tonic", "(bound)", "(estimate)", "cut-off", "exponential"] {
        #expect(compiled.text.contains(word))
      }
      let checked = try CommandLineProgram.run([
        "check", Self.example, "--chip", "tessera-d", "--ticks", "5000", "--tolerance", "0.05", "--json", "-",
      ])
      #expect(checked.status == 0, "\(checked.errors)")
      #expect(try checked.json()["ladder"] == nil)
    }
  }

  @Test("A chip without programs is refused")
  func refused() throws {
    let result = try CommandLineProgram.run(["rates", Self.example])
    #expect(result.text.contains("does not hold it"))
    let compiled = try CommandLineProgram.run(["compile", Self.example, "-o", "/dev/null/x.rbx"])
    #expect(compiled.status != 0)
  }
}
