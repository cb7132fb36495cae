import Documents
import Quantities

extension ChipSections {
  /// Every component must be there: with a value and its source, with a derivation, or openly unpublished.
  mutating func energy(
    _ cursor: Cursor, _ formulas: EnergyFormulas, _ components: [Chip.Energy.Component]
  ) -> Chip.Energy? {
    var constants: [Chip.Energy.Component: Chip.Energy.Constant] = [:]
    for component in components {
      if let constant = constant(cursor, component, formulas) { constants[component] = constant }
    }
    return constants.count == components.count ? Chip.Energy(constants: constants) : nil
  }

  private mutating func constant(
    _ cursor: Cursor, _ component: Chip.Energy.Component, _ formulas: EnergyFormulas
  ) -> Chip.Energy.Constant? {
    let key = component.rawValue
    let dimension = component == .staticPower ? Dimension.watts : .joules
    if let given = cursor.optionalAny(key), given.value.members != nil {
      if given.has("unpublished") {
        guard let reason = given.string("unpublished") else { return nil }
        guard reason.contains(where: { !$0.isWhitespace }) else {
          given.any("unpublished")?.fail(
            "chip.noSource", problem: "is empty", expected: "why there is no number")
          return nil
        }
        return .unpublished(reason: reason)
      }
      if given.has("derive") {
        guard component != .staticPower else {
          given.any("derive")?.fail(
            "chip.derive", problem: "gives joules, and static power is in watts",
            expected: "{ value, source } or { unpublished }")
          markParametersKnown(given)
          return nil
        }
        return derived(given, formulas)
      }
    }
    guard
      let (value, source) = constants.open(
        cursor, key,
        expected: "{ value: \(dimension.name), source }, { derive: … } or { unpublished: \"why\" }"),
      let number = value.asQuantity(dimension, in: component == .staticPower ? 0...1e6 : 0...1)
    else { return nil }
    return .known(number, source: source ?? "")
  }

  private mutating func derived(_ cursor: Cursor, _ formulas: EnergyFormulas) -> Chip.Energy.Constant? {
    let kind = cursor.oneOf("derive", as: EnergyFormulas.Kind.self)
    if !formulas.hasElectrical {
      cursor.fail(
        "chip.derive", problem: "is derived from capacitances and voltages, and there are none",
        expected: "electrical, or { value, source }")
    }
    switch kind {
    case .rowLine:
      let gate = parameter(cursor, "gate", .farads, in: 0...1e-6)
      let pitch = parameter(cursor, "columnPitch", .metres, in: 1e-9...1)
      guard let gate, let pitch else { return nil }
      return formulas.rowLine(gate: gate, columnPitch: pitch)
    case .membraneCharge:
      guard let events = count(cursor, "events") else { return nil }
      return formulas.membraneCharge(events: events)
    case .switched:
      let capacitance = parameter(cursor, "capacitance", .farads, in: 0...1e-3)
      let times = cursor.has("times") ? count(cursor, "times") : Parameter(value: 1, source: nil)
      guard let capacitance, let times else { return nil }
      return formulas.switched(capacitance: capacitance, times: times)
    case nil:
      markParametersKnown(cursor)
      return nil
    }
  }

  /// Where it is open which parameters belong, none of them is called unknown.
  private func markParametersKnown(_ cursor: Cursor) {
    for key in ["gate", "columnPitch", "events", "capacitance", "times"] { _ = cursor.has(key) }
  }

  private func parameter(
    _ cursor: Cursor, _ key: String, _ dimension: Dimension, in range: ClosedRange<Double>
  ) -> EnergyFormulas.Parameter<Double>? {
    guard let (value, source) = constants.open(cursor, key, expected: ConstantReader.expected(dimension)),
      let number = value.asQuantity(dimension, in: range)
    else { return nil }
    return Parameter(value: number, source: source)
  }

  private func count(_ cursor: Cursor, _ key: String) -> EnergyFormulas.Parameter<Int>? {
    guard let (value, source) = constants.open(cursor, key, expected: "a whole number"),
      let number = value.asInteger(in: 1...1_000_000)
    else { return nil }
    return Parameter(value: number, source: source)
  }

  private typealias Parameter = EnergyFormulas.Parameter
}
