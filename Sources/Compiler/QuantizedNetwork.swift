import ChipModel
import NetworkIR
import ProgramImage

/// What leaves `quantize`: every number is a code.
struct QuantizedNetwork: Sendable {
  var physical: PhysicalNetwork
  var populations: [QuantizedPopulation]
  /// Weight codes; zeros are not stored.
  var connections: [Connection<Int16>]
  /// The same synapses by the axons that they need.
  var axons: AxonClasses

  var legal: LegalNetwork { physical.legal }

  /// Empties the matrices of steps that the codes were made from. Where they lead from and to stays.
  mutating func releaseSteps() {
    for k in physical.legal.connections.indices {
      let columns = physical.legal.connections[k].matrix.columns
      physical.legal.connections[k].matrix = SparseMatrix(begin: [0], column: [], value: [], columns: columns)
    }
  }
}

/// Codes of one population, one per neuron, as `ProgramImage.Neurons` holds them.
struct QuantizedPopulation: Sendable {
  var kind: ProgramImage.NeuronKind
  /// Codes per network unit.
  var scale: Double
  /// Gain that the weights make up for.
  var madeUpGain: Double
  var weightExponent: UInt8
  var decay: [Int32]
  var decayExponent: UInt8
  var synapseDecay: [Int32]
  var synapseDecayExponent: UInt8
  var gain: [Int32]
  var bias: [Int32]
  var threshold: [Int32]
  /// What `threshold` has more than its value, where the chip compares by the other sign (> for ≥, or the reverse), or less
  /// where threshold noise makes up for it.
  var comparisonShift: Int32
  var reset: [Int32]
  var resetMode: ProgramImage.ResetMode
  var refractory: [Int32]
  var kick: [Int32]
  var floor: [Int32]
  var v0: [Int32]
  var u0: [Int32]
  var poisson: [Poisson]
  var noise: NoiseCodes?
  /// Whether the weights of one neuron are sums of a few that sources share (`WeightTables`).
  var sharesWeights = false
  /// Where a constant stands for the leak; `decay` is then 0, and `bias` the code of its step.
  var constantLeak: ConstantLeak?
  /// Of a population with equations; the leaky unit's codes are then idle.
  var microcode: MicroCode?
  var report: PopulationCodes

  struct Poisson: Sendable {
    var mean: Double
    var weight: [Int32]
    var firstStream: UInt32
  }
}
