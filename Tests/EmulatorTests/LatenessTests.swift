import ChipModel
import Diagnostics
import Observations
import ProgramImage
import TestSupport
import Testing

@testable import Emulator

/// Why packets were late, how often outputs stalled, and what is said when a mesh stands still.
@Suite struct LatenessTests {
  static func run(_ image: ProgramImage, events: [SpikeTrains.Event], ticks: Int) throws -> RunRecord {
    try Emulator(image).run(
      SpikeTrains(samples: 1, ticks: ticks, channels: image.inputs.channels, events: events),
      options: RunOptions(samples: 1, ticks: ticks))
  }

  /// The small tick of §10 in a period of 6 cycles: A arrives in cycle 7, B and C in cycle 8, all in the
  /// second tick, in which they were to act.
  @Test func causesAreAsWorkedOutByHand() throws {
    var image = SmallTickTests.program()
    image.chip.timing.tick = .period(cycles: 6, late: .nextTick)
    let record = try Self.run(image, events: [.init(sample: 0, tick: 0, channel: 0)], ticks: 1)
    // A never waits: complete, injected in 4, granted in the cycles in which it is eligible (5, 6). B
    // neither: complete 5, injected 5, granted 6 and 7. C is behind B in the queue: complete 5, injected 6,
    // granted 7. In cycle 8 router 0 delivers C, router 1 delivers B.
    func late(source: Int32, core: Int32, waited: UInt32) -> RunRecord.LateDelivery {
      RunRecord.LateDelivery(
        sample: 0, tick: 1, source: source, core: core, ticksLate: 1, waitedCycles: waited, router: 0,
        output: 5)
    }
    #expect(record.counters.latePackets == 3)
    #expect(
      record.lateDeliveries == [
        late(source: 0, core: 1, waited: 0), late(source: 1, core: 0, waited: 1),
        late(source: 1, core: 1, waited: 0),
      ])
  }

  /// The same with one slot per FIFO and credits after 5 cycles, so that B and C wait in the queue.
  @Test func longestWaitIsNamed() throws {
    var image = SmallTickTests.program()
    image.chip.timing.tick = .period(cycles: 10, late: .drop)
    image.chip.mesh.bufferDepth = 1
    image.chip.mesh.creditCycles = 5
    image.drainTicks = 2
    let record = try Self.run(image, events: [.init(sample: 0, tick: 0, channel: 0)], ticks: 1)
    // A: injected 4, granted +x 5, local of router 1 in 6, delivered 7, in time. Its slot in the injection
    // port's FIFO is usable again in 10, that in router 1 in 11; local of router 1 has its credit again in
    // 12. B: complete 5, injected 10 (waited 5), eligible 11, granted +x 11, eligible 12, granted 12,
    // delivered 13. C: complete 5, injected 16 (waited 11), eligible 17, granted local 17, delivered 18. Both
    // in tick 1.
    #expect(
      record.lateDeliveries == [
        .init(
          sample: 0, tick: 1, source: 1, core: 1, ticksLate: 1, waitedCycles: 5, router: 0, output: 5),
        .init(
          sample: 0, tick: 1, source: 1, core: 0, ticksLate: 1, waitedCycles: 11, router: 0, output: 5),
      ])
    #expect(record.counters.droppedPackets == 2)
  }

  /// Of equal waits the earliest counts, a longer one replaces it.
  @Test func waitsOfTheMeshAlone() {
    var mesh = Mesh(
      width: 2, height: 1, bufferDepth: 2, hopCycles: 1, creditCycles: 9, injectionCycles: 1,
      portOrder: [0, 1, 2, 3, 4], tracksWaits: true)
    var waits: [UInt32: Mesh.Wait] = [:]
    for cycle in 0..<60 {
      mesh.arrive(cycle)
      for (delivery, wait) in zip(mesh.delivered, mesh.deliveredWaits) { waits[delivery.packet] = wait }
      mesh.grant(cycle)
      if cycle < 2 { mesh.inject(Mesh.Flit(packet: UInt32(cycle), x: 1, y: 0), at: 0, cycle, waited: cycle) }
      if cycle == 10 { mesh.inject(Mesh.Flit(packet: 2, x: 1, y: 0), at: 0, cycle, waited: 1) }
    }
    // 0 and 1 are granted +x in 1 and 2 and use both credits; the slots of router 1 are free in 2 + 9 and 3 +
    // 9. 2 is eligible in 11, when the first of them is back. In router 1 it is eligible in 12; local sent 0
    // and 1 in 2 and 3, delivered in 3 and 4, credits back in 12 and 13.
    #expect(waits[0] == Mesh.Wait(cycles: 0, router: 0, output: 5))
    #expect(waits[1] == Mesh.Wait(cycles: 1, router: 0, output: 5))
    #expect(waits[2] == Mesh.Wait(cycles: 1, router: 0, output: 5))

    mesh.reset()
    for cycle in 0..<60 {
      mesh.arrive(cycle)
      for (delivery, wait) in zip(mesh.delivered, mesh.deliveredWaits) { waits[delivery.packet] = wait }
      mesh.grant(cycle)
      if cycle < 3, mesh.canInject(at: 1) {
        mesh.inject(Mesh.Flit(packet: 10 + UInt32(cycle), x: 0, y: 0), at: 1, cycle)
      }
      if cycle == 1 { mesh.inject(Mesh.Flit(packet: 20, x: 0, y: 0), at: 0, cycle) }
    }
    // 10 and 11 leave router 1 in 1 and 2; 20 is eligible in router 0 in 2 with 10. Local takes +x's 10 first
    // (position 0), then 20 is next after the pointer, in 3, with the second credit. 11 is eligible in 3 and
    // waits for the credit of 10, delivered in 3, back in 12.
    #expect(waits[10] == Mesh.Wait(cycles: 0, router: 1, output: 5))
    #expect(waits[20] == Mesh.Wait(cycles: 1, router: 0, output: 4))
    #expect(waits[11] == Mesh.Wait(cycles: 9, router: 0, output: 4))
  }

  /// The first 10 000, in order of samples, whoever ran them.
  @Test func recordKeepsTheFirst() {
    var harvest = Harvest(Emulator(RandomProgram.make(0).image).tables, samples: 5)
    for sample in [3, 0, 4, 1, 2] {
      var record = SampleRecord()
      for i in 0..<4000 {
        record.lateDeliveries.append(
          .init(
            sample: Int32(sample), tick: Int32(i), source: 0, core: 0, ticksLate: 1, waitedCycles: 0,
            router: 0, output: 5))
      }
      harvest.put(record, sample: sample)
    }
    let expected = (0..<10_000).map { [$0 / 4000, $0 % 4000] }
    #expect(harvest.lateDeliveries.map { [Int($0.sample), Int($0.tick)] } == expected)
  }

  /// Stalls and peaks against a count made literally, cycle by cycle, from the ports themselves.
  @Test(arguments: MulticastTests.constants)
  func stallsAndPeaksAreALiteralCount(constants: MulticastTests.Constants) {
    var random = SeededGenerator(state: 5)
    var trees = MulticastTrees()
    var queues = [[Mesh.Flit]](repeating: [], count: 16)
    for number in 0..<4000 {
      let source = random.int(0...15)
      let set = (0..<random.int(1...3)).map { _ in random.int(0...15) }
      let branch = trees.root(from: source, to: set, width: 4)
      queues[source].append(Mesh.Flit(packet: UInt32(number), x: 0, y: 0, branch: branch))
    }
    var mesh = MulticastTests.mesh(4, 4, constants, trees)
    var stalls = [UInt64](repeating: 0, count: 80)
    var peaks = [Int](repeating: 0, count: 80)
    for cycle in 0..<300 {
      mesh.arrive(cycle)
      for i in 0..<80 {
        let key = i / 5 * Mesh.stride + i % 5
        let port = mesh.state.ports[key]
        if mesh.state.requests(of: key) != 0 && mesh.state.slots[Int(port.next)].free > cycle {
          stalls[i] += 1
        }
        peaks[i] = max(peaks[i], Int(port.occupancy))
      }
      mesh.grant(cycle)
      for node in 0..<16 where mesh.canInject(at: node) {
        if let flit = queues[node].popLast() { mesh.inject(flit, at: node, cycle) }
      }
    }
    #expect(mesh.flits > 0, "the count ends while outputs stall")
    mesh.closeStalls(at: 300)
    #expect(mesh.linkStalls == stalls)
    #expect((0..<80).map { mesh.fifoPeak(router: $0 / 5, port: $0 % 5) } == peaks)
    #expect(stalls.reduce(0, +) > 300 && peaks.contains(constants.depth))
  }

  /// Credits that come back after 2^21 cycles: C cannot be injected, because B took the last slot.
  @Test(arguments: [1, 2])
  func stallBecomesADiagnosis(threads: Int) throws {
    var image = SmallTickTests.program()
    image.chip.mesh.bufferDepth = 2
    image.chip.mesh.creditCycles = 1 << 21
    let input = SpikeTrains(
      samples: 3, ticks: 1, channels: 1,
      events: (1...2).map { .init(sample: Int32($0), tick: 0, channel: 0) })
    let failure = #expect(throws: Failure.self) {
      try Emulator(image).run(input, options: RunOptions(samples: 3, ticks: 1, threads: threads))
    }
    #expect(failure?.reason == .ourBug)
    let diagnostic = try #require(failure?.diagnostics.first)
    #expect(diagnostic.id == "emulator.stall")
    // Sample 0 is silent, so 1 is the first that fails. Last move: B is delivered in cycle 8.
    #expect(diagnostic.subject == "sample 1, tick 0, cycle 8")
    #expect(
      diagnostic.found
        == "the injection port of router 0 (0,0) has no credit; "
        + "packet 2 from row 1 to core 0 in the injection queue of router 0")
  }

  /// Credits that are lost: nothing is due any more, though flits wait in FIFOs.
  @Test func lostCreditsAreADiagnosis() throws {
    let image = SmallTickTests.program()
    for tick in [Chip.Timing.Tick.barrier(cycles: 4), .period(cycles: 500, late: .nextTick)] {
      var other = image
      other.chip.timing.tick = tick
      var chip = Emulator(other).chip()
      chip.begin(sample: 0)
      // Output +x of router 0 has no credit.
      chip.mesh.own().credited[0] &= ~1
      let failure = #expect(throws: Failure.self) {
        try chip.step(tick: 0, inputTicks: 1, input: [SpikeTrains.Event(sample: 0, tick: 0, channel: 0)])
      }
      let found = try #require(failure?.diagnostics.first?.found)
      #expect(
        found
          == "output +x of router 0 (0,0) has no credit, the FIFO that it feeds holds 0 of 4 flits; "
          + "packet 0 from row 0 to core 1 in router 0, port 4; "
          + "packet 1 from row 1 to core 1 in router 0, port 4; packet 2 from row 1 to core 0 in router 0, port 4"
      )
    }
  }
}
