import ChipModel
import Compiler
import Emulator
import FixedPoint
import Foundation
import NetworkIR
import Observations
import ProgramImage
import RateTheory
import Testing

/// Rates of Poisson-driven populations on Tessera: the transition matrix of the codes against the emulated chip.
@Suite struct StationaryRateTests {
  /// A drive of 100 excitatory sources of some rate, and 50 inhibitory ones of 5 Hz, in steps of the membrane or through a
  /// synaptic current of 5 ms that brings the same charge.
  private static func network(
    dt: Double, rates: [Double], refractory: Double, reset: Dynamics.ResetMode = .zero, synapse: Bool = false,
    size: Int = 256
  ) -> Network {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: size) }
    var network = Network(
      name: "poisson", dynamics: Dynamics(dt: dt, reset: reset), inputs: [], populations: [], projections: [],
      outputs: [])
    for (p, rate) in rates.enumerated() {
      network.populations.append(
        Population(
          name: "p\(p)", shape: [size], model: "LIF", tau: all(20e-3), r: all(1 / 25e-12), leak: all(0.2),
          synapse: synapse
            ? Population.Synapse(tau: all(5e-3), weight: all(5e-3 / dt)) : nil,
          firing: Population.Firing(threshold: all(0.6), reset: all(0.1), refractory: all(refractory)),
          initial: all(0.2), physical: Population.Physical(capacitance: 500e-15)))
      network.outputs.append(OutputPort(name: "p\(p)", population: p))
      // 2 pA for 5 ms are 10 fC.
      let (excitation, inhibition) = synapse ? (2e-12, -1e-12) : (0.02, -0.01)
      let unit: Projection.Unit = synapse ? .held : .step
      network.stimuli += [
        Stimulus(target: p, kind: .poisson(sources: 100, rate: rate, weight: excitation, unit: unit)),
        Stimulus(target: p, kind: .poisson(sources: 50, rate: 5, weight: inhibition, unit: unit)),
      ]
    }
    return network
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var parasitics: Parasitics
    var dt: Double
    var ticks: Int
    var refractory: Double
    var reset = Dynamics.ResetMode.zero
    var synapse = false
    var drives: [Double]
    var testDescription: String { "\(parasitics), \(dt) s, \(reset), \(synapse ? "currents" : "steps")" }
  }
  // On slower membranes the same trains make fewer spikes.
  static let cases = [
    Case(parasitics: .ignore, dt: 1e-3, ticks: 20_000, refractory: 2e-3, drives: [8, 11, 20, 65]),
    Case(parasitics: .model, dt: 1e-3, ticks: 20_000, refractory: 0, drives: [10, 14, 24, 65]),
    Case(parasitics: .compensate, dt: 2e-4, ticks: 50_000, refractory: 1e-3, drives: [8, 11, 20, 65]),
    Case(
      parasitics: .ignore, dt: 1e-3, ticks: 20_000, refractory: 2e-3, reset: .subtract,
      drives: [8, 11, 20, 60]),
    Case(
      parasitics: .model, dt: 1e-3, ticks: 20_000, refractory: 0, reset: .subtract, drives: [10, 14, 24, 60]),
    Case(
      parasitics: .ignore, dt: 1e-3, ticks: 20_000, refractory: 2e-3, synapse: true, drives: [9, 65]),
    Case(
      parasitics: .compensate, dt: 1e-3, ticks: 20_000, refractory: 0, reset: .subtract, synapse: true,
      drives: [9, 40]),
  ]

  @Test("Within 1 % and two standard errors of the emulator", arguments: cases)
  func stationary(_ given: Case) throws {
    let (dt, ticks, count) = (given.dt, given.ticks, given.drives.count)
    let compilation = try Pipeline.compile(
      Self.network(
        dt: dt, rates: given.drives, refractory: given.refractory, reset: given.reset, synapse: given.synapse),
      manifest: FidelityManifest(), chip: try Bundled.tessera(),
      options: CompileOptions(parasitics: given.parasitics))
    let image = compilation.image
    let predicted = stationaryRates(image, rates: [Double](repeating: 30, count: count))
    let field = MeanFieldReading(image).field
    let diffusion = field.solve()
    #expect(diffusion.isConverged)

    let samples = 2
    let warmUp = ticks / 10
    let record = try Emulator(image).run(
      SpikeTrains(samples: samples, ticks: ticks, channels: 0, events: []),
      options: RunOptions(samples: samples, ticks: ticks, threads: 2))
    var spikes = [[Double]](repeating: [Double](repeating: 0, count: samples * 256), count: count)
    for event in record.spikes.events where Int(event.tick) >= warmUp {
      let row = Int(event.channel)
      spikes[Int(image.neurons.population[row])][
        Int(event.sample) * 256 + Int(image.neurons.index[row])] += 1
    }
    var emulated: [Double] = []
    for p in 0..<count {
      let seconds = Double(ticks - warmUp) * dt
      let rates = spikes[p].map { $0 / seconds }
      let mean = rates.reduce(0, +) / Double(rates.count)
      let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count - 1)
      let error = (variance / Double(rates.count)).squareRoot()
      emulated.append(mean)
      #expect(error <= 0.01 * mean, "\(p): \(mean) ± \(error)")
      let stationary = try #require(try? predicted[p]?.get())
      #expect(
        abs(stationary.hertz - mean) <= 0.01 * mean + 2 * error, "\(p): \(stationary), \(mean) ± \(error)")
      // The mean field knows neither ticks nor whole inputs, but is not far off.
      #expect(abs(diffusion.rates[p] / mean - 1) < 0.5, "\(p): \(diffusion.rates[p]), \(mean)")
    }
    #expect(emulated.allSatisfy { $0 > 2 && $0 < 200 }, "\(emulated)")
    #expect((emulated.min() ?? 0) < 15 && (emulated.max() ?? 0) > 100, "\(emulated)")
  }

  /// Codes so few that all pairs of current and membrane are states, and the same neuron with 256 times as many, on a grid:
  /// the grid's estimated error is that of its distance, up to what rounding does to the small one.
  @Test func pairsAgainstAGrid() throws {
    func rate(_ unit: Int64) throws -> NoisyIntegerNeuron.Stationary {
      func rule(_ decay: Int64) -> LeakRule {
        LeakRule(decayOf: .leak, rounding: .nearestEven, decay: decay, exponent: 12)
      }
      return try NoisyIntegerNeuron(
        leak: rule(205), stateBits: 24, overflow: .saturate, bias: -3 * unit, top: 220 * unit,
        reset: 20 * unit,
        refractory: 2, floor: -60 * unit, synapse: rule(1024),
        input: CodeDistribution(poissonThresholds: poissonThresholds(mean: 3), weight: 2 * unit)
          .adding(CodeDistribution(poissonThresholds: poissonThresholds(mean: 0.8), weight: -unit))
      ).stationary()
    }
    let exact = try rate(1)
    let grid = try rate(256)
    #expect(exact.codesPerState == 1 && exact.estimatedError == nil)
    let error = try #require(grid.estimatedError)
    #expect(grid.codesPerState > 1 && error <= 0.01)
    #expect(abs(grid.ratePerTick / exact.ratePerTick - 1) < 0.03, "\(grid) \(exact)")
  }

  @Test("What has no stationary rate says why")
  func refusals() throws {
    func refusal(_ network: Network, _ chip: Chip) throws -> NoisyIntegerNeuron.Refusal? {
      let image = try Pipeline.compile(
        network, manifest: FidelityManifest(), chip: chip, options: CompileOptions()
      ).image
      guard case .failure(let refusal)? = stationaryRates(image, rates: [0])[0] else { return nil }
      return refusal
    }
    let network = Self.network(dt: 1e-3, rates: [20], refractory: 0, size: 1)
    #expect(try refusal(network, try Bundled.tessera()) == nil)
    let drawn = try Bundled.tessera([("datapath.decayRounding", "stochastic")])
    #expect(try refusal(network, drawn) == .stochasticRounding)
  }
}
