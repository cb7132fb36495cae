import ChipModel
import Foundation
import Quantities
import Testing

/// What docs/chip-file.md and docs/energy-model.md say of Tessera.
@Suite struct TesseraTests {
  @Test func holdsItsSpecification() throws {
    let chip = try BundledChips.tessera()
    #expect(chip.core == Chip.Core(axons: 256, neurons: 256, delaySlots: 16, axonCountBits: 3))
    #expect(chip.mesh.width * chip.mesh.height == 64)
    #expect(!chip.mesh.multicast)
    #expect(chip.datapath.decayExponents == 12...23)
    #expect(chip.timing.tick == .barrier(cycles: 32))
    #expect(chip.routing.partialPackets)
    // 8 × 8 cores need 43 bits; the 49 address a mesh of 64 × 64.
    #expect(Limits.packetBitsNeeded(chip: chip) == 43)
    #expect(chip.routing.packetBits == 49)
  }

  /// Decay fractions from more than a half down to 2^-20 can be set on the leak DAC.
  @Test func leakReachesLongTimeConstants() throws {
    let electrical = try #require(try BundledChips.tessera().electrical)
    let total = CapacitanceBudget(electrical: electrical, rows: 256).total
    let largest = Double((1 << electrical.leak.bits) - 1) * electrical.leak.unit
    let finest = electrical.leak.unit / Double(1 << (electrical.leak.ranges - 1))
    #expect(largest / total > 0.6)
    let code = (total / 1_048_576 / finest).rounded()
    #expect(code == 160)
  }

  @Test func resetLeavesLittleBehind() throws {
    let electrical = try #require(try BundledChips.tessera().electrical)
    let residue = CapacitanceBudget(electrical: electrical, rows: 256)
      .resetResidue(onResistance: electrical.reset.onResistance, duration: electrical.reset.duration)
    #expect(residue > 3.9e-4 && residue < 4.1e-4)
  }

  /// Energies worked out here from the written-down numbers, not through the reader's formulas.
  @Test func energiesFollowFromTheCapacitances() throws {
    let energy = try BundledChips.tessera().energy
    let expected: [Chip.Energy.Component: Double] = [
      .rowRead: (186.88 + 199.68) * 3.24e-15, .synapticOperation: 639.184e-15 * 0.3 * 1.8 / 16,
      .neuronUpdate: 58 * 3.24e-15, .spikeReset: 20 * 3.24e-15, .packet: 490 * 3.24e-15,
      .hop: 49 * 280 * 3.24e-15, .delivery: 700 * 3.24e-15, .inputEvent: 700 * 3.24e-15,
      .coreTick: 50_000 * 3.24e-15, .staticPower: 10e-3,
    ]
    for component in Chip.Energy.Component.ofEveryChip {
      let value = try #require(energy.value(component))
      #expect(abs(value / (expected[component] ?? .nan) - 1) < 1e-12, "\(component)")
    }
    guard case .known(_, let source)? = energy.constants[.rowRead] else {
      Issue.record("rowRead is not known")
      return
    }
    #expect(
      source.hasPrefix("derived: (256 · 730 aF + 256 · 10 um · 78 pF/m) · (1.8 V)² = 1.252 pJ; columnPitch: ")
    )
  }

  /// The capacitances of docs/energy-model.md.
  @Test func theDocumentedBudgetIsTrue() throws {
    let budget = CapacitanceBudget(electrical: try #require(BundledChips.tessera().electrical), rows: 256)
    let text = try BundledChips.page("energy-model.md")
    let parts = [budget.membrane, budget.node, budget.crosspoint, budget.wire]
      .map { formatQuantity($0, unit: "F") }.joined(separator: " + ")
    let coupling = formatQuantity(budget.coupling, unit: "F")
    #expect(text.contains("\(parts) + 2 · \(coupling) = \(formatQuantity(budget.total, unit: "F"))"))
  }

  /// The table of docs/energy-model.md: component, formula, energy.
  @Test func theDocumentedTableIsTrue() throws {
    let energy = try BundledChips.tessera().energy
    let text = try BundledChips.page("energy-model.md")
    var documented: [String: String] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, cells[3].hasSuffix("J") || cells[3].hasSuffix("W") else { continue }
      documented[cells[0].trimmingCharacters(in: ["`"])] = "\(cells[2]) = \(cells[3])"
    }
    #expect(documented.count == Chip.Energy.Component.ofEveryChip.count)
    for component in Chip.Energy.Component.ofEveryChip where component != .staticPower {
      guard case .known(_, let source)? = energy.constants[component] else { continue }
      let line = documented[component.rawValue] ?? "nothing"
      #expect(source.hasPrefix("derived: \(line)"), "\(component): \(source) / \(line)")
    }
    #expect(documented["staticPower"] == "budget = 10 mW")
  }
}
