import ChipModel
import FixedPoint
import Observations
import ProgramImage
import ReferenceModel
import Testing

@Suite struct PlainChipRuleTests {
  /// Halves and quarters of both signs, as every textbook rounds them: z/4 for z = −7 … 7.
  @Test func roundingTable() {
    let table: [(Rounding, [Int])] = [
      (.floor, [-2, -2, -2, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1]),
      (.ceil, [-1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]),
      (.towardZero, [-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]),
      (.awayFromZero, [-2, -2, -2, -1, -1, -1, -1, 0, 1, 1, 1, 1, 2, 2, 2]),
      (.nearestEven, [-2, -2, -1, -1, -1, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2]),
    ]
    for (rounding, expected) in table {
      let rounded = (-7...7).map { PlainArithmetic.rounded($0, over: 4, rounding, random: 0) }
      #expect(rounded == expected, "\(rounding)")
    }
    let draws = (0..<8).map { PlainArithmetic.rounded(-3, over: 4, .stochastic, random: $0) }
    #expect(draws == [-1, -1, -1, 0, -1, -1, -1, 0])
  }

  @Test func registers() {
    #expect([-9, -8, 7, 8].map { PlainArithmetic.register($0, bits: 4, .saturate) } == [-8, -8, 7, 7])
    #expect([-9, -8, 7, 8, 24].map { PlainArithmetic.register($0, bits: 4, .wrap) } == [7, -8, 7, -8, -8])
  }

  /// Ticks between spikes of a neuron under constant bias, 12-bit decay, fired at v ≥ threshold: from an independent
  /// simulation of the rules (leak floored; retained part cut toward zero, as Loihi does through Lava).
  @Test(arguments: [
    (41, 64, 2, 32, 63), (41, 256, 8, 36, 42), (41, 1024, 15, 108, 122), (128, 64, 3, 27, 47),
    (128, 1024, 33, 98, 127), (410, 64, 10, 9, 11), (410, 16384, 1673, 38, 38), (1365, 64, 22, 7, 10),
  ])
  func periodsOfALeakyNeuron(decay: Int, threshold: Int, bias: Int, leakFloor: Int, keepTruncated: Int) {
    var program = TinyProgram()
    program.chip.timing.tick = .period(cycles: 1, late: .drop)
    program.cores = [
      TinyProgram.Core(neurons: [.init(decay: decay, bias: bias, threshold: threshold)])
    ]
    let floored = program.run(ticks: 3 * leakFloor).ticks(ofRow: 0)
    #expect(floored == [leakFloor - 1, 2 * leakFloor - 1, 3 * leakFloor - 1])
    program.chip.datapath.decayOf = .retained
    program.chip.datapath.decayRounding = .towardZero
    let truncated = program.run(ticks: 3 * keepTruncated).ticks(ofRow: 0)
    #expect(truncated == [keepTruncated - 1, 2 * keepTruncated - 1, 3 * keepTruncated - 1])
  }

  /// Columns 0, 1, 2 and 4: 0 and 2 fire, 1 is kicked by both at once, 4 has no neighbour.
  @Test func kicksActTogether() {
    var program = TinyProgram()
    let firing = TinyProgram.Neuron(bias: 50, threshold: 50, reset: 3, kick: 20)
    let quiet = TinyProgram.Neuron(bias: 30, kick: 20)
    program.cores = [
      TinyProgram.Core(neurons: [
        firing, quiet, firing,
        TinyProgram.Neuron(bias: 30, kick: 20, column: 4),
      ])
    ]
    let record = program.run(ticks: 1)
    #expect(record.potentials == [3, 30 - 2 * 20, 3, 30])
    #expect(record.counters.floorClamps == 0)
    program.cores[0].neurons[1].floor = -4
    let clamped = program.run(ticks: 1)
    #expect(clamped.potentials[1] == -4)
    #expect(clamped.counters.floorClamps == 1)
  }

  @Test func resetModesAndRefractoryTime() {
    var program = TinyProgram()
    program.cores = [
      TinyProgram.Core(neurons: [
        .init(bias: 4, threshold: 10, reset: 1, refractory: 2),
        .init(bias: 4, threshold: 10, reset: 10, resetMode: .subtract, refractory: 2),
      ])
    ]
    let record = program.run(ticks: 8)
    // 4 8 12→1, held at 1 twice, 5 9 13→1
    #expect(record.potentials(ofRow: 0) == [4, 8, 1, 1, 1, 5, 9, 1])
    // 4 8 12→2, held but integrating: 6 10, then 14→4, 8 12
    #expect(record.potentials(ofRow: 1) == [4, 8, 2, 6, 10, 4, 8, 12])
    #expect(record.ticks(ofRow: 0) == [2, 7])
    #expect(record.ticks(ofRow: 1) == [2, 5])
  }

  /// Axon counts hold 3 with two bits: of 5 spikes 2 are lost.
  @Test func countsSaturate() {
    var program = TinyProgram()
    program.inputs = [[.init(core: 0, target: 0, delay: 2)]]
    program.cores = [TinyProgram.Core(axons: [[(0, 7)]], neurons: [.init()])]
    let record = program.run(ticks: 4, spikes: [(0, 0, 5)])
    #expect(record.potentials(ofRow: 0) == [0, 0, 21, 21])
    #expect(record.counters.axonSaturations == 2)
    #expect(record.counters.inputEvents == 5)
  }

  /// A sum of 3 · 100 leaves its core as one partial packet and arrives unchanged two ticks later.
  @Test func partialSumsTravel() {
    var program = TinyProgram()
    program.chip.mesh.width = 2
    program.inputs = [[.init(core: 0, target: 0, delay: 0)]]
    program.cores = [
      TinyProgram.Core(
        axons: [[(0, 100)]],
        neurons: [.init(kind: .partial, routes: [.init(core: 1, target: 0, delay: 2)])]),
      TinyProgram.Core(x: 1, neurons: [.init(kind: .potential)]),
    ]
    let record = program.run(ticks: 4, spikes: [(0, 0, 3)])
    #expect(record.potentials(ofRow: 1) == [0, 0, 300, 300])
    #expect(record.counters.partialPackets == 1)
    program.chip.datapath.accumulatorBits = 8
    let narrow = program.run(ticks: 4, spikes: [(0, 0, 3)])
    #expect(narrow.potentials(ofRow: 1) == [0, 0, 127, 127])
    #expect(narrow.counters.accumulatorSaturations == 1)
  }

  @Test func samplesAreIndependent() {
    var program = TinyProgram()
    program.cores = [
      TinyProgram.Core(
        axons: [[(0, 5)]],
        neurons: [.init(bias: 3, threshold: 10, refractory: 1, routes: [.init(core: 0, target: 0)])])
    ]
    let record = program.run(ticks: 7, samples: 2)
    #expect(record.potentials.prefix(7) == record.potentials.suffix(7))
    #expect(record.tickCycles.prefix(7) == record.tickCycles.suffix(7))
    #expect(record.counters.spikes == UInt64(2 * record.ticks(ofRow: 0).count))
  }

  /// 1 W of static power over 18 cycles at 1 MHz, and two packets of a joule each.
  @Test func energyIsEventsTimesConstants() {
    var program = TinyProgram()
    program.chip.energy = Chip.Energy(constants: [
      .staticPower: .known(1, source: "a"), .packet: .known(1, source: "b"),
      .hop: .unpublished(reason: "c"),
    ])
    program.cores = [
      TinyProgram.Core(
        axons: [[]],
        neurons: Array(
          repeating: .init(bias: 1, threshold: 1, routes: [.init(core: 0, target: 0)]), count: 2))
    ]
    let record = program.run(ticks: 1)
    #expect(record.tickJoules == [2 + Double(record.tickCycles[0]) / 1e6])
    let packet = record.energy.first { $0.component == "packet" }
    #expect(packet == .init(component: "packet", events: 2, perEvent: 1, joules: 2, source: "b"))
    let hop = record.energy.first { $0.component == "hop" }
    #expect(hop == .init(component: "hop", events: 0, perEvent: nil, joules: nil, source: "c"))
    #expect(record.energy.map(\.component) == Chip.Energy.Component.ofEveryChip.map(\.rawValue))
  }
}
