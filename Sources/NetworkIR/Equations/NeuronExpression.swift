/// A term of a neuron's differential equation.
///
/// Written with `+`, `−`, `·`, `/` (by a number), `exp`, `min` and `max`. Everything else
/// that an equation could need (a quotient of variables, a power that is no product) is left out on purpose: it is what
/// the datapath `microcode` can compute.
public indirect enum NeuronExpression: Sendable, Equatable, Hashable {
  case number(Double)
  /// A variable of the neuron; 0 is the potential.
  case variable(Int)
  /// The injected current.
  case current
  case sum(NeuronExpression, NeuronExpression)
  case product(NeuronExpression, NeuronExpression)
  case exponential(NeuronExpression)
  case minimum(NeuronExpression, NeuronExpression)
  case maximum(NeuronExpression, NeuronExpression)
}

extension NeuronExpression {
  public static func + (a: NeuronExpression, b: NeuronExpression) -> NeuronExpression { .sum(a, b) }
  public static func - (a: NeuronExpression, b: NeuronExpression) -> NeuronExpression { .sum(a, -b) }
  public static prefix func - (a: NeuronExpression) -> NeuronExpression { .product(.number(-1), a) }
  public static func * (a: NeuronExpression, b: NeuronExpression) -> NeuronExpression { .product(a, b) }
  public static func * (a: Double, b: NeuronExpression) -> NeuronExpression { .product(.number(a), b) }
  public static func + (a: NeuronExpression, b: Double) -> NeuronExpression { .sum(a, .number(b)) }
  public static func - (a: NeuronExpression, b: Double) -> NeuronExpression { .sum(a, .number(-b)) }
  public static func / (a: NeuronExpression, b: Double) -> NeuronExpression { .product(.number(1 / b), a) }
}

extension NeuronExpression {
  /// The terms of a sum, products multiplied out as far as one factor is a number; the first is a plain number (often
  /// 0), the others are `factor · atom` with different atoms, none of them a sum or a number.
  ///
  /// Folds everything that is constant.
  public var terms: Terms {
    switch self {
    case .number(let value): return Terms(constant: value)
    case .variable, .current: return Terms(self)
    case .sum(let a, let b): return a.terms.adding(b.terms)
    case .product(let a, let b):
      let (a, b) = (a.terms, b.terms)
      if let factor = a.number { return b.times(factor) }
      if let factor = b.number { return a.times(factor) }
      return Terms(.product(a.expression, b.expression))
    case .exponential(let a):
      let a = a.terms
      return a.number.map { Terms(constant: $0.exponential) } ?? Terms(.exponential(a.expression))
    case .minimum(let a, let b):
      let (a, b) = (a.terms, b.terms)
      if let x = a.number, let y = b.number { return Terms(constant: Swift.min(x, y)) }
      return Terms(.minimum(a.expression, b.expression))
    case .maximum(let a, let b):
      let (a, b) = (a.terms, b.terms)
      if let x = a.number, let y = b.number { return Terms(constant: Swift.max(x, y)) }
      return Terms(.maximum(a.expression, b.expression))
    }
  }

  /// `Σ factor · atom + constant`.
  public struct Terms: Sendable, Equatable {
    public struct Term: Sendable, Equatable {
      public var factor: Double
      public var atom: NeuronExpression
    }
    public var constant: Double
    public var terms: [Term]

    init(constant: Double) {
      self.constant = constant
      terms = []
    }
    init(_ atom: NeuronExpression) {
      constant = 0
      terms = [Term(factor: 1, atom: atom)]
    }

    /// The value, where nothing varies.
    public var number: Double? { terms.isEmpty ? constant : nil }

    func adding(_ other: Terms) -> Terms {
      var result = self
      result.constant += other.constant
      for term in other.terms {
        if let same = result.terms.firstIndex(where: { $0.atom == term.atom }) {
          result.terms[same].factor += term.factor
        } else {
          result.terms.append(term)
        }
      }
      result.terms.removeAll { $0.factor == 0 }
      return result
    }

    /// A positive number is taken into the factors of products and out of no other atom.
    public func times(_ number: Double) -> Terms {
      var result = self
      result.constant *= number
      for index in result.terms.indices { result.terms[index].factor *= number }
      if number == 0 { result.terms = [] }
      return result
    }

    public var expression: NeuronExpression {
      var result: NeuronExpression?
      for term in terms {
        let part = term.factor == 1 ? term.atom : .product(.number(term.factor), term.atom)
        result = result.map { .sum($0, part) } ?? part
      }
      guard let result else { return .number(constant) }
      return constant == 0 ? result : .sum(result, .number(constant))
    }
  }

  /// The same with a number in place of the current.
  public func with(current: Double) -> NeuronExpression {
    switch self {
    case .number, .variable: self
    case .current: .number(current)
    case .sum(let a, let b): .sum(a.with(current: current), b.with(current: current))
    case .product(let a, let b): .product(a.with(current: current), b.with(current: current))
    case .exponential(let a): .exponential(a.with(current: current))
    case .minimum(let a, let b): .minimum(a.with(current: current), b.with(current: current))
    case .maximum(let a, let b): .maximum(a.with(current: current), b.with(current: current))
    }
  }

  /// Variables that occur in it.
  public var variables: Set<Int> {
    switch self {
    case .number, .current: []
    case .variable(let index): [index]
    case .exponential(let a): a.variables
    case .sum(let a, let b), .product(let a, let b), .minimum(let a, let b), .maximum(let a, let b):
      a.variables.union(b.variables)
    }
  }
}
