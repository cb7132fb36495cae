import Documents
import FixedPoint

extension ChipSections {
  /// The integer core of `datapath.kind` additive: the leaky unit without decays, gains, weight exponents and refractory
  /// times, with registers of up to 30 bits.
  mutating func additiveDatapath(_ cursor: Cursor) -> Chip.LeakyDatapath? {
    let stateBits = constants.integer(cursor, "stateBits", in: 2...30)
    let stateOverflow = cursor.oneOf("stateOverflow", as: Overflow.self)
    // Where every event visits every neuron, nothing is summed before it reaches a potential.
    let accumulatorBits = isPerEvent ? 24 : constants.integer(cursor, "accumulatorBits", in: 2...24)
    let accumulatorOverflow =
      isPerEvent ? .saturate : cursor.oneOf("accumulatorOverflow", as: Overflow.self)
    let biasBits = constants.integer(cursor, "biasBits", in: 2...30)
    let thresholdBits = constants.integer(cursor, "thresholdBits", in: 2...30)
    let comparison = cursor.oneOf("comparison", as: Chip.LeakyDatapath.Comparison.self)
    let hasNoise = cursor.has("noise")
    let noise = cursor.optionalObject("noise").flatMap { self.noise($0) }
    guard let stateBits, let stateOverflow, let accumulatorBits, let accumulatorOverflow, let biasBits,
      let thresholdBits, let comparison, noise != nil || !hasNoise
    else { return nil }
    var datapath = Chip.LeakyDatapath(
      stateBits: stateBits, stateOverflow: stateOverflow, synapseOverflow: stateOverflow,
      accumulatorBits: accumulatorBits, decayBits: 0, decayExponents: 0...0, decayOf: .leak,
      decayRounding: .floor, minimumStep: 0, gainBits: 0, inputRounding: .floor, weightExponents: 0...0,
      biasBits: biasBits, thresholdBits: thresholdBits, comparison: comparison, refractoryBits: 0,
      synapticState: false)
    datapath.accumulatorOverflow = accumulatorOverflow
    datapath.noise = noise
    checkRules(datapath, cursor)
    if noise?.membrane != nil {
      cursor.object("noise")?.any("membrane")?.fail(
        "chip.additiveNoise", problem: "does not exist in an additive datapath",
        expected: "leak, threshold or both",
        remedy: "Leave membrane out")
    }
    return datapath
  }

  /// `datapath.additive`, of the kind `additive` only.
  mutating func additive(_ cursor: Cursor) -> Chip.Additive? {
    let reversal = cursor.bool("leakReversal")
    let negative = range(cursor, "negativeThresholds", within: 0...1 << 29)
    if isPerEvent {
      guard let reversal, let negative else { return nil }
      return Chip.Additive(
        leakReversal: reversal, leakOrder: .beforeThreshold, negativeThresholds: negative,
        negativeComparison: .less, saturation: true, nonReset: false)
    }
    let order = cursor.oneOf("leakOrder", as: Chip.Additive.LeakOrder.self)
    let comparison = cursor.oneOf("negativeComparison", as: Chip.Additive.NegativeComparison.self)
    let saturation = cursor.bool("saturation")
    let nonReset = cursor.bool("nonReset")
    guard let reversal, let order, let negative, let comparison, let saturation, let nonReset else {
      return nil
    }
    return Chip.Additive(
      leakReversal: reversal, leakOrder: order, negativeThresholds: negative, negativeComparison: comparison,
      saturation: saturation, nonReset: nonReset)
  }

  /// `timing` of the kind neuronMajor.
  mutating func neuronMajor(_ cursor: Cursor) -> Chip.Timing? {
    let clock = constants.quantity(cursor, "clock", .hertz, in: 1...1e12)
    let setup = constants.integer(cursor, "setupCycles", in: 0...1_000_000)
    let axon = constants.integer(cursor, "axonCycles", in: 0...1_000_000)
    let neuron = constants.integer(cursor, "neuronCycles", in: 1...1_000_000)
    let finish = constants.integer(cursor, "finishCycles", in: 0...1_000_000)
    let queue = constants.optionalInteger(cursor, "injectionQueue", in: 1...65536, default: 8)
    let tick = tick(cursor)
    guard let clock, let setup, let axon, let neuron, let finish, let queue, let tick else { return nil }
    var timing = Chip.Timing(
      clock: clock, axonCycles: axon, scanWord: 1, scanCycles: 0, synapsesPerCycle: 1, neuronsPerCycle: 1,
      neuronCycles: neuron, injectionQueue: queue, tick: tick)
    timing.neuronMajor = Chip.Timing.NeuronMajor(
      setupCycles: setup, axonCycles: axon, neuronCycles: neuron, finishCycles: finish)
    return timing
  }
}
