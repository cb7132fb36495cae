import FixedPoint
import NetworkIR

/// Writes the program of a scheme: prologue with the tick's input, body with one pass.
///
/// ```
/// prologue   y₀ ← y₀ + x                      where spikes arrive; not while it is held
/// body       increments, at the middle again for `midpoint`;  y ← y + increments (y₀ not while it is held)
///            fire where excess ≥ 0;  y ← reset(y) where it has fired, and the wait begins
/// ```
/// The wait is one more state: minus the passes that y₀ is still held, counting up to 0.
struct MicroProgramBuilder {
  let system: MicroSystem
  /// Fraction bits of the variables.
  let fractions: [Int]
  var builder: MicroBuilder
  /// Most by which rounding and tables move each variable in a pass.
  private(set) var errors: [Double] = []
  private(set) var prologue: [MicroDraft] = []
  private(set) var body: [MicroDraft] = []
  /// Variables, and the wait if there is one.
  let stateCount: Int

  /// - Parameter inputStep: mV per unit of the tick's input x; nil where nothing arrives.
  init(
    _ system: MicroSystem, fractions: [Int], expected: [ClosedRange<Double>], inputStep: Double?,
    registerBits: Int, tableEntries: Int
  ) {
    self.system = system
    self.fractions = fractions
    let possible = fractions.map { MicroFormat.range(fraction: $0, registerBits: registerBits) }
    builder = MicroBuilder(
      registerBits: registerBits, possible: possible, expected: expected, tableEntries: tableEntries)
    stateCount = fractions.count + (system.held > 0 ? 1 : 0)
    writeBody()
    if let inputStep { writePrologue(inputStep) }
  }

  /// Whether every shift is one that an instruction has, and every error a number.
  var fits: Bool {
    (prologue + body).allSatisfy { (0...62).contains($0.shift) } && errors.allSatisfy(\.isFinite)
  }

  private var wait: MicroValue.Place { .state(fractions.count) }
  private var isHeld: Bool { system.held > 0 }

  private var states: [MicroValue] {
    fractions.indices.map {
      MicroValue(
        place: .state($0), fraction: fractions[$0], possible: builder.possible[$0],
        expected: builder.expected[$0], error: 0)
    }
  }

  private mutating func writeBody() {
    let states = states
    var increments = lowerIncrements(states)
    if system.scheme.rule == .midpoint {
      let middle = states.indices.map { index -> MicroValue in
        increments[index].map { sum(states[index], $0, halved: true) } ?? states[index]
      }
      increments = lowerIncrements(middle)
    }
    errors = [Double](repeating: 0, count: states.count)
    for (index, increment) in increments.enumerated() {
      guard let increment else { continue }
      let after = sum(states[index], increment, halved: false)
      errors[index] = after.error
      if index == 0, isHeld {
        builder.append(MicroDraft(operation: .select, target: .state(0), a: after.place, b: wait))
      } else if !builder.redirectLast(after, into: index, whenFired: false) {
        builder.append(
          MicroDraft(operation: .add, target: .state(index), a: after.place, b: .constant(0)))
      }
    }
    builder.statesChange()
    if isHeld {
      builder.append(MicroDraft(operation: .add, target: wait, a: wait, b: .constant(1)))
      builder.append(MicroDraft(operation: .minimum, target: wait, a: wait, b: .constant(0)))
    }
    fire()
    reset()
    body = builder.takeDrafts()
  }

  /// Nil for a variable that nothing changes.
  private mutating func lowerIncrements(_ values: [MicroValue]) -> [MicroValue?] {
    system.increments.map { $0.terms.number == 0 ? nil : builder.lower($0, values) }
  }

  /// y + increment, or half of it, at y's binary point.
  private mutating func sum(_ y: MicroValue, _ increment: MicroValue, halved: Bool) -> MicroValue {
    var change = increment
    if halved {
      change.fraction += 1
      change.error /= 2
    }
    if change.fraction < y.fraction { change = builder.aligned(change, fraction: y.fraction) }
    let shift = min(change.fraction - y.fraction, 62)
    var result = y
    result.place = builder.emit(.add, y.place, change.place, shift: shift)
    result.error = y.error + change.error + (shift > 0 ? builder.half(y.fraction) : 0)
    return result
  }

  private mutating func fire() {
    let states = states
    let terms = system.excess.terms
    if terms.terms.count == 1, case .variable(let index) = terms.terms[0].atom, terms.terms[0].factor > 0 {
      let level = builder.constant(-terms.constant / terms.terms[0].factor, fraction: fractions[index])
      builder.append(MicroDraft(operation: .fire, target: nil, a: .state(index), b: level.place))
    } else if terms.terms.count == 2, terms.constant == 0, terms.terms[0].factor == 1,
      terms.terms[1].factor == -1, case .variable(let a) = terms.terms[0].atom,
      case .variable(let b) = terms.terms[1].atom, fractions[a] == fractions[b]
    {
      builder.append(MicroDraft(operation: .fire, target: nil, a: .state(a), b: .state(b)))
    } else {
      let excess = builder.lower(system.excess, states)
      builder.append(MicroDraft(operation: .fire, target: nil, a: excess.place, b: .constant(0)))
    }
  }

  private mutating func reset() {
    let resets = system.equations.reset
    // A variable is written when no later reset reads it.
    var waiting: [(index: Int, value: MicroValue)] = []
    for index in resets.indices where resets[index].terms.expression != .variable(index) {
      let value = builder.aligned(builder.lower(resets[index], states), fraction: fractions[index])
      let isReadLater = resets[(index + 1)...].contains { $0.variables.contains(index) }
      if isReadLater {
        waiting.append((index, value))
      } else if !builder.redirectLast(value, into: index, whenFired: true) {
        write(value, into: index)
      }
    }
    for (index, value) in waiting { write(value, into: index) }
    if isHeld {
      let passes = Int32(clamping: min(system.held, 1 << (builder.registerBits - 1)))
      builder.append(
        MicroDraft(
          operation: .add, target: wait, a: .constant(-passes), b: .constant(0), whenFired: true))
    }
  }

  private mutating func write(_ value: MicroValue, into index: Int) {
    builder.append(
      MicroDraft(operation: .add, target: .state(index), a: value.place, b: .constant(0), whenFired: true))
  }

  private mutating func writePrologue(_ inputStep: Double) {
    let input = MicroValue(place: .input, fraction: 0, possible: 0...0, expected: 0...0, error: 0)
    let step = builder.product(input, inputStep, fraction: fractions[0])
    let kicked = sum(states[0], step, halved: false)
    if isHeld {
      builder.append(MicroDraft(operation: .select, target: .state(0), a: kicked.place, b: wait))
    } else if !builder.redirectLast(kicked, into: 0, whenFired: false) {
      builder.append(MicroDraft(operation: .add, target: .state(0), a: kicked.place, b: .constant(0)))
    }
    prologue = builder.takeDrafts()
  }
}
