import FixedPoint
import Foundation
import NetworkIR

/// A number that the program has at hand while it is made.
struct MicroValue: Sendable {
  var place: Place
  /// value = code / 2^fraction
  var fraction: Int
  /// What it can be whatever the registers hold.
  var possible: ClosedRange<Double>
  /// What it can be while the variables stay in the analysed ranges.
  var expected: ClosedRange<Double>
  /// Most by which it misses the exact value, under the same condition.
  var error: Double
  /// Whether the register holds the opposite: a variable with a negative power of two before it. Only within a sum.
  var isNegated = false

  enum Place: Sendable, Equatable {
    case state(Int)
    case temporary(Int)
    case constant(Int32)
    case input
  }
}

/// An instruction before registers are given out.
struct MicroDraft: Sendable, Equatable {
  var operation: MicroInstruction.Operation
  /// Takes the result; nil for `fire`.
  var target: MicroValue.Place?
  var a: MicroValue.Place
  var b: MicroValue.Place?
  var table = 0
  var shift = 0
  var whenFired = false
}

/// Appends instructions and keeps the books of formats and errors.
///
/// Formats: a value has the most fraction bits with which everything fits that it can be whatever the registers hold, so
/// no intermediate result can saturate. A sum adds its parts at one binary point, that of the part with the fewest
/// fraction bits; products are made at that point at once.
struct MicroBuilder: Sendable {
  let registerBits: Int
  /// Interval analysis of parts: of the variables as registers, and as analysed.
  let possible: [ClosedRange<Double>]
  let expected: [ClosedRange<Double>]
  let tableEntries: Int
  private(set) var drafts: [MicroDraft] = []
  private(set) var tables: [MicroTable] = []
  private(set) var tableReports: [MicroReport.Table] = []
  private var temporaries = 0
  /// Results before this draft may be out of date.
  private var barrier = 0

  init(
    registerBits: Int, possible: [ClosedRange<Double>], expected: [ClosedRange<Double>], tableEntries: Int
  ) {
    self.registerBits = registerBits
    self.possible = possible
    self.expected = expected
    self.tableEntries = tableEntries
  }

  mutating func append(_ draft: MicroDraft) { drafts.append(draft) }

  /// From here on states are not what they were.
  mutating func statesChange() { barrier = drafts.count }

  mutating func takeDrafts() -> [MicroDraft] {
    defer {
      drafts = []
      barrier = 0
    }
    return drafts
  }

  /// Lets the last instruction write into a state, if it is what made the value.
  mutating func redirectLast(_ value: MicroValue, into state: Int, whenFired: Bool) -> Bool {
    guard let last = drafts.last, last.target == value.place, case .temporary = value.place else {
      return false
    }
    drafts[drafts.count - 1].target = .state(state)
    drafts[drafts.count - 1].whenFired = whenFired
    return true
  }

  private mutating func temporary() -> MicroValue.Place {
    temporaries += 1
    return .temporary(temporaries - 1)
  }

  mutating func emit(
    _ operation: MicroInstruction.Operation, _ a: MicroValue.Place, _ b: MicroValue.Place? = nil,
    table: Int = 0,
    shift: Int = 0
  ) -> MicroValue.Place {
    // The same operation on the same operands has the same result.
    if let same = drafts[barrier...].first(where: {
      $0.operation == operation && $0.a == a && $0.b == b && $0.table == table && $0.shift == shift
        && !$0.whenFired
    }), let target = same.target, case .temporary = target {
      return target
    }
    let target = temporary()
    append(MicroDraft(operation: operation, target: target, a: a, b: b, table: table, shift: shift))
    return target
  }

  /// Half of the last place.
  func half(_ fraction: Int) -> Double { exp2(Double(-fraction - 1)) }

  func fraction(for range: ClosedRange<Double>) -> Int {
    MicroFormat.fraction(for: range, registerBits: registerBits)
  }

  func constant(_ value: Double, fraction: Int) -> MicroValue {
    let (code, error) = MicroFormat.code(value, fraction: fraction, registerBits: registerBits)
    return MicroValue(
      place: .constant(code), fraction: fraction, possible: value...value, expected: value...value,
      error: error)
  }

  func bounds(_ expression: NeuronExpression, _ variables: [ClosedRange<Double>]) -> ClosedRange<Double> {
    let program = ExpressionProgram([expression])
    return program.bounds(variables, current: 0...0)[program.results[0]]
  }

  // MARK: - Operations

  /// a · number at `fraction` bits, or fewer where the factors have not as many.
  mutating func product(_ a: MicroValue, _ number: Double, fraction wanted: Int) -> MicroValue {
    var bits = MicroFormat.fraction(for: abs(number), registerBits: registerBits)
    let fraction = min(wanted, a.fraction + bits)
    bits = min(bits, 62 + fraction - a.fraction)
    let factor = constant(number, fraction: bits)
    let shift = a.fraction + bits - fraction
    let size = max(abs(a.expected.lowerBound), abs(a.expected.upperBound))
    let place = emit(.multiply, a.place, factor.place, shift: shift)
    return MicroValue(
      place: place, fraction: fraction, possible: a.possible.times(number),
      expected: a.expected.times(number),
      error: abs(number) * a.error + size * factor.error + a.error * factor.error
        + (shift > 0 ? half(fraction) : 0))
  }

  /// a · b at `fraction` bits, or fewer.
  mutating func product(
    _ a: MicroValue, _ b: MicroValue, fraction wanted: Int, possible: ClosedRange<Double>,
    expected: ClosedRange<Double>
  ) -> MicroValue {
    let fraction = min(wanted, a.fraction + b.fraction)
    let shift = min(62, a.fraction + b.fraction - fraction)
    let (x, y) = (a.expected.magnitude, b.expected.magnitude)
    let place = emit(.multiply, a.place, b.place, shift: shift)
    return MicroValue(
      place: place, fraction: a.fraction + b.fraction - shift, possible: possible, expected: expected,
      error: x * b.error + y * a.error + a.error * b.error + (shift > 0 ? half(fraction) : 0))
  }

  /// The same value with another binary point.
  mutating func aligned(_ a: MicroValue, fraction: Int) -> MicroValue {
    if a.fraction == fraction { return a }
    var result = a
    result.fraction = fraction
    if a.fraction > fraction {
      result.place = emit(.add, .constant(0), a.place, shift: a.fraction - fraction)
      result.error += half(fraction)
    } else {
      result.place = emit(.scale, a.place, shift: fraction - a.fraction)
    }
    return result
  }

  mutating func addTable(_ table: MicroTable, _ report: MicroReport.Table) -> Int {
    if let same = tables.firstIndex(of: table) { return same }
    tables.append(table)
    tableReports.append(report)
    return tables.count - 1
  }
}

extension ClosedRange<Double> {
  func times(_ number: Double) -> Self {
    let (a, b) = (lowerBound * number, upperBound * number)
    return Swift.min(a, b)...Swift.max(a, b)
  }
  func plus(_ other: Self) -> Self { lowerBound + other.lowerBound...upperBound + other.upperBound }
  var magnitude: Double { Swift.max(abs(lowerBound), abs(upperBound)) }
}
