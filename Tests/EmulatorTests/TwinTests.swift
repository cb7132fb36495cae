import Emulator
import Observations
import ProgramImage
import ReferenceModel
import Testing

/// The emulator and `PlainChip` agree on every bit of the record, on programs in which every rule is drawn at random.
@Suite struct TwinTests {
  /// Seeds in eight lots, so that a failure names a few and the runner can spread them.
  @Test(arguments: 0..<8)
  func emulatorEqualsItsTwin(lot: Int) {
    for seed in UInt64(lot * 70)..<UInt64((lot + 1) * 70) {
      let program = RandomProgram.make(seed)
      let problems = program.image.verify().map(\.formatted)
      #expect(problems == [], "seed \(seed): not a program that an image file may hold")
      let emulated = emulate(program, threads: 1)
      let plain = PlainChip(program.image).run(
        program.input, ticks: program.ticks, samples: program.samples, probes: program.probes)
      #expect(
        firstDifference(emulated, plain) == nil, "seed \(seed): emulator (left) against PlainChip")
    }
  }

  @Test func recordDoesNotDependOnThreads() {
    for seed in 1000..<UInt64(1060) {
      let program = RandomProgram.make(seed)
      let one = emulate(program, threads: 1)
      let two = emulate(program, threads: 2)
      #expect(firstDifference(one, two) == nil, "seed \(seed): 1 thread (left) against 2")
    }
  }

  /// Agreement says nothing about a rule that never came into play.
  @Test func programsBringEveryCounterIntoPlay() {
    var sum = RunRecord.Counters()
    var frozen: UInt64 = 0
    for seed in 0..<UInt64(560) {
      let record = emulate(RandomProgram.make(seed), threads: 1)
      sum.spikes += record.counters.spikes
      sum.inputEvents += record.counters.inputEvents
      sum.poissonEvents += record.counters.poissonEvents
      sum.partialPackets += record.counters.partialPackets
      sum.hops += record.counters.hops
      sum.axonSaturations += record.counters.axonSaturations
      sum.accumulatorSaturations += record.counters.accumulatorSaturations
      sum.synapseOverflows += record.counters.synapseOverflows
      sum.stateOverflows += record.counters.stateOverflows
      sum.floorClamps += record.counters.floorClamps
      sum.latePackets += record.counters.latePackets
      sum.droppedPackets += record.counters.droppedPackets
      sum.overrunTicks += record.counters.overrunTicks
      frozen += record.coreCounters.reduce(0) { $0 + $1.frozenCycles }
    }
    for (name, count) in [
      ("spikes", sum.spikes), ("inputEvents", sum.inputEvents),
      ("poissonEvents", sum.poissonEvents), ("partialPackets", sum.partialPackets),
      ("hops", sum.hops), ("axonSaturations", sum.axonSaturations),
      ("accumulatorSaturations", sum.accumulatorSaturations),
      ("synapseOverflows", sum.synapseOverflows), ("stateOverflows", sum.stateOverflows),
      ("floorClamps", sum.floorClamps), ("latePackets", sum.latePackets),
      ("droppedPackets", sum.droppedPackets), ("overrunTicks", sum.overrunTicks),
      ("frozenCycles", frozen),
    ] {
      #expect(count > 100, "\(name) hardly ever happened")
    }
  }
}

func emulate(_ program: RandomProgram, threads: Int) -> RunRecord {
  Emulator(program.image).run(
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
