import Foundation
import Testing

/// `rheobase check` for chips whose devices differ, and what `inspect` says about columns.
@Suite struct MismatchTests {
  private func check(_ options: [String]) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      ["check", Digits.network, "--input", Digits.spikes, "--samples", "60", "--parasitics", "compensate"]
        + options)
  }

  @Test func documentAndText() throws {
    let words = ["--mismatch", "12", "--seed", "4", "--corner", "--min-accuracy", "0.5"]
    let result = try check(words + ["--json", "-"])
    #expect(result.status == 0, "\(result.errors)")
    let report = try result.json()
    #expect(value(report, "mismatch.model") as? String == "coreNetwork")
    #expect(value(report, "mismatch.instances") as? Int == 12)
    #expect(value(report, "mismatch.seed") as? Int == 4)
    #expect(value(report, "mismatch.sigmas.thresholdVolts") as? Double == 0.0067)
    #expect(value(report, "mismatch.yield") as? Double == 1)
    let populations = try #require(value(report, "mismatch.populations") as? [[String: Any]])
    #expect(populations.compactMap { $0["name"] as? String } == ["lif1", "lif2"])
    for population in populations {
      let ranks = try ["minimum", "p5", "p50", "p95", "maximum"].map { key in
        try #require(value(population, "hertz.\(key)") as? Double)
      }
      #expect(ranks == ranks.sorted() && ranks[0] < ranks[4])
    }
    let corners = try #require(value(report, "mismatch.corners") as? [[String: Any]])
    #expect(corners.count == 16)
    #expect(try check(words + ["--threads", "1", "--json", "-"]).output == result.output)
    let other = try check(["--mismatch", "12", "--seed", "5", "--json", "-"]).json()
    #expect(value(other, "mismatch.yield") == nil && value(other, "mismatch.corners") == nil)
    let rates = [report, other].map { value($0, "mismatch.populations") as? NSArray }
    #expect(rates[0] != rates[1])
    let text = try check(words).text
    #expect(text.contains("\n12 chips drawn with seed 4:\n"))
    #expect(text.contains("\nyield  100.00 % of the chips hold the bounds given\n"))
    #expect(text.contains("\nCorners, all devices of a kind 3 standard deviations off, the worst first:\n"))
    #expect(try !check([]).text.contains("Devices that differ"))
  }

  /// Larger sigmas spread more, and a bound that the chip as drawn holds is not held by all.
  @Test func moreMismatchCostsYield() throws {
    let words = ["--mismatch", "12", "--tolerance", "0.02", "--json", "-"]
    func yield(_ sigma: String) throws -> Double {
      let result = try check(words + ["--set", "electrical.mismatch.threshold=\(sigma)"])
      #expect(result.status == 0, "\(result.errors)")
      return try #require(value(try result.json(), "mismatch.yield") as? Double)
    }
    let (little, much) = (try yield("0.1 mV"), try yield("90 mV"))
    #expect(little > much && much < 0.5)
  }

  @Test func aChipThatDoesNotSayIsRefused() throws {
    for words in [["--mismatch", "3"], ["--corner"]] {
      let result = try check(words + ["--set", "electrical.mismatch=null"])
      #expect(result.status == 65)
      #expect(result.errors.contains("[check.noMismatch]"), "\(result.errors)")
    }
    #expect(try check(["--mismatch", "0"]).status == 64)
  }

  @Test func columnsAndResidues() throws {
    try withScratch { scratch in
      let program = scratch.path("digits.rbx")
      let compiled = try CommandLineProgram.run([
        "compile", Digits.network, "--parasitics", "compensate", "-o", program, "--json", "-",
      ])
      let population = try #require((try compiled.json()["populations"] as? [[String: Any]])?.first)
      for (part, femtofarads) in [
        ("membrane", 500), ("node", 12), ("crosspoint", 85.248), ("wire", 39.936), ("coupling", 1),
        ("total", 639.184),
      ] {
        let farads = try #require(value(population, "capacitance.\(part)") as? Double)
        #expect(abs(farads * 1e15 / femtofarads - 1) < 1e-9)
      }
      let text = try CommandLineProgram.run(["inspect", program]).text
      let rows = text.split(separator: "\n").filter { $0.hasPrefix("lif1 ") }
      // C_m/C_total, C_c/C_total, e^(−20 ns / (4 kΩ · C_total)), √(kT/C_total).
      let row = try #require(rows.last)
      for cell in [" 639.2 fF ", " 1.2784 ", " 78.22 % ", " 0.16 % ", " 0.04 % "] {
        #expect(row.contains(cell))
      }
      #expect(row.hasSuffix(" 80.5 uV"))
    }
  }
}
