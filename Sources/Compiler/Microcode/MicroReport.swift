/// What the compiler chose for the program of one population, what it costs, and how far it can be from its equations.
///
/// A bound holds for every input that keeps the variables in their ranges; an estimate was measured on runs of the
/// float64 equations.
public struct MicroReport: Sendable, Equatable, Codable {
  public struct Variable: Sendable, Equatable, Codable {
    public var name: String
    public var unit: String
    /// value = code / 2^fractionBits
    public var fractionBits: Int
    /// Range under the analysed currents (estimate), which the bounds are conditional on.
    public var lowest: Double
    public var highest: Double
    /// Bound: most that rounding and tables move it in one tick without a spike, in its unit, below the last stretch.
    public var roundingPerTick: Double
  }
  public struct Table: Sendable, Equatable, Codable {
    public var entries: Int
    /// Bound, of the function's value.
    public var relativeError: Double
    /// The argument, in its unit.
    public var from: Double
    public var to: Double
  }

  public var scheme: MicroScheme
  public var registerBits: Int
  public var variables: [Variable]
  public var tables: [Table]
  public var currentUnit: String
  /// Currents for which ranges and scheme were chosen, in `currentUnit`.
  public var lowestCurrent: Double
  public var highestCurrent: Double
  /// Where the spike is taken, in mV; left out where it is the model's own threshold.
  public var cutOffMillivolts: Double?
  /// Bound: most by which that makes a spike early, in ms.
  public var earlyMilliseconds: Double?
  /// Bound: from here the spike is certain, and at most 1 ms away, in mV; left out where the threshold itself decides.
  public var lastStretchMillivolts: Double?
  /// Bound: the constant current that does as much as the potential's rounding at its worst, in `currentUnit`.
  public var currentError: Double
  /// Estimate: what that current does to the rate at the highest current, relative; left out where it is silent.
  public var rateErrorOfRounding: Double?
  /// Estimate: the scheme's error of spike times and counts, relative, the worst of the analysed currents.
  public var rateErrorOfSteps: Double
  public var instructions: Int
  public var constants: Int
  public var registers: Int
  /// Per neuron and tick.
  public var instructionsPerTick: Int
  public var cyclesPerTick: Int
  /// Joule, where the chip's energies are known.
  public var energyPerTick: Double?
}
