import ChipModel
import ProgramImage

/// One neuron's codes side by side, as the update reads them.
struct NeuronCodes: Sendable, Equatable {
  /// What the state is multiplied by in D: d (leak) or 2^k − d (retained).
  var decay: Int64
  var synapseDecay: Int64
  var gain: Int32
  var bias: Int32
  /// Fires when v' > limit: the threshold, less 1 where the comparison is `>=`.
  var limit: Int64
  var reset: Int32
  var refractory: Int32
  var kick: Int32
  var floor: Int32
  /// Active in ticks start ≤ t < T + stop.
  var start: Int32
  var stop: Int32
  var column: UInt16
  var decayExponent: UInt8
  var synapseDecayExponent: UInt8
  /// gainBits − weightExponent: the input's shift to the right; negative: to the left.
  var inputShift: Int8
  /// Where gain is unity and e ≥ 0, so that the input is the sum shifted to the left: by how much; −1 elsewhere.
  var wholeShift: Int8
  /// Whether u keeps anything from one tick to the next.
  var keepsCurrent: Bool
  /// As the image's, or `programmed`.
  var kind: UInt8
  var subtracts: Bool
  /// Whether a spike takes something off v, so that what is left can fire once more in the same tick.
  var firesAgain: Bool
  /// Whether anything is sent when the neuron fires (or its partial sum is not 0).
  var hasRoutes: Bool

  /// The kind of a spiking neuron that has a program.
  static let programmed = UInt8.max
}

/// All that a run reads and never changes, laid out for the loops. Built once, shared by all workers.
///
/// A class because it is large and only read: passing it copies a reference, and constants of a class cost no
/// more to read than those of a struct.
final class Tables: Sendable {
  let chip: Chip
  let rules: Rules
  let coreCount: Int
  let rows: Int
  let axons: Int
  /// Of the ring that the program uses.
  let slots: Int
  let places: RingPlaces
  /// [cores + 1]
  let axonBegin: [Int]
  let neuronBegin: [Int]
  /// [cores] router of each core; [routers] core at each router, −1 without.
  let routerOf: [Int32]
  let coreAt: [Int32]
  let codes: [NeuronCodes]
  /// Nil where no neuron has noise.
  let noise: NoiseTables?
  /// Nil on chips of other datapaths.
  let additive: AdditiveTables?
  /// Nil on chips that do not take event by event.
  let perEvent: PerEventTables?
  let micro: MicroTables
  let lanes: LaneTables
  let synapses: Synapses
  /// Nil where no synapse is stochastic.
  let stochastic: StochasticSynapses?
  /// Packets by neuron row, and by input channel.
  let sends: SendBuilder.Lists
  let inputs: SendBuilder.Lists
  /// Destinations of all packets, and the trees of those that have several.
  let targets: [Destination]
  let trees: MulticastTrees
  let poisson: ProgramImage.Poisson
  /// [cores + 1] into the Poisson entries.
  let poissonBegin: [Int]
  /// [cores] whether a reset couples into a neighbour.
  let hasKicks: [Bool]
  /// Whether the program has splitters, whose spikes are not recorded.
  let hasSplitters: Bool
  /// [cores] whether partial sums can arrive.
  let takesPartials: [Bool]
  let outputs: ProgramImage.Outputs
  /// [rows + 1] into `outputOf`, the outputs that count a row's spikes; and the outputs that add up a potential.
  let outputBegin: [Int32]
  let outputOf: [Int32]
  let potentialOutputs: [Int]
  let drainTicks: Int
  /// Cycles of the ring scan of each core, and of rows.
  let scanCycles: [Int]
  let rowTimes: RowTimes
  let neuronsPerCycle: Int
  /// When the groups of each core are complete, where what its neurons do makes no difference.
  let groups: GroupTimes
  let timesVary: Bool
  let prices: Chip.Energy.TickPrices
  let tick: Chip.Timing.Tick
  /// Period mode: packets can be late.
  var isPeriodic: Bool {
    if case .period = tick { true } else { false }
  }

  init(_ image: ProgramImage, crosspointsPerSynapse: Double = Emulator.crosspointsPerSynapse) {
    let chip = image.chip
    self.chip = chip
    rules = Rules(chip.datapath, seed: image.seed)
    coreCount = image.cores.count
    rows = image.neurons.count
    // No delay of the program reaches further, so no more of the ring can hold anything.
    slots = 1 + max(1, Int(image.routes.delay.max() ?? 0), Int(image.inputs.delay.max() ?? 0))
    axonBegin = image.cores.axonBegin.map { Int($0) }
    neuronBegin = image.cores.neuronBegin.map { Int($0) }
    axons = axonBegin.last ?? 0
    let places = RingPlaces(axonBegin: axonBegin)
    self.places = places
    let routerOf = zip(image.cores.x, image.cores.y).map { $1 * Int32(chip.mesh.width) + $0 }
    var coreAt = [Int32](repeating: -1, count: chip.mesh.width * chip.mesh.height)
    for (core, router) in routerOf.enumerated() { coreAt[Int(router)] = Int32(core) }
    self.routerOf = routerOf
    self.coreAt = coreAt
    var codes = (0..<image.neurons.count).map { Tables.codes(image, row: $0) }
    for row in image.programs.neuron { codes[Int(row)].kind = NeuronCodes.programmed }
    self.codes = codes
    micro = MicroTables(image)
    noise = NoiseTables(image)
    additive = AdditiveTables(image)
    lanes = LaneTables(image, codes, rules, noise)
    perEvent = PerEventTables(image)
    synapses = Synapses(StochasticSynapses.silenced(image), crosspointsPerSynapse: crosspointsPerSynapse)
    stochastic = StochasticSynapses(image)
    (sends, inputs, targets, trees) = Tables.packets(image, routerOf: routerOf, places)
    hasKicks = zip(image.cores.neuronBegin, image.cores.neuronBegin.dropFirst()).map { begin, end in
      codes[Int(begin)..<Int(end)].contains { $0.kick != 0 }
    }
    hasSplitters = image.neurons.kind.contains(ProgramImage.NeuronKind.splitter.rawValue)
    poisson = image.poisson
    poissonBegin = Tables.poissonBegin(image)
    var takesPartials = [Bool](repeating: false, count: image.cores.count)
    for i in image.routes.core.indices
    where image.routes.kind[i] == ProgramImage.RouteKind.partial.rawValue {
      takesPartials[Int(image.routes.core[i])] = true
    }
    self.takesPartials = takesPartials
    outputs = image.outputs
    (outputBegin, outputOf) = Tables.spikeOutputs(image)
    potentialOutputs = image.outputs.kind.indices.filter {
      image.outputs.kind[$0] == ProgramImage.OutputKind.potential.rawValue
    }
    drainTicks = image.drainTicks
    let timing = chip.timing
    scanCycles = (0..<image.cores.count).map { core in
      if let neuronMajor = timing.neuronMajor { return neuronMajor.setupCycles }
      let used = Int(image.cores.axonBegin[core + 1] - image.cores.axonBegin[core])
      return (used + timing.scanWord - 1) / timing.scanWord * timing.scanCycles
    }
    neuronsPerCycle = timing.neuronsPerCycle
    groups = GroupTimes(image, micro)
    tick = timing.tick(usedCores: image.cores.count)
    rowTimes = RowTimes(image)
    prices = Chip.Energy.TickPrices(chip.energy, clock: timing.clock)
    timesVary = timing.neuronMajor == nil && timing.work.timesVary
  }

  /// Packets of all neurons and channels. Input that the host writes is not multicast: it is not sent at all.
  private static func packets(
    _ image: ProgramImage, routerOf: [Int32], _ places: RingPlaces
  ) -> (SendBuilder.Lists, SendBuilder.Lists, [Destination], MulticastTrees) {
    let mesh = image.chip.mesh
    let cores = image.cores
    let routes = image.routes
    let inputs = image.inputs
    var routerOfRow: [Int32] = []
    for core in 0..<cores.count {
      let neurons = Int(cores.neuronBegin[core + 1] - cores.neuronBegin[core])
      routerOfRow += [Int32](repeating: routerOf[core], count: neurons)
    }
    var builder = SendBuilder(
      multicast: mesh.multicast, routerOf: routerOf, width: mesh.width, places: places)
    let sends = builder.lists(
      begin: routes.begin,
      route: { i in
        let isPartial = routes.kind[i] == ProgramImage.RouteKind.partial.rawValue
        let core = Int(routes.core[i])
        let begin = isPartial ? cores.neuronBegin[core] : cores.axonBegin[core]
        return SendBuilder.Route(
          destination: Destination(core: routes.core[i], target: Int32(begin) + Int32(routes.axon[i])),
          delay: Int32(routes.delay[i]), isPartial: isPartial)
      },
      source: { Int(routerOfRow[$0]) })
    builder.multicast = mesh.multicast && image.chip.input == .edge
    let channels = builder.lists(
      begin: inputs.begin,
      route: { i in
        let begin = cores.axonBegin[Int(inputs.core[i])]
        return SendBuilder.Route(
          destination: Destination(core: inputs.core[i], target: Int32(begin) + Int32(inputs.axon[i])),
          delay: Int32(inputs.delay[i]), isPartial: false)
      },
      source: { _ in 0 })
    return (sends, channels, builder.targets, builder.trees)
  }

  private static func codes(_ image: ProgramImage, row: Int) -> NeuronCodes {
    let neurons = image.neurons
    let datapath = image.chip.datapath
    // 2^k − d for a retained fraction; k ≤ 32 fits.
    func factor(_ d: Int32, _ k: UInt8) -> Int64 {
      datapath.decayOf == .retained ? (1 << Int64(k)) - Int64(d) : Int64(d)
    }
    return NeuronCodes(
      decay: factor(neurons.decay[row], neurons.decayExponent[row]),
      synapseDecay: factor(neurons.synapseDecay[row], neurons.synapseDecayExponent[row]),
      gain: neurons.gain[row], bias: neurons.bias[row],
      limit: Int64(neurons.threshold[row]) - (datapath.comparison == .greaterOrEqual ? 1 : 0),
      reset: neurons.reset[row], refractory: neurons.refractory[row], kick: neurons.kick[row],
      floor: neurons.floor[row], start: neurons.start[row], stop: neurons.stop[row],
      column: neurons.column[row], decayExponent: neurons.decayExponent[row],
      synapseDecayExponent: neurons.synapseDecayExponent[row],
      inputShift: Int8(datapath.gainBits - Int(neurons.weightExponent[row])),
      wholeShift: neurons.gain[row] == 1 << Int32(datapath.gainBits) ? Int8(neurons.weightExponent[row]) : -1,
      keepsCurrent: factor(neurons.synapseDecay[row], neurons.synapseDecayExponent[row])
        != (datapath.decayOf == .retained ? 0 : 1 << Int64(neurons.synapseDecayExponent[row])),
      kind: neurons.kind[row],
      subtracts: neurons.resetMode[row] == ProgramImage.ResetMode.subtract.rawValue,
      firesAgain: neurons.resetMode[row] == ProgramImage.ResetMode.subtract.rawValue
        && neurons.reset[row] > 0,
      hasRoutes: image.routes.begin[row] < image.routes.begin[row + 1])
  }

  private static func spikeOutputs(_ image: ProgramImage) -> (begin: [Int32], outputs: [Int32]) {
    let outputs = image.outputs
    let counted = outputs.kind.indices
      .filter { outputs.kind[$0] == ProgramImage.OutputKind.spike.rawValue }
      .sorted { (outputs.neuron[$0], $0) < (outputs.neuron[$1], $1) }
    var begin: [Int32] = [0]
    var next = 0
    for row in 0..<image.neurons.count {
      while next < counted.count, outputs.neuron[counted[next]] == Int32(row) { next += 1 }
      begin.append(Int32(next))
    }
    return (begin, counted.map { Int32($0) })
  }

  /// Whether anything but the crossbar adds to the sums of a core.
  @inline(__always) func takesOther(_ core: Int) -> Bool {
    takesPartials[core] || poissonBegin[core] < poissonBegin[core + 1]
  }

  private static func poissonBegin(_ image: ProgramImage) -> [Int] {
    var begin = [0]
    var next = 0
    for core in 0..<image.cores.count {
      while next < image.poisson.neuron.count,
        Int64(image.poisson.neuron[next]) < image.cores.neuronBegin[core + 1]
      { next += 1 }
      begin.append(next)
    }
    return begin
  }

  /// Whether neuron `codes` is active in tick t of a sample with T input ticks.
  @inline(__always) static func isActive(_ codes: NeuronCodes, _ tick: Int, _ inputTicks: Int) -> Bool {
    tick >= Int(codes.start) && tick < inputTicks &+ Int(codes.stop)
  }
}
