import Emulator
import Observations
import ProgramImage
import ReferenceModel
import Testing

// What every comparison of the emulator with `PlainChip` on random programs is made of.

func emulate(
  _ program: RandomProgram, threads: Int, mesh: RunOptions.Mesh = .cycles
) throws -> RunRecord {
  try Emulator(program.image, mesh: mesh).run(
    program.input,
    options: RunOptions(
      samples: program.samples, ticks: program.ticks, threads: threads, probes: program.probes),
    progress: nil)
}

/// The first field in which two records differ, with both values; nil if they are equal.
func firstDifference(_ a: RunRecord, _ b: RunRecord) -> String? {
  if a == b { return nil }
  let fields = zip(Mirror(reflecting: a).children, Mirror(reflecting: b).children)
  for (left, right) in fields {
    if let difference = firstDifference(left.value, right.value) {
      return "\(left.label ?? "?")\(difference)"
    }
  }
  return "a field that shows no difference when printed"
}

private func firstDifference(_ a: Any, _ b: Any) -> String? {
  let left = Mirror(reflecting: a)
  let right = Mirror(reflecting: b)
  if left.children.isEmpty || right.children.isEmpty || left.displayStyle == .enum {
    let texts = (String(describing: a), String(describing: b))
    return texts.0 == texts.1 ? nil : ": \(texts.0) against \(texts.1)"
  }
  for (i, pair) in zip(left.children, right.children).enumerated() {
    if let difference = firstDifference(pair.0.value, pair.1.value) {
      let place = pair.0.label.map { ".\($0)" } ?? "[\(i)]"
      return place + difference
    }
  }
  if left.children.count != right.children.count {
    return ".count: \(left.children.count) against \(right.children.count)"
  }
  return nil
}

/// A program that an image file may hold, of which emulator and twin make the same record: this one.
@discardableResult
func expectTwin(_ program: RandomProgram, seed: UInt64) throws -> RunRecord {
  let problems = program.image.verify().map(\.formatted)
  #expect(problems == [], "seed \(seed): not a program that an image file may hold")
  let emulated = try emulate(program, threads: 1)
  #expect(
    firstDifference(emulated, plain(program)) == nil, "seed \(seed): emulator (left) against PlainChip")
  return emulated
}

/// Of a program with a barrier: an ideal mesh changes nothing but time, and what grows with it.
func expectIdeal(_ ideal: RunRecord, toBe cycles: RunRecord, seed: UInt64) {
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
}

/// - Parameter one: the record of one thread.
func expectSameOnTwoThreads(_ program: RandomProgram, as one: RunRecord, seed: UInt64) throws {
  let two = try emulate(program, threads: 2)
  #expect(firstDifference(one, two) == nil, "seed \(seed): 1 thread (left) against 2")
}

private func plain(_ program: RandomProgram, rules: PlainChip.Rules = PlainChip.Rules()) -> RunRecord {
  PlainChip(program.image, rules: rules).run(
    program.input, ticks: program.ticks, samples: program.samples, probes: program.probes)
}

/// A twin with one rule changed.
struct Mutant: Sendable, CustomTestStringConvertible {
  var name: String
  var change: @Sendable (inout PlainChip.Rules) -> Void
  var testDescription: String { name }

  init(_ name: String, _ change: @escaping @Sendable (inout PlainChip.Rules) -> Void) {
    self.name = name
    self.change = change
  }

  /// Whether emulator and mutant disagree on one of the programs of seeds 0 ..< `seeds`.
  func isCaught(by make: (UInt64) -> RandomProgram, seeds: UInt64) throws -> Bool {
    var rules = PlainChip.Rules()
    change(&rules)
    return try (0..<seeds).contains { seed in
      let program = make(seed)
      return try plain(program, rules: rules) != emulate(program, threads: 1)
    }
  }
}
