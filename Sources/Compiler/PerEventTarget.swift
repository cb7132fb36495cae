import ChipModel
import Diagnostics
import FixedPoint
import NetworkIR
import ProgramImage

// Chips that take event by event: docs/emulator-semantics.md §3.7. A potential is compared with its threshold after every
// spike, so it never holds the sum of a tick, and its room is that of one weight above the threshold.

extension LegalPopulation {
  /// The farthest from 0 that a potential must reach; nil for a readout, and on other chips.
  ///
  /// - Parameter steps: the matrices into the population.
  func perEventSpan(_ steps: [SparseMatrix<Double>], chip: Chip) -> Double? {
    guard chip.timing.perEvent != nil, let firing else { return nil }
    let heaviest = steps.reduce(0) { $1.value.reduce($0) { max($0, abs($1)) } }
    return zip(firing.threshold, initial).reduce(heaviest) { max($0, abs($1.0), abs($1.1)) }
  }
}

/// What such a chip cannot compute of a population.
///
/// - Parameter constant: what a tick adds, a constant leak in it.
func perEventProblems(
  _ legal: LegalPopulation, constant: [Double], leak: ConstantLeak?, chip: Chip
) -> [Diagnostic] {
  guard chip.timing.perEvent != nil, let additive = chip.additive else { return [] }
  func problem(_ id: String, _ text: String, found: String, expected: String, remedy: String) -> Diagnostic {
    Diagnostic(
      id, subject: "population \(legal.name)", problem: text, found: found,
      expected: "\(expected) (chip \(chip.name))", remedy: remedy)
  }
  var problems: [Diagnostic] = []
  // Towards 0 a leak is no constant: it depends on which side the potential is.
  let driven = constant.indices.first {
    constant[$0] > 0 || additive.leakReversal && constant[$0] != 0 && leak?.isTowardZero[$0] != true
  }
  if let driven {
    problems.append(
      problem(
        "limit.perEventDrive",
        "is driven by a constant, and this chip's time references only let potentials leak",
        found: "neuron \(driven): \(constant[driven]) per tick",
        expected: additive.leakReversal ? "no constant" : "no constant above 0",
        remedy: "Drive it with spikes of an input, or choose a chip with another timing.kind"))
  }
  if !legal.poisson.isEmpty {
    problems.append(
      problem(
        "limit.perEventPoisson", "has a Poisson stimulus, which this chip does not draw", found: legal.model,
        expected: "no Poisson stimulus", remedy: "Give the spikes as an input"))
  }
  guard let firing = legal.firing else { return problems }
  if firing.mode == .subtract || firing.reset.contains(where: { $0 != 0 }) {
    problems.append(
      problem(
        "limit.perEventReset",
        "is reset by subtraction or to another value than 0, which this chip's neurons are not",
        found: firing.mode == .subtract ? "subtraction" : "\(firing.reset.first { $0 != 0 } ?? 0)",
        expected: "a reset to 0", remedy: "Use --reset zero, with reset values of 0"))
  }
  if let low = firing.threshold.first(where: { $0 < 0 }) {
    problems.append(
      problem(
        "limit.perEventThreshold", "has a threshold below 0, which this chip's thresholds cannot be",
        found: "\(low)",
        expected: "0 or more", remedy: "Shift the potentials, so that they are reset to 0"))
  }
  return problems
}

extension QuantizedPopulation {
  /// Whether registers can overflow: above, no potential is more than one weight beyond where a threshold stops it; below, −β stops
  /// it unless the register ends there too.
  mutating func provePerEvent(codes: [SparseMatrix<Int32>], chip: Chip) {
    let range = signedRange(bits: chip.datapath.stateBits)
    let weights = codes.flatMap(\.value)
    let heaviest = Int64(max(weights.max() ?? 0, 0))
    let highest = (threshold + v0).map { Int64($0) }.max() ?? 0
    let stops = floor.allSatisfy { Int64($0) > range.lowerBound } || (weights.min() ?? 0) >= 0
    report.overflowProven = kind == .spiking && stops && highest + heaviest <= range.upperBound
    report.overflowInput = nil
    report.overflowWitness = nil
  }
}

extension WeightCodes {
  /// Where an axon has one sign, a source with weights of both has two axons: the first excites, the second inhibits.
  mutating func fitSigns(of chip: Chip) {
    guard chip.crossbar.axonSigns else { return }
    types = codes.map { matrix in
      [(0, Int32(1)), (1, -1)].map { number, sign in
        let own = matrix.mapRows { _, code in code.signum() == sign ? code : 0 }
        return AxonClasses.Part(number: number, matrix: own.withoutZeros)
      }
    }
  }
}

extension ProgramImage.AdditiveCodes {
  /// Leak mode and β of a row: what such a chip has no choice of.
  static func perEvent(
    _ additive: Chip.Additive, wanted negative: Int32
  ) -> (leak: ProgramImage.LeakMode, negative: Int32) {
    let betas = additive.negativeThresholds
    return (
      additive.leakReversal ? .reversed : [],
      Int32(clamping: min(max(Int(negative), betas.lowerBound), betas.upperBound))
    )
  }
}

extension FidelityManifest {
  /// Says of every population that is compared after each spike that it is approximated.
  func withEvents(_ quantized: QuantizedNetwork, chip: Chip) -> FidelityManifest {
    guard chip.timing.perEvent != nil else { return self }
    let stops = chip.additive?.negativeThresholds.upperBound == 0
    var result = self
    for population in quantized.legal.populations {
      var notes: [String] = []
      if population.firing != nil {
        notes.append("compared with its threshold after every spike and after the leak, not once per tick")
      }
      if stops { notes.append("its potential stops at 0") }
      if notes.isEmpty { continue }
      result.entries.append(
        Entry(
          node: population.name, type: population.model, fidelity: .approximated,
          note: notes.joined(separator: "; ")))
    }
    return result
  }
}
