import ChipModel

/// The codes of one population and what they cost in accuracy; part of the report of `compile` and `check`.
///
/// Errors are relative: of weights to the population's largest weight, of leak and threshold to themselves.
public struct PopulationCodes: Sendable, Equatable, Codable {
  public var name: String
  public var model: String
  public var size: Int
  /// Cores that hold it, partial sums included.
  public var cores = 0
  /// Neurons that only forward partial sums.
  public var partialNeurons = 0
  /// Neurons that only repeat its spikes, where the chip's lists of destinations are too short.
  public var splitterNeurons = 0
  /// Mean over its neurons: destinations, those of their splitters included; with multicast, different delays among
  /// them.
  public var packetsPerSpike = 0.0
  public var synapses: Int
  /// Network units (of v) per weight code, as it arrives on the membrane.
  public var weightScale: Double
  public var weightExponent: Int
  public var weightErrorRMS: Double
  public var weightErrorMaximum: Double
  /// Weights beyond the largest code.
  public var clippedWeights: Int
  /// Mean over neurons of |Σ_j (ŵ − w)| / Σ_j |w|: the error of the drive when all sources fire alike.
  public var meanDriveError: Double
  public var decayMantissa: Int
  public var decayExponent: Int
  /// (decay that runs − decay that was meant) / decay that was meant, of the neuron where it is largest; with
  /// `model` that is mostly the parasitics.
  public var leakError: Double?
  /// The part of it that is the rounding of the DAC and decay codes.
  public var leakCodeError: Double?
  public var thresholdCode: Int?
  public var thresholdError: Double?
  /// Largest |v| code from which the rounded leak no longer moves, relative to the threshold code.
  public var deadZone: Double?
  public var gain: Double
  /// Farad; where C_total comes from. Left out on a digital chip.
  public var capacitance: CapacitanceBudget?
  /// Farad; C_total and its drawn part.
  public var totalCapacitance: Double?
  public var membraneCapacitance: Double?
  public var voltsPerUnit: Double?
  /// What compensation leaves, relative to the swing: neighbour's kick, and what a reset leaves behind.
  public var kickResidual: Double?
  public var resetResidual: Double?
  /// What became of its noise.
  public var noise: Noise?
  /// Rate by the differential equation, and with C_total, of a population that a constant alone drives. Hertz.
  public var closedFormHz: Double?
  public var withParasiticsHz: Double?
  /// Whether interval analysis shows that no register can overflow; if not, the neuron that shows it.
  public var overflowProven: Bool
  public var overflowWitness: String?
  /// That neuron, and which input would reach its bound.
  public var overflowInput: OverflowInput?
  /// The program of a model that is given as equations; leak, decay and dead zone are then left out or 0.
  public var microcode: MicroReport?

  /// Whether it fires; else it is a readout.
  public var fires: Bool { thresholdCode != nil || microcode != nil }

  /// Standard deviations in codes, and how far they are from what was meant, relative; the chip's noise is uniform in every
  /// tick, the network's Gaussian.
  public struct Noise: Sendable, Equatable, Codable {
    public var stepCodes: Double?
    public var stepError: Double?
    public var thresholdCodes: Double?
    public var thresholdError: Double?
  }

  /// C_total / C_membrane; 1 on a digital chip.
  public var capacitanceRatio: Double {
    guard let totalCapacitance, let membraneCapacitance else { return 1 }
    return totalCapacitance / membraneCapacitance
  }
}
