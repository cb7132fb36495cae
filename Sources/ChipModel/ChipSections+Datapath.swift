import Documents
import FixedPoint

extension ChipSections {
  enum DatapathKind: String { case leaky, microcode, additive }

  /// `datapath.kind`; nil, with a diagnostic, where there is none of that name.
  func datapathKind(_ cursor: Cursor) -> DatapathKind? {
    guard let name = cursor.string("kind") else { return nil }
    if let kind = DatapathKind(rawValue: name) { return kind }
    cursor.any("kind")?.fail(
      "chip.datapath", problem: "is not a datapath that exists here", found: "\"\(name)\"",
      expected: "\"leaky\", \"microcode\" or \"additive\"")
    return nil
  }

  /// The leaky unit, of the kinds leaky and microcode.
  mutating func datapath(_ cursor: Cursor) -> Chip.LeakyDatapath? {
    let stateBits = constants.integer(cursor, "stateBits", in: 2...24)
    let stateOverflow = cursor.oneOf("stateOverflow", as: Overflow.self)
    let synapseOverflow = cursor.oneOf("synapseOverflow", as: Overflow.self)
    let accumulatorBits = constants.integer(cursor, "accumulatorBits", in: 2...24)
    let decayBits = constants.integer(cursor, "decayBits", in: 0...24)
    let decayExponents = range(cursor, "decayExponents", within: 0...31)
    let decayOf = cursor.oneOf("decayOf", as: Chip.LeakyDatapath.DecayOf.self)
    let decayRounding = cursor.oneOf("decayRounding", as: Rounding.self)
    let minimumStep = constants.optionalInteger(cursor, "minimumStep", in: 0...1 << 23, default: 0)
    let gainBits = constants.integer(cursor, "gainBits", in: 1...16)
    let inputRounding = cursor.oneOf("inputRounding", as: Rounding.self)
    let weightExponents = range(cursor, "weightExponents", within: 0...15)
    let biasBits = constants.integer(cursor, "biasBits", in: 2...24)
    let thresholdBits = constants.integer(cursor, "thresholdBits", in: 2...24)
    let comparison = cursor.oneOf("comparison", as: Chip.LeakyDatapath.Comparison.self)
    let refractoryBits = constants.integer(cursor, "refractoryBits", in: 0...24)
    let synapticState = cursor.bool("synapticState")
    let accumulatorOverflow =
      cursor.has("accumulatorOverflow")
      ? cursor.oneOf("accumulatorOverflow", as: Overflow.self) : .saturate
    let synapseInput =
      cursor.has("synapseInput")
      ? cursor.oneOf("synapseInput", as: Chip.LeakyDatapath.SynapseInput.self) : .afterDecay
    let driveOverflow =
      cursor.has("driveOverflow") ? cursor.oneOf("driveOverflow", as: Overflow.self) : nil
    let biasExponents = cursor.has("biasExponents") ? range(cursor, "biasExponents", within: 0...15) : 0...0
    let thresholdShift = constants.optionalInteger(cursor, "thresholdShift", in: 0...15, default: 0)
    let spikesPerTick = constants.optionalInteger(cursor, "spikesPerTick", in: 1...127, default: 1)
    let hasNoise = cursor.has("noise")
    let noise = cursor.optionalObject("noise").flatMap { self.noise($0) }
    guard let stateBits, let stateOverflow, let synapseOverflow, let accumulatorBits, let decayBits,
      let decayExponents, let decayOf, let decayRounding, let minimumStep, let gainBits, let inputRounding,
      let weightExponents, let biasBits, let thresholdBits, let comparison, let refractoryBits,
      let synapticState, let accumulatorOverflow, let synapseInput, let biasExponents, let thresholdShift,
      let spikesPerTick, noise != nil || !hasNoise
    else { return nil }
    var datapath = Chip.LeakyDatapath(
      stateBits: stateBits, stateOverflow: stateOverflow, synapseOverflow: synapseOverflow,
      accumulatorBits: accumulatorBits, decayBits: decayBits, decayExponents: decayExponents,
      decayOf: decayOf, decayRounding: decayRounding, minimumStep: minimumStep, gainBits: gainBits,
      inputRounding: inputRounding, weightExponents: weightExponents, biasBits: biasBits,
      thresholdBits: thresholdBits, comparison: comparison, refractoryBits: refractoryBits,
      synapticState: synapticState)
    datapath.accumulatorOverflow = accumulatorOverflow
    datapath.synapseInput = synapseInput
    datapath.driveOverflow = driveOverflow
    datapath.biasExponents = biasExponents
    datapath.thresholdShift = thresholdShift
    datapath.spikesPerTick = spikesPerTick
    datapath.noise = noise
    checkRules(datapath, cursor)
    return datapath
  }

  func checkRules(_ datapath: Chip.LeakyDatapath, _ cursor: Cursor) {
    if datapath.decayExponents.lowerBound < datapath.decayBits {
      cursor.any("decayExponents")?.fail(
        "chip.decayExponents", problem: "begins below decayBits, so that a decay could exceed 1",
        found: "\(datapath.decayExponents.lowerBound)", expected: "at least \(datapath.decayBits)")
    }
    if datapath.inputRounding == .stochastic {
      cursor.any("inputRounding")?.fail(
        "chip.inputRounding", problem: "cannot be stochastic", expected: "any other rounding")
    }
    if datapath.minimumStep > 0, datapath.decayOf == .retained {
      cursor.any("minimumStep")?.fail(
        "chip.minimumStep", problem: "has no meaning with decayOf \"retained\"",
        found: "\(datapath.minimumStep)", expected: "0")
    }
    let states: [(key: String, bits: Int, shift: Int)] = [
      ("thresholdBits", datapath.thresholdBits, datapath.thresholdShift),
      ("biasBits", datapath.biasBits, datapath.biasExponents.upperBound),
    ]
    for (key, bits, shift) in states where bits + shift > datapath.stateBits {
      cursor.any(key)?.fail(
        "chip.widths", problem: "is wider than the state" + (shift > 0 ? " when it is shifted" : ""),
        found: shift > 0 ? "\(bits) bits shifted by \(shift)" : "\(bits)",
        expected: "at most stateBits, \(datapath.stateBits)")
    }
  }

  /// A list of two whole numbers, first and last.
  func range(_ cursor: Cursor, _ key: String, within limits: ClosedRange<Int>) -> ClosedRange<Int>? {
    guard let elements = cursor.array(key) else { return nil }
    let ends = elements.compactMap { $0.asInteger(in: limits) }
    guard ends.count == elements.count else { return nil }
    guard ends.count == 2, ends[0] <= ends[1] else {
      cursor.any(key)?.fail(
        "chip.range", problem: "is not a range", found: "\(ends)", expected: "[first, last], first ≤ last")
      return nil
    }
    return ends[0]...ends[1]
  }
}
