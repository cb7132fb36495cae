import RuntimeCounts
import Observations
import ProgramImage
import Testing

@testable import Emulator

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
      var sample = RepeatedSample(Emulator(program.image, mesh: mesh), program)
      _ = try sample.allocations()
      let allocations = try sample.allocations()
      #expect(allocations == [:], "\(name), seed \(seed): allocations by tick")
      spikes += sample.record.spikes.count
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

extension RepeatedSample {
  /// Runs it; the ticks that allocated anything, and how often.
  fileprivate mutating func allocations() throws -> [Int: UInt] {
    func count(_ some: Range<Int>) throws -> UInt {
      let before = allocation_count()
      try run(some)
      return allocation_count() - before
    }
    begin()
    if isFlat {
      // Workers run a flat program's ticks, and calling them allocates: as much for a few ticks as for many.
      let quarter = 1 + ticks / 4
      _ = try count(0..<1)
      let few = try count(1..<quarter)
      let many = try count(quarter..<ticks)
      return few == many ? [:] : [quarter: many &- few]
    }
    var allocations: [Int: UInt] = [:]
    for tick in 0..<ticks {
      let count = try count(tick..<tick + 1)
      if count > 0 { allocations[tick] = count }
    }
    return allocations
  }
}
