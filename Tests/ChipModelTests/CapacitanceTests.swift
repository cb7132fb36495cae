import ChipModel
import TestSupport
import Testing

/// Capacitance budgets against those computed from the public sky130 model card and technology file
/// (parasitic_budget.csv, fanin_scaling.csv). What they do to a membrane is compared with ngspice in `GoldenCheck`.
@Suite struct CapacitanceTests {
  /// Drains and wires of a column of Tessera's devices, for 16 to 1024 rows and two pitches.
  @Test func fanInSetsTheParasitics() throws {
    let rows = try goldenTable("fanin_scaling.csv")
    #expect(rows.count == 8)
    var electrical = try #require(try BundledChips.tessera().electrical)
    electrical.parasitics.node = 0
    electrical.parasitics.coupling = 0
    for row in rows {
      electrical.parasitics.pitch = try row.number("pitch_um") * 1e-6
      let budget = CapacitanceBudget(electrical: electrical, rows: try row.integer("rows"))
      // Tessera rounds the drain to 0.333 fF (+1.2e-3) and the wire to 0.078 fF/um (+1.5e-3).
      #expect(abs(budget.crosspoint / (try row.number("C_drain_total_fF") * 1e-15) - 1) < 1.3e-3)
      #expect(abs(budget.wire / (try row.number("C_wire_fF") * 1e-15) - 1) < 2e-3)
      #expect(abs((budget.total - budget.membrane) / (try row.number("C_par_fF") * 1e-15) - 1) < 2e-3)
      #expect(abs(budget.total / budget.membrane / (try row.number("tau_ratio_Cmem500fF")) - 1) < 2e-3)
      #expect(abs(budget.withoutParasitics.total / budget.total - (try row.number("PSP_ratio"))) < 1e-3)
    }
  }

  /// Tessera's crosspoint is the table's minimum device at 0.6 V.
  @Test func tesserasDrainIsTheTables() throws {
    let row = try #require(
      try goldenTable("parasitic_budget.csv").first {
        $0["item"] == "nfet drain W=0.42 Ldiff=0.29 um at V=0.6"
      })
    let golden = try row.number("total_fF") * 1e-15
    let electrical = try #require(try BundledChips.tessera().electrical)
    #expect(abs(electrical.parasitics.crosspoint / golden - 1) < 1.3e-3)
  }

  @Test func partsAddUp() throws {
    let electrical = try #require(try BundledChips.tessera().electrical)
    let budget = CapacitanceBudget(electrical: electrical, rows: 256)
    let sum = budget.membrane + budget.node + budget.crosspoint + budget.wire + 2 * budget.coupling
    #expect(budget.total == sum)
    #expect(abs(budget.total - 639.184e-15) < 1e-20)
    #expect(budget.withoutParasitics.total == 500e-15)
  }
}
