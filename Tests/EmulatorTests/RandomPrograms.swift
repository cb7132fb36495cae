import ChipModel
import FixedPoint
import Observations
import ProgramImage
import TestSupport

/// A small program in which every rule of docs/emulator-semantics.md is drawn at random, with its input.
struct RandomProgram {
  var image: ProgramImage
  var input: SpikeTrains
  var ticks: Int
  var samples: Int
  /// All rows.
  var probes: [Int32] { (0..<image.neurons.count).map { Int32($0) } }

  static func make(_ seed: UInt64) -> RandomProgram {
    var maker = ProgramMaker(random: SeededGenerator(state: seed))
    return maker.make(seed)
  }
}

private struct ProgramMaker {
  var random: SeededGenerator

  mutating func make(_ seed: UInt64) -> RandomProgram {
    let chip = makeChip()
    var image = ProgramImage(
      chip: chip, dt: 1e-3, seed: random.next(), drainTicks: random.int(0...4),
      cores: ProgramImage.Cores(), crossbar: ProgramImage.Crossbar(),
      neurons: ProgramImage.Neurons(), routes: ProgramImage.Routes(),
      inputs: ProgramImage.Inputs(), poisson: ProgramImage.Poisson(),
      outputs: ProgramImage.Outputs(), populations: [], networkText: "{}", manifestText: "{}")
    addCores(to: &image)
    addCrossbar(to: &image)
    addNeurons(to: &image)
    addRoutes(to: &image)
    addInputs(to: &image)
    addPoisson(to: &image)
    RandomProgram.addNoise(to: &image)
    addOutputs(to: &image)
    let ticks = random.int(2...10)
    let samples = random.int(1...3)
    return RandomProgram(
      image: image,
      input: makeInput(channels: image.inputs.channels, ticks: ticks, samples: samples),
      ticks: ticks, samples: samples)
  }

  // MARK: - Chip

  mutating func makeChip() -> Chip {
    Chip(
      name: "random", description: "", sources: [], technology: "",
      core: Chip.Core(
        axons: random.int(1...20), neurons: random.int(2...16), delaySlots: random.int(2...16),
        axonCountBits: random.int(1...3)),
      crossbar: Chip.Crossbar(weightBits: random.oneIn(8) ? 16 : random.int(2...9)), datapath: makeDatapath(),
      electrical: nil, timing: makeTiming(), input: random.oneIn(3) ? .edge : .direct,
      mesh: makeMesh(),
      routing: Chip.Routing(destinationsPerNeuron: 6, packetBits: 64, partialPackets: true),
      energy: makeEnergy(), resolvedText: "{}")
  }

  mutating func makeDatapath() -> Chip.LeakyDatapath {
    let stateBits = random.pick([8, 10, 12, 14, 16, 20, 24])
    let decayBits = random.int(3...12)
    let decayOf = random.pick(Chip.LeakyDatapath.DecayOf.allCases)
    var datapath = Chip.LeakyDatapath(
      stateBits: stateBits, stateOverflow: random.pick(Overflow.allCases),
      synapseOverflow: random.pick(Overflow.allCases), accumulatorBits: random.int(6...24),
      decayBits: decayBits, decayExponents: decayBits...decayBits + random.int(0...6),
      decayOf: decayOf, decayRounding: random.pick(Rounding.allCases),
      minimumStep: decayOf == .leak && random.oneIn(2) ? random.int(1...5) : 0,
      gainBits: random.pick([0, 4, 8, 12, 16]),
      inputRounding: random.pick(Rounding.allCases.filter { $0 != .stochastic }),
      weightExponents: 0...random.int(0...8), biasBits: stateBits, thresholdBits: stateBits,
      comparison: random.pick(Chip.LeakyDatapath.Comparison.allCases), refractoryBits: 3,
      synapticState: random.oneIn(2))
    // A copy of the generator, so that the rest of a program stands without these rules.
    var own = random
    if own.oneIn(2) { datapath.accumulatorOverflow = own.pick(Overflow.allCases) }
    if own.oneIn(3) { datapath.driveOverflow = own.pick(Overflow.allCases) }
    if own.oneIn(4) { datapath.synapseInput = .beforeDecay }
    datapath.spikesPerTick = own.oneIn(3) ? own.int(2...5) : 1
    return datapath
  }

  mutating func makeTiming() -> Chip.Timing {
    var timing = Chip.Timing(
      clock: random.pick([1e6, 3e7, 1e8]), axonCycles: random.int(1...3),
      scanWord: random.pick([1, 4, 32]), scanCycles: random.int(1...2),
      synapsesPerCycle: random.pick([1, 4, 16, 64]), neuronsPerCycle: random.int(1...5),
      neuronCycles: random.int(1...3), injectionQueue: random.int(1...8),
      tick: random.oneIn(2)
        ? .barrier(cycles: random.int(0...5))
        : .period(
          cycles: random.oneIn(3) ? random.int(1...30) : random.int(30...120),
          late: random.pick(Chip.Timing.LatePacket.allCases)))
    // A copy of the generator, as above.
    var own = random
    if own.oneIn(2) {
      timing.work.rows = own.pick(Chip.Timing.Work.Rows.allCases)
      timing.work.synapseCycles = own.int(1...3)
      timing.work.activeNeuronCycles = own.oneIn(3) ? nil : timing.neuronCycles + own.int(0...4)
      timing.work.spikeCycles = own.int(0...3)
      timing.work.barrierCyclesPerCore = own.int(0...2)
    }
    return timing
  }

  mutating func makeMesh() -> Chip.Mesh {
    let side = random.oneIn(4) ? 4 : 3
    var mesh = Chip.Mesh(
      width: random.int(1...side), height: random.int(1...side), bufferDepth: random.int(1...8),
      hopCycles: random.int(1...3), creditCycles: random.int(1...3),
      injectionCycles: random.int(1...3), portOrder: random.shuffled([0, 1, 2, 3, 4]))
    mesh.multicast = random.oneIn(2)
    return mesh
  }

  mutating func makeEnergy() -> Chip.Energy {
    var constants: [Chip.Energy.Component: Chip.Energy.Constant] = [:]
    for component in Chip.Energy.Component.ofEveryChip {
      constants[component] =
        random.oneIn(5)
        ? .unpublished(reason: "drawn")
        : .known(Double(random.int(1...999)) * 1.1e-13, source: "drawn")
    }
    // Without a draw, so that the programs stay the same.
    constants[.neuronActivity] = .known(2.9e-11, source: "fixed")
    constants[.verticalHop] = .known(1.3e-12, source: "fixed")
    return Chip.Energy(constants: constants)
  }

  // MARK: - Cores and neurons

  mutating func addCores(to image: inout ProgramImage) {
    let mesh = image.chip.mesh
    let places = random.shuffled(Array(0..<mesh.width * mesh.height))
    let used = random.oneIn(5) ? places.count : min(places.count, random.int(1...6))
    for place in places.prefix(used).sorted() {
      image.cores.x.append(Int32(place % mesh.width))
      image.cores.y.append(Int32(place / mesh.width))
      let axons = random.oneIn(12) ? 0 : random.int(1...image.chip.core.axons)
      let neurons = random.oneIn(12) ? 0 : random.int(1...image.chip.core.neurons)
      image.cores.axonBegin.append((image.cores.axonBegin.last ?? 0) + Int64(axons))
      image.cores.neuronBegin.append((image.cores.neuronBegin.last ?? 0) + Int64(neurons))
    }
  }

  mutating func addCrossbar(to image: inout ProgramImage) {
    let limit = (1 << (image.chip.crossbar.weightBits - 1)) - 1
    let sparse = random.oneIn(2)
    for core in 0..<image.cores.count {
      for _ in image.cores.axonBegin[core]..<image.cores.axonBegin[core + 1] {
        for n in 0..<neurons(of: core, in: image).count where !sparse || random.oneIn(3) {
          image.crossbar.neuron.append(UInt16(n))
          let lowest = random.oneIn(3) ? -limit - 1 : -limit / 4
          image.crossbar.weight.append(Int16(random.int(lowest...limit)))
        }
        image.crossbar.begin.append(Int64(image.crossbar.neuron.count))
      }
    }
  }

  func neurons(of core: Int, in image: ProgramImage) -> Range<Int> {
    Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
  }

  mutating func addNeurons(to image: inout ProgramImage) {
    let range = signedRange(bits: image.chip.datapath.stateBits)
    let top = Int(range.upperBound)
    for core in 0..<image.cores.count {
      let rows = neurons(of: core, in: image)
      let columns = random.shuffled(Array(0..<image.chip.core.neurons)).prefix(rows.count).sorted()
      let packed = random.oneIn(2)
      for n in 0..<rows.count {
        image.neurons.column.append(UInt16(packed ? n : columns[n]))
        addNeuron(to: &image.neurons, chip: image.chip, top: top)
      }
    }
    // Splitters have a generator of their own, so that the rest of a program stands without them.
    var splitters = SeededGenerator(state: image.seed)
    for row in image.neurons.kind.indices
    where image.neurons.kind[row] == ProgramImage.NeuronKind.spiking.rawValue && splitters.oneIn(6) {
      image.neurons.kind[row] = ProgramImage.NeuronKind.splitter.rawValue
    }
    let count = image.neurons.count
    image.neurons.population = Array(repeating: 0, count: count)
    // A partial sum and a splitter have a neuron that they are for.
    if count > 0, !(0..<count).contains(where: image.neurons.isMain) {
      image.neurons.kind[0] = ProgramImage.NeuronKind.spiking.rawValue
    }
    // Neurons are numbered as they come; a partial neuron or a splitter bears the name of some other one.
    var named: Int32 = 0
    image.neurons.index = (0..<count).map { row in
      if !image.neurons.isMain(row) { return 0 }
      named += 1
      return named - 1
    }
    image.neurons.scale = Array(repeating: 1, count: count)
    let zeros = [Double](repeating: 0, count: count)
    image.neurons.capacitance.membrane = zeros
    image.neurons.capacitance.node = zeros
    image.neurons.capacitance.crosspoint = zeros
    image.neurons.capacitance.wire = zeros
    image.neurons.capacitance.coupling = zeros
    image.neurons.capacitance.total = zeros
    image.populations = [ProgramImage.Population(name: "all", model: "LIF", size: Int(named))]
  }

  /// Thresholds are low against the weights, so that most neurons fire now and then.
  mutating func addNeuron(to neurons: inout ProgramImage.Neurons, chip: Chip, top: Int) {
    let datapath = chip.datapath
    let kind: ProgramImage.NeuronKind =
      random.oneIn(6) ? .partial : random.oneIn(8) ? .potential : .spiking
    let scale = random.pick([top, top / 2, min(top, 60), min(top, 300)])
    let threshold = random.oneIn(10) ? random.int(-scale / 2...0) : random.int(1...scale)
    let subtracts = random.oneIn(2)
    let decays = drawDecay(datapath)
    let synapse =
      datapath.synapticState && !random.oneIn(3)
      ? drawDecay(datapath) : (decay: 1 << datapath.decayBits, exponent: datapath.decayBits)
    neurons.kind.append(kind.rawValue)
    neurons.v0.append(kind == .partial ? 0 : Int32(random.int(-scale...scale)))
    neurons.u0.append(
      kind == .partial || !datapath.synapticState ? 0 : Int32(random.int(-scale / 4...scale / 4)))
    neurons.decay.append(Int32(decays.decay))
    neurons.decayExponent.append(UInt8(decays.exponent))
    neurons.synapseDecay.append(Int32(synapse.decay))
    neurons.synapseDecayExponent.append(UInt8(synapse.exponent))
    let unity = 1 << datapath.gainBits
    neurons.gain.append(Int32(random.oneIn(2) ? unity : random.int((unity + 3) / 4...unity)))
    neurons.weightExponent.append(UInt8(random.int(datapath.weightExponents)))
    neurons.bias.append(Int32(random.oneIn(2) ? 0 : random.int(-scale / 4...scale / 2)))
    neurons.threshold.append(Int32(threshold))
    neurons.reset.append(
      Int32(
        subtracts ? random.int(-scale / 8...max(threshold, 1)) : random.int(-scale / 2...max(threshold, 0))))
    let mode: ProgramImage.ResetMode = subtracts ? .subtract : .toValue
    neurons.resetMode.append(mode.rawValue)
    neurons.refractory.append(Int32(random.oneIn(2) ? 0 : random.int(1...5)))
    neurons.kick.append(Int32(random.oneIn(3) ? 0 : random.int(0...max(scale / 4, 1))))
    neurons.floor.append(Int32(random.oneIn(3) ? -scale / 3 : -top - 1))
    neurons.start.append(Int32(random.oneIn(2) ? 0 : random.int(0...3)))
    neurons.stop.append(Int32(random.oneIn(2) ? 4 : random.int(0...4)))
  }

  mutating func drawDecay(_ datapath: Chip.LeakyDatapath) -> (decay: Int, exponent: Int) {
    let exponent = random.int(datapath.decayExponents)
    return (random.int(0...(1 << datapath.decayBits)), exponent)
  }

  // MARK: - Traffic

  mutating func addRoutes(to image: inout ProgramImage) {
    var partialFanIn = [Int](repeating: 0, count: image.neurons.count)
    for row in 0..<image.neurons.count {
      let kind = image.neurons.kind[row]
      let most = image.chip.mesh.multicast ? image.chip.routing.destinationsPerNeuron : 4
      let count = kind == ProgramImage.NeuronKind.potential.rawValue ? 0 : random.int(0...most)
      for _ in 0..<count {
        let core = drawCore(of: image, after: image.routes.core.last)
        let axons = Int(image.cores.axonBegin[core + 1] - image.cores.axonBegin[core])
        let rows = neurons(of: core, in: image)
        if kind == ProgramImage.NeuronKind.partial.rawValue {
          guard let target = rows.isEmpty ? nil : random.int(0...rows.count - 1),
            partialFanIn[rows.lowerBound + target] < 4
          else { continue }
          partialFanIn[rows.lowerBound + target] += 1
          addRoute(.partial, core: core, target: target, to: &image)
        } else if axons > 0 {
          addRoute(.spike, core: core, target: random.int(0...axons - 1), to: &image)
        }
      }
      image.routes.begin.append(Int64(image.routes.kind.count))
    }
  }

  /// Any core, or once more the core of the destination before: several axons of one core.
  mutating func drawCore(of image: ProgramImage, after last: Int32?) -> Int {
    if let last, random.oneIn(4) { return Int(last) }
    return random.int(0...image.cores.count - 1)
  }

  mutating func addRoute(
    _ kind: ProgramImage.RouteKind, core: Int, target: Int, to image: inout ProgramImage
  ) {
    let slots = image.chip.core.delaySlots
    let delay = UInt8(random.oneIn(2) ? 1 : random.int(1...slots - 1))
    if image.chip.mesh.multicast, kind == .spike {
      let mine = Int(image.routes.begin.last ?? 0)..<image.routes.kind.count
      if mine.contains(where: {
        (image.routes.core[$0], image.routes.axon[$0], image.routes.delay[$0])
          == (Int32(core), UInt16(target), delay)
      }) {
        return
      }
    }
    image.routes.kind.append(kind.rawValue)
    image.routes.core.append(Int32(core))
    image.routes.axon.append(UInt16(target))
    image.routes.delay.append(delay)
  }

  mutating func addInputs(to image: inout ProgramImage) {
    let slots = image.chip.core.delaySlots
    let first = image.chip.input == .edge ? 1 : 0
    for _ in 0..<random.int(0...10) {
      let mine = image.inputs.core.count
      for _ in 0..<random.int(0...(image.chip.mesh.multicast ? 6 : 3)) {
        let core = drawCore(of: image, after: image.inputs.core.last)
        let axons = Int(image.cores.axonBegin[core + 1] - image.cores.axonBegin[core])
        if axons == 0 { continue }
        let axon = UInt16(random.int(0...axons - 1))
        let delay = UInt8(random.oneIn(2) ? first : random.int(first...slots - 1))
        if image.chip.mesh.multicast,
          (mine..<image.inputs.core.count).contains(where: {
            (image.inputs.core[$0], image.inputs.axon[$0], image.inputs.delay[$0])
              == (Int32(core), axon, delay)
          })
        {
          continue
        }
        image.inputs.core.append(Int32(core))
        image.inputs.axon.append(axon)
        image.inputs.delay.append(delay)
      }
      image.inputs.begin.append(Int64(image.inputs.core.count))
    }
  }

  mutating func addPoisson(to image: inout ProgramImage) {
    if random.oneIn(2) { return }
    for _ in 0..<3 {
      let thresholds = (0..<random.int(1...4)).map { _ in UInt32(truncatingIfNeeded: random.next()) }
      image.poisson.threshold += thresholds.sorted()
      image.poisson.tableBegin.append(Int64(image.poisson.threshold.count))
    }
    for row in 0..<image.neurons.count where random.oneIn(3) {
      for _ in 0..<random.int(1...2) {
        image.poisson.neuron.append(Int32(row))
        image.poisson.weight.append(
          Int32(random.oneIn(8) ? random.pick([-1 << 15, 1 << 15]) : random.int(-50...100)))
        image.poisson.stream.append(UInt32(truncatingIfNeeded: random.next()))
        image.poisson.table.append(Int32(random.int(0...2)))
      }
    }
  }

  mutating func addOutputs(to image: inout ProgramImage) {
    for row in 0..<image.neurons.count where random.oneIn(3) {
      if image.neurons.kind[row] == ProgramImage.NeuronKind.partial.rawValue { continue }
      let isPotential = image.neurons.kind[row] == ProgramImage.NeuronKind.potential.rawValue
      let kind: ProgramImage.OutputKind = isPotential || random.oneIn(4) ? .potential : .spike
      if !image.neurons.isMain(row) { continue }
      image.outputs.neuron.append(Int32(row))
      image.outputs.kind.append(kind.rawValue)
      image.outputs.from.append(Int32(random.int(0...2)))
      image.outputs.to.append(Int32(random.int(0...4)))
    }
  }

  /// Events in a busy channel may outnumber what an axon holds.
  mutating func makeInput(channels: Int, ticks: Int, samples: Int) -> SpikeTrains {
    var events: [SpikeTrains.Event] = []
    let sparsity = random.int(1...4)
    for sample in 0..<samples {
      for tick in 0..<ticks {
        for channel in 0..<channels where random.oneIn(sparsity) {
          events.append(
            SpikeTrains.Event(
              sample: Int32(sample), tick: Int32(tick), channel: Int32(channel),
              count: UInt8(random.oneIn(8) ? random.int(1...12) : 1)))
        }
      }
    }
    return SpikeTrains(samples: samples, ticks: ticks, channels: channels, events: events)
  }
}
