import ChipModel
import Testing

@Suite struct OverrideTests {
  @Test func aQuantityIsReplacedAndItsSourceSaysSo() throws {
    let chip = try BundledChips.tessera([("electrical.parasitics.node", "50fF")])
    #expect(chip.electrical?.parasitics.node == 50e-15)
    #expect(chip.constantSources["electrical.parasitics.node"] == "--set electrical.parasitics.node=50fF")
    #expect(try Chip.parse(text: chip.resolvedText, place: "t") == chip)
  }

  /// `….value` means the constant, so that no old source stands beside a new number.
  @Test func theValueOfAConstantIsTheConstant() throws {
    let chip = try BundledChips.tessera([("electrical.parasitics.node.value", "50 fF")])
    #expect(chip.electrical?.parasitics.node == 50e-15)
    #expect(chip.constantSources["electrical.parasitics.node"] == "--set electrical.parasitics.node=50 fF")
  }

  @Test func derivedEnergiesFollow() throws {
    let chip = try BundledChips.tessera([("electrical.supply", "3.6 V"), ("energy.rowRead.gate", "1.46 fF")])
    let gate = 256 * 1.46, wire = 199.68
    #expect(abs((chip.energy.value(.rowRead) ?? 0) / ((gate + wire) * 12.96e-15) - 1) < 1e-12)
    let plain = try BundledChips.tessera()
    let ratio = try #require(chip.energy.value(.hop)) / #require(plain.energy.value(.hop))
    #expect(abs(ratio - 4) < 1e-12)
  }

  @Test func anEnergyIsReplaced() throws {
    let chip = try BundledChips.tessera([("energy.hop", "3 pJ")])
    #expect(chip.energy.constants[.hop] == .known(3e-12, source: "--set energy.hop=3 pJ"))
  }

  @Test func optionalAndPlainKeysAreSet() throws {
    let chip = try BundledChips.tessera([
      ("mesh.portOrder", "[4,0,1,2,3]"), ("datapath.minimumStep", "1"), ("timing.clock", "50 MHz"),
      ("routing.partialPackets", "false"), ("timing.barrierCycles", "null"), ("timing.tickPeriod", "5000"),
      ("timing.late", "nextTick"),
    ])
    #expect(chip.mesh.portOrder == [4, 0, 1, 2, 3])
    #expect(chip.datapath.minimumStep == 1)
    #expect(chip.timing.clock == 50e6)
    #expect(!chip.routing.partialPackets)
    #expect(chip.timing.tick == .period(cycles: 5000, late: .nextTick))
    #expect(try Chip.parse(text: chip.resolvedText, place: "t") == chip)
  }

  @Test func defaultsAreFilledIn() throws {
    let keys = ["bufferDepth", "hopCycles", "creditCycles", "injectionCycles", "portOrder"].map {
      "mesh.\($0)"
    }
    let chip = try BundledChips.tessera((keys + ["timing.injectionQueue"]).map { ($0, "null") })
    #expect(
      chip.mesh
        == Chip.Mesh(
          width: 8, height: 8, bufferDepth: 4, hopCycles: 1, creditCycles: 1, injectionCycles: 1,
          portOrder: [0, 1, 2, 3, 4]))
    #expect(chip.timing.injectionQueue == 8)
  }

  @Test func theResolvedTextIsTheChip() throws {
    let chip = try BundledChips.tessera()
    let again = try Chip.parse(text: chip.resolvedText, place: "t")
    #expect(again == chip)
    #expect(again.resolvedText == chip.resolvedText)
    #expect(chip.resolvedText.contains(#""node":{"source":"#))
  }
}
