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
      var first = RepeatedSample(emulator, program)
      var second = RepeatedSample(emulator, program)
      // Once before, so that each buffer has the size that it needs, and no place in memory is taken twice.
      _ = (try first.references(), try second.references())
      let (some, others) = (try first.references(), try second.references())
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

extension RepeatedSample {
  /// Runs it; what its ticks count.
  fileprivate mutating func references() throws -> [UnsafeRawPointer: Set<Int>] {
    begin()
    guard isFlat else { return try logged { try run(0..<ticks) } }
    // Calling a flat program's workers counts some, whatever they do.
    try run(0..<1)
    let none = try logged { try run(1..<1) }
    let all = try logged { try run(1..<ticks) }
    return Dictionary(uniqueKeysWithValues: all.map { ($0, $1.subtracting(none[$0] ?? [])) })
  }
}
