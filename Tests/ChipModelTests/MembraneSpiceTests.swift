import ChipModel
import GoldenChecks
import TestSupport
import Testing

/// What a line takes from the supply and what a junction adds to a membrane, against the public sky130 card
/// (parasitic_budget.csv) and through a chip file. ngspice (membrane_spice.csv, made by make_membrane_spice.py) is compared
/// in `GoldenCheck`.
@Suite struct MembraneSpiceTests {
  private let bottom = GoldenCheck.bottomJunction

  /// The card's drain at three voltages, printed to 1e-4 fF.
  @Test func drainAtThreeVoltages() throws {
    for row in try goldenTable("parasitic_budget.csv").prefix(3) {
      let voltage = try #require(row.text("item").split(separator: "=").last.flatMap { Double($0) })
      let (atBottom, atEdge) = (try row.number("bottom_fF"), try row.number("gate_edge_fF"))
      #expect(abs(bottom.capacitance(at: voltage) * 1e15 - atBottom) < 1.5e-4)
      #expect(abs(GoldenCheck.gateEdgeJunction.capacitance(at: voltage) * 1e15 - atEdge) < 1.5e-4)
    }
  }

  @Test func meanLiesBetweenTheEnds() {
    let mean = bottom.mean(from: 0.9, to: 1.2)
    #expect(bottom.capacitance(at: 1.2) < mean && mean < bottom.capacitance(at: 0.9))
    #expect(bottom.mean(from: 0.6, to: 0.6) == bottom.capacitance(at: 0.6))
    let constant = Junction(zeroBias: 1e-15, potential: 0.7, grading: 0)
    #expect(abs(constant.mean(from: 0.1, to: 1.7) / 1e-15 - 1) < 1e-12)
  }

  /// A chip with a junction carries it in its columns, and in the text that an image stores.
  @Test func junctionOfAChip() throws {
    let source = "source: 'the card'"
    let chip = try BundledChips.tessera([
      (
        "electrical.parasitics.junction",
        "{zeroBias: {value: '0.1632 fF', \(source)}, potential: {value: '0.729 V', \(source)}, "
          + "grading: {value: 0.44, \(source)}}"
      )
    ])
    let electrical = try #require(chip.electrical)
    #expect(electrical.parasitics.junction == bottom)
    let plain = CapacitanceBudget(
      electrical: try #require(try BundledChips.tessera().electrical), rows: 256)
    let budget = CapacitanceBudget(electrical: electrical, rows: 256)
    #expect(abs(budget.crosspoint - plain.crosspoint - 256 * bottom.mean(from: 0.9, to: 1.2)) < 1e-26)
    #expect(try Chip.parse(text: chip.resolvedText, place: "stored") == chip)
  }

  /// √(kT/C) at 300 K, as an independent script has it.
  @Test func thermalNoise() {
    for (farads, volts) in [(500e-15, 9.10158997098859e-05), (50e-15, 0.000287817546372698)] {
      let node = CapacitanceBudget(membrane: farads, node: 0, crosspoint: 0, wire: 0, coupling: 0)
      #expect(abs(node.thermalNoise(kelvin: 300) / volts - 1) < 1e-12)
    }
  }

  /// Full-swing and partial-swing energy of bit lines (fanin_scaling.csv), through a chip's synaptic energy.
  @Test func bitLineEnergy() throws {
    for row in try goldenTable("fanin_scaling.csv") where row["pitch_um"] == "2.0" {
      let column = CapacitanceBudget(
        membrane: 0, node: 0, crosspoint: try row.number("C_drain_total_fF") * 1e-15,
        wire: try row.number("C_wire_fF") * 1e-15, coupling: 0)
      for (swing, cell) in [(1.8, "bitline_energy_fJ_full_swing_1V8"), (0.1, "bitline_energy_fJ_swing_0V1")] {
        let joules = try row.number(cell) * 1e-15
        #expect(abs(column.energy(swing: swing, supply: 1.8) / joules - 1) < 1e-3)
      }
    }
  }
}
