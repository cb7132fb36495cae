import ChipModel
import Diagnostics
import NetworkIR
import Observations
import TestSupport
import Testing

@testable import Compiler

/// LIF networks of many weights on chips whose leaks are constants and whose neurons have few weights.
@Suite struct ConstantLeakTests {
  /// 30 inputs, 12 and 5 neurons; biases in the first population only, so that the second can leak toward 0.
  private static let network: Network = {
    var network = Network(
      name: "leaky", dynamics: Dynamics(reset: .zero, fire: .strict),
      inputs: [InputPort(name: "in", shape: [30])],
      populations: [Synthetic.lif("a", 12, threshold: 1), Synthetic.lif("b", 5, threshold: 1)],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(12, 30, scale: 0.6, stream: 4)]),
        Projection(source: .population(0), target: 1, maps: [Synthetic.dense(5, 12, scale: 0.9, stream: 5)]),
      ], outputs: [OutputPort(name: "out", population: 1)])
    network.populations[0].leak = (0..<12).map { 0.4 * Double($0 - 6) / 6 }
    return network
  }()

  private func compile(_ chip: String) throws -> Compilation {
    try Pipeline.compile(
      Self.network, manifest: FidelityManifest(),
      chip: try Chip.load(chip, directories: [Repository.path("chips")], overrides: []),
      options: CompileOptions())
  }

  /// Whatever axons, types and splitters carry them: the spikes are those of the summed codes, one update after the other.
  @Test(arguments: ["truenorth", "ranc", "paicore"])
  func spikesAreThoseOfTheCodes(name: String) throws {
    let input = Synthetic.spikes(samples: 2, ticks: 60, channels: 30, probability: 0.15)
    let compilation = try compile(name)
    let quantized = compilation.partitioned.quantized
    let saturates = compilation.image.chip.additive?.saturation == true
    var expected: Set<[Int]> = []
    var floors = 0
    for sample in 0..<2 {
      var v = quantized.populations.map { [Int](repeating: 0, count: $0.bias.count) }
      for tick in 0..<60 {
        var active = Set(
          input.events.filter { (Int($0.sample), Int($0.tick)) == (sample, tick) }.map { Int($0.channel) })
        for p in 0..<2 {
          let codes = quantized.populations[p]
          let leak = try #require(codes.constantLeak)
          let matrix = quantized.connections[p].matrix
          var fired: Set<Int> = []
          for i in v[p].indices {
            for k in matrix.range(i) where active.contains(Int(matrix.column[k])) {
              v[p][i] += Int(matrix.value[k])
            }
            v[p][i] += Int(codes.bias[i]) * (leak.isTowardZero[i] ? v[p][i].signum() : 1)
            if v[p][i] >= Int(codes.threshold[i]) {
              v[p][i] = 0
              fired.insert(i)
              expected.insert([sample, tick, p, i])
            } else if v[p][i] < Int(codes.floor[i]) {
              v[p][i] = saturates ? Int(codes.floor[i]) : 0
              floors += 1
            }
          }
          active = fired
        }
      }
    }
    let (record, _) = try Bundled.run(compilation, input)
    let rows = compilation.image.neurons
    let found = Set(
      Bundled.alignedSpikes(record).map { event in
        let row = Int(event.channel)
        return [Int(event.sample), Int(event.tick), Int(rows.population[row]), Int(rows.index[row])]
      })
    #expect(expected.count > 60 && floors > 20)
    #expect(found == expected)
    #expect(compilation.populations.allSatisfy { $0.weightErrorRMS < 0.05 })
    #expect(
      compilation.manifest.entries.count { $0.node.hasPrefix("leak of ") && $0.fidelity == .approximated }
        == 2)
  }

  /// TrueNorth's leak takes the sign of v where nothing else drives a neuron; RANC's cannot.
  @Test func leaksTowardZeroWhereTheChipCan() throws {
    let truenorth = try compile("truenorth").image.neurons
    let ranc = try compile("ranc").image.neurons
    for (neurons, count) in [(truenorth, 5 + 1), (ranc, 0)] {
      let reversed = (0..<neurons.count).count { neurons.additive.leakMode[$0] & 1 == 1 }
      #expect(reversed == count)
    }
  }

  /// RANC's 9 bits: proven not to wrap, and no input makes them wrap.
  @Test func nineBitsNeverWrap() throws {
    let compilation = try compile("ranc")
    #expect(compilation.populations.allSatisfy { $0.overflowProven })
    let matrix = Self.network.projections[0].maps[0]
    for sign in [1.0, -1.0] {
      for neuron in 0..<12 {
        var channels: [Int] = []
        matrix.forEachEntry(inRow: neuron) { j, weight in if weight * sign > 0 { channels.append(j) } }
        let events = (0..<20).flatMap { tick in
          channels.map { SpikeTrains.Event(sample: 0, tick: Int32(tick), channel: Int32($0), count: 1) }
        }
        let input = SpikeTrains(samples: 1, ticks: 20, channels: 30, events: events)
        let (record, _) = try Bundled.run(compilation, input)
        #expect(record.counters.stateOverflows == 0)
      }
    }
  }
}
