/// The differential equations of a neuron, with numbers for its parameters, and what a spike does to it.
///
/// ```
/// y' = derivatives(y, I)        spike where excess(y) reaches 0 from below:  y := reset(y), y₀ held for `refractory`
/// ```
/// Time in ms, y₀ (the potential) in mV, the other variables and I in units of their own. I enters the derivative of y₀
/// alone, and linearly. Spikes that arrive step y₀; during the refractory time they are lost.
public struct NeuronEquations: Sendable, Equatable {
  public struct Variable: Sendable, Equatable {
    public var name: String
    public var unit: String
    /// A difference that is small for it.
    public var scale: Double
    /// Where it starts.
    public var initial: Double

    public init(_ name: String, unit: String, scale: Double, initial: Double) {
      self.name = name
      self.unit = unit
      self.scale = scale
      self.initial = initial
    }
  }

  public var variables: [Variable]
  /// Per ms.
  public var derivatives: [NeuronExpression]
  /// Below 0 before a spike.
  public var excess: NeuronExpression
  public var reset: [NeuronExpression]
  /// ms; 0 for none.
  public var refractory: Double
  /// Of I.
  public var currentUnit: String

  public init(
    variables: [Variable], derivatives: [NeuronExpression], excess: NeuronExpression,
    reset: [NeuronExpression],
    refractory: Double = 0, currentUnit: String
  ) {
    self.variables = variables
    self.derivatives = derivatives
    self.excess = excess
    self.reset = reset
    self.refractory = refractory
    self.currentUnit = currentUnit
  }

  /// ∂y₀'/∂I, in mV/ms per unit of I.
  public var gain: Double {
    derivatives[0].terms.terms.first { $0.atom == .current }?.factor ?? 0
  }

  /// The potential of the threshold, where it is a fixed one; mV.
  public var fixedPeak: Double? {
    let terms = excess.terms
    guard terms.terms.count == 1, terms.terms[0].atom == .variable(0), terms.terms[0].factor > 0 else {
      return nil
    }
    return -terms.constant / terms.terms[0].factor
  }

  /// Only the first derivative has I, and that linearly.
  private var takesCurrentLinearly: Bool {
    func hasCurrent(_ expression: NeuronExpression) -> Bool { expression.with(current: 0) != expression }
    return gain != 0 && derivatives[0].terms.terms.allSatisfy { $0.atom == .current || !hasCurrent($0.atom) }
      && !derivatives.dropFirst().contains(where: hasCurrent) && !hasCurrent(excess)
      && !reset.contains(where: hasCurrent)
  }

  public var initial: NeuronVariables {
    var y = NeuronVariables.zero
    for (lane, variable) in variables.enumerated() { y[lane] = variable.initial }
    return y
  }

  /// What must hold whatever the user wrote; empty if it does.
  func problems() -> [String] {
    var found: [String] = []
    let count = variables.count
    if !(1...4).contains(count) { found.append("its equations have \(count) variables") }
    if derivatives.count != count || reset.count != count {
      found.append("its equations lack a derivative or a reset")
    }
    let used = (derivatives + reset + [excess]).reduce(into: Set<Int>()) { $0.formUnion($1.variables) }
    if used.contains(where: { !(0..<count).contains($0) }) {
      found.append("its equations use a variable that it does not have")
    }
    if !derivatives.isEmpty, !takesCurrentLinearly {
      found.append("the current enters its equations other than linearly into the potential's")
    }
    if !variables.allSatisfy({ $0.initial.isFinite && $0.scale > 0 }) || !(refractory >= 0) {
      found.append("its equations have impossible numbers")
    }
    return found
  }
}
