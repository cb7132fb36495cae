import ChipModel
import Diagnostics
import NetworkIR
import Observations
import RateTheory
import TestSupport
import Testing

@testable import Compiler

/// Networks on chips of the datapath additive.
@Suite struct AdditiveTests {
  private static func chip(_ name: String) throws -> Chip {
    try Chip.load(name, directories: [Repository.path("chips")], overrides: [])
  }

  /// Excitatory and inhibitory sources, each with the same weight everywhere: 4 types are enough.
  private static let weights: (a: [[Double]], b: [[Double]]) = (
    (0..<6).map { i in (0..<20).map { j in (i * 7 + j * 3) % 4 == 0 ? 0 : j < 14 ? 1 : -1 } },
    (0..<4).map { i in (0..<6).map { j in (i + j) % 3 == 0 ? 0 : j < 4 ? 1 : -0.5 } }
  )

  private static func network(reset: Dynamics.ResetMode) -> Network {
    Synthetic.signs(weights, reset: reset)
  }

  private func compile(_ network: Network, _ chip: Chip) throws(Failure) -> Compilation {
    try Pipeline.compile(network, manifest: FidelityManifest(), chip: chip, options: CompileOptions())
  }

  /// IF populations are exact: every spike is that of the equation in real numbers.
  @Test(arguments: ["truenorth", "paicore"], [Dynamics.ResetMode.zero, .subtract])
  func everySpikeOfTheEquation(name: String, reset: Dynamics.ResetMode) throws {
    let input = Synthetic.spikes(samples: 2, ticks: 40, channels: 20, probability: 0.2)
    let compilation = try compile(Self.network(reset: reset), try Self.chip(name))
    #expect(compilation.image.verify().map(\.formatted) == [])
    let (record, _) = try Bundled.run(compilation, input)
    let codes = compilation.image.neurons
    var found: Set<[Int]> = []
    for event in Bundled.alignedSpikes(record) {
      let row = Int(event.channel)
      found.insert([
        Int(event.sample), Int(event.tick), Int(codes.population[row]), Int(codes.index[row]),
      ])
    }
    var expected: Set<[Int]> = []
    for sample in 0..<2 {
      var v = [[Double](repeating: 0, count: 6), [Double](repeating: 0, count: 4)]
      for tick in 0..<40 {
        var active = (0..<20).map { channel in
          input.events.contains {
            ($0.sample, $0.tick, $0.channel) == (Int32(sample), Int32(tick), Int32(channel))
          }
        }
        for (p, weights) in [Self.weights.a, Self.weights.b].enumerated() {
          var fired = [Bool](repeating: false, count: weights.count)
          for i in weights.indices {
            for j in active.indices where active[j] { v[p][i] += weights[i][j] }
            let threshold = p == 0 ? 3.0 : 2.0
            if v[p][i] >= threshold {
              fired[i] = true
              v[p][i] = reset == .zero ? 0 : v[p][i] - threshold
              expected.insert([sample, tick, p, i])
            }
          }
          active = fired
        }
      }
    }
    #expect(expected.count > 40)
    #expect(found == expected)
  }

  /// A neuron of TrueNorth has one destination; the rest is splitters', and every type is used as it must be.
  @Test func splittersAndTypes() throws {
    let image = try compile(Self.network(reset: .zero), try Self.chip("truenorth")).image
    #expect(image.crossbar.axonType.count == image.crossbar.begin.count - 1)
    #expect(Set(image.crossbar.axonType).count >= 2)
    for row in 0..<image.neurons.count {
      #expect(image.routes.begin[row + 1] - image.routes.begin[row] <= 1)
    }
  }

  /// The mean field takes what a stochastic synapse adds on average, and its spread: ±1 with the chance (|s| + 1)/256.
  @Test func meanFieldOfStochasticSynapses() throws {
    var image = try compile(Self.network(reset: .zero), try Self.chip("truenorth")).image
    let rows = (0..<image.neurons.count)
    for row in rows {
      image.neurons.noise.mantissa.append(0)
      image.neurons.noise.exponent.append(0)
      image.neurons.noise.mask.append(0)
      image.neurons.noise.stream.append(UInt32(row))
    }
    image.neurons.additive.stochasticTypes = rows.map { _ in 15 }
    #expect(image.verify().map(\.formatted) == [])
    let targets = Set(rows.filter { image.neurons.population[$0] == 1 && image.neurons.kind[$0] == 0 })
    var expected = (mean: 0.0, second: 0.0)
    for core in 0..<image.cores.count {
      for axon in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        for k in Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1]) {
          let weight = Int(image.crossbar.weight[k])
          let row = Int(image.cores.neuronBegin[core]) + Int(image.crossbar.neuron[k])
          guard weight != 0, targets.contains(row) else { continue }
          let chance = Double(abs(weight) + 1) / 256
          expected.mean += chance * Double(weight.signum()) / Double(targets.count)
          expected.second += chance / Double(targets.count)
        }
      }
    }
    let coupling = try #require(
      MeanFieldReading(image).field.couplings.first { $0.source == 0 && $0.target == 1 })
    #expect(targets.count == 4)
    #expect(expected.second > 0)
    #expect(abs(coupling.sum - expected.mean) < 1e-12)
    #expect(abs(coupling.squares - expected.second) < 1e-12)
    #expect(abs(coupling.cubes - expected.mean) < 1e-12)
  }

  /// RANC's 9 bits hold neither these thresholds exactly nor a potential that inhibition keeps lowering; both are reported.
  @Test func narrowRegistersAreReported() throws {
    let compilation = try compile(Self.network(reset: .zero), try Self.chip("ranc"))
    #expect(compilation.populations.contains { $0.thresholdError != 0 })
    #expect(compilation.populations.contains { !$0.overflowProven })
  }

  private func refusals(_ network: Network, _ chip: String) throws -> [String] {
    let chip = try Self.chip(chip)
    do throws(Failure) {
      _ = try compile(network, chip)
      return []
    } catch {
      return error.diagnostics.filter { $0.severity == .error }.map(\.id)
    }
  }

  /// A leak by a fraction becomes a constant only where a neuron fires and has a floor.
  @Test func whatIsRefused() throws {
    var strict = Self.network(reset: .subtract)
    strict.dynamics.fire = .strict
    #expect(try refusals(strict, "ranc") == ["limit.additiveReset", "limit.additiveReset"])
    var leaky = Self.network(reset: .subtract)
    leaky.populations[0].tau = [Double](repeating: 1e-2, count: 6)
    #expect(try refusals(leaky, "ranc") == ["limit.additiveLeak"])
    #expect(try refusals(leaky, "truenorth") == [])
    leaky.populations[0].firing = nil
    leaky.populations[0].model = "LI"
    leaky.projections.removeLast()
    leaky.outputs = [OutputPort(name: "out", population: 0)]
    #expect(try refusals(leaky, "truenorth") == ["limit.additiveLeak"])
  }
}
