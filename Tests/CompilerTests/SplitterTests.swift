import ChipModel
import Diagnostics
import FixedPoint
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import TestSupport
import Testing

@testable import Compiler

/// What splitters of an image do, read off the image and not asked of the compiler.
enum Splitters {
  /// Ticks from the neuron's window to the splitter's, and the neuron's row, per splitter.
  static func all(_ image: ProgramImage) -> [(row: Int, neuron: Int, ticks: Int)] {
    let n = image.neurons
    var mains: [[Int32]: Int] = [:]
    for row in 0..<n.count where n.kind[row] == 0 { mains[[n.population[row], n.index[row]]] = row }
    return (0..<n.count).filter { n.kind[$0] == 3 }.compactMap { row in
      mains[[n.population[row], n.index[row]]].map { (row, $0, Int(n.start[row] - n.start[$0])) }
    }
  }

  static func deepest(_ image: ProgramImage) -> Int { all(image).map(\.ticks).max() ?? 0 }

  /// One spike of each splitter for each spike of its neuron, as long as the sample runs.
  static func expectedSpikes(_ image: ProgramImage, _ record: RunRecord) -> UInt64 {
    var ticks: [Int: [Int]] = [:]
    for splitter in all(image) { ticks[splitter.neuron, default: []].append(splitter.ticks) }
    return record.spikes.events.reduce(0) { sum, event in
      sum
        + UInt64((ticks[Int(event.channel)] ?? []).count { Int(event.tick) + $0 < record.chipTicks })
    }
  }
}

@Suite struct SplitterTests {
  /// a → b, where b takes so many cores that each neuron of a needs a list of 7.
  private func fan(recurrence: Bool = false) -> Network {
    var projections = [
      Projection(source: .input(0), target: 0, maps: [Synthetic.dense(3, 20, scale: 0.5, stream: 1)]),
      Projection(source: .population(0), target: 1, maps: [Synthetic.dense(20, 3, scale: 0.8, stream: 2)]),
    ]
    if recurrence {
      projections.append(
        Projection(
          source: .population(0), target: 0, maps: [Synthetic.dense(3, 3, scale: 0.4, stream: 3)],
          delayTicks: 1, isFeedback: true))
    }
    return Network(
      name: "fan", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [20])],
      populations: [Synthetic.lif("a", 3), Synthetic.lif("b", 20)], projections: projections,
      outputs: [OutputPort(name: "out", population: 1)])
  }

  private func compile(_ network: Network, _ overrides: [(path: String, value: String)]) throws -> Compilation
  {
    try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(overrides),
      options: CompileOptions())
  }

  private let input = Synthetic.spikes(samples: 3, ticks: 30, channels: 20, probability: 0.3)

  private func equalsPlain(_ compilation: Compilation) throws -> RunRecord {
    let (record, _) = try Bundled.run(compilation, input)
    let plain = PlainIntegerNetwork(compilation.image).run(input)
    #expect(!plain.isEmpty)
    #expect(Bundled.alignedSpikes(record) == plain)
    #expect(record.counters.splitterSpikes == Splitters.expectedSpikes(compilation.image, record))
    return record
  }

  /// Three columns and one destination: 3 splitters can share a row. The first row's 3 reach one axon of b and two rows
  /// more, whose 6 splitters reach the other six. So 9 for each of the 3 neurons, and two ticks.
  @Test("A tree has as many levels as it needs")
  func twoLevels() throws {
    let compilation = try compile(
      fan(), [("core.neurons", "3"), ("routing.destinationsPerNeuron", "1")])
    #expect(compilation.populations.map(\.splitterNeurons) == [27, 0])
    #expect(compilation.populations.map(\.cores) == [1, 7])
    #expect(compilation.populations.map(\.packetsPerSpike) == [10, 0])
    #expect(Set(Splitters.all(compilation.image).map(\.ticks)) == [1, 2])
    #expect(compilation.image.drainTicks == 3)
    #expect(compilation.manifest.entries.isEmpty)
    let record = try equalsPlain(compilation)
    #expect(record.counters.splitterSpikes > 0)
    // b learns of a spike of a two ticks later than without a limit, and says the same.
    let unlimited = try compile(fan(), [("core.neurons", "3")])
    #expect(unlimited.image.drainTicks == 1)
    #expect(try Bundled.run(unlimited, input).1 == Bundled.run(compilation, input).1)
  }

  /// Its one destination is the row on its own core, which the recurrence needs in the next tick; the way on to b is a
  /// splitter on that row.
  @Test("With one destination a neuron both recurs and feeds forward, and stays exact", arguments: [1, 2])
  func recurrenceOfOneDestination(list: Int) throws {
    let compilation = try compile(
      fan(recurrence: true), [("core.neurons", "24"), ("routing.destinationsPerNeuron", "\(list)")])
    #expect(compilation.populations.map(\.splitterNeurons) == (list == 1 ? [3, 0] : [0, 0]))
    #expect(compilation.image.drainTicks == (list == 1 ? 2 : 1))
    #expect(compilation.diagnostics.isEmpty)
    _ = try equalsPlain(compilation)
  }

  /// Without a column free beside the neurons, the recurrence has to go round over another core.
  @Test("Feedback behind a splitter is late, and says why")
  func lateFeedback() throws {
    let compilation = try compile(
      fan(recurrence: true), [("core.neurons", "3"), ("routing.destinationsPerNeuron", "1")])
    let warning = try #require(compilation.diagnostics.first { $0.id == "compile.feedbackLate" })
    #expect(warning.subject == "population a")
    #expect(warning.found == "1 tick later, because splitters are on the way")
    let entry = try #require(compilation.manifest.entries.first { $0.fidelity == .approximated })
    #expect(entry.node == "feedback into a")
    #expect(entry.note == "1 tick later than in the network, because splitters are on the way")
    _ = try equalsPlain(compilation)
    // With two destinations the recurrence has one for itself.
    let two = try compile(
      fan(recurrence: true), [("core.neurons", "3"), ("routing.destinationsPerNeuron", "2")])
    #expect(two.diagnostics.isEmpty)
    _ = try equalsPlain(two)
  }

  @Test("A chip with multicast gets none: its lists are its limit")
  func multicast() throws {
    let enough = try compile(
      fan(), [("core.neurons", "3"), ("routing.destinationsPerNeuron", "7"), ("mesh.multicast", "true")])
    #expect(enough.populations.map(\.splitterNeurons) == [0, 0])
    _ = try equalsPlain(enough)
    let failure = #expect(throws: Failure.self) {
      try compile(
        fan(), [("core.neurons", "3"), ("routing.destinationsPerNeuron", "6"), ("mesh.multicast", "true")])
    }
    #expect(try #require(failure).diagnostics.map(\.id) == ["limit.destinationsPerNeuron"])
  }

  @Test("Limits that splitters meet are reported as ever, all at once")
  func limits() throws {
    func ids(_ overrides: [(path: String, value: String)]) throws -> [String] {
      let failure = #expect(throws: Failure.self) { try compile(fan(), overrides) }
      return try #require(failure).diagnostics.map(\.id)
    }
    let list = ("routing.destinationsPerNeuron", "1")
    // Two delays are all that this ring has, and three ticks are needed.
    #expect(
      try ids([
        ("core.neurons", "3"), list, ("mesh.width", "3"), ("mesh.height", "3"), ("core.delaySlots", "3"),
      ])
        == ["limit.delay", "limit.coresUsed"])
    // A core of one column cannot split with one destination.
    #expect(
      try ids([("core.neurons", "1"), list, ("mesh.width", "40"), ("mesh.height", "40")])
        == ["limit.destinationsPerNeuron"])
  }

  @Test("Where no router is left, splitters share the cores that have room")
  func fullMesh() throws {
    // b takes 4 cores of 6 columns, two of which are left on the last; a has 3 left, one of them as a gap.
    let compilation = try compile(
      fan(),
      [
        ("core.neurons", "6"), ("routing.destinationsPerNeuron", "2"), ("mesh.width", "6"),
        ("mesh.height", "1"),
      ])
    #expect(compilation.image.cores.count <= 6)
    #expect(compilation.populations[0].splitterNeurons > 0)
    _ = try equalsPlain(compilation)
  }

  @Test("Emulator and twin agree on programs with splitters", arguments: UInt64(0)..<12)
  func twin(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let compilation = try compile(
      fan(recurrence: random.oneIn(2)),
      [
        ("core.neurons", "\(random.pick([4, 6, 8]))"), ("mesh.width", "5"), ("mesh.height", "5"),
        ("routing.destinationsPerNeuron", "\(random.int(1...3))"),
        ("mesh.bufferDepth", "\(random.int(1...3))"), ("timing.injectionQueue", "\(random.int(1...4))"),
        ("input.port", random.pick(["direct", "edge"])),
      ])
    #expect(compilation.image.neurons.kind.contains(3))
    let (record, _) = try Bundled.run(compilation, input)
    let twin = PlainChip(compilation.image).run(
      input, ticks: input.ticks, samples: input.samples, probes: [])
    #expect(record.counters.splitterSpikes > 0)
    #expect(record == twin)
    // A splitter's spike is a reset, as the energy knows, but no spike of the network.
    let resets = try #require(record.energy.first { $0.component == "spikeReset" }).events
    #expect(resets == record.counters.spikes + record.counters.splitterSpikes)
    #expect(record.counters.spikes == UInt64(record.spikes.total))
    #expect(record.coreCounters.reduce(0) { $0 + $1.spikes } == resets)
  }

  @Test("The codes fire for a spike and for nothing else, and fit every register, on any datapath")
  func codes() throws {
    var random = SeededGenerator(state: 9)
    var (some, none) = (0, 0)
    let tessera = try Bundled.tessera()
    for _ in 0..<4000 {
      var chip = tessera
      chip.crossbar.weightBits = random.int(2...16)
      chip.datapath.stateBits = random.int(2...24)
      chip.datapath.thresholdBits = random.int(2...chip.datapath.stateBits)
      chip.datapath.accumulatorBits = random.int(2...24)
      chip.datapath.gainBits = random.int(1...16)
      let lowest = random.int(0...4)
      chip.datapath.weightExponents = lowest...random.int(lowest...15)
      chip.datapath.comparison = random.pick([.greater, .greaterOrEqual])
      let gain = Double(random.int(1...1000)) / 1000
      guard let codes = SplitterCodes(gain: gain, chip: chip) else {
        none += 1
        continue
      }
      some += 1
      let path = chip.datapath
      #expect(path.weightExponents.contains(Int(codes.weightExponent)))
      #expect((1...1 << path.gainBits).contains(Int(codes.gain)))
      #expect(signedRange(bits: chip.crossbar.weightBits).contains(Int64(codes.weight)))
      #expect(signedRange(bits: path.accumulatorBits).contains(Int64(codes.weight)))
      #expect(signedRange(bits: path.thresholdBits).contains(Int64(codes.threshold)))
      for rounding in Rounding.allCases where rounding != .stochastic {
        let step = PlainArithmetic.rounded(
          Int(codes.weight) * Int(codes.gain) * PlainArithmetic.power(Int(codes.weightExponent)),
          over: PlainArithmetic.power(path.gainBits), rounding, random: 0)
        #expect(signedRange(bits: path.stateBits).contains(Int64(step)))
        func fires(_ v: Int) -> Bool {
          path.comparison == .greater ? v > Int(codes.threshold) : v >= Int(codes.threshold)
        }
        #expect(fires(step) && !fires(0))
      }
    }
    #expect(some > 2000 && none > 20, "\(some), \(none)")
  }
}
