import Compiler
import Emulator
import Foundation
import NetworkIR
import Observations
import ProgramImage
import RateTheory
import Testing

/// Rates of Poisson-driven populations on Tessera: the transition matrix of the codes against the emulated chip.
@Suite struct StationaryRateTests {
  /// 256 neurons per drive: 100 excitatory sources of these rates, and 50 inhibitory ones of 5 Hz.
  private static func network(dt: Double, rates: [Double], refractory: Double) -> Network {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: 256) }
    var network = Network(
      name: "poisson", dynamics: Dynamics(dt: dt), inputs: [], populations: [], projections: [], outputs: [])
    for (p, rate) in rates.enumerated() {
      network.populations.append(
        Population(
          name: "p\(p)", shape: [256], model: "LIF", tau: all(20e-3), r: all(1 / 25e-12), leak: all(0.2),
          firing: Population.Firing(threshold: all(0.6), reset: all(0.1), refractory: all(refractory)),
          initial: all(0.2), physical: Population.Physical(capacitance: 500e-15)))
      network.outputs.append(OutputPort(name: "p\(p)", population: p))
      network.stimuli += [
        Stimulus(target: p, kind: .poisson(sources: 100, rate: rate, weight: 0.02, unit: .step)),
        Stimulus(target: p, kind: .poisson(sources: 50, rate: 5, weight: -0.01, unit: .step)),
      ]
    }
    return network
  }

  @Test(
    "Within 1 % and two standard errors of the emulator",
    arguments: [
      (Parasitics.ignore, 1e-3, 20_000, 2e-3), (.model, 1e-3, 20_000, 0), (.compensate, 2e-4, 50_000, 1e-3),
    ])
  func stationary(parasitics: Parasitics, dt: Double, ticks: Int, refractory: Double) throws {
    // On slower membranes the same trains make fewer spikes.
    let drives: [Double] = parasitics == .model ? [10, 14, 24, 65] : [8, 11, 20, 65]
    let compilation = try Pipeline.compile(
      Self.network(dt: dt, rates: drives, refractory: refractory), manifest: FidelityManifest(),
      chip: try Bundled.tessera(), options: CompileOptions(parasitics: parasitics))
    let image = compilation.image
    let predicted = stationaryRates(image, rates: [Double](repeating: 30, count: 4))
    let field = MeanFieldReading(image).field
    let diffusion = field.solve()
    #expect(diffusion.isConverged)

    let samples = 2
    let warmUp = ticks / 10
    let record = try Emulator(image).run(
      SpikeTrains(samples: samples, ticks: ticks, channels: 0, events: []),
      options: RunOptions(samples: samples, ticks: ticks, threads: 2))
    var spikes = [[Double]](repeating: [Double](repeating: 0, count: samples * 256), count: 4)
    for event in record.spikes.events where Int(event.tick) >= warmUp {
      let row = Int(event.channel)
      spikes[Int(image.neurons.population[row])][
        Int(event.sample) * 256 + Int(image.neurons.index[row])] += 1
    }
    var emulated: [Double] = []
    for p in 0..<4 {
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

  @Test("What has no stationary rate says why")
  func refusals() throws {
    var network = Self.network(dt: 1e-3, rates: [20], refractory: 0)
    network.dynamics.reset = .subtract
    let image = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(), options: CompileOptions()
    ).image
    #expect(stationaryRates(image, rates: [0])[0] == .failure(.subtractingReset))
    network.dynamics.reset = .zero
    network.populations[0].synapse = Population.Synapse(
      tau: [Double](repeating: 5e-3, count: 256), weight: [Double](repeating: 1, count: 256))
    network.stimuli = [
      Stimulus(target: 0, kind: .poisson(sources: 100, rate: 20, weight: 2e-12, unit: .held))
    ]
    let slow = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(), options: CompileOptions()
    ).image
    #expect(stationaryRates(slow, rates: [0])[0] == .failure(.synapticCurrent))
  }
}
