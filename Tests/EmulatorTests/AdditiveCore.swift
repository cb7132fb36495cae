import ChipModel
import FixedPoint
import Observations
import ProgramImage
import TestSupport

@testable import Emulator

/// One core as the chips' papers describe it: types of axons, a crossbar of bits, four weights per neuron. One input
/// channel per axon; nothing is connected back.
struct AdditiveCore {
  struct Neuron {
    /// s_G.
    var weights: [Int]
    /// λ, α, β, R, V.
    var leak = 0
    var threshold = 100
    var negativeThreshold = 100
    var reset = 0
    var initial = 0
    /// γ.
    var resetMode = 0
    /// κ.
    var saturates = false
    /// ε.
    var isReversed = false
    var leakIsLate = false
    /// c, and the mask of η.
    var isStochastic = false
    var mask = 0
    /// b_G, a bit per type of axons.
    var stochasticTypes = 0
    var column: Int?
  }

  var types: [Int]
  /// [axons][neurons]
  var crossbar: [[Bool]]
  var neurons: [Neuron]

  static func chip(_ name: String, _ overrides: [(path: String, value: String)] = []) throws -> Chip {
    try Chip.load(name, directories: [Repository.path("chips")], overrides: overrides)
  }

  func image(on chip: Chip) throws -> ProgramImage {
    var image = ProgramImage(
      chip: chip, dt: 1e-3, seed: 77, drainTicks: 0, cores: ProgramImage.Cores(),
      crossbar: ProgramImage.Crossbar(), neurons: ProgramImage.Neurons(), routes: ProgramImage.Routes(),
      inputs: ProgramImage.Inputs(), poisson: ProgramImage.Poisson(), outputs: ProgramImage.Outputs(),
      populations: [ProgramImage.Population(name: "all", model: "IF", size: neurons.count)],
      networkText: "{}", manifestText: "{}")
    image.cores.x = [0]
    image.cores.y = [0]
    image.cores.axonBegin = [0, Int64(types.count)]
    image.cores.neuronBegin = [0, Int64(neurons.count)]
    for (axon, row) in crossbar.enumerated() {
      for (n, isConnected) in row.enumerated() where isConnected {
        image.crossbar.neuron.append(UInt16(n))
        image.crossbar.weight.append(Int16(neurons[n].weights[types[axon]]))
      }
      image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
      image.inputs.core.append(0)
      image.inputs.axon.append(UInt16(axon))
      image.inputs.delay.append(0)
      image.inputs.begin.append(Int64(axon + 1))
    }
    if chip.crossbar.axonTypes != nil { image.crossbar.axonType = types.map { UInt8($0) } }
    for n in neurons.indices { append(n, to: &image) }
    if neurons.contains(where: { $0.stochasticTypes != 0 }) {
      image.neurons.additive.stochasticTypes = neurons.map { UInt16($0.stochasticTypes) }
    }
    return image
  }

  private func append(_ n: Int, to image: inout ProgramImage) {
    let neuron = neurons[n]
    var codes = image.neurons
    codes.kind.append(0)
    codes.v0.append(Int32(neuron.initial))
    codes.u0.append(0)
    codes.decay.append(0)
    codes.decayExponent.append(0)
    codes.synapseDecay.append(1)
    codes.synapseDecayExponent.append(0)
    codes.gain.append(1)
    codes.weightExponent.append(0)
    codes.bias.append(Int32(neuron.leak))
    codes.threshold.append(Int32(neuron.threshold))
    codes.reset.append(Int32(neuron.resetMode == 1 ? neuron.threshold : neuron.reset))
    codes.resetMode.append(UInt8(neuron.resetMode))
    codes.refractory.append(0)
    codes.kick.append(0)
    codes.floor.append(Int32(signedRange(bits: image.chip.datapath.stateBits).lowerBound))
    codes.start.append(0)
    codes.stop.append(0)
    codes.column.append(UInt16(neuron.column ?? n))
    codes.scale.append(1)
    codes.population.append(0)
    codes.index.append(Int32(n))
    var leak = ProgramImage.LeakMode()
    if neuron.isReversed { leak.insert(.reversed) }
    if neuron.leakIsLate { leak.insert(.late) }
    if neuron.isStochastic { leak.insert(.stochastic) }
    codes.additive.append(
      leak: leak, negativeThreshold: Int32(neuron.negativeThreshold), neuron.saturates ? .saturate : .reset)
    if image.chip.datapath.noise != nil {
      codes.noise.mantissa.append(0)
      codes.noise.exponent.append(0)
      codes.noise.mask.append(Int32(neuron.mask))
      codes.noise.stream.append(UInt32(n))
    }
    codes.capacitance.membrane.append(0)
    codes.capacitance.node.append(0)
    codes.capacitance.crosspoint.append(0)
    codes.capacitance.wire.append(0)
    codes.capacitance.coupling.append(0)
    codes.capacitance.total.append(0)
    image.neurons = codes
    image.routes.begin.append(0)
  }

  /// Potentials and spikes per [tick][neuron] of the emulator; `input` is [tick][axon].
  func run(on chip: Chip, _ input: [[Bool]]) throws -> (potentials: [[Int]], spikes: [[Bool]]) {
    let image = try image(on: chip)
    var events: [SpikeTrains.Event] = []
    for (tick, row) in input.enumerated() {
      for (axon, isActive) in row.enumerated() where isActive {
        events.append(SpikeTrains.Event(sample: 0, tick: Int32(tick), channel: Int32(axon), count: 1))
      }
    }
    let record = try Emulator(image).run(
      SpikeTrains(samples: 1, ticks: input.count, channels: types.count, events: events),
      options: RunOptions(
        samples: 1, ticks: input.count, threads: 1, probes: neurons.indices.map { Int32($0) }),
      progress: nil)
    var spikes = input.map { _ in [Bool](repeating: false, count: neurons.count) }
    for event in record.spikes.events { spikes[Int(event.tick)][Int(event.channel)] = true }
    let count = neurons.count
    let potentials = input.indices.map { tick in
      record.potentials[tick * count..<(tick + 1) * count].map { Int($0) }
    }
    return (potentials, spikes)
  }
}
