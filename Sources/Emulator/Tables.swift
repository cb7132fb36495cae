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
  let packets: PacketLists
  /// Those of `packets`; none of neurons where nothing carries them.
  let sends: SendLists
  let inputs: SendLists
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

  /// Takes what it needs out of the image, and of the material the synapses that are added axon by axon.
  init(_ image: inout ProgramImage, _ material: inout Material) {
    let chip = image.chip
    self.chip = chip
    let rules = material.rules
    self.rules = rules
    coreCount = image.cores.count
    rows = image.neurons.count
    slots = material.slots
    axonBegin = material.axonBegin
    neuronBegin = material.neuronBegin
    axons = axonBegin.last ?? 0
    places = material.places
    routerOf = material.routerOf
    coreAt = material.coreAt
    stochastic = material.stochastic
    takesPartials = material.takesPartials
    rowTimes = material.rowTimes
    let lists = material.packets.sends.begin
    var codes = (0..<image.neurons.count).map {
      Tables.codes(image, row: $0, hasRoutes: lists[$0] < lists[$0 + 1])
    }
    for row in image.programs.neuron { codes[Int(row)].kind = NeuronCodes.programmed }
    self.codes = codes
    micro = MicroTables(image)
    noise = NoiseTables(image)
    additive = AdditiveTables(image)
    lanes = LaneTables(image, codes, rules, noise)
    perEvent = PerEventTables(image)
    hasKicks = zip(image.cores.neuronBegin, image.cores.neuronBegin.dropFirst()).map { begin, end in
      codes[Int(begin)..<Int(end)].contains { $0.kick != 0 }
    }
    hasSplitters = image.neurons.kind.contains(ProgramImage.NeuronKind.splitter.rawValue)
    poisson = image.poisson
    poissonBegin = Tables.poissonBegin(image)
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
    prices = Chip.Energy.TickPrices(chip.energy, clock: timing.clock)
    timesVary = timing.neuronMajor == nil && timing.work.timesVary
    image.dropTables()
    synapses = Synapses(&material)
    var packets = material.packets
    if material.mesh == .ideal { packets.dropSends(keepsTargets: material.isStraight.contains(false)) }
    self.packets = packets
    sends = packets.sends
    inputs = packets.inputs
    targets = packets.targets
    trees = packets.trees
  }

  private static func codes(_ image: ProgramImage, row: Int, hasRoutes: Bool) -> NeuronCodes {
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
      hasRoutes: hasRoutes)
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

  /// Whether an output's window holds tick t of a sample with T input ticks (§3.4).
  @inline(__always) func isOpen(output i: Int, _ tick: Int, _ inputTicks: Int) -> Bool {
    tick >= Int(outputs.from[i]) && tick < inputTicks &+ Int(outputs.to[i])
  }
}
