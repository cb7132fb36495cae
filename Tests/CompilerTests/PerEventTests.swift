import ChipModel
import Diagnostics
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import TestSupport
import Testing

@testable import Compiler
@testable import rheobase

/// Networks on chips that take event by event.
@Suite struct PerEventTests {
  private static func chip(_ name: String) throws -> Chip {
    try Chip.load(name, directories: [Repository.path("chips")], overrides: [])
  }

  /// Inputs excite and inhibit; hidden neurons do one of both, or all of them both where `mixed`.
  private static func weights(mixed: Bool) -> (a: [[Double]], b: [[Double]]) {
    (
      (0..<6).map { i in (0..<20).map { j in (i * 7 + j * 3) % 4 == 0 ? 0 : (i + j) % 3 > 0 ? 1 : -1 } },
      (0..<4).map { i in
        (0..<6).map { j in
          if mixed { return (i + j) % 2 == 0 ? 1 : -0.5 }
          return (i + j) % 3 == 0 ? 0 : j < 4 ? 1 : -0.5
        }
      }
    )
  }

  private static func network(mixed: Bool = false) -> Network {
    Synthetic.signs(weights(mixed: mixed), reset: .zero)
  }

  private func compile(_ network: Network, _ chip: Chip) throws(Failure) -> Compilation {
    try Pipeline.compile(network, manifest: FidelityManifest(), chip: chip, options: CompileOptions())
  }

  /// [population, neuron] of every spike of a tick, as often as it fires: in real numbers, spike by spike.
  private static func plain(_ input: SpikeTrains, mixed: Bool, floor: Double) -> [[Int]] {
    let weights = weights(mixed: mixed)
    var spikes: [[Int]] = []
    for sample in 0..<input.samples {
      var v = [[Double](repeating: 0, count: 6), [Double](repeating: 0, count: 4)]
      for tick in 0..<input.ticks {
        var events = input.events.filter { ($0.sample, $0.tick) == (Int32(sample), Int32(tick)) }
          .flatMap { [Int](repeating: Int($0.channel), count: Int($0.count)) }
        for (p, weights) in [weights.a, weights.b].enumerated() {
          var fired: [Int] = []
          for source in events {
            for i in weights.indices {
              v[p][i] = max(v[p][i] + weights[i][source], floor)
              if v[p][i] >= (p == 0 ? 3 : 2) {
                v[p][i] = 0
                fired.append(i)
                spikes.append([sample, tick, p, i])
              }
            }
          }
          events = fired
        }
      }
    }
    return spikes.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func found(_ compilation: Compilation, _ input: SpikeTrains) throws -> [[Int]] {
    let (record, _) = try Bundled.run(compilation, input)
    let codes = compilation.image.neurons
    return Bundled.alignedSpikes(record).map { event in
      let row = Int(event.channel)
      return [Int(event.sample), Int(event.tick), Int(codes.population[row]), Int(codes.index[row])]
    }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Every spike of the equation, applied spike by spike in order; sources with weights of both signs have two axons.
  @Test(arguments: [("odin", 0.0), ("tinyodin", -1000.0)])
  func everySpikeOfTheEquation(name: String, floor: Double) throws {
    let input = Synthetic.spikes(samples: 2, ticks: 40, channels: 20, probability: 0.3)
    let compilation = try compile(Self.network(), try Self.chip(name))
    #expect(compilation.image.verify().map(\.formatted) == [])
    #expect(compilation.diagnostics.map(\.formatted) == [])
    let expected = Self.plain(input, mixed: false, floor: floor)
    #expect(expected.count > 60)
    #expect(try found(compilation, input) == expected)
    let axons = compilation.image.crossbar.begin.count - 1
    #expect(axons == (name == "odin" ? 20 + 20 + 6 : 20 + 6))
    #expect(compilation.manifest.entries.filter { $0.fidelity == .approximated }.map(\.node) == ["a", "b"])
  }

  /// A neuron of ODIN has one axon, so that one with weights of both signs sends through two splitters.
  @Test func neuronsOfBothSigns() throws {
    let input = Synthetic.spikes(samples: 2, ticks: 40, channels: 20, probability: 0.3)
    let compilation = try compile(Self.network(mixed: true), try Self.chip("odin"))
    let image = compilation.image
    #expect(image.verify().map(\.formatted) == [])
    let splitters = image.neurons.kind.filter { $0 == ProgramImage.NeuronKind.splitter.rawValue }.count
    #expect(splitters > 0)
    #expect(zip(image.routes.begin, image.routes.begin.dropFirst()).allSatisfy { $1 - $0 <= 1 })
    #expect(try found(compilation, input) == Self.plain(input, mixed: true, floor: 0))
  }

  /// What is left when codes and registers have had their say is the comparison after every spike, and it is the rest.
  @Test func deviationHasItsCause() throws {
    let input = Synthetic.spikes(samples: 2, ticks: 40, channels: 20, probability: 0.3)
    let network = Self.network()
    let compilation = try compile(network, try Self.chip("odin"))
    let (_, chip) = try Bundled.run(compilation, input)
    let reference = FloatNetwork(network).run(input)
    let yardstick = Yardstick(reference: reference, labels: nil, fires: [true, true])
    let ladder = Ladder(
      LadderRuns(
        parameters: compilation.ladder, places: NeuronPlaces(compilation.image), input: input,
        ticks: input.ticks,
        samples: input.samples, seed: 0), reference: yardstick, referenceDtSeconds: network.dynamics.dt,
      float: nil, relayed: nil, chip: chip, threads: 2, progress: nil)
    #expect(ladder.rungs.map(\.cause) == Cause.allCases)
    #expect(ladder.mainCause == .events)
    let parts = ladder.rungs.map(\.increment.differingSpikes).reduce(0, +)
    #expect(parts == ladder.whole.differingSpikes && parts != 0)
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

  @Test func whatIsRefused() throws {
    var subtracting = Self.network()
    subtracting.dynamics.reset = .subtract
    #expect(try refusals(subtracting, "odin") == ["limit.perEventReset", "limit.perEventReset"])
    var driven = Self.network()
    driven.stimuli = [Stimulus(target: 0, kind: .current(0.1))]
    #expect(try refusals(driven, "odin") == ["limit.perEventDrive"])
    driven.stimuli = [Stimulus(target: 0, kind: .current(-0.1))]
    #expect(try refusals(driven, "odin") == [])
    #expect(try refusals(driven, "tinyodin") == ["limit.perEventDrive"])
    var noisy = Self.network()
    noisy.stimuli = [
      Stimulus(target: 0, kind: .poisson(sources: 3, rate: 10, weight: 1, unit: .step))
    ]
    #expect(try refusals(noisy, "odin").contains("limit.perEventPoisson"))
    // A splitter takes a tick, and nothing here holds the other spikes back for as long.
    var uneven = Self.network(mixed: true)
    uneven.projections[1].maps = [.dense(weight: [1, 1, -1, 1], rows: 2, columns: 2, bias: nil)]
    uneven.projections[0].maps = [.dense(weight: [1, 1], rows: 2, columns: 1, bias: nil)]
    uneven.inputs = [InputPort(name: "in", shape: [1])]
    uneven.populations = [
      Synthetic.integrateAndFire("a", 2, threshold: 3), Synthetic.integrateAndFire("b", 2, threshold: 2),
    ]
    #expect(Set(try refusals(uneven, "odin")) == ["limit.delay"])
    var below = Self.network()
    below.populations[0].firing?.threshold = [Double](repeating: -1, count: 6)
    #expect(try refusals(below, "odin") == ["limit.perEventThreshold"])
  }

  /// A leak by a fraction becomes a time reference in every tick.
  @Test(arguments: ["odin", "tinyodin"])
  func leakyNeuronsLeakByTimeReferences(name: String) throws {
    var network = Self.network()
    network.populations[0].tau = [Double](repeating: 1e-3, count: 6)
    network.populations[0].r = [Double](repeating: 10, count: 6)
    let chip = try Self.chip(name)
    let image = try compile(network, chip).image
    #expect(image.verify().map(\.formatted) == [])
    #expect(image.neurons.bias.contains { $0 < 0 })
  }
}
