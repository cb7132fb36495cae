import ChipModel
import Diagnostics
import Testing

/// Chips whose cores take event by event.
@Suite struct PerEventTests {
  @Test(arguments: ["odin", "tinyodin"])
  func resolvedTextIsTheChip(name: String) throws {
    let chip = try Chip.load(name, directories: [BundledChips.directory])
    #expect(try Chip.parse(text: chip.resolvedText, place: name) == chip)
    #expect(chip.timing.perEvent?.accessCycles == 2)
    #expect(chip.crossbar.axonSigns == (name == "odin"))
  }

  @Test func columnsThatAreVisited() throws {
    let odin = try Chip.load("odin", directories: [BundledChips.directory])
    let tiny = try Chip.load("tinyodin", directories: [BundledChips.directory])
    #expect(odin.timing.perEvent?.visited(odin.core, last: 9) == 256)
    #expect(tiny.timing.perEvent?.visited(tiny.core, last: 9) == 10)
    #expect(tiny.timing.perEvent?.visited(tiny.core, last: nil) == 0)
  }

  /// The clock has a component of its own, and only where a file has it.
  @Test func aCycleHasItsEnergy() throws {
    let chip = try Chip.load("odin", directories: [BundledChips.directory])
    #expect(chip.energy.components.filter(\.isOptional) == [.clockCycle])
    let cycles = Chip.Energy.Events(cycles: 75_000_000)
    #expect(
      abs(chip.energy.tickJoules(cycles, clock: chip.timing.clock) - (27.3e-6 + 1.78e-12 * 75e6)) < 1e-12)
  }

  @Test(arguments: [
    ("datapath.stateOverflow", "wrap", "chip.perEvent datapath.stateOverflow"),
    ("routing.partialPackets", "true", "chip.perEvent routing.partialPackets"),
    ("core.axons", "257", "chip.perEvent core.axonCountBits"),
    ("datapath.noise", "{generator: 'counter', leak: {bits: 4}}", "chip.perEvent datapath.noise"),
    ("datapath.accumulatorBits", "9", "document.unknownKey datapath.accumulatorBits"),
    ("datapath.additive.nonReset", "false", "document.unknownKey datapath.additive.nonReset"),
    ("crossbar.axonTypes", "4", "chip.axonSigns crossbar.axonSigns"),
    ("timing.visits", "some", "document.choice timing.visits"),
    ("timing.accessCycles", "0", "document.range timing.accessCycles"),
    ("timing.kind", "perSpike", "chip.timingKind timing.kind"),
  ])
  func mistakesAreNamed(path: String, value: String, expected: String) throws {
    do throws(Failure) {
      _ = try Chip.load("odin", directories: [BundledChips.directory], overrides: [(path, value)])
      Issue.record("\(path) = \(value) is accepted")
    } catch {
      #expect(error.diagnostics.map { "\($0.id) \($0.subject)" }.contains(expected))
    }
  }

  /// A chip of another datapath has no neurons that events could visit.
  @Test func otherDatapathsAreRefused() throws {
    let timing =
      "{kind: 'perEvent', clock: '1 MHz', inputCycles: 0, eventCycles: 0, accessCycles: 1, timeReferenceCycles: 0, "
      + "spikeCycles: 0, visits: 'all', barrierCycles: 0}"
    let problems = try BundledChips.problems([("timing", timing)])
    #expect(problems.map { "\($0.id) \($0.subject)" }.contains("chip.perEvent datapath.kind"))
  }
}
