import ChipModel
import Foundation
import Testing

/// The closed forms against ngspice (parasitic_checks.csv) and against budgets computed from the public sky130
/// model card and technology file (parasitic_budget.csv, fanin_scaling.csv).
@Suite struct CapacitanceTests {
  /// The residue between closed form and ngspice is at most 2.7e-4: leak during the 10 us pulse.
  private let tolerance = 3e-4

  @Test func closedFormsAgreeWithNgspice() throws {
    var rows: [String: Int] = [:]
    for row in try goldenRows("parasitic_checks.csv") {
      let ngspice = try #require(Double(row[3]))
      let (kind, value) = try closedForm(quantity: row[0], condition: row[1])
      rows[kind, default: 0] += 1
      #expect(abs(value / ngspice - 1) < tolerance, "\(row)")
      #expect(abs(value / (Double(row[2]) ?? .nan) - 1) < 2e-8, "\(row)")
    }
    #expect(rows == ["step": 4, "decay": 4, "kick": 12, "sharing": 3, "reset": 2])
  }

  private func closedForm(quantity: String, condition: String) throws -> (String, Double) {
    let numbers = condition.matches(of: /([0-9.]+)(fF|V|M|ms)/).compactMap { Double($0.1) }
    if quantity.hasPrefix("PSP step") || quantity.hasPrefix("PSP 20 ms") {
      let column = CapacitanceBudget(
        membrane: 500e-15, node: numbers[0] * 1e-15, crosspoint: 0, wire: 0, coupling: 0)
      let step = column.step(charge: 10e-15)
      if quantity.hasPrefix("PSP step") { return ("step", step) }
      // 40 GOhm leak; measured 20 ms after the middle of the pulse.
      return ("decay", step * exp(-(20e-3 - 6e-6) / column.timeConstant(conductance: 1 / 4e10)))
    }
    if quantity.hasPrefix("membrane kick") {
      // One neighbour in the netlist: the table's Ct is what is left of `total` without that one coupling. A
      // column has two, so the second one is taken off the rest.
      let coupling = numbers[1] * 1e-15
      let column = CapacitanceBudget(
        membrane: 500e-15 - coupling, node: numbers[0] * 1e-15, crosspoint: 0, wire: 0, coupling: coupling)
      return ("kick", 1.8 * column.kickFraction)
    }
    if quantity.hasPrefix("charge sharing") {
      let column = CapacitanceBudget(membrane: 600e-15, node: 0, crosspoint: 0, wire: 0, coupling: 0)
      return ("sharing", column.shared(voltage: 0.2, sample: numbers[2] * 1e-15, sampleVoltage: 1.8))
    }
    let column = CapacitanceBudget(membrane: 600e-15, node: 0, crosspoint: 0, wire: 0, coupling: 0)
    let duration = try #require(numbers.last) * 1e-3 + 1e-9
    return ("reset", 0.1 + 0.5 * column.resetResidue(onResistance: 200e6, duration: duration))
  }

  /// Drains and wires of a column of Tessera's devices, for 16 to 1024 rows and two pitches.
  @Test func fanInSetsTheParasitics() throws {
    let rows = try goldenRows("fanin_scaling.csv")
    #expect(rows.count == 8)
    var electrical = try #require(try BundledChips.tessera().electrical)
    electrical.parasitics.node = 0
    electrical.parasitics.coupling = 0
    for row in rows {
      let golden = try row.map { try #require(Double($0)) }
      electrical.parasitics.pitch = golden[1] * 1e-6
      let budget = CapacitanceBudget(electrical: electrical, rows: Int(golden[0]))
      // Tessera rounds the drain to 0.333 fF (+1.2e-3) and the wire to 0.078 fF/um (+1.5e-3).
      #expect(abs(budget.crosspoint / (golden[2] * 1e-15) - 1) < 1.3e-3)
      #expect(abs(budget.wire / (golden[3] * 1e-15) - 1) < 2e-3)
      #expect(abs((budget.total - budget.membrane) / (golden[4] * 1e-15) - 1) < 2e-3)
      #expect(abs(budget.total / budget.membrane / golden[5] - 1) < 2e-3)
      #expect(abs(budget.withoutParasitics.total / budget.total - golden[6]) < 1e-3)
    }
  }

  /// Tessera's crosspoint is the table's minimum device at 0.6 V.
  @Test func tesserasDrainIsTheTables() throws {
    let row = try #require(
      try goldenRows("parasitic_budget.csv").first { $0[0] == "nfet drain W=0.42 Ldiff=0.29 um at V=0.6" })
    let golden = try #require(Double(row[5])) * 1e-15
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
