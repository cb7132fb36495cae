import Observations
import TestSupport
import Testing

@testable import Emulator

/// Programs in which nothing but sums and neurons is worked out, and threads that share their cores.
@Suite struct FlatTests {
  /// The chip's own mesh knows of no flat programs; in barrier mode all that does not depend on time agrees.
  @Test func spikesAndEventsAreThoseOfTheMesh() throws {
    var spikes: UInt64 = 0
    var saturations: UInt64 = 0
    var overflows: UInt64 = 0
    for seed in UInt64(0)..<40 {
      let program = RandomProgram.flat(seed)
      #expect(program.image.verify().map(\.formatted) == [], "seed \(seed)")
      #expect(Emulator(program.image, mesh: .ideal).ideal?.flat != nil, "seed \(seed)")
      guard case .barrier = program.image.chip.timing.tick else { continue }
      let cycles = try emulate(program, threads: 1)
      expectIdeal(try emulate(program, threads: 1, mesh: .ideal), toBe: cycles, seed: seed)
      spikes += cycles.counters.spikes
      saturations += cycles.counters.axonSaturations
      overflows += cycles.counters.stateOverflows + cycles.counters.floorClamps
    }
    #expect(spikes > 4000 && saturations > 20 && overflows > 20)
  }

  /// With the mesh of the chip they go straight into sums too, when they are sent; the plain model knows of no such thing.
  @Test(arguments: 0..<4)
  func theMeshGivesTheTwinsRecord(lot: Int) throws {
    var beforehand = 0
    for seed in UInt64(lot * 25)..<UInt64((lot + 1) * 25) {
      let program = RandomProgram.flat(seed)
      try expectTwin(program, seed: seed)
      beforehand += Emulator(program.image).beforehand != nil ? 1 : 0
      var timed = program
      timed.image.chip.mesh.multicast.toggle()
      try expectTwin(timed, seed: seed)
    }
    #expect(beforehand > 5 && beforehand < 25, "barrier and period both")
  }

  /// Bit for bit, with as many threads as there are cores and with fewer.
  @Test(arguments: 0..<4)
  func recordDoesNotDependOnThreads(lot: Int) throws {
    var shared = 0
    for seed in UInt64(lot * 10)..<UInt64((lot + 1) * 10) {
      let program = RandomProgram.flat(seed)
      let one = try Emulator(program.image, mesh: .ideal).run(
        program.input, options: options(program, threads: 1))
      // Samples have threads of their own; what is left over shares their cores.
      for threads in [2, 3] {
        let options = options(program, threads: threads * program.samples)
        let emulator = Emulator(
          program.image, mesh: .ideal, threadsPerSample: options.threadsPerSample, neuronsPerThread: 1)
        shared += emulator.threadsUsedPerSample == min(threads, program.image.cores.count) ? 1 : 0
        let several = try emulator.run(program.input, options: options)
        #expect(firstDifference(one, several) == nil, "seed \(seed): 1 thread (left) against \(threads)")
      }
    }
    #expect(shared == 20)
  }

  /// Threads that would only wait for each other are not used.
  @Test func fewNeuronsAreNotShared() throws {
    let program = RandomProgram.flat(1)
    let emulator = Emulator(program.image, mesh: .ideal, threadsPerSample: 64)
    #expect(emulator.ideal?.flat?.parts.count == 1)
    #expect(Emulator(program.image, threadsPerSample: 64).ideal == nil)
  }

  /// A program that is flat but for one thing takes the other way, and gives the same spikes.
  @Test func whatIsNotFlatIsNotTakenForIt() throws {
    let program = RandomProgram.flat(3)
    var image = program.image
    image.neurons.kick[0] = 1
    #expect(Emulator(image, mesh: .ideal).ideal?.flat == nil)
    image = program.image
    image.chip.datapath.accumulatorBits = 6
    #expect(Emulator(image, mesh: .ideal).ideal?.flat == nil)
    image = program.image
    image.chip.timing.work.spikeCycles = 1
    #expect(Emulator(image, mesh: .ideal).ideal?.flat == nil)
  }

  private func options(_ program: RandomProgram, threads: Int) -> RunOptions {
    RunOptions(
      samples: program.samples, ticks: program.ticks, threads: threads, probes: program.probes.reversed())
  }
}
