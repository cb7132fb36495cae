import ChipModel
import Observations
import ProgramImage
import Testing

/// The twin against numbers that were worked out by hand from the page, or that BookSim2 and the mesh literature give.
@Suite struct PlainChipTimingTests {
  /// Zero load: J + D·(H + 1) cycles from the injection queue to the core, H the hops (BookSim2 with D = 3, J = 2:
  /// 3(H + 1) + 2).
  @Test(arguments: [1, 3], [1, 2])
  func zeroLoadLatency(hopCycles: Int, injectionCycles: Int) {
    for (fromX, fromY, toX, toY) in [(0, 0, 0, 0), (0, 0, 3, 0), (3, 2, 0, 0), (1, 2, 2, 0), (2, 1, 2, 2)] {
      var program = TinyProgram()
      program.chip.mesh.width = 4
      program.chip.mesh.height = 3
      program.chip.mesh.hopCycles = hopCycles
      program.chip.mesh.injectionCycles = injectionCycles
      program.cores = [
        TinyProgram.Core(
          x: toX, y: toY, axons: [[]], neurons: [])
      ]
      let sender = TinyProgram.Neuron(bias: 1, threshold: 1, routes: [.init(core: 0, target: 0)])
      if fromX == toX, fromY == toY {
        program.cores[0].neurons = [sender]
      } else {
        program.cores.append(TinyProgram.Core(x: fromX, y: fromY, neurons: [sender]))
      }
      let record = program.run(ticks: 1)
      let hops = abs(fromX - toX) + abs(fromY - toY)
      #expect(record.counters.hops == UInt64(hops))
      let expected = injectionCycles + hopCycles * (hops + 1)
      #expect(record.latencyHistogram.count == expected + 1)
      #expect(record.latencyHistogram.last == 1)
    }
  }

  /// A link carries B flits per D + C cycles and at most one per cycle: BookSim2's 0.4, 0.8 and 1 flit per cycle for
  /// B = 2, 4 and 8 with D = 3, C = 2. 40 packets are offered at once.
  @Test(arguments: [(2, 19 * 5 + 1), (4, 9 * 5 + 3), (8, 39)])
  func creditsLimitThroughput(bufferDepth: Int, spread: Int) {
    var program = TinyProgram()
    program.chip.mesh.width = 2
    program.chip.mesh.hopCycles = 3
    program.chip.mesh.creditCycles = 2
    program.chip.mesh.injectionCycles = 2
    program.chip.mesh.bufferDepth = bufferDepth
    program.chip.timing.injectionQueue = 40
    program.cores = [
      TinyProgram.Core(
        neurons: [
          .init(bias: 1, threshold: 1, routes: Array(repeating: .init(core: 1, target: 0), count: 40))
        ]),
      TinyProgram.Core(x: 1, axons: [[]]),
    ]
    let histogram = program.run(ticks: 1).latencyHistogram
    let first = histogram.firstIndex { $0 > 0 } ?? 0
    #expect(first == 2 + 3 * 2)
    #expect(histogram.count - 1 - first == spread)
    #expect(histogram.reduce(0, +) == 40)
  }

  /// 4 axons in words of 2: 2 scan cycles. 2 full axons, each 2 + ⌈8/4⌉: I = 10.
  ///
  /// | cycle | |
  /// |---|---|
  /// | 11 | neurons 0 and 1 complete; 0's packet enters the queue and the mesh |
  /// | 12 | neuron 2 complete, its packet enters, the core is idle; the first is granted |
  /// | 13 | the first is delivered, the second granted |
  /// | 14 | the second is delivered, all is quiet: 15 cycles, and 3 of barrier |
  @Test func aTickOfTwoSpikes() {
    var program = TinyProgram()
    program.inputs = [[.init(core: 0, target: 0, delay: 0), .init(core: 0, target: 1, delay: 0)]]
    program.cores = [
      TinyProgram.Core(
        axons: [[(0, 5), (1, 1)], [(2, 7)], [], []],
        neurons: [
          .init(threshold: 5, routes: [.init(core: 0, target: 2)]),
          .init(threshold: 5),
          .init(threshold: 5, routes: [.init(core: 0, target: 3)]),
        ])
    ]
    let record = program.run(ticks: 1, spikes: [(0, 0, 1)])
    #expect(record.tickCycles == [18])
    #expect(record.latencyHistogram == [0, 0, 2])
    #expect(record.linkFlits == [0, 0, 0, 0, 2])
    #expect(record.coreCounters[0].busyCycles == 12)
    #expect(record.coreCounters[0].frozenCycles == 0)
    #expect(record.coreCounters[0].rowReads == 2)
    #expect(record.coreCounters[0].synapticOperations == 3)
    #expect(record.coreCounters[0].inputEvents == 2)
  }

  /// The same tick with two packets for neuron 0 and a queue of one: the second waits a cycle, and so does neuron 2.
  @Test func aFullQueueFreezesTheCore() {
    var program = TinyProgram()
    program.chip.timing.injectionQueue = 1
    program.cores = [
      TinyProgram.Core(
        axons: [[], []],
        neurons: [
          .init(bias: 1, threshold: 1, routes: [.init(core: 0, target: 0), .init(core: 0, target: 1)]),
          .init(), .init(bias: 1, threshold: 1, routes: [.init(core: 0, target: 1)]),
        ])
    ]
    let record = program.run(ticks: 1)
    // I = 1; group 0 complete in 2, its second packet enters in 3; group 1 complete in 4.
    #expect(record.coreCounters[0].frozenCycles == 1)
    #expect(record.coreCounters[0].busyCycles == 4)
    // Both packets of neuron 0 count from cycle 2; delivered in 4 and 5. The last: offered in 4, delivered in 6.
    #expect(record.latencyHistogram == [0, 0, 2, 1])
    #expect(record.tickCycles == [10])
  }

  @Test func edgeInputTakesOneCyclePerPacket() {
    var program = TinyProgram()
    program.chip.input = .edge
    program.chip.mesh.width = 2
    program.inputs = [[.init(core: 0, target: 0)], [.init(core: 0, target: 1)]]
    program.cores = [TinyProgram.Core(x: 1, axons: [[(0, 3)], [(0, 4)]], neurons: [.init()])]
    let record = program.run(ticks: 2, spikes: [(0, 0, 2), (0, 1, 1)])
    // Injected in cycles 0, 1, 2 at (0,0); each takes 1 + 1·(1 + 1) cycles.
    #expect(record.latencyHistogram == [0, 0, 0, 1, 1, 1])
    #expect(record.counters.packets == 0)
    #expect(record.counters.delivered == 3)
    #expect(record.counters.inputEvents == 3)
    #expect(record.potentials(ofRow: 0) == [0, 2 * 3 + 4])
  }

  /// Group 0 is complete in cycle 2 (I = 1); two hops with D = 5 deliver in cycle 2 + 1 + 10 = 13, in tick 1.
  @Test(arguments: Chip.Timing.LatePacket.allCases)
  func latePackets(late: Chip.Timing.LatePacket) {
    var program = TinyProgram()
    program.chip.mesh.width = 2
    program.chip.mesh.hopCycles = 5
    program.chip.timing.tick = .period(cycles: 10, late: late)
    program.cores = [
      TinyProgram.Core(
        axons: [[]],
        neurons: [
          .init(v0: 2, bias: -1, threshold: 1, reset: -100, routes: [.init(core: 1, target: 0)])
        ]),
      TinyProgram.Core(x: 1, axons: [[(0, 9)]], neurons: [.init()]),
    ]
    let record = program.run(ticks: 4)
    #expect(record.ticks(ofRow: 0) == [0])
    #expect(record.tickCycles == [10, 10, 10, 10])
    #expect(record.latencyHistogram.count == 12)
    #expect(record.counters.latePackets == 1)
    #expect(record.counters.droppedPackets == (late == .drop ? 1 : 0))
    #expect(record.potentials(ofRow: 1) == (late == .drop ? [0, 0, 0, 0] : [0, 0, 9, 9]))
  }

  /// Busy until cycle I + 1 = 2, so the period of 2 runs over by one cycle in every tick.
  @Test func overrun() {
    var program = TinyProgram()
    program.chip.timing.tick = .period(cycles: 2, late: .drop)
    program.cores = [TinyProgram.Core(axons: [[]], neurons: [.init()])]
    let record = program.run(ticks: 3)
    #expect(record.tickCycles == [3, 3, 3])
    #expect(record.counters.overrunTicks == 3)
    #expect(record.counters.overrunCycles == 3)
  }
}
