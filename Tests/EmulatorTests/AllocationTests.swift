import RuntimeCounts
import Observations
import ProgramImage
import Testing

@testable import Emulator

/// Tests of what the optimizer does hold for its build alone.
var isOptimized: Bool {
  #if DEBUG
    false
  #else
    true
  #endif
}

/// The hot loop asks for no memory: every tick is run once, so that each buffer has the size that it needs, those of what is
/// recorded too, and then once more while allocations are counted.
///
/// Only the optimized build is held to it: others make objects of what the optimizer keeps in registers.
@Suite(.enabled(if: isOptimized)) struct AllocationTests {
  static let makers: [(name: String, make: @Sendable (UInt64) -> RandomProgram)] = [
    ("leaky", RandomProgram.make), ("straight sums", RandomProgram.sparse), ("flat", RandomProgram.flat),
    ("quiet", RandomProgram.quiet),
    ("programs", RandomProgram.makeWithPrograms), ("additive", RandomProgram.makeAdditive),
    ("event by event", RandomProgram.makePerEvent),
  ]

  @Test(arguments: makers.map(\.name), RunOptions.Mesh.allCases)
  func ticksAllocateNothing(name: String, mesh: RunOptions.Mesh) throws {
    let make = try #require(Self.makers.first { $0.name == name }).make
    var spikes = 0
    for seed in UInt64(0)..<40 {
      let program = make(seed)
      var counted = CountedRun(program, mesh)
      _ = try counted.run()
      let allocations = try counted.run()
      #expect(allocations == [:], "\(name), seed \(seed): allocations by tick")
      spikes += counted.record.spikes.count
    }
    #expect(spikes > 100)
  }

  /// The count itself: an array that is made and thrown away is seen.
  @Test func anAllocationIsCounted() {
    let before = allocation_count()
    var kept = 0
    for length in 100..<110 { kept += [Int](repeating: length, count: length).count }
    #expect(allocation_count() - before >= 10)
    #expect(kept == 1045)
  }
}

/// A sample of a program on a chip that can be run again and again.
private struct CountedRun {
  private let program: RandomProgram
  private var chip: ChipState
  private(set) var record = SampleRecord()

  init(_ program: RandomProgram, _ mesh: RunOptions.Mesh) {
    self.program = program
    let emulator = Emulator(program.image, mesh: mesh)
    chip = emulator.chip()
    record.outputSums = [Int64](repeating: 0, count: program.image.outputs.neuron.count)
  }

  /// The ticks of the first sample that allocated anything, and how often.
  mutating func run() throws -> [Int: UInt] {
    var allocations: [Int: UInt] = [:]
    record.spikes.removeAll(keepingCapacity: true)
    record.potentials.removeAll(keepingCapacity: true)
    record.tickCycles.removeAll(keepingCapacity: true)
    record.tickPackets.removeAll(keepingCapacity: true)
    record.tickJoules.removeAll(keepingCapacity: true)
    let events = program.input.events.filter { $0.sample == 0 }
    let ticks = program.ticks + program.image.drainTicks
    chip.begin(sample: 0)
    if let team = chip.flatTeam(probes: program.probes) {
      // Workers run a flat program's ticks, and calling them allocates: as much for a few ticks as for many.
      func count(_ ticks: Range<Int>) -> UInt {
        let input = events.filter { ticks.contains(Int($0.tick)) && $0.tick < program.ticks }
        let before = allocation_count()
        chip.runFlat(team, ticks: ticks, inputTicks: program.ticks, input: input[...], &record)
        return allocation_count() - before
      }
      let quarter = 1 + ticks / 4
      _ = count(0..<1)
      let few = count(1..<quarter)
      let many = count(quarter..<ticks)
      return few == many ? [:] : [quarter: many &- few]
    }
    for tick in 0..<ticks {
      let first = events.firstIndex { $0.tick >= tick } ?? events.count
      let last = events.firstIndex { $0.tick > tick } ?? events.count
      let input = tick < program.ticks ? events[first..<last] : []
      let probes = program.probes
      let before = allocation_count()
      try chip.runTick(
        tick, sample: 0, inputTicks: program.ticks, input: input, probes: probes, &record)
      let count = allocation_count() - before
      if count > 0 { allocations[tick] = count }
    }
    return allocations
  }
}
