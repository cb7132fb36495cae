import ChipModel
import Emulator
import Observations
import ProgramImage
import Testing

/// The ideal mesh against the chip's own: in barrier mode no packet is late, so all that does not depend on time agrees.
@Suite struct IdealMeshTests {
  @Test(arguments: 0..<4)
  func spikesAndEventsAreThoseOfTheMesh(lot: Int) throws {
    var compared = 0
    for seed in UInt64(lot * 60)..<UInt64((lot + 1) * 60) {
      let program = RandomProgram.make(seed)
      guard case .barrier = program.image.chip.timing.tick else { continue }
      let cycles = try emulate(program, threads: 1)
      let ideal = try emulate(program, threads: 2, mesh: .ideal)
      #expect(ideal.isMeshIdeal && !cycles.isMeshIdeal)
      #expect(ideal.spikes == cycles.spikes, "seed \(seed)")
      #expect(ideal.potentials == cycles.potentials, "seed \(seed)")
      #expect(ideal.outputSums == cycles.outputSums, "seed \(seed)")
      #expect(ideal.tickPackets == cycles.tickPackets, "seed \(seed)")
      var counters = ideal.counters
      counters.cycles = cycles.counters.cycles
      #expect(counters == cycles.counters, "seed \(seed)")
      #expect(ideal.counters.cycles <= cycles.counters.cycles, "seed \(seed)")
      for (mine, theirs) in zip(ideal.energy, cycles.energy) where mine.component != "staticPower" {
        #expect(mine == theirs, "seed \(seed)")
      }
      for (mine, theirs) in zip(ideal.coreCounters, cycles.coreCounters) {
        var mine = mine
        mine.busyCycles = theirs.busyCycles
        mine.frozenCycles = theirs.frozenCycles
        #expect(mine == theirs, "seed \(seed)")
      }
      compared += cycles.counters.packets > 0 ? 1 : 0
    }
    #expect(compared > 15, "hardly a program sends anything")
  }

  /// Each axon is fed once and crossbars are sparse, so spikes go straight into sums.
  @Test func straightSumsAreThoseOfTheAxons() throws {
    for seed in UInt64(0)..<6 {
      let program = RandomProgram.sparse(seed)
      let cycles = try emulate(program, threads: 1)
      let ideal = try emulate(program, threads: 1, mesh: .ideal)
      #expect(cycles.counters.spikes > 1000)
      #expect(ideal.spikes == cycles.spikes)
      #expect(ideal.potentials == cycles.potentials)
      #expect(ideal.counters.hops == cycles.counters.hops)
      #expect(ideal.coreCounters.map(\.synapticOperations) == cycles.coreCounters.map(\.synapticOperations))
      #expect(ideal.coreCounters.map(\.rowReads) == cycles.coreCounters.map(\.rowReads))
    }
  }
}
