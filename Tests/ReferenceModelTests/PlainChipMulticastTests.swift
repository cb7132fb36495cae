import ChipModel
import Observations
import ProgramImage
import Testing

/// Multicast, stalls and late packets of the twin, against cycles that were worked out by hand from the page.
@Suite struct PlainChipMulticastTests {
  private static func always(_ routes: [TinyProgram.Route]) -> TinyProgram.Neuron {
    TinyProgram.Neuron(bias: 1, threshold: 1, routes: routes)
  }

  /// The sender in the middle of a row of three: both neighbours and its own core are served in one cycle.
  @Test func aTreeWithThreeBranches() {
    var program = TinyProgram()
    program.chip.mesh.width = 3
    program.cores = [
      TinyProgram.Core(axons: [[], []]),
      TinyProgram.Core(
        x: 1, axons: [[]],
        neurons: [
          Self.always([
            .init(core: 0, target: 1), .init(core: 2, target: 0), .init(core: 0, target: 0),
            .init(core: 1, target: 0),
          ])
        ]),
      TinyProgram.Core(x: 2, axons: [[]]),
    ]
    let unicast = program.run(ticks: 1)
    #expect(unicast.counters.packets == 4)
    #expect(unicast.counters.hops == 3)
    program.chip.mesh.multicast = true
    let record = program.run(ticks: 1)
    #expect(record.counters.packets == 1)
    #expect(record.counters.delivered == 4)
    #expect(record.counters.hops == 2)
    #expect(record.coreCounters.map(\.deliveries) == [2, 1, 1])
    #expect(record.tickPackets == [1])
    // J + D to the own core, J + 2 D to the three axons beside it.
    #expect(record.latencyHistogram == [0, 0, 1, 3])
    #expect(record.linkFlits == [0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1])
    #expect(record.linkStalls == Array(repeating: 0, count: 15))
    #expect(record.fifoPeaks == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0])
  }

  /// One destination per delay, and partial sums: exactly the unicast run.
  @Test func packetsWithOneDestinationAreUnicast() {
    var program = TinyProgram()
    program.chip.mesh.width = 2
    program.chip.input = .edge
    program.cores = [
      TinyProgram.Core(
        axons: [[(0, 3), (1, 1)], [(0, -1)]],
        neurons: [
          Self.always([.init(core: 1, target: 0), .init(core: 0, target: 1, delay: 2)]),
          .init(kind: .partial, routes: [.init(core: 1, target: 0), .init(core: 1, target: 1)]),
        ]),
      TinyProgram.Core(
        x: 1, axons: [[(0, 2)]], neurons: [Self.always([.init(core: 0, target: 0)]), .init()]),
    ]
    program.inputs = [[.init(core: 0, target: 0), .init(core: 1, target: 0, delay: 2)]]
    let spikes = [(tick: 0, channel: 0, count: 3), (tick: 3, channel: 0, count: 1)]
    let unicast = program.run(ticks: 6, spikes: spikes)
    #expect(unicast.counters.partialPackets > 0)
    program.chip.mesh.multicast = true
    #expect(program.run(ticks: 6, spikes: spikes) == unicast)
  }

  /// D = 2 and FIFOs of one flit. A goes to core 1, M to cores 1 and 0, B to core 0; all are offered in cycle c.
  ///
  /// | cycle | |
  /// |---|---|
  /// | c | A injected |
  /// | c + 1 | A granted +x: its credit is back at the port in c + 2 |
  /// | c + 2 | M injected |
  /// | c + 3 | A granted by router 1; M granted local, while +x, that waits for A's credit, stalls |
  /// | c + 4 | M granted +x by its head, which leaves only now: the port's credit is back in c + 5 |
  /// | c + 5 | A and M's first copy delivered, B injected |
  /// | c + 6 | M granted by router 1, B granted local |
  /// | c + 8 | both delivered |
  @Test func aSlotIsFreeAfterTheLastGrant() {
    var program = TinyProgram()
    program.chip.mesh.width = 2
    program.chip.mesh.hopCycles = 2
    program.chip.mesh.bufferDepth = 1
    program.chip.mesh.multicast = true
    program.chip.timing.neuronsPerCycle = 3
    program.cores = [
      TinyProgram.Core(
        axons: [[]],
        neurons: [
          Self.always([.init(core: 1, target: 0)]),
          Self.always([.init(core: 1, target: 0), .init(core: 0, target: 0)]),
          Self.always([.init(core: 0, target: 0)]),
        ]),
      TinyProgram.Core(x: 1, axons: [[]]),
    ]
    let record = program.run(ticks: 1)
    #expect(record.latencyHistogram == [0, 0, 0, 0, 0, 2, 0, 0, 2])
    #expect(record.linkStalls == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(record.fifoPeaks == [0, 0, 0, 0, 1, 0, 1, 0, 0, 0])
  }

  /// Two packets meet at the core between their senders, with D = 3 and 8 cycles a tick. Both are complete in cycle 1
  /// and reach router 1 in cycle 5. The one from +x is granted first and arrives in cycle 8, the other waits a
  /// cycle at router 1's local output.
  @Test func causeOfLateness() {
    var program = TinyProgram()
    program.chip.mesh.width = 3
    program.chip.mesh.hopCycles = 3
    program.chip.timing.tick = .period(cycles: 8, late: .drop)
    let sender = Self.always([.init(core: 1, target: 0)])
    program.cores = [
      TinyProgram.Core(neurons: [sender]), TinyProgram.Core(x: 1, axons: [[]]),
      TinyProgram.Core(x: 2, neurons: [sender]),
    ]
    let record = program.run(ticks: 2, samples: 2)
    #expect(record.counters.latePackets == 4)
    #expect(
      record.lateDeliveries
        == [Int32(0), 1].flatMap { sample in
          [
            RunRecord.LateDelivery(
              sample: sample, tick: 1, source: 1, core: 1, ticksLate: 1, waitedCycles: 0, router: 2,
              output: 5),
            RunRecord.LateDelivery(
              sample: sample, tick: 1, source: 0, core: 1, ticksLate: 1, waitedCycles: 1, router: 1,
              output: 4),
          ]
        })
  }

  /// Five input packets leave the edge one per cycle and reach core 0 J + D = 2 cycles later, the first in cycle 2:
  /// with 4 cycles a tick the last three are late, and have waited 2, 3 and 4 cycles for injection.
  @Test func lateInput() {
    var program = TinyProgram()
    program.chip.input = .edge
    program.chip.timing.tick = .period(cycles: 4, late: .nextTick)
    program.cores = [TinyProgram.Core(axons: [[]])]
    program.inputs = [[], [.init(core: 0, target: 0)]]
    let record = program.run(ticks: 3, spikes: [(tick: 0, channel: 1, count: 5)])
    #expect(record.lateDeliveries.map(\.waitedCycles) == [2, 3, 4])
    #expect(record.lateDeliveries.allSatisfy { $0.source == -2 && $0.router == 0 && $0.output == 5 })
    #expect(record.lateDeliveries.map(\.tick) == [1, 1, 1])
    #expect(record.counters.droppedPackets == 0)
  }
}
