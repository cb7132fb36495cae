import Foundation

/// Expressions as a list of operations, each done once: for evaluating them millions of times, and for everything that
/// goes through them step by step (intervals, code generation). Equal parts are computed once.
public struct ExpressionProgram: Sendable, Equatable {
  public enum Operation: Sendable, Equatable, Hashable {
    case number(Double)
    case variable(Int)
    case current
    case sum(Int, Int)
    case product(Int, Int)
    case exponential(Int)
    case minimum(Int, Int)
    case maximum(Int, Int)
  }
  /// Operands are numbers of earlier operations.
  public private(set) var operations: [Operation] = []
  /// The operation that has the value, per expression.
  public private(set) var results: [Int] = []

  public init(_ expressions: [NeuronExpression]) {
    var known: [Operation: Int] = [:]
    func add(_ operation: Operation) -> Int {
      if let same = known[operation] { return same }
      operations.append(operation)
      known[operation] = operations.count - 1
      return operations.count - 1
    }
    func visit(_ expression: NeuronExpression) -> Int {
      switch expression {
      case .number(let value): return add(.number(value))
      case .variable(let index): return add(.variable(index))
      case .current: return add(.current)
      case .sum(let a, let b): return add(.sum(visit(a), visit(b)))
      case .product(let a, let b): return add(.product(visit(a), visit(b)))
      case .exponential(let a): return add(.exponential(visit(a)))
      case .minimum(let a, let b): return add(.minimum(visit(a), visit(b)))
      case .maximum(let a, let b): return add(.maximum(visit(a), visit(b)))
      }
    }
    results = expressions.map(visit)
  }

  /// The values of all operations, in order.
  public func evaluate(_ y: NeuronVariables, current: Double, into values: inout [Double]) {
    for (index, operation) in operations.enumerated() {
      values[index] =
        switch operation {
        case .number(let value): value
        case .variable(let lane): y[lane]
        case .current: current
        case .sum(let a, let b): values[a] + values[b]
        case .product(let a, let b): values[a] * values[b]
        case .exponential(let a): exp(values[a])
        case .minimum(let a, let b): min(values[a], values[b])
        case .maximum(let a, let b): max(values[a], values[b])
        }
    }
  }
}

/// The variables of a neuron: up to four; lane 0 is the potential, unused lanes stay 0.
public typealias NeuronVariables = SIMD4<Double>

extension ExpressionProgram {
  /// The expressions' values, at most four.
  public func value(_ y: NeuronVariables, current: Double, scratch: inout [Double]) -> NeuronVariables {
    if scratch.count < operations.count { scratch = [Double](repeating: 0, count: operations.count) }
    evaluate(y, current: current, into: &scratch)
    var result = NeuronVariables.zero
    for (lane, operation) in results.enumerated() { result[lane] = scratch[operation] }
    return result
  }

  /// Bounds of every operation where the variables and the current stay within theirs: interval arithmetic, which never
  /// excludes a possible value (up to float64's rounding). Ends beyond ±1e150 count as that.
  public func bounds(_ variables: [ClosedRange<Double>], current: ClosedRange<Double>) -> [ClosedRange<
    Double
  >] {
    var bounds: [ClosedRange<Double>] = []
    bounds.reserveCapacity(operations.count)
    for operation in operations {
      func ends(_ function: (Double, Double) -> Double, _ a: Int, _ b: Int) -> ClosedRange<Double> {
        .clamped(
          function(bounds[a].lowerBound, bounds[b].lowerBound),
          function(bounds[a].upperBound, bounds[b].upperBound))
      }
      switch operation {
      case .number(let value): bounds.append(.clamped(value, value))
      case .variable(let lane): bounds.append(variables[lane])
      case .current: bounds.append(current)
      case .sum(let a, let b): bounds.append(ends(+, a, b))
      case .product(let a, let b): bounds.append(bounds[a].times(bounds[b], isSquare: a == b))
      case .exponential(let a): bounds.append(.clamped(exp(bounds[a].lowerBound), exp(bounds[a].upperBound)))
      case .minimum(let a, let b): bounds.append(ends(min, a, b))
      case .maximum(let a, let b): bounds.append(ends(max, a, b))
      }
    }
    return bounds
  }
}

extension ClosedRange<Double> {
  /// A range whose ends are numbers that can still be multiplied.
  fileprivate static func clamped(_ low: Double, _ high: Double) -> ClosedRange<Double> {
    func number(_ value: Double) -> Double { Swift.min(Swift.max(value, -1e150), 1e150) }
    return number(low)...number(high)
  }

  fileprivate func times(_ other: ClosedRange<Double>, isSquare: Bool) -> ClosedRange<Double> {
    let ends = [
      lowerBound * other.lowerBound, lowerBound * other.upperBound, upperBound * other.lowerBound,
      upperBound * other.upperBound,
    ]
    let low = ends.min() ?? 0
    let high = ends.max() ?? 0
    return .clamped(isSquare ? Swift.max(low, 0) : low, high)
  }
}

extension Double {
  /// e to this power.
  var exponential: Double { exp(self) }
}
