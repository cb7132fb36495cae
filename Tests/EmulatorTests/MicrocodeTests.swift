import ChipModel
import FixedPoint
import Observations
import ProgramImage
import ReferenceModel
import TestSupport
import Testing

@testable import Emulator

/// Neurons with programs: the emulator equals `PlainChip`, whose interpreter was written from the page.
@Suite struct MicrocodeTests {
  @Test(arguments: 0..<4)
  func emulatorEqualsItsTwin(lot: Int) throws {
    for seed in UInt64(lot * 25)..<UInt64((lot + 1) * 25) {
      let program = RandomProgram.makeWithPrograms(seed)
      let emulated = try expectTwin(program, seed: seed)
      try expectSameOnTwoThreads(program, as: emulated, seed: seed)
    }
  }

  /// Agreement says nothing about a rule that never came into play.
  @Test func programsBringEveryCounterIntoPlay() throws {
    var counters = RunRecord.Counters()
    var cores = RunRecord.CoreCounters()
    var programmed = 0
    var spikes = 0
    for seed in UInt64(0)..<100 {
      let program = RandomProgram.makeWithPrograms(seed)
      let record = try emulate(program, threads: 1)
      programmed += program.image.programs.neuron.count
      let rows = Set(program.image.programs.neuron)
      spikes += record.spikes.events.count { rows.contains($0.channel) }
      counters.registerSaturations += record.counters.registerSaturations
      counters.lostSpikes += record.counters.lostSpikes
      for core in record.coreCounters {
        cores.microAdds += core.microAdds
        cores.microMultiplies += core.microMultiplies
        cores.microCompares += core.microCompares
        cores.microLookUps += core.microLookUps
      }
      for item in record.energy where item.component == "microAdd" {
        #expect(item.events == record.coreCounters.reduce(0) { $0 + $1.microAdds })
      }
      #expect(record.energy.contains { $0.component == "microLookUp" })
    }
    #expect(programmed > 500)
    #expect(spikes > 1000)
    #expect(counters.registerSaturations > 1000)
    #expect(counters.lostSpikes > 1000)
    let operations = [cores.microAdds, cores.microMultiplies, cores.microCompares, cores.microLookUps]
    #expect(operations.allSatisfy { $0 > 10_000 }, "\(operations)")
  }

  /// The kernel that has everything resolved does what `MicroProgram.step` does.
  @Test func kernelEqualsTheInterpreter() throws {
    var image = RandomProgram.make(7).image
    var maker = MicrocodeMaker(random: SeededGenerator(state: 99))
    var firings = 0
    var saturations = 0
    for _ in 0..<150 {
      let chip = maker.chip()
      image.chip.microcode = chip
      image.programs = ProgramImage.Programs()
      let program = maker.program(chip)
      _ = image.programs.append(program)
      let start = (0..<program.stateCount).map { _ in maker.value(chip.registerBits) }
      let parameters = (0..<4).map { _ in maker.value(chip.registerBits) }
      image.programs.append(row: 0, program: 0, state: start, parameters: parameters)
      #expect(image.programs.microProgram(0, registerBits: chip.registerBits) == program)
      let tables = MicroTables(image)
      var state = MicroState(image, tables)
      var registers = MicroRegisters(state: start)
      for _ in 0..<20 {
        let x = maker.value(chip.registerBits)
        let expected = program.step(&registers, input: x, parameters: parameters)
        let outcome = state.run(tables.neurons[0], x: x, tables)
        #expect(outcome == expected)
        #expect(state.state == (0..<program.stateCount).map { registers[$0] })
        firings += outcome.firings
        saturations += outcome.saturations
      }
    }
    #expect(firings > 1000 && saturations > 1000)
  }

  /// With one rule of §3.5 or §4 changed in the twin, some of the same programs disagree.
  @Test(arguments: [
    Mutant("quotients are floored") { $0.programRounding = .floor },
    Mutant("ties go away from zero") { $0.programRounding = .awayFromZero },
    Mutant("other registers keep their values") { $0.scratchIsCleared = false },
    Mutant("the flag stays on in the next pass") { $0.flagIsClearedPerPass = false },
    Mutant("whenFired is ignored") { $0.flagIsRespected = false },
    Mutant("fires above only") { $0.firesAtEquality = false },
    Mutant("a group takes its first neuron's time") { $0.slowestNeuronCounts = false },
    Mutant("groups one neuron larger") { $0.addedGroup = 1 },
  ])
  func mutantIsCaught(mutant: Mutant) throws {
    #expect(try mutant.isCaught(by: RandomProgram.makeWithPrograms, seeds: 20))
  }
}
