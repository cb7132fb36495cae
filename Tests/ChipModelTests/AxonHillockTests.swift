import ChipModel
import GoldenChecks
import TestSupport
import Testing

/// The axon hillock against ngspice (axon_hillock.csv): amplifiers of transistors, and what leaves the rate alone. The
/// ideal amplifier is a `GoldenCheck`.
@Suite struct AxonHillockTests {
  /// Transistors: simple ones stay within 0.2 % of the time between spikes, short-channel ones are 4 to 6 % faster.
  @Test func transistorsAreFaster() throws {
    let rows = try goldenTable("axon_hillock.csv")
    for (model, count, range) in [("level1", 12, 0.0005...0.002), ("bsim3", 4, 0.04...0.06)] {
      let own = rows.filter { $0["model"] == model }
      #expect(own.count == count)
      for row in own {
        let low = try GoldenCheck.axonHillock(row).lowTime(current: try row.number("I_in_A"))
        #expect(range.contains(low / (try row.number("tL_spice")) - 1), "\(row)")
      }
    }
  }

  /// Capacitance to ground changes the jump, not the rate: in the closed form exactly, in ngspice to 1e-4.
  @Test func groundCapacitanceLeavesTheRate() throws {
    let ideal = try goldenTable("axon_hillock.csv").filter {
      try $0["model"] == "ideal_trap" && $0.number("C_fb_F") == 250e-15
    }
    for current in [0.5e-9, 2e-9, 8e-9] {
      let rows = try ideal.filter { abs(try $0.number("I_in_A") / current - 1) < 1e-9 }
      #expect(rows.count >= 3)
      let first = try #require(rows.first)
      for row in rows {
        #expect(abs(try row.number("f_spice") / first.number("f_spice") - 1) < 1e-4)
        let (rate, firstRate) = try (
          GoldenCheck.axonHillock(row).rate(current: current),
          GoldenCheck.axonHillock(first).rate(current: current)
        )
        #expect(rate == firstRate)
      }
    }
    let tessera = try #require(try BundledChips.tessera().electrical)
    let column = CapacitanceBudget(electrical: tessera, rows: 256)
    let loaded = AxonHillock(column: column, feedbackCapacitance: 250e-15, supply: 1.8, resetCurrent: 20e-9)
    let drawn = AxonHillock(
      column: column.withoutParasitics, feedbackCapacitance: 250e-15, supply: 1.8, resetCurrent: 20e-9)
    #expect(loaded.rate(current: 1e-9) == drawn.rate(current: 1e-9))
    #expect(loaded.jump < drawn.jump)
  }

  @Test func edges() {
    let circuit = AxonHillock(
      groundCapacitance: 500e-15, feedbackCapacitance: 250e-15, supply: 1.8, resetCurrent: 20e-9)
    #expect(circuit.rate(current: 0) == 0 && circuit.rate(current: -1e-9) == 0)
    #expect(circuit.rate(current: 20e-9) == 0 && circuit.rate(current: 30e-9) == 0)
    #expect(circuit.rate(current: 10e-9) > circuit.rate(current: 9e-9))
    #expect(circuit.rate(current: 10e-9) > circuit.rate(current: 11e-9))
  }
}
