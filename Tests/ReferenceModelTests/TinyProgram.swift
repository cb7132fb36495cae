import ChipModel
import Observations
import ProgramImage
import ReferenceModel

/// A program small enough to follow by hand. The defaults: no leak, threshold out of reach, one-cycle latencies.
struct TinyProgram {
  struct Route {
    var core: Int
    var target: Int
    var delay = 1
  }
  struct Neuron {
    var kind = ProgramImage.NeuronKind.spiking
    var v0 = 0
    var decay = 0
    var bias = 0
    var threshold = 30_000
    var reset = 0
    var resetMode = ProgramImage.ResetMode.toValue
    var refractory = 0
    var kick = 0
    var floor = -32_768
    var column: Int?
    var routes: [Route] = []
  }
  struct Core {
    var x = 0
    var y = 0
    /// Per axon, (neuron, weight).
    var axons: [[(neuron: Int, weight: Int)]] = []
    var neurons: [Neuron] = []
  }

  var chip = TinyProgram.plainChip
  var cores: [Core] = []
  /// Per channel.
  var inputs: [[Route]] = []
  var drainTicks = 0

  static let plainChip = Chip(
    name: "tiny", description: "", sources: [], technology: "",
    core: Chip.Core(axons: 8, neurons: 8, delaySlots: 4, axonCountBits: 2),
    crossbar: Chip.Crossbar(weightBits: 8),
    datapath: Chip.LeakyDatapath(
      stateBits: 16, stateOverflow: .saturate, synapseOverflow: .saturate, accumulatorBits: 16,
      decayBits: 12, decayExponents: 12...12, decayOf: .leak, decayRounding: .floor,
      minimumStep: 0, gainBits: 0, inputRounding: .floor, weightExponents: 0...0, biasBits: 16,
      thresholdBits: 16, comparison: .greaterOrEqual, refractoryBits: 4, synapticState: false),
    electrical: nil,
    timing: Chip.Timing(
      clock: 1e6, axonCycles: 2, scanWord: 2, scanCycles: 1, synapsesPerCycle: 4,
      neuronsPerCycle: 2, neuronCycles: 1, injectionQueue: 8, tick: .barrier(cycles: 3)),
    input: .direct,
    mesh: Chip.Mesh(
      width: 1, height: 1, bufferDepth: 4, hopCycles: 1, creditCycles: 1, injectionCycles: 1,
      portOrder: [0, 1, 2, 3, 4]),
    routing: Chip.Routing(destinationsPerNeuron: 64, packetBits: 64, partialPackets: true),
    energy: Chip.Energy(constants: [:]), resolvedText: "{}")

  var image: ProgramImage {
    var image = ProgramImage(
      chip: chip, dt: 1e-3, seed: 1, drainTicks: drainTicks, cores: ProgramImage.Cores(),
      crossbar: ProgramImage.Crossbar(), neurons: ProgramImage.Neurons(),
      routes: ProgramImage.Routes(), inputs: ProgramImage.Inputs(),
      poisson: ProgramImage.Poisson(), outputs: ProgramImage.Outputs(), populations: [],
      networkText: "{}", manifestText: "{}")
    for core in cores {
      image.cores.x.append(Int32(core.x))
      image.cores.y.append(Int32(core.y))
      for axon in core.axons {
        image.crossbar.neuron += axon.map { UInt16($0.neuron) }
        image.crossbar.weight += axon.map { Int16($0.weight) }
        image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
      }
      image.cores.axonBegin.append(Int64(image.crossbar.begin.count - 1))
      for (n, neuron) in core.neurons.enumerated() { add(neuron, column: n, to: &image) }
      image.cores.neuronBegin.append(Int64(image.neurons.count))
    }
    for channel in inputs {
      image.inputs.core += channel.map { Int32($0.core) }
      image.inputs.axon += channel.map { UInt16($0.target) }
      image.inputs.delay += channel.map { UInt8($0.delay) }
      image.inputs.begin.append(Int64(image.inputs.core.count))
    }
    return image
  }

  private func add(_ neuron: Neuron, column: Int, to image: inout ProgramImage) {
    image.neurons.kind.append(neuron.kind.rawValue)
    image.neurons.v0.append(Int32(neuron.v0))
    image.neurons.u0.append(0)
    image.neurons.decay.append(Int32(neuron.decay))
    image.neurons.decayExponent.append(12)
    image.neurons.synapseDecay.append(4096)
    image.neurons.synapseDecayExponent.append(12)
    image.neurons.gain.append(1)
    image.neurons.weightExponent.append(0)
    image.neurons.bias.append(Int32(neuron.bias))
    image.neurons.threshold.append(Int32(neuron.threshold))
    image.neurons.reset.append(Int32(neuron.reset))
    image.neurons.resetMode.append(neuron.resetMode.rawValue)
    image.neurons.refractory.append(Int32(neuron.refractory))
    image.neurons.kick.append(Int32(neuron.kick))
    image.neurons.floor.append(Int32(neuron.floor))
    image.neurons.start.append(0)
    image.neurons.stop.append(Int32(drainTicks))
    image.neurons.column.append(UInt16(neuron.column ?? column))
    image.neurons.population.append(0)
    image.neurons.index.append(Int32(image.neurons.index.count))
    let kind: ProgramImage.RouteKind = neuron.kind == .partial ? .partial : .spike
    for route in neuron.routes {
      image.routes.kind.append(kind.rawValue)
      image.routes.core.append(Int32(route.core))
      image.routes.axon.append(UInt16(route.target))
      image.routes.delay.append(UInt8(route.delay))
    }
    image.routes.begin.append(Int64(image.routes.kind.count))
  }

  /// One sample; `spikes` are (tick, channel, count). All neurons are probed.
  func run(ticks: Int, spikes: [(tick: Int, channel: Int, count: Int)] = [], samples: Int = 1) -> RunRecord {
    let image = self.image
    let events = (0..<samples).flatMap { sample in
      spikes.map {
        SpikeTrains.Event(
          sample: Int32(sample), tick: Int32($0.tick), channel: Int32($0.channel),
          count: UInt8($0.count))
      }
    }
    return PlainChip(image).run(
      SpikeTrains(samples: samples, ticks: ticks, channels: inputs.count, events: events),
      ticks: ticks, samples: samples, probes: (0..<image.neurons.count).map { Int32($0) })
  }
}

extension RunRecord {
  /// Ticks in which a row fired, first sample.
  func ticks(ofRow row: Int) -> [Int] {
    spikes.events.filter { $0.sample == 0 && Int($0.channel) == row }.map { Int($0.tick) }
  }
  /// Potential of a probed row after every tick.
  func potentials(ofRow row: Int) -> [Int] {
    stride(from: row, to: potentials.count, by: probes.count).map { Int(potentials[$0]) }
  }
}
