import ChipModel
import Compiler
import Diagnostics
import Emulator
import Foundation
import NetworkIR
import Observations
import ProgramImage
import RateTheory
import ReferenceModel
import TestSupport
import Testing

@testable import rheobase

/// Networks with noise: codes, the emulated chip, and what is predicted of it.
@Suite struct NoisyNetworkTests {
  private static let counter =
    "{generator: 'counter', membrane: {bits: 8, mantissaBits: 8, exponents: [0, 15], fractionBits: 9}, threshold: {bits: 22}}"

  private static func chip(_ generator: String, _ more: [(path: String, value: String)] = []) throws -> Chip {
    try Bundled.tessera((generator == "counter" ? [("datapath.noise", counter)] : []) + more)
  }

  /// 256 neurons per population, each with another drive.
  private static func network(_ noise: Population.Noise, drives: [Double], dt: Double = 5e-4) -> Network {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: 256) }
    var network = Network(
      name: "noisy", dynamics: Dynamics(dt: dt), inputs: [], populations: [], projections: [], outputs: [])
    for (p, drive) in drives.enumerated() {
      var population = Population(
        name: "p\(p)", shape: [256], model: "LIF", tau: all(20e-3), r: all(1 / 25e-12),
        leak: all(0.2 + drive),
        firing: Population.Firing(threshold: all(0.6), reset: all(0.1), refractory: all(1e-3)),
        initial: all(0.2), physical: Population.Physical(capacitance: 500e-15))
      population.noise = noise
      network.populations.append(population)
      network.outputs.append(OutputPort(name: "p\(p)", population: p))
    }
    return network
  }

  @Test(
    "The emulated rate is the stationary one within 1 % and two standard errors",
    arguments: [
      ("lfsr", 0.02, 0.0, Parasitics.ignore), ("counter", 0.02, 0, .model), ("lfsr", 0, 0.06, .compensate),
      ("counter", 0.015, 0.04, .ignore),
    ])
  func stationary(generator: String, step: Double, threshold: Double, parasitics: Parasitics) throws {
    let (dt, ticks) = (5e-4, 16_000)
    // A threshold alone wanders no farther than its bits reach.
    let drives: [Double] = [step > 0 ? 0.3 : 0.34, 0.37, 0.42]
    let image = try Pipeline.compile(
      Self.network(Population.Noise(step: step, threshold: threshold), drives: drives, dt: dt),
      manifest: FidelityManifest(), chip: try Self.chip(generator),
      options: CompileOptions(parasitics: parasitics)
    ).image
    let predicted = stationaryRates(image, rates: [10, 20, 40])
    let record = try Emulator(image).run(
      SpikeTrains(samples: 2, ticks: ticks, channels: 0, events: []),
      options: RunOptions(samples: 2, ticks: ticks, threads: 2))
    let warmUp = ticks / 10
    var spikes = [[Double]](repeating: [Double](repeating: 0, count: 512), count: drives.count)
    for event in record.spikes.events where Int(event.tick) >= warmUp {
      let row = Int(event.channel)
      spikes[Int(image.neurons.population[row])][
        Int(event.sample) * 256 + Int(image.neurons.index[row])] += 1
    }
    for p in drives.indices {
      let rates = spikes[p].map { $0 / (Double(ticks - warmUp) * dt) }
      let mean = rates.reduce(0, +) / 512
      let error = (rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (511 * 512)).squareRoot()
      let stationary = try #require(try? predicted[p]?.get())
      #expect(mean > 0.5 && error < 0.02 * mean, "\(p): \(mean) ± \(error)")
      #expect(
        abs(stationary.hertz - mean) <= 0.01 * mean + 2 * error, "\(p): \(stationary), \(mean) ± \(error)")
      if threshold == 0 {
        // Diffusion tested once per tick misses crossings in between; it is not far off.
        let field = MeanFieldReading(image).field.solve()
        #expect(field.isConverged && abs(field.rates[p] / mean - 1) < 0.35, "\(field.rates[p]) \(mean)")
      }
    }
  }

  /// Every word where the chip has it: the network of the cores with all codes is the chip, whatever the generator.
  @Test("Random noisy networks are the chip, spike for spike", arguments: UInt64(0)..<40)
  func coresAreTheChip(seed: UInt64) throws {
    var random = SeededGenerator(state: seed &+ 77_000)
    var network = RandomNetworks.network(&random)
    for p in network.populations.indices where !random.oneIn(3) {
      network.populations[p].noise = Population.Noise(
        step: random.oneIn(3) ? 0 : 0.05 * Double(random.int(1...8)),
        threshold: random.oneIn(3) ? 0 : 0.04 * Double(random.int(1...8)))
    }
    let chip = try Self.chip(
      random.pick(["lfsr", "counter"]),
      [
        ("core.axons", "\(random.pick([64, 256]))"), ("mesh.width", "12"), ("mesh.height", "12"),
        ("routing.destinationsPerNeuron", "512"),
        ("datapath.inputRounding", random.pick(["towardZero", "floor", "nearestEven"])),
        ("datapath.comparison", random.pick([">", ">="])),
      ])
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: chip,
      options: CompileOptions(parasitics: random.pick([.ignore, .model, .compensate]), seed: seed))
    let input = Synthetic.spikes(samples: 2, ticks: 24, channels: network.channels, probability: 0.2)
    let (_, activity) = try Bundled.run(compilation, input)
    let cores = CoreNetwork(
      compilation.ladder, acting: Set(Cause.switched), places: NeuronPlaces(compilation.image)
    ).run(input, ticks: input.ticks, samples: input.samples, seed: seed)
    #expect(cores.spikes == activity.spikes)
    #expect(cores.outputSums == activity.outputSums)
  }

  /// The counter's words belong to neurons, so the noise is the same wherever they are placed.
  @Test func placementDoesNotMatter() throws {
    let network = Self.network(Population.Noise(step: 0.02, threshold: 0.03), drives: [0.36, 0.4])
    func spikes(_ neurons: Int) throws -> SpikeTrains {
      let compilation = try Pipeline.compile(
        network, manifest: FidelityManifest(),
        chip: try Self.chip("counter", [("core.neurons", "\(neurons)")]),
        options: CompileOptions(parasitics: .ignore))
      let input = SpikeTrains(samples: 2, ticks: 400, channels: 0, events: [])
      return try Bundled.run(compilation, input).1.spikes
    }
    let wide = try spikes(256)
    #expect(wide.total > 1000)
    #expect(try spikes(60) == wide)
  }

  /// With the chip's words the float64 network fires nearly as the chip does, tick for tick; with its own it has the rate.
  @Test(arguments: ["counter", "lfsr"])
  func referenceSeesTheSameNoise(generator: String) throws {
    let network = Self.network(Population.Noise(step: 0.02), drives: [0.36])
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Self.chip(generator),
      options: CompileOptions(parasitics: .ignore, seed: 9))
    let input = SpikeTrains(samples: 1, ticks: 2000, channels: 0, events: [])
    let chip = try Bundled.run(compilation, input).1.spikes
    func float(_ words: NoiseWords?) -> SpikeTrains {
      FloatNetwork(network, seed: 9).run(input, noiseWords: words).spikes
    }
    let same = float(NoiseWords(compilation.image))
    let other = float(nil)
    let chipEvents = Set(chip.events.map { [$0.tick, $0.channel] })
    func shared(_ trains: SpikeTrains) -> Double {
      Double(trains.events.count { chipEvents.contains([$0.tick, $0.channel]) }) / Double(trains.total)
    }
    #expect(abs(Double(same.total) / Double(chip.total) - 1) < 0.05)
    #expect(abs(Double(other.total) / Double(chip.total) - 1) < 0.08)
    // To the very tick; chance alone makes a few of a hundred.
    #expect(shared(same) > 0.25, "\(shared(same))")
    #expect(shared(other) < 0.08, "\(shared(other))")
  }

  @Test func codesAndTheirErrors() throws {
    let compilation = try Pipeline.compile(
      Self.network(Population.Noise(step: 0.0123, threshold: 0.02), drives: [0.3]),
      manifest: FidelityManifest(),
      chip: try Bundled.tessera(), options: CompileOptions(parasitics: .ignore))
    let noise = try #require(compilation.populations[0].noise)
    let scale = compilation.image.neurons.scale[0]
    #expect(abs(try #require(noise.stepError)) < 0.005)
    #expect(abs(try #require(noise.stepCodes) / (0.0123 * scale) - 1) < 0.005)
    // A mask's deviation lies in a span of 15 % per octave; what is nearest is at most 32 % off, and said so.
    let error = try #require(noise.thresholdError)
    #expect(abs(error) < 0.33)
    #expect(compilation.diagnostics.contains { $0.id == "compile.noise" } == (abs(error) > 0.05))
    #expect(compilation.populations[0].overflowProven)
  }

  @Test func whatTheChipCannotDoIsRefused() throws {
    func problems(_ network: Network, _ settings: [(path: String, value: String)]) throws -> [String] {
      let chip = try Bundled.tessera(settings)
      do {
        _ = try Pipeline.compile(network, manifest: FidelityManifest(), chip: chip, options: CompileOptions())
        return []
      } catch {
        return (error as Failure).diagnostics.map(\.id)
      }
    }
    let network = Self.network(Population.Noise(step: 0.01, threshold: 0.01), drives: [0.3])
    #expect(try problems(network, [("datapath.noise", "null")]) == ["limit.noise", "limit.noise"])
    #expect(try problems(network, [("datapath.noise.membrane", "null")]) == ["limit.noise"])
    let strong = Self.network(Population.Noise(step: 50), drives: [0.3])
    #expect(
      try problems(strong, [("datapath.noise.membrane.exponents", "[0, 2]")]).contains("limit.noiseMantissa"))
    var current = Self.network(Population.Noise(), drives: [0.3])
    current.stimuli = [
      Stimulus(target: 0, kind: .ornsteinUhlenbeck(mean: 1e-12, deviation: 1e-12, timeConstant: 5e-3))
    ]
    #expect(try problems(current, []) == ["network.randomCurrent"])
    // Without a deviation it is a constant current.
    current.stimuli = [
      Stimulus(target: 0, kind: .ornsteinUhlenbeck(mean: 1e-12, deviation: 0, timeConstant: 5e-3))
    ]
    #expect(try problems(current, []) == [])
  }
}
