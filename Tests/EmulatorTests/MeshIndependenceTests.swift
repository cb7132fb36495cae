import Emulator
import Observations
import ProgramImage
import Testing

/// With a barrier, what a program computes does not depend on how long its packets take.
@Suite struct MeshIndependenceTests {
  @Test func barrierModeIsIndependentOfMeshLatencies() throws {
    var compared = 0
    var spikes = 0
    var otherCycles = 0
    for seed in 2000..<UInt64(2200) {
      let program = RandomProgram.make(seed)
      guard case .barrier = program.image.chip.timing.tick else { continue }
      let one = try emulate(program, threads: 1)
      var other = program
      other.image.chip.mesh.bufferDepth = program.image.chip.mesh.bufferDepth % 5 + 1
      other.image.chip.mesh.hopCycles = program.image.chip.mesh.hopCycles % 4 + 1
      other.image.chip.mesh.creditCycles = program.image.chip.mesh.creditCycles % 4 + 2
      other.image.chip.mesh.injectionCycles = program.image.chip.mesh.injectionCycles % 3 + 1
      other.image.chip.mesh.portOrder.reverse()
      other.image.chip.timing.injectionQueue = program.image.chip.timing.injectionQueue % 6 + 1
      let two = try emulate(other, threads: 1)
      #expect(one.spikes == two.spikes, "seed \(seed)")
      #expect(one.potentials == two.potentials, "seed \(seed)")
      #expect(one.outputSums == two.outputSums, "seed \(seed)")
      #expect(one.tickPackets == two.tickPackets, "seed \(seed)")
      #expect(one.linkFlits == two.linkFlits, "seed \(seed)")
      compared += 1
      spikes += one.spikes.total
      if one.tickCycles != two.tickCycles { otherCycles += 1 }
    }
    #expect(compared > 60 && spikes > 1000 && otherCycles > compared / 2)
  }

  /// A packet that reaches its core in the tick in which it is to act is late: the only way in which cycles can
  /// reach the spikes.
  @Test func periodModeDependsOnLatePacketsOnly() throws {
    var compared = 0
    var late = 0
    for seed in 3000..<UInt64(3200) {
      let program = RandomProgram.make(seed)
      guard case .period(_, let policy) = program.image.chip.timing.tick else { continue }
      var barrier = program
      barrier.image.chip.timing.tick = .barrier(cycles: 0)
      var ample = program
      ample.image.chip.timing.tick = .period(cycles: 20_000, late: policy)
      let free = try emulate(barrier, threads: 1)
      let slow = try emulate(ample, threads: 1)
      #expect(slow.counters.latePackets == 0)
      #expect(slow.spikes == free.spikes && slow.potentials == free.potentials, "seed \(seed)")
      let fast = try emulate(program, threads: 1)
      if fast.counters.latePackets == 0 {
        #expect(fast.spikes == free.spikes && fast.potentials == free.potentials, "seed \(seed)")
      } else {
        late += 1
      }
      compared += 1
    }
    #expect(compared > 60 && late > 5)
  }
}
