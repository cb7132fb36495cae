import Observations
import ProgramImage
import RuntimeCounts
import Testing

@testable import Emulator

/// Workers share tables, and the count of the references to one of them is a place in memory that all of them write to: a small
/// network on many threads would do nothing but wait for it. So ticks count no references of what is shared.
///
/// Only the optimized build is held to it: others count whatever they touch.
@Suite(.enabled(if: isOptimized)) struct SharedReferenceTests {
  /// What two chips of one emulator both count is shared.
  @Test(arguments: AllocationTests.makers.map(\.name), RunOptions.Mesh.allCases)
  func ticksCountNoReferencesOfWhatIsShared(name: String, mesh: RunOptions.Mesh) throws {
    let make = try #require(AllocationTests.makers.first { $0.name == name }).make
    var places: Set<Int> = []
    for seed in UInt64(0)..<40 {
      let program = make(seed)
      let emulator = Emulator(program.image, mesh: mesh)
      var first = LoggedRun(emulator, program)
      var second = LoggedRun(emulator, program)
      // Once before, so that each buffer has the size that it needs, and no place in memory is taken twice.
      _ = (try first.run(), try second.run())
      let (some, others) = (try first.run(), try second.run())
      for (object, counted) in some where others[object] != nil { places.formUnion(counted) }
    }
    let names = places.sorted().map { String($0, radix: 16) }
    #expect(places.isEmpty, "at these places of the test program, in hexadecimal: \(names)")
  }

  /// The log itself: an array that is handed on is seen, and by whom.
  @Test func aReferenceIsLogged() {
    let kept = Array(0..<10)
    var others: [[Int]] = []
    others.reserveCapacity(3)
    let seen = logged { for _ in 0..<3 { others.append(kept) } }
    #expect(seen.values.contains { !$0.isEmpty })
    #expect(others.count == 3)
  }
}

/// By object whose references a thread counts up, and which is not the one empty array: where in the test program.
private func logged(_ body: () throws -> Void) rethrows -> [UnsafeRawPointer: Set<Int>] {
  let room = 1 << 18
  let buffer = UnsafeMutablePointer<reference>.allocate(capacity: room)
  defer { buffer.deallocate() }
  reference_log_begin(buffer, room)
  defer { _ = reference_log_end() }
  try body()
  let count = reference_log_end()
  #expect(count <= room)
  let empty = unsafeBitCast([Int](), to: UnsafeRawPointer.self)
  var places: [UnsafeRawPointer: Set<Int>] = [:]
  for i in 0..<min(count, room) {
    guard let object = buffer[i].object, let caller = buffer[i].caller, object != empty else { continue }
    places[object, default: []].insert(reference_place(caller))
  }
  return places
}

private struct LoggedRun {
  private let program: RandomProgram
  /// Of the first sample.
  private let events: [SpikeTrains.Event]
  private var chip: ChipState
  private var record = SampleRecord()

  init(_ emulator: Emulator, _ program: RandomProgram) {
    self.program = program
    events = program.input.events.filter { $0.sample == 0 && $0.tick < program.ticks }
    chip = emulator.chip()
    record.outputSums = [Int64](repeating: 0, count: program.image.outputs.neuron.count)
  }

  /// What the ticks of the first sample count.
  mutating func run() throws -> [UnsafeRawPointer: Set<Int>] {
    let (program, ticks) = (program, program.ticks + program.image.drainTicks)
    func input(_ ticks: Range<Int>) -> ArraySlice<SpikeTrains.Event> {
      let first = events.firstIndex { $0.tick >= ticks.lowerBound } ?? events.count
      return events[first..<(events.firstIndex { $0.tick >= ticks.upperBound } ?? events.count)]
    }
    record.spikes.removeAll(keepingCapacity: true)
    record.potentials.removeAll(keepingCapacity: true)
    record.tickCycles.removeAll(keepingCapacity: true)
    record.tickPackets.removeAll(keepingCapacity: true)
    record.tickJoules.removeAll(keepingCapacity: true)
    chip.begin(sample: 0)
    if let team = chip.flatTeam(probes: program.probes) {
      // Calling a flat program's workers counts some: as many for a few ticks as for many.
      func run(_ ticks: Range<Int>) -> [UnsafeRawPointer: Set<Int>] {
        logged {
          chip.runFlat(team, ticks: ticks, inputTicks: program.ticks, input: input(ticks), &record)
        }
      }
      _ = run(0..<1)
      let none = run(1..<1)
      return Dictionary(
        uniqueKeysWithValues: run(1..<ticks).map { ($0, $1.subtracting(none[$0] ?? [])) })
    }
    let inputs = (0..<ticks).map { input($0..<$0 + 1) }
    return try logged {
      for tick in 0..<ticks {
        try chip.runTick(
          tick, sample: 0, inputTicks: program.ticks, input: inputs[tick], probes: program.probes, &record)
      }
    }
  }
}
