import Diagnostics
import Documents
import NetworkIR
import Quantities

/// The model of a population that is given as equations: its parameters from a preset and the file's own keys.
struct PhysicalModel {
  let model: EquationModel
  let values: [Double]
  /// Farad; nil where the model has none and the file gives none, so that currents are volts per second.
  let capacitance: Double?

  /// Of all parameters, in their own units. It keeps everything that follows finite.
  private static let range = -1e6...1e6

  /// Nil after the problem has been reported.
  init?(_ model: EquationModel, _ cursor: Cursor) {
    self.model = model
    var preset: EquationModel.Preset?
    var isGood = true
    if let name = cursor.optionalString("preset") {
      preset = model.presets.first { $0.name == name }
      if preset == nil {
        let names = model.presets.map(\.name)
        cursor.failMember(
          "preset", "physical.preset", problem: "\(model.name) has no such parameter set",
          found: "\"\(name)\"",
          expected: "one of \(names.joined(separator: ", "))",
          remedy: nearestName(to: name, among: names).map { "Perhaps \"\($0)\" is meant" })
        isGood = false
      }
    }
    var values: [Double] = []
    for (index, parameter) in model.parameters.enumerated() {
      let fallback = preset?.values[index] ?? parameter.fallback
      guard cursor.has(parameter.key) || fallback == nil else {
        values.append(fallback ?? 0)
        continue
      }
      let unit = (try? Quantity.parse("1 \(parameter.unit)")) ?? Quantity(1, .none)
      let value =
        parameter.unit.isEmpty
        ? cursor.number(parameter.key, in: Self.range)
        : cursor.quantity(
          parameter.key, unit.dimension,
          in: Self.range.lowerBound * unit.value...Self.range.upperBound * unit.value)
      isGood = isGood && value != nil
      values.append((value ?? 0) / unit.value)
    }
    self.values = values
    let own =
      model.hasCapacitance
      ? model.value("C", values).map { $0 * 1e-12 }
      : cursor.optionalQuantity("capacitance", .farads, in: 1e-21...1)
    capacitance = own
    guard isGood else { return nil }
    if !checkRules(cursor) { return nil }
  }

  private func checkRules(_ cursor: Cursor) -> Bool {
    func key(_ symbol: String) -> String {
      model.parameters.first { $0.symbol == symbol }?.key ?? symbol
    }
    func unit(_ symbol: String) -> String { model.parameters.first { $0.symbol == symbol }?.unit ?? "" }
    func value(_ symbol: String) -> Double { model.value(symbol, values) ?? 0 }
    var isGood = true
    for symbol in model.positive where !(value(symbol) >= 1e-6) {
      cursor.fail(
        "physical.parameter", problem: "\(key(symbol)) is not positive, or far too small",
        found: "\(value(symbol)) \(unit(symbol))", expected: "at least 1e-6 \(unit(symbol))")
      isGood = false
    }
    for (low, high) in model.ascending where !(value(low) < value(high)) {
      cursor.fail(
        "physical.parameter", problem: "\(key(low)) does not lie below \(key(high))",
        found: "\(value(low)) \(unit(low)), \(value(high)) \(unit(high))")
      isGood = false
    }
    return isGood
  }

  /// The population in its own equations; volts, and amperes or volts per second.
  ///
  /// Without a capacitance it is 1 F, on which an ampere is a volt per second.
  func population(name: String, size: Int, dt: Double) -> Population {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: size) }
    let equations = model.equations(values)
    let farads = capacitance ?? 1
    let peak = equations.fixedPeak ?? equations.variables.dropFirst().first?.initial ?? 0
    let reset = equations.reset[0].terms.number ?? equations.variables[0].initial
    return Population(
      name: name, shape: [size], model: model.title, tau: nil, r: all(dt / farads), leak: all(0),
      firing: Population.Firing(
        threshold: all(1e-3 * peak), reset: all(1e-3 * reset), refractory: all(1e-3 * equations.refractory)),
      initial: all(1e-3 * equations.variables[0].initial), physical: .init(capacitance: farads),
      equations: equations)
  }
}
