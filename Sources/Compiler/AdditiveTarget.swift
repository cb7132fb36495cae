import ChipModel
import Diagnostics
import FixedPoint
import NetworkIR
import ProgramImage

/// What a chip of the datapath additive cannot compute of a population.
///
/// IF and I populations map exactly: their constant is the leak λ. LIF populations get a constant leak (`ConstantLeak`). Readouts
/// that leak, a synaptic current and noise have no counterpart, and a reset by subtraction takes off the threshold itself, so
/// that the comparison must be the chip's.
func additiveProblems(_ legal: LegalPopulation, chip: Chip) -> [Diagnostic] {
  guard chip.additive != nil else { return [] }
  func problem(_ id: String, _ text: String, found: String, expected: String, remedy: String) -> Diagnostic {
    Diagnostic(
      id, subject: "population \(legal.name)", problem: text, found: found,
      expected: "\(expected) (chip \(chip.name))", remedy: remedy)
  }
  var problems: [Diagnostic] = []
  if legal.leaksByFraction, let obstacle = legal.constantLeakObstacle(chip) {
    problems.append(
      problem(
        "limit.additiveLeak",
        "leaks a part of its potential per tick, and no constant can take the place of that here",
        found: "\(legal.model): \(obstacle)", expected: "LIF with a reset to 0, IF or I",
        remedy: "Use --reset zero, an IF population, or a chip of another datapath"))
  }
  if legal.noise != nil {
    problems.append(
      problem(
        "limit.additiveNoise", "has noise, which the compiler does not map to this datapath",
        found: legal.model, expected: "no whiteNoise",
        remedy: "Leave the noise out, use a Poisson stimulus, or choose a chip of another datapath"))
  }
  if let firing = legal.firing, firing.mode == .subtract,
    firing.inclusive != (chip.datapath.comparison == .greaterOrEqual)
  {
    let inclusive = chip.datapath.comparison == .greaterOrEqual
    problems.append(
      problem(
        "limit.additiveReset",
        "is reset by its threshold, which is what this chip takes off, but compares with it otherwise",
        found: firing.inclusive ? "fires at the threshold" : "fires above the threshold",
        expected: inclusive ? "fires at the threshold" : "fires above the threshold",
        remedy: inclusive ? "Use --fire inclusive" : "Use --fire strict"))
  }
  return problems
}

extension QuantizedPopulation {
  /// Lowest potential on a chip whose neurons can stop at −β: β is as large as the state allows, and the floor is there.
  static func additiveFloor(_ chip: Chip) -> Int32? {
    guard let additive = chip.additive, additive.saturation else { return nil }
    return -ProgramImage.AdditiveCodes.farthest(additive, chip)
  }
}

extension ProgramImage.AdditiveCodes {
  /// The row of a neuron: with a constant leak its negative threshold is at the floor; it saturates there, or is reset to 0, which
  /// is its floor then. Any other row is as little disturbed by its negative threshold as the chip allows.
  mutating func append(
    _ neuron: PartitionedCore.Neuron, _ codes: QuantizedPopulation, _ additive: Chip.Additive, _ chip: Chip
  ) {
    var leak: ProgramImage.LeakMode = additive.leakOrder == .afterThreshold ? .late : []
    var negative = Self.farthest(additive, chip)
    if neuron.isMain, let constant = codes.constantLeak {
      if constant.isTowardZero[neuron.index] { leak.insert(.reversed) }
      negative = -codes.floor[neuron.index]
    }
    if chip.timing.perEvent != nil { (leak, negative) = Self.perEvent(additive, wanted: negative) }
    append(leak: leak, negativeThreshold: negative, additive.saturation ? .saturate : .reset)
  }

  fileprivate static func farthest(_ additive: Chip.Additive, _ chip: Chip) -> Int32 {
    let lowest = signedRange(bits: chip.datapath.stateBits).lowerBound
    return Int32(clamping: min(Int64(additive.negativeThresholds.upperBound), -lowest))
  }
}
