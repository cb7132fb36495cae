import Foundation
import NetworkIR

/// How a tick integrates: passes through the program's body, and the rule of one pass.
public struct MicroScheme: Sendable, Equatable, Codable {
  public enum Rule: String, Sendable, Codable {
    /// y ← y + h f(y)
    case euler
    /// y ← y + h f(y + h/2 f(y))
    case midpoint
  }
  public var rule: Rule
  public var passes: Int

  /// From cheap to dear: a midpoint pass costs about two of Euler's.
  static let candidates: [MicroScheme] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64].flatMap { passes in
    [MicroScheme(rule: .midpoint, passes: passes), MicroScheme(rule: .euler, passes: 2 * passes)]
  }
}

/// What a program computes, in real numbers: the equations at one constant current, a step h, and where the spike is cut.
///
/// ```
/// increments_i = h f_i(y)        exponents never beyond what they are at the cut-off
/// ```
struct MicroSystem: Sendable {
  var equations: NeuronEquations
  var scheme: MicroScheme
  /// ms per pass.
  var h: Double
  /// Where the spike is taken for certain; nil: where the equations say.
  var cutOff: Double?
  /// Changes of the variables per pass, normalised: numbers folded, h taken in.
  var increments: [NeuronExpression]
  var excess: NeuronExpression
  /// The refractory time in passes.
  var held: Int

  private let incrementProgram: ExpressionProgram
  private let excessProgram: ExpressionProgram
  private let resetProgram: ExpressionProgram

  init(_ equations: NeuronEquations, current: Double, dt: Double, scheme: MicroScheme, cutOff: Double?) {
    self.equations = equations
    self.scheme = scheme
    self.cutOff = cutOff
    let h = dt / Double(scheme.passes)
    self.h = h
    let top = cutOff ?? equations.fixedPeak
    increments = equations.derivatives.map { derivative in
      let capped = top.map { derivative.capped(variable: 0, at: $0) } ?? derivative
      return capped.with(current: current).scaled(h)
    }
    excess = cutOff.map { NeuronExpression.variable(0) - $0 } ?? equations.excess
    held = Int((min(equations.refractory / h, 1e9)).rounded())
    incrementProgram = ExpressionProgram(increments)
    excessProgram = ExpressionProgram([excess])
    resetProgram = ExpressionProgram(equations.reset)
  }

  /// A neuron that runs through the scheme in float64.
  struct Run {
    private let system: MicroSystem
    private var scratch: [Double] = []
    private(set) var y: NeuronVariables
    private var wait = 0
    /// Smallest and largest values that a variable, or its middle value, took.
    private(set) var low: NeuronVariables
    private(set) var high: NeuronVariables

    init(_ system: MicroSystem) {
      self.system = system
      y = system.equations.initial
      low = y
      high = y
    }

    /// One pass; whether it fires.
    mutating func pass() -> Bool {
      var increment = system.incrementProgram.value(y, current: 0, scratch: &scratch)
      if system.scheme.rule == .midpoint {
        let middle = y + 0.5 * increment
        note(middle)
        increment = system.incrementProgram.value(middle, current: 0, scratch: &scratch)
      }
      if wait > 0 {
        wait -= 1
        increment[0] = 0
      }
      y += increment
      note(y)
      guard system.excessProgram.value(y, current: 0, scratch: &scratch)[0] >= 0 else { return false }
      y = system.resetProgram.value(y, current: 0, scratch: &scratch)
      note(y)
      wait = system.held
      return true
    }

    private mutating func note(_ y: NeuronVariables) {
      low = pointwiseMin(low, y)
      high = pointwiseMax(high, y)
    }
  }
}

extension NeuronExpression {
  /// Exponents that rise with a variable stay what they are where it is `top`.
  func capped(variable: Int, at top: Double) -> NeuronExpression {
    switch self {
    case .number, .variable, .current: self
    case .sum(let a, let b):
      .sum(a.capped(variable: variable, at: top), b.capped(variable: variable, at: top))
    case .product(let a, let b):
      .product(a.capped(variable: variable, at: top), b.capped(variable: variable, at: top))
    case .minimum(let a, let b):
      .minimum(a.capped(variable: variable, at: top), b.capped(variable: variable, at: top))
    case .maximum(let a, let b):
      .maximum(a.capped(variable: variable, at: top), b.capped(variable: variable, at: top))
    case .exponential(let a):
      if let line = a.line, line.variable == variable, line.slope > 0 {
        .exponential(.minimum(a, .number(line.slope * top + line.offset)))
      } else {
        .exponential(a.capped(variable: variable, at: top))
      }
    }
  }

  /// slope · variable + offset, where it is that.
  var line: (variable: Int, slope: Double, offset: Double)? {
    let terms = terms
    guard terms.terms.count == 1, case .variable(let variable) = terms.terms[0].atom else { return nil }
    return (variable, terms.terms[0].factor, terms.constant)
  }

  /// The product with a number, which goes into sums and products as far as it can, so that it costs no operation of
  /// its own.
  func scaled(_ number: Double) -> NeuronExpression { terms.times(number).expression }
}
