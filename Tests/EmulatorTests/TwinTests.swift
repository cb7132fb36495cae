import Emulator
import Observations
import ProgramImage
import ReferenceModel
import Testing

/// The emulator and `PlainChip` agree on every bit of the record, on programs in which every rule is drawn at random.
@Suite struct TwinTests {
  /// Seeds in eight lots, so that a failure names a few and the runner can spread them.
  @Test(arguments: 0..<8)
  func emulatorEqualsItsTwin(lot: Int) throws {
    for seed in UInt64(lot * 70)..<UInt64((lot + 1) * 70) {
      try expectTwin(RandomProgram.make(seed), seed: seed)
    }
  }

  @Test func recordDoesNotDependOnThreads() throws {
    for seed in 1000..<UInt64(1060) {
      let program = RandomProgram.make(seed)
      try expectSameOnTwoThreads(program, as: try emulate(program, threads: 1), seed: seed)
    }
  }

  /// Agreement says nothing about a rule that never came into play.
  @Test func programsBringEveryCounterIntoPlay() throws {
    var sum = RunRecord.Counters()
    var frozen: UInt64 = 0
    var late = LateKinds()
    var multicast = RunRecord.Counters()
    var stalls: UInt64 = 0
    var highestPeak: UInt32 = 0
    for seed in 0..<UInt64(560) {
      let program = RandomProgram.make(seed)
      let record = try emulate(program, threads: 1)
      late.add(record.lateDeliveries)
      stalls += record.linkStalls.reduce(0, +)
      highestPeak = max(highestPeak, record.fifoPeaks.max() ?? 0)
      if program.image.chip.mesh.multicast, program.image.chip.input == .direct {
        multicast.packets += record.counters.packets
        multicast.delivered += record.counters.delivered
      }
      sum.spikes += record.counters.spikes
      sum.splitterSpikes += record.counters.splitterSpikes
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
      ("spikes", sum.spikes), ("splitterSpikes", sum.splitterSpikes), ("inputEvents", sum.inputEvents),
      ("poissonEvents", sum.poissonEvents), ("partialPackets", sum.partialPackets),
      ("hops", sum.hops), ("axonSaturations", sum.axonSaturations),
      ("accumulatorSaturations", sum.accumulatorSaturations),
      ("synapseOverflows", sum.synapseOverflows), ("stateOverflows", sum.stateOverflows),
      ("floorClamps", sum.floorClamps), ("latePackets", sum.latePackets),
      ("droppedPackets", sum.droppedPackets), ("overrunTicks", sum.overrunTicks),
      ("frozenCycles", frozen), ("linkStalls", stalls),
      ("late in a queue", late.inQueue), ("late input", late.input),
    ] {
      #expect(count > 100, "\(name) hardly ever happened")
    }
    #expect(late.atOutput > 50, "hardly a late packet waited longest in a router")
    // Without multicast no more can be delivered than was sent.
    #expect(multicast.delivered > multicast.packets + 1000, "packets with several destinations are rare")
    #expect(highestPeak >= 6, "no deep FIFO was ever full")
  }
}

/// Late deliveries by where they waited longest, and those of input events.
private struct LateKinds {
  var atOutput: UInt64 = 0
  var inQueue: UInt64 = 0
  var input: UInt64 = 0

  mutating func add(_ late: [RunRecord.LateDelivery]) {
    for delivery in late {
      if delivery.output < 5 { atOutput += 1 } else { inQueue += 1 }
      if delivery.source < 0 { input += 1 }
    }
  }
}
