/// A neuron model that is given as equations: its parameters, published sets, and the equations that come of them.
public struct EquationModel: Sendable {
  public struct Parameter: Sendable {
    /// In a network file.
    public var key: String
    /// In formulas, and in `rheobase neuron`.
    public var symbol: String
    /// The unit in which the equations count it; empty for a plain number.
    public var unit: String
    /// Where neither the file nor a preset says it; nil: one of them must.
    public var fallback: Double?

    init(_ key: String, _ symbol: String, _ unit: String, fallback: Double? = nil) {
      self.key = key
      self.symbol = symbol
      self.unit = unit
      self.fallback = fallback
    }
  }
  public struct Preset: Sendable {
    public var name: String
    /// Parallel to the parameters.
    public var values: [Double]
  }

  /// In a network file.
  public var name: String
  /// For people.
  public var title: String
  public var parameters: [Parameter]
  public var presets: [Preset]
  /// Whether one of the parameters is the membrane's capacitance, in pF, so that currents are amperes; else they are
  /// volts per second.
  public var hasCapacitance: Bool { parameters.contains { $0.key == "capacitance" } }
  /// Parameters that must be positive, and pairs of which the first must lie below the second, by symbol.
  public var positive: [String]
  public var ascending: [(low: String, high: String)]
  let build: @Sendable ([Double]) -> NeuronEquations

  /// The equations with these values, parallel to the parameters.
  public func equations(_ values: [Double]) -> NeuronEquations { build(values) }

  public func value(_ symbol: String, _ values: [Double]) -> Double? {
    parameters.firstIndex { $0.symbol == symbol }.flatMap { values.indices.contains($0) ? values[$0] : nil }
  }

  public static let all: [EquationModel] = [
    .quadratic, .exponential, .adaptiveExponential, .izhikevich, .generalized,
  ]
}
