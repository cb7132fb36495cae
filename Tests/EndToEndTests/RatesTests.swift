import Foundation
import Testing

/// `rheobase rates` as a user runs it.
@Suite struct RatesTests {
  private func populations(_ result: CommandLineProgram.Result) throws -> [[String: Any]] {
    let rates = try #require(try result.json()["rates"] as? [String: Any])
    return try #require(rates["populations"] as? [[String: Any]])
  }

  private func flags(_ population: [String: Any]) -> Set<String> {
    Set((population["flags"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String })
  }

  private func write(_ text: String, _ path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Every column of a constantly driven population, and who is to blame for each step.
  @Test func columnsOfAConstantDrive() throws {
    try withScratch { scratch in
      let (network, program) = (scratch.path("net.json5"), scratch.path("net.rbx"))
      try write(PhysicalNetworkTests.network, network)
      let result = try CommandLineProgram.run(["rates", network, "--emulate", "--json", "-"])
      #expect(result.status == 0, "\(result.errors)")
      let population = try #require(try populations(result).first)
      func hertz(_ key: String) throws -> Double { try #require(population[key] as? Double, "\(key)") }
      #expect(abs(try hertz("closedFormHz") / (1 / (0.001 + 0.020 * log(4))) - 1) < 1e-12)
      #expect(try hertz("withParasiticsHz") < hertz("closedFormHz"))
      #expect(abs(try hertz("quantizedHz") / hertz("withParasiticsHz") - 1) < 0.01)
      #expect(abs(try hertz("emulatedHz") - hertz("quantizedHz")) < 1)
      #expect(population["meanFieldHz"] == nil)
      let deviations = try #require(population["deviations"] as? [[String: Any]])
      #expect(deviations.count == 3)
      #expect((deviations[0]["cause"] as? String)?.hasPrefix("parasitics") == true)
      #expect(flags(population).isEmpty)

      // A program alone has the same columns, and `run` the same orbit.
      #expect(try CommandLineProgram.run(["compile", network, "-o", program]).status == 0)
      let alone = try CommandLineProgram.run(["rates", program, "--emulate", "--json", "-"])
      #expect(alone.status == 0, "\(alone.errors)")
      let same = try #require(try populations(alone).first)
      for key in ["closedFormHz", "withParasiticsHz", "quantizedHz", "emulatedHz"] {
        let (one, other) = (try #require(same[key] as? Double), try hertz(key))
        #expect(abs(one / other - 1) < 1e-12, "\(key)")
      }
    }
  }

  /// Silent, saturated and refused populations are named.
  @Test func flagsOfTheEdges() throws {
    try withScratch { scratch in
      let network = scratch.path("edges.json5")
      func lif(_ name: String, _ more: String = "leakConductance: \"25 pS\"") -> String {
        """
        { name: "\(name)", size: 2, model: "lif", capacitance: "500 fF", \(more),
          leakReversal: "0.9 V", threshold: "1.2 V", reset: "0.9 V" }
        """
      }
      try write(
        """
        { format: "rheobase-network", version: 1,
          populations: [ \(lif("low")), \(lif("high")), \(lif("strong")), \(lif("none")) ],
          stimuli: [ { into: "low", current: "7 pA" }, { into: "high", current: "100 nA" },
                     { into: "strong", poisson: { sources: 1, rate: "40 Hz" }, weight: "0.2 V" } ],
          outputs: ["low"] }
        """, network)
      let result = try CommandLineProgram.run(["rates", network, "--chip", "tessera", "--json", "-"])
      #expect(result.status == 0, "\(result.errors)")
      let all = try populations(result)
      #expect(flags(all[0]) == ["silent", "belowRheobase"])
      #expect(flags(all[1]).contains("saturated"))
      #expect(flags(all[2]).isSuperset(of: ["fewInputs", "strongInputs"]))
      #expect(flags(all[3]) == ["silent", "belowRheobase"])

      // A leak that no code reaches: refused by compile, flagged here.
      try write(
        """
        { format: "rheobase-network", version: 1,
          populations: [ \(lif("slow", "leakConductance: \"1e-6 pS\"")) ],
          stimuli: [ { into: "slow", current: "0.01 pA" } ], outputs: ["slow"] }
        """, network)
      let slow = try CommandLineProgram.run(["rates", network, "--json", "-"])
      #expect(slow.status == 0, "\(slow.errors)")
      #expect(flags(try #require(try populations(slow).first)).contains("outsideDAC"), "\(slow.text)")
      #expect(try CommandLineProgram.run(["compile", network, "-o", scratch.path("slow.rbx")]).status == 65)
    }
  }

  /// f-I curves: the closed form at every current, as table and drawing.
  @Test func currentSweep() throws {
    try withScratch { scratch in
      let (network, csv, svg) = (scratch.path("net.json5"), scratch.path("fi.csv"), scratch.path("fi.svg"))
      try write(PhysicalNetworkTests.network, network)
      let result = try CommandLineProgram.run([
        "rates", network, "--sweep", "current=0pA:20pA:2.5pA", "--csv", csv, "--svg", svg, "--json", "-",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let sweep = try #require(try result.json()["sweep"] as? [String: Any])
      let points = try #require(sweep["points"] as? [[String: Any]])
      #expect(points.count == 9)
      var last = -1.0
      for point in points {
        let current = try #require(point["current"] as? Double)
        let population = try #require((point["populations"] as? [[String: Any]])?.first)
        let rate = try #require(population["closedFormHz"] as? Double)
        let drive = current / 25e-12
        let expected = drive > 0.3 ? 1 / (0.001 + 0.020 * log(drive / (drive - 0.3))) : 0
        #expect(abs(rate - expected) < 1e-9 * max(expected, 1), "\(current)")
        let quantized = try #require(population["quantizedHz"] as? Double)
        #expect(quantized >= last)
        last = quantized
      }
      let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
      #expect(rows.count == 10)
      #expect(rows[0].hasPrefix("currentAmperes,population,neurons,closedFormHz,withParasiticsHz"))
      // Three columns apply: closed form, with parasitics, quantized.
      let drawing = try String(contentsOfFile: svg, encoding: .utf8)
      #expect(drawing.hasPrefix("<svg xmlns=") && drawing.hasSuffix("</svg>\n"))
      #expect(drawing.components(separatedBy: "stroke-width=\"1.2\"/>").count - 1 == 3)
      let wrong = try CommandLineProgram.run(["rates", network, "--sweep", "current=0:2:1"])
      #expect(wrong.status == 64 && wrong.errors.contains("in ampere"), "\(wrong.errors)")
    }
  }

  /// Brunel's network, 12 500 neurons: no chip holds it, its rates are those of the table all the same. g = 5, η = 2.
  @Test func networkThatNoChipHolds() throws {
    try withScratch { scratch in
      let network = scratch.path("brunel.json5")
      func population(_ name: String, _ size: Int) -> String {
        """
        { name: "\(name)", size: \(size), model: "lif", capacitance: "1 pF", leakConductance: "50 pS",
          leakReversal: "0 V", threshold: "20 mV", reset: "10 mV", refractory: "2 ms" }
        """
      }
      func projection(_ from: String, _ to: String, _ degree: Int, _ weight: String) -> String {
        """
        { from: "\(from)", to: "\(to)", connectivity: { kind: "fixedIndegree", degree: \(degree) },
          weight: "\(weight)", delay: "1.5 ms" }
        """
      }
      try write(
        """
        { format: "rheobase-network", version: 1,
          populations: [ \(population("exc", 10_000)), \(population("inh", 2500)) ],
          projections: [ \(projection("exc", "exc", 1000, "0.1 mV")), \(projection("exc", "inh", 1000, "0.1 mV")),
                         \(projection("inh", "exc", 250, "-0.5 mV")), \(projection("inh", "inh", 250, "-0.5 mV")) ],
          stimuli: [ { into: "exc", poisson: { sources: 1000, rate: "20 Hz" }, weight: "0.1 mV" },
                     { into: "inh", poisson: { sources: 1000, rate: "20 Hz" }, weight: "0.1 mV" } ],
          outputs: ["exc"] }
        """, network)
      let result = try CommandLineProgram.run(["rates", network, "--json", "-"], deadline: 300)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try result.json()["isCompiled"] as? Bool == false)
      for population in try populations(result) {
        let rate = try #require(population["meanFieldHz"] as? Double)
        #expect(abs(rate / 37.949697085763 - 1) < 1e-9)
        #expect(abs((population["balancedHz"] as? Double ?? 0) / 40 - 1) < 1e-9)
        #expect(population["quantizedHz"] == nil)
      }
    }
  }

  /// The bundled network: Poisson drive, recurrence and a current, side by side with the emulated chip.
  @Test func bundledNetwork() throws {
    let result = try CommandLineProgram.run([
      "rates", "docs/examples/balanced/balanced.json5", "--emulate", "--json", "-",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let all = try populations(result)
    #expect(all.compactMap { $0["name"] as? String } == ["exc", "inh", "dc"])
    for population in all {
      let emulated = try #require(population["emulatedHz"] as? Double)
      #expect(population["meanHz"] as? Double == emulated)
      let predicted = population["quantizedHz"] ?? population["meanFieldOnChipHz"]
      #expect(abs(try #require(predicted as? Double) / emulated - 1) < 0.25, "\(population)")
    }
  }
}
