import ChipModel
import Diagnostics
import FixedPoint
import NetworkIR
import ProgramImage

/// What a chip of the datapath additive cannot compute of a population: nothing else is ever approximated there.
///
/// IF and I populations map exactly: their constant is the leak λ. A leak by a fraction of v, a synaptic current and noise have
/// no counterpart, and a reset by subtraction takes off the threshold itself, so that the comparison must be the chip's.
func additiveProblems(_ legal: LegalPopulation, chip: Chip) -> [Diagnostic] {
  guard chip.additive != nil else { return [] }
  func problem(_ id: String, _ text: String, found: String, expected: String, remedy: String) -> Diagnostic {
    Diagnostic(
      id, subject: "population \(legal.name)", problem: text, found: found,
      expected: "\(expected) (chip \(chip.name))", remedy: remedy)
  }
  var problems: [Diagnostic] = []
  if legal.decay.contains(where: { $0 > 0 }) {
    problems.append(
      problem(
        "limit.additiveLeak", "leaks a part of its potential per tick, which this chip's neurons cannot",
        found: legal.model, expected: "IF or I",
        remedy: "Use an IF population, or a chip of another datapath"))
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
  /// A row that is as little disturbed by its negative threshold as the chip allows: the codes of every compiled neuron.
  mutating func appendPlain(_ additive: Chip.Additive, _ chip: Chip) {
    append(
      leak: additive.leakOrder == .afterThreshold ? .late : [],
      negativeThreshold: Self.farthest(additive, chip), additive.saturation ? .saturate : .reset)
  }

  fileprivate static func farthest(_ additive: Chip.Additive, _ chip: Chip) -> Int32 {
    let lowest = signedRange(bits: chip.datapath.stateBits).lowerBound
    return Int32(clamping: min(Int64(additive.negativeThresholds.upperBound), -lowest))
  }
}

extension PartitionedCore {
  /// A type for every axon, so that each neuron has one weight per type; nil where `types` of them are too few.
  ///
  /// Axons in order take the lowest type that contradicts none before them. That is exact for populations whose sources
  /// each have one weight per neuron or all the same weights, such as excitatory and inhibitory ones. It neither rounds
  /// weights to fewer values nor doubles axons.
  func axonTypes(_ types: Int) -> [UInt8]? {
    var weights = [Int16?](repeating: nil, count: types * neurons.count)
    var result: [UInt8] = []
    for row in synapses {
      let type = (0..<types).first { type in
        row.allSatisfy {
          let known = weights[type * neurons.count + Int($0.neuron)]
          return known == nil || known == $0.weight
        }
      }
      guard let type else { return nil }
      for synapse in row { weights[type * neurons.count + Int(synapse.neuron)] = synapse.weight }
      result.append(UInt8(type))
    }
    return result
  }
}

/// Whether every core's axons can have types; one diagnostic, for the first that cannot.
func axonTypeProblem(_ fanout: FanoutNetwork, chip: Chip) -> Diagnostic? {
  guard let types = chip.crossbar.axonTypes,
    let core = fanout.cores.first(where: { $0.axonTypes(types) == nil })
  else { return nil }
  let population = core.neurons.first.map {
    fanout.partitioned.quantized.legal.populations[$0.population].name
  }
  return Diagnostic(
    "limit.axonTypes", subject: "population \(population ?? "")",
    problem: "needs more types of axons than there are: a neuron has one weight for all axons of a type",
    expected: "weights that \(types) types per core can carry (chip \(chip.name))",
    remedy:
      "Give sources that differ in one neuron the same difference in all, use fewer different weights (--weight-bits 2), or choose a chip without crossbar.axonTypes"
  )
}
