import ChipModel
import Compiler
import Diagnostics
import Foundation
import NetworkIR
import Observations
import ProgramImage
import Testing

/// The closed forms of the membrane, worked out here from the chip's numbers, against what stands in the image.
@Suite struct PhysicsTests {
  private func compile(
    _ parasitics: Parasitics, _ integrator: Dynamics.Integrator = .euler,
    overrides: [(path: String, value: String)] = []
  ) throws -> ProgramImage {
    var population = Synthetic.lif("a", 4)
    population.leak = [Double](repeating: 0.5, count: 4)
    let network = Network(
      name: "one", dynamics: Dynamics(dt: 1e-4, integrator: integrator),
      inputs: [InputPort(name: "in", shape: [4])], populations: [population],
      projections: [
        Projection(source: .input(0), target: 0, maps: [.diagonal([0.2, 0.2, 0.2, 0.2])])
      ], outputs: [OutputPort(name: "out", population: 0)])
    return try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(overrides),
      options: CompileOptions(parasitics: parasitics)
    ).image
  }

  private func decay(_ n: ProgramImage.Neurons) -> Double {
    Double(n.decay[0]) / exp2(Double(n.decayExponent[0]))
  }

  // 256 rows of 0.333 fF and of 2 um at 0.078 fF/um, 12 fF, twice 1 fF, 500 fF.
  private let total: Double = 500 + 12 + 85.248 + 39.936 + 2

  @Test("Capacitances stand in the image and add up")
  func budget() throws {
    let c = try compile(.model).neurons.capacitance
    #expect(abs(c.total[0] * 1e15 - total) < 1e-9)
    #expect(abs(c.crosspoint[0] * 1e15 - 85.248) < 1e-9)
    #expect(abs(c.wire[0] * 1e15 - 39.936) < 1e-9)
    let ignored = try compile(.ignore).neurons.capacitance
    #expect(abs(ignored.total[0] * 1e15 - 500) < 1e-9)
  }

  @Test(
    "model: leak, step and drive shrink by the capacitance ratio", arguments: Dynamics.Integrator.allCases)
  func model(_ integrator: Dynamics.Integrator) throws {
    let n = try compile(.model, integrator).neurons
    let ratio = 500 / total
    let x = 0.1
    let leak = integrator == .euler ? x * ratio : 1 - exp(-x * ratio)
    #expect(abs(decay(n) / leak - 1) < 5e-4)
    let step = integrator == .euler ? ratio : (1 - exp(-x * ratio)) / (1 - exp(-x))
    #expect(abs(Double(n.gain[0]) / 65536 - step) < 1e-5)
    // V∞ = v_leak = 0.5 does not move: bias = λ·0.5 with the code's own λ.
    #expect(abs(Double(n.bias[0]) / n.scale[0] - decay(n) * 0.5) < 2 / n.scale[0])
  }

  @Test("compensate: the leak comes back, thresholds take up the gain, kick and reset residue stay")
  func compensate() throws {
    let n = try compile(.compensate).neurons
    let ideal = try compile(.ignore).neurons
    #expect(abs(decay(n) / 0.1 - 1) < 5e-4)
    #expect(abs(Double(n.gain[0]) / 65536 - 500 / total) < 1e-5)
    // One weight code moves v by the same share of the swing as on a membrane without parasitics.
    func share(_ n: ProgramImage.Neurons) -> Double {
      Double(n.gain[0]) * exp2(Double(n.weightExponent[0])) / Double(n.threshold[0])
    }
    #expect(abs(share(n) / share(ideal) - 1) < 1e-4)
    #expect(abs(Double(n.kick[0]) / Double(n.threshold[0]) - 1 / total) < 1e-5)
    let residue = exp(-20e-9 / (4e3 * total * 1e-15))
    #expect(abs(Double(n.reset[0]) / Double(n.threshold[0]) - residue) < 1e-5)
    #expect(ideal.kick[0] == 0)
    #expect(ideal.reset[0] == 0)
    // The floor lies (0.9 − 0.1) / 0.3 swings below reset.
    #expect(abs(Double(n.floor[0]) / Double(n.threshold[0]) + 0.8 / 0.3) < 1e-5)
  }

  @Test("A leak that the DAC cannot set is refused with its range")
  func leakDAC() throws {
    let failure = #expect(throws: Failure.self) {
      _ = try compile(.compensate, overrides: [("electrical.leak.unit", "0.01 fF")])
    }
    let diagnostic = try #require(failure?.diagnostics.first)
    #expect(diagnostic.id == "limit.leakDAC")
    #expect(diagnostic.subject == "population a")
  }

  @Test("An SI network keeps its volts and is scaled to the chip's capacitor")
  func volts() throws {
    var population = Synthetic.lif("exc", 3)
    population.tau = [Double](repeating: 20e-3, count: 3)
    population.r = [Double](repeating: 1 / 25e-12, count: 3)
    population.leak = [Double](repeating: 0.2, count: 3)
    population.initial = population.leak
    population.firing = Population.Firing(
      threshold: [0.6, 0.6, 0.6], reset: [0.1, 0.1, 0.1], refractory: [1e-3, 1e-3, 1e-3])
    population.physical = Population.Physical(capacitance: 1e-12)
    let network = Network(
      name: "si", dynamics: Dynamics(dt: 1e-4), inputs: [], populations: [population], projections: [],
      stimuli: [Stimulus(target: 0, kind: .current(20e-12))],
      outputs: [OutputPort(name: "out", population: 0)])
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: try Bundled.tessera(),
      options: CompileOptions(parasitics: .compensate))
    let n = compilation.image.neurons
    #expect(abs(Double(n.threshold[0]) / n.scale[0] - 0.6) < 1e-6)
    #expect(n.refractory[0] == 10)
    #expect(compilation.manifest.readings.contains { $0.name == "capacitance of exc" })
    // V∞ = 0.2 V + 20 pA / 25 pS = 1 V: period 1 ms + 20 ms · ln(0.9 / 0.4), so 58.1 Hz.
    let input = SpikeTrains(samples: 1, ticks: 20_000, channels: 0, events: [])
    let (_, activity) = try Bundled.run(compilation, input)
    let rate = 1 / (1e-3 + 20e-3 * log(0.9 / 0.4))
    #expect(abs(activity.meanRates()[0] / rate - 1) < 0.01)
  }
}
