import FixedPoint
import Foundation
import NetworkIR

extension MicroBuilder {
  /// Code for an expression of the variables in `values`.
  mutating func lower(_ expression: NeuronExpression, _ values: [MicroValue]) -> MicroValue {
    let terms = expression.terms
    let parts = terms.terms.map { part($0, values) }
    // All partial sums must fit, and nothing can have more fraction bits than a part that cannot be made with fewer.
    var sum = terms.constant...terms.constant
    var fraction = fraction(for: sum)
    // Roundings can lead a little beyond the bounds, but not where there is nothing to add up.
    let room = parts.count == 1 && terms.constant == 0 ? 1 : 1 + exp2(Double(8 - registerBits))
    for part in parts {
      sum = sum.plus(part.possible)
      fraction = min(fraction, self.fraction(for: sum.times(room)), self.fraction(for: part.possible))
      fraction = min(fraction, part.most)
    }
    if terms.constant != 0 { fraction = min(fraction, self.fraction(for: terms.constant...terms.constant)) }
    let made = parts.map { make($0, values, fraction: fraction) }
    return add(made, constant: terms.constant, fraction: fraction)
  }

  /// factor · atom, before it has a binary point.
  private struct Part {
    var term: NeuronExpression.Terms.Term
    var possible: ClosedRange<Double>
    var expected: ClosedRange<Double>
    /// Fraction bits that it has at most.
    var most: Int
  }

  private func part(_ term: NeuronExpression.Terms.Term, _ values: [MicroValue]) -> Part {
    let whole = NeuronExpression.product(.number(term.factor), term.atom)
    var part = Part(
      term: term, possible: bounds(whole, possible), expected: bounds(whole, expected), most: 60)
    if case .variable(let index) = term.atom {
      part.possible = values[index].possible.times(term.factor)
      part.expected = values[index].expected.times(term.factor)
      part.most =
        term.factor.powerOfTwo.map { values[index].fraction - $0 }
        ?? values[index].fraction + MicroFormat.fraction(for: abs(term.factor), registerBits: registerBits)
    }
    return part
  }

  private mutating func make(_ part: Part, _ values: [MicroValue], fraction: Int) -> MicroValue {
    let factor = part.term.factor
    switch part.term.atom {
    case .variable(let index):
      let value = values[index]
      if let power = factor.powerOfTwo {
        // Only the binary point moves; a negative one is subtracted by `add`.
        var moved = value
        moved.fraction = value.fraction - power
        moved.isNegated = factor < 0
        moved.error *= abs(factor)
        moved.possible = part.possible
        moved.expected = part.expected
        return moved
      }
      return product(value, factor, fraction: fraction)
    case .product(let a, let b):
      // The number goes into the factor that has numbers anyway.
      let takesIt = a.terms.constant != 0 || a.terms.terms.contains { $0.factor != 1 }
      let first = lower(takesIt || a == b ? a.scaled(factor) : a, values)
      let second = lower(takesIt || a == b ? b : b.scaled(factor), values)
      return product(
        first, second, fraction: fraction, possible: part.possible, expected: part.expected)
    case .exponential(let argument): return exponential(argument, factor, part, values, fraction: fraction)
    case .minimum(let a, let b), .maximum(let a, let b):
      let isMinimum = if case .minimum = part.term.atom { true } else { false }
      var (x, y) = (lower(a, values), lower(b, values))
      let common = min(x.fraction, y.fraction)
      if case .constant = x.place { x = lower(a, fraction: common) } else { x = aligned(x, fraction: common) }
      if case .constant = y.place { y = lower(b, fraction: common) } else { y = aligned(y, fraction: common) }
      let place = emit(isMinimum ? .minimum : .maximum, x.place, y.place)
      let chosen = MicroValue(
        place: place, fraction: common, possible: bounds(part.term.atom, possible),
        expected: bounds(part.term.atom, expected), error: max(x.error, y.error))
      return factor == 1 ? chosen : product(chosen, factor, fraction: fraction)
    case .number, .current, .sum: return constant(0, fraction: fraction)
    }
  }

  /// A number at a given binary point.
  private func lower(_ number: NeuronExpression, fraction: Int) -> MicroValue {
    constant(number.terms.constant, fraction: fraction)
  }

  /// factor · e^argument as a table over the variable, whatever is linear before it included.
  private mutating func exponential(
    _ argument: NeuronExpression, _ factor: Double, _ part: Part, _ values: [MicroValue], fraction: Int
  ) -> MicroValue {
    var inner = argument
    var cap = Double.infinity
    if case .minimum(let a, .number(let top)) = argument { (inner, cap) = (a, top) }
    let source: MicroValue
    let slope: Double
    let offset: Double
    if let line = inner.line {
      source = values[line.variable]
      (slope, offset) = (line.slope, line.offset)
    } else {
      source = lower(inner, values)
      (slope, offset) = (1, 0)
    }
    let made = ExponentialTable(
      factor: factor, slope: slope, offset: offset, cap: cap, source: source, fraction: fraction,
      registerBits: registerBits, mostEntries: tableEntries)
    let number = addTable(made.table, made.report)
    let place = emit(.lookUp, source.place, table: number, shift: made.shift)
    return MicroValue(
      place: place, fraction: fraction, possible: part.possible, expected: part.expected,
      error: made.error + made.steepness * source.error)
  }

  /// Adds values that have at least `fraction` fraction bits, and a number.
  private mutating func add(_ values: [MicroValue], constant number: Double, fraction: Int) -> MicroValue {
    var rest = values
    var total: MicroValue
    if number != 0 || rest.isEmpty {
      total = constant(number, fraction: fraction)
    } else if let first = rest.firstIndex(where: { $0.fraction == fraction && !$0.isNegated }) {
      total = rest.remove(at: first)
    } else {
      total = constant(0, fraction: fraction)
    }
    for value in rest {
      let shift = value.fraction - fraction
      let place = emit(value.isNegated ? .subtract : .add, total.place, value.place, shift: shift)
      total = MicroValue(
        place: place, fraction: fraction, possible: total.possible.plus(value.possible),
        expected: total.expected.plus(value.expected),
        error: total.error + value.error + (shift > 0 ? half(fraction) : 0))
    }
    return total
  }

}

extension Double {
  /// k where the number is 2^k or −2^k.
  fileprivate var powerOfTwo: Int? {
    isFinite && self != 0 && significandBitPattern == 0 ? Int(exponent) : nil
  }
}
