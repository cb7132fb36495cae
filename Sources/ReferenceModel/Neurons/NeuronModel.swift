/// The variables of a neuron: up to four. Lane 0 is the membrane potential; unused lanes stay 0.
public typealias NeuronState = SIMD4<Double>

/// A neuron as a differential equation, the threshold at which it spikes, and what a spike does to it.
///
/// `y' = derivative(y, I)` between spikes. A spike is the moment at which `distanceToThreshold` becomes 0 from below.
/// Models that reset jump to `reset(y)` there and hold their potential for `refractoryPeriod`, while their
/// other variables go on. Models without a reset just cross and count.
///
/// The current must enter the derivative of lane 0 linearly and nothing else: the analysis of equilibria solves
/// for it (`EquilibriumCurve`). For every potential there must be one state in which all other variables rest
/// (`steadyState`).
public protocol NeuronModel: Sendable {
  /// What the model is called, its equations, variables and units.
  static var form: NeuronForm { get }
  /// What can be set, in the order in which it is shown.
  static var parameters: [NeuronParameter<Self>] { get }
  /// Published or stated parameter sets; the first one holds where none is named.
  static var presets: [NeuronPreset<Self>] { get }

  /// Time derivative of the state, per unit of time of the form.
  /// - Parameter current: injected current in the form's unit.
  func derivative(of y: NeuronState, current: Double) -> NeuronState
  /// The state with this potential in which every other variable has derivative 0.
  func steadyState(at potential: Double) -> NeuronState
  /// Below 0 before a spike; the spike is where it reaches 0.
  func distanceToThreshold(_ y: NeuronState) -> Double
  /// The state after a spike; not called where the form says that there is no reset.
  func reset(_ y: NeuronState) -> NeuronState
  /// How long the potential is held after a reset, in units of time of the form.
  var refractoryPeriod: Double { get }
  /// Where a simulation starts by convention; nil: in the lowest stable equilibrium without current.
  var startingState: NeuronState? { get }
  /// Potentials among which equilibria are looked for.
  var potentialRange: ClosedRange<Double> { get }
  /// Rules that these parameters break, each as (parameter, what is expected of it); empty if it can run.
  var brokenRules: [NeuronRule] { get }
}

extension NeuronModel {
  public var refractoryPeriod: Double { 0 }
  public var startingState: NeuronState? { nil }
  public func reset(_ y: NeuronState) -> NeuronState { y }
}

/// What a model is, apart from its numbers.
public struct NeuronForm: Sendable {
  /// A variable of the state.
  public struct Variable: Sendable {
    public var name: String
    /// Empty for a plain number.
    public var unit: String
    /// A difference that is small for this variable; sets absolute tolerances and steps of derivatives.
    public var scale: Double

    public init(_ name: String, unit: String, scale: Double) {
      self.name = name
      self.unit = unit
      self.scale = scale
    }
  }

  /// The name on the command line.
  public var name: String
  public var title: String
  /// One line per equation, as plain text.
  public var equations: [String]
  public var source: String
  public var variables: [Variable]
  public var currentUnit: String
  /// Empty where time has no unit.
  public var timeUnit: String
  public var resets: Bool

  public var isPlanar: Bool { variables.count == 2 }
}

/// A parameter by name, with its unit and the way to it.
public struct NeuronParameter<Model: NeuronModel>: Sendable {
  public var name: String
  public var unit: String
  public var meaning: String
  let path: any WritableKeyPath<Model, Double> & Sendable

  init(
    _ name: String, _ path: any WritableKeyPath<Model, Double> & Sendable, unit: String, _ meaning: String
  ) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
    self.path = path
  }
}

/// A parameter set with the stimulus that goes with it.
public struct NeuronPreset<Model: NeuronModel>: Sendable {
  public var name: String
  public var model: Model
  public var source: String
  /// Current of the trace, in the form's unit.
  public var current: Double
  /// Length of the trace, in the form's unit of time.
  public var duration: Double
  /// Currents between which the f-I curve is drawn.
  public var currents: ClosedRange<Double>

  init(
    _ name: String, _ model: Model, source: String, current: Double, duration: Double,
    currents: ClosedRange<Double>
  ) {
    self.name = name
    self.model = model
    self.source = source
    self.current = current
    self.duration = duration
    self.currents = currents
  }
}

/// What is expected of a parameter and does not hold.
public struct NeuronRule: Sendable, Equatable {
  public var parameter: String
  public var expected: String
}

/// A parameter with its value, as reports show it.
public struct NeuronParameterValue: Sendable {
  public var name: String
  public var value: Double
  public var unit: String
  public var meaning: String
}

extension NeuronModel {
  /// All parameters with their values.
  public var parameterValues: [NeuronParameterValue] {
    Self.parameters.map {
      NeuronParameterValue(
        name: $0.name, value: self[keyPath: $0.path], unit: $0.unit, meaning: $0.meaning)
    }
  }

  /// The same neuron with one parameter changed; nil if there is none of this name.
  public func setting(_ name: String, to value: Double) -> Self? {
    guard let parameter = Self.parameters.first(where: { $0.name == name }) else { return nil }
    var model = self
    model[keyPath: parameter.path] = value
    return model
  }

  /// A positive number is expected of each of these parameters.
  func positive(_ names: String...) -> [NeuronRule] {
    names.filter { name in !((parameterValues.first { $0.name == name }?.value ?? 0) > 0) }
      .map { NeuronRule(parameter: $0, expected: "a positive number") }
  }

  /// The rule, unless the condition holds.
  func rule(_ parameter: String, _ expected: String, holds: Bool) -> [NeuronRule] {
    holds ? [] : [NeuronRule(parameter: parameter, expected: expected)]
  }

  /// Number of variables.
  var dimension: Int { Self.form.variables.count }
}
