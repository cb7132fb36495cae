import ChipModel
import Observations
import ProgramImage
import TestSupport

extension RandomProgram {
  /// A program of 2 to 6 cores whose spikes all go straight into sums: every axon belongs to one neuron or one input channel, and
  /// crossbars are sparse. Codes are drawn per core; all else is drawn too.
  static func flat(_ seed: UInt64) -> RandomProgram { flat(seed, widths: 4...40, density: 8) }

  /// - Parameters:
  ///   - widths: neurons of a core.
  ///   - density: one crosspoint in so many is programmed.
  static func flat(_ seed: UInt64, widths: ClosedRange<Int>, density: Int) -> RandomProgram {
    var maker = FlatMaker(random: SeededGenerator(state: seed), width: widths, density: density)
    return maker.make(from: make(1))
  }
}

private struct FlatMaker {
  var random: SeededGenerator
  let width: ClosedRange<Int>
  let density: Int

  mutating func make(from template: RandomProgram) -> RandomProgram {
    var program = template
    let cores = random.int(2...6)
    let widths = (0..<cores).map { _ in random.int(width) }
    let count = widths.reduce(0, +)
    let channels = random.oneIn(3) ? 0 : random.int(1...12)
    let chip = makeChip(template.image.chip, axons: count + channels, neurons: widths.max() ?? 0)
    var image = ProgramImage(
      chip: chip, dt: 1e-3, seed: 1, drainTicks: random.int(0...4), cores: .init(), crossbar: .init(),
      neurons: .init(), routes: .init(), inputs: .init(), poisson: .init(), outputs: .init(),
      populations: [.init(name: "all", model: "LIF", size: count)], networkText: "{}", manifestText: "{}")
    for core in 0..<cores {
      image.cores.x.append(Int32(core % 3))
      image.cores.y.append(Int32(core / 3))
      addCrossbar(axons: count + channels, neurons: widths[core], to: &image)
      addNeurons(widths[core], to: &image)
    }
    addRoutes(cores: cores, to: &image)
    for channel in 0..<channels {
      for core in 0..<cores where random.oneIn(2) {
        image.inputs.core.append(Int32(core))
        image.inputs.axon.append(UInt16(count + channel))
        image.inputs.delay.append(UInt8(random.int((chip.input == .edge ? 1 : 0)...3)))
      }
      image.inputs.begin.append(Int64(image.inputs.core.count))
    }
    for row in 0..<count where random.oneIn(3) {
      let isReadout = image.neurons.kind[row] == ProgramImage.NeuronKind.potential.rawValue
      let kind: ProgramImage.OutputKind = isReadout || random.oneIn(4) ? .potential : .spike
      image.outputs.neuron.append(Int32(row))
      image.outputs.kind.append(kind.rawValue)
      image.outputs.from.append(Int32(random.int(0...2)))
      image.outputs.to.append(Int32(random.int(0...4)))
    }
    program.image = image
    program.ticks = random.int(15...40)
    program.samples = random.int(1...3)
    program.input = makeInput(channels: channels, ticks: program.ticks, samples: program.samples)
    return program
  }

  mutating func makeChip(_ template: Chip, axons: Int, neurons: Int) -> Chip {
    var chip = template
    chip.core = Chip.Core(
      axons: axons, neurons: neurons, delaySlots: 4, axonCountBits: random.int(1...3))
    chip.crossbar = Chip.Crossbar(weightBits: random.pick([8, 10]))
    chip.datapath.accumulatorBits = 24
    chip.datapath.stateBits = random.pick([10, 12, 20])
    chip.datapath.biasBits = chip.datapath.stateBits
    chip.datapath.thresholdBits = chip.datapath.stateBits
    chip.datapath.decayBits = random.pick([6, 12])
    chip.datapath.decayExponents = chip.datapath.decayBits...chip.datapath.decayBits
    chip.datapath.decayRounding = random.pick([.floor, .towardZero, .nearestEven])
    chip.datapath.spikesPerTick = 1
    chip.datapath.synapticState = true
    chip.timing.tick = random.oneIn(4) ? .period(cycles: 90, late: .nextTick) : .barrier(cycles: 2)
    chip.timing.work = Chip.Timing.Work()
    if random.oneIn(2) { chip.timing.work.rows = .stored }
    chip.input = random.oneIn(2) ? .direct : .edge
    chip.mesh = Chip.Mesh(
      width: 3, height: 2, bufferDepth: 2, hopCycles: 1, creditCycles: 1, injectionCycles: 1,
      portOrder: [0, 1, 2, 3, 4])
    chip.mesh.multicast = random.oneIn(2)
    return chip
  }

  mutating func addCrossbar(axons: Int, neurons: Int, to image: inout ProgramImage) {
    for _ in 0..<axons {
      for neuron in 0..<neurons where random.oneIn(density) {
        image.crossbar.neuron.append(UInt16(neuron))
        image.crossbar.weight.append(Int16(random.int(-100...120)))
      }
      image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
    }
    image.cores.axonBegin.append((image.cores.axonBegin.last ?? 0) + Int64(axons))
    image.cores.neuronBegin.append((image.cores.neuronBegin.last ?? 0) + Int64(neurons))
  }

  /// One or two segments; a second one may be readouts.
  mutating func addNeurons(_ width: Int, to image: inout ProgramImage) {
    let border = width >= 8 && random.oneIn(2) ? width / 2 : width
    addSegment(border, from: 0, kind: .spiking, to: &image)
    if border < width {
      addSegment(width - border, from: border, kind: random.oneIn(2) ? .potential : .spiking, to: &image)
    }
  }

  mutating func addSegment(
    _ size: Int, from column: Int, kind: ProgramImage.NeuronKind, to image: inout ProgramImage
  ) {
    let datapath = image.chip.datapath
    let unity = Int32(1) << Int32(datapath.decayBits)
    let decay = Int32(random.int(1...Int(unity) / 2))
    let synapseDecay = random.oneIn(2) ? unity : Int32(random.int(Int(unity) / 2...Int(unity)))
    let gain = Int32(1 << datapath.gainBits) / (random.oneIn(3) ? 2 : 1)
    let subtracts = random.oneIn(2)
    let refractory = Int32(random.oneIn(2) ? 0 : random.int(1...3))
    let start = Int32(random.oneIn(2) ? 0 : random.int(0...3))
    let stop = Int32(random.int(0...4))
    for i in 0..<size {
      let bias = random.oneIn(3) ? 0 : random.int(5...60)
      image.neurons.kind.append(kind.rawValue)
      image.neurons.v0.append(Int32(random.int(-200...200)))
      image.neurons.u0.append(Int32(random.int(-20...20)))
      image.neurons.decay.append(decay)
      image.neurons.decayExponent.append(UInt8(datapath.decayBits))
      image.neurons.synapseDecay.append(synapseDecay)
      image.neurons.synapseDecayExponent.append(UInt8(datapath.decayBits))
      image.neurons.gain.append(max(1, gain))
      image.neurons.weightExponent.append(0)
      image.neurons.bias.append(Int32(bias))
      image.neurons.threshold.append(200)
      image.neurons.reset.append(subtracts ? 150 : 0)
      image.neurons.resetMode.append(
        subtracts ? ProgramImage.ResetMode.subtract.rawValue : ProgramImage.ResetMode.toValue.rawValue)
      image.neurons.refractory.append(refractory)
      image.neurons.kick.append(0)
      image.neurons.floor.append(-300)
      image.neurons.start.append(start)
      image.neurons.stop.append(stop)
      image.neurons.column.append(UInt16(column + i))
      image.neurons.scale.append(1)
      image.neurons.population.append(0)
      image.neurons.index.append(Int32(image.neurons.index.count))
      image.neurons.capacitance.membrane.append(0)
      image.neurons.capacitance.node.append(0)
      image.neurons.capacitance.crosspoint.append(0)
      image.neurons.capacitance.wire.append(0)
      image.neurons.capacitance.coupling.append(0)
      image.neurons.capacitance.total.append(0)
    }
  }

  mutating func addRoutes(cores: Int, to image: inout ProgramImage) {
    for row in 0..<image.neurons.count {
      let delay = random.int(1...3)
      for core in 0..<cores
      where image.neurons.kind[row] == ProgramImage.NeuronKind.spiking.rawValue && random.oneIn(2) {
        image.routes.kind.append(ProgramImage.RouteKind.spike.rawValue)
        image.routes.core.append(Int32(core))
        image.routes.axon.append(UInt16(row))
        image.routes.delay.append(UInt8(random.oneIn(3) ? random.int(1...3) : delay))
      }
      image.routes.begin.append(Int64(image.routes.kind.count))
    }
  }

  mutating func makeInput(channels: Int, ticks: Int, samples: Int) -> SpikeTrains {
    var events: [SpikeTrains.Event] = []
    for sample in 0..<samples {
      for tick in 0..<ticks {
        for channel in 0..<channels where random.oneIn(3) {
          events.append(
            SpikeTrains.Event(
              sample: Int32(sample), tick: Int32(tick), channel: Int32(channel),
              count: UInt8(random.oneIn(4) ? random.int(1...9) : 1)))
        }
      }
    }
    return SpikeTrains(samples: samples, ticks: ticks, channels: channels, events: events)
  }
}
