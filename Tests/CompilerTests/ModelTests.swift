import ChipModel
import Compiler
import NetworkFormats
import NetworkIR
import Observations
import ReferenceModel
import Testing

/// Every neuron model and every reading of it, on the chip against float64. The weights are multiples of one step, so
/// that their codes are exact and only the datapath can differ.
@Suite struct ModelTests {
  struct Reading: Sendable, CustomStringConvertible {
    var model = "LIF"
    var integrator = Dynamics.Integrator.euler
    var reset = Dynamics.ResetMode.zero
    var fire = Dynamics.Comparison.strict
    var current = Dynamics.SynapseCurrent.new
    var refractory = 0.0
    var bias = 0.0
    var parasitics = Parasitics.ignore
    var description: String {
      "\(model) \(integrator) \(reset) \(fire) \(current) refractory \(refractory) bias \(bias) \(parasitics)"
    }
  }
  static let readings: [Reading] = [
    Reading(), Reading(integrator: .exponential), Reading(reset: .subtract), Reading(fire: .inclusive),
    Reading(refractory: 3e-4), Reading(bias: 0.02), Reading(bias: 0.02, parasitics: .compensate),
    Reading(reset: .subtract, parasitics: .compensate), Reading(model: "IF"),
    Reading(model: "IF", reset: .subtract),
    Reading(model: "IF", parasitics: .compensate),
    Reading(model: "CubaLIF"), Reading(model: "CubaLIF", bias: 0.05),
    Reading(model: "CubaLIF", current: .old),
    Reading(model: "CubaLIF", current: .old, bias: 0.05),
    Reading(model: "CubaLIF", integrator: .exponential, reset: .subtract, bias: 0.05),
    Reading(model: "CubaLIF", bias: 0.05, parasitics: .compensate),
  ]

  private func network(_ reading: Reading) -> Network {
    let size = 30
    var population = Synthetic.lif("a", size)
    population.model = reading.model
    if reading.model == "IF" {
      population.tau = nil
      population.r = [Double](repeating: 1, count: size)
    }
    if reading.model == "CubaLIF" {
      population.synapse = Population.Synapse(
        tau: [Double](repeating: 5e-4, count: size), weight: [Double](repeating: 1, count: size))
    }
    population.firing?.refractory = [Double](repeating: reading.refractory, count: size)
    // Multiples of 1/127 of the largest, more of them positive so that membranes stay above the floor.
    var weights = (0..<size * 20).map { i in
      0.25 * (Synthetic.uniform(i, 11) * 90 + 30).rounded() / 127
    }
    weights[0] = 0.25
    return Network(
      name: "models",
      dynamics: Dynamics(
        dt: 1e-4, integrator: reading.integrator, reset: reading.reset, fire: reading.fire,
        synapseCurrent: reading.current),
      inputs: [InputPort(name: "in", shape: [20])], populations: [population],
      projections: [
        Projection(
          source: .input(0), target: 0,
          maps: [
            .dense(
              weight: weights, rows: size, columns: 20,
              bias: [Double](repeating: reading.bias, count: size))
          ])
      ], outputs: [OutputPort(name: "out", population: 0)])
  }

  @Test("Fires as float64 does", arguments: readings)
  func againstFloat(_ reading: Reading) throws {
    let network = network(reading)
    let input = Synthetic.spikes(samples: 6, ticks: 200, channels: 20, probability: 0.15)
    let reference = FloatNetwork(network, seed: 0).run(input, ticks: nil, samples: nil, seed: 0)
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(),
      chip: try Bundled.tessera([("electrical.parasitics.coupling", "0 fF")]),
      options: CompileOptions(parasitics: reading.parasitics, rounding: .nearest))
    let (record, activity) = try Bundled.run(compilation, input)
    #expect(record.counters.stateOverflows == 0)
    #expect(reference.spikes.total > 1000)
    let differing = Set(reference.spikes.events.map(Key.init))
      .symmetricDifference(activity.spikes.events.map(Key.init)).count
    // What is left: the leak's 12-bit code; with compensation the reset residue too, 4e-4 of the swing, which an
    // integrator without leak carries on for ever.
    let share = reading.parasitics == .compensate ? 0.06 : 0.01
    #expect(
      Double(differing) < share * Double(reference.spikes.total),
      "\(differing) of \(reference.spikes.total)")
    let change = Double(activity.spikes.total) / Double(reference.spikes.total) - 1
    #expect(abs(change) < 0.003)
  }

  private struct Key: Hashable {
    var sample: Int32
    var tick: Int32
    var neuron: Int32
    init(_ event: SpikeTrains.Event) {
      sample = event.sample
      tick = event.tick
      neuron = event.channel
    }
  }

  @Test("A readout's potential is the reference's")
  func readout() throws {
    var readout = Synthetic.lif("out", 8)
    readout.model = "LI"
    readout.firing = nil
    let network = Network(
      name: "readout", dynamics: Dynamics(), inputs: [InputPort(name: "in", shape: [20])],
      populations: [Synthetic.lif("a", 30), readout],
      projections: [
        Projection(source: .input(0), target: 0, maps: [Synthetic.dense(30, 20, scale: 0.3, stream: 1)]),
        Projection(source: .population(0), target: 1, maps: [Synthetic.dense(8, 30, scale: 0.3, stream: 2)]),
      ], outputs: [OutputPort(name: "out", population: 1)])
    let input = Synthetic.spikes(samples: 5, ticks: 60, channels: 20, probability: 0.2)
    let reference = FloatNetwork(network, seed: 0).run(input, ticks: nil, samples: nil, seed: 0)
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(),
      chip: try Bundled.tessera([("electrical.parasitics.coupling", "0 fF")]),
      options: CompileOptions(parasitics: .ignore))
    let (_, activity) = try Bundled.run(compilation, input)
    let largest = reference.outputSums.map(abs).max() ?? 0
    #expect(largest > 1)
    for (chip, float) in zip(activity.outputSums, reference.outputSums) {
      #expect(abs(chip - float) < 0.05 * largest)
    }
    #expect(activity.classes() == reference.classes())
  }
}
