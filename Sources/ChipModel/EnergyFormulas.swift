import Quantities

/// Energies that follow from capacitances and voltages (docs/energy-model.md). Each constant carries its
/// formula, with the numbers filled in, as its source.
struct EnergyFormulas {
  enum Kind: String, CaseIterable {
    /// The line of a crossbar row, charged and discharged once.
    case rowLine
    /// The charge that a synaptic event puts on a membrane.
    case membraneCharge
    /// A lumped capacitance, charged and discharged once.
    case switched
  }

  struct Parameter<Value> {
    var value: Value
    var source: String?
  }

  let hasElectrical: Bool
  let electrical: Chip.Electrical?
  let core: Chip.Core?

  /// `(neurons·C_gate + neurons·columnPitch·c_wire) · V_dd²`
  func rowLine(gate: Parameter<Double>, columnPitch: Parameter<Double>) -> Chip.Energy.Constant? {
    guard let electrical, let core else { return nil }
    let columns = Double(core.neurons)
    let line = columns * gate.value + columns * columnPitch.value * electrical.parasitics.wire
    let joules = line * electrical.supply * electrical.supply
    let formula =
      "(\(core.neurons) · \(farads(gate.value)) + \(core.neurons) · "
      + "\(formatQuantity(columnPitch.value, unit: "m")) · "
      + "\(formatQuantity(electrical.parasitics.wire, unit: "F/m"))) · (\(volts(electrical.supply)))²"
    return known(joules, formula, ["gate": gate.source, "columnPitch": columnPitch.source])
  }

  /// `C_total · (V_threshold − V_reset) · V_dd / events`: the supply gives up V_dd for every coulomb.
  func membraneCharge(events: Parameter<Int>) -> Chip.Energy.Constant? {
    guard let electrical, let core else { return nil }
    let budget = CapacitanceBudget(electrical: electrical, rows: core.axons)
    let swing =
      (electrical.swingThreshold - electrical.swingReset) * budget.swing(electrical.circuit)
    let joules = budget.energy(swing: swing, supply: electrical.supply) / Double(events.value)
    let formula =
      "\(farads(budget.total)) · \(volts(swing)) · \(volts(electrical.supply)) / \(events.value)"
    return known(joules, formula, ["events": events.source])
  }

  /// `times · C · V_dd²`
  func switched(capacitance: Parameter<Double>, times: Parameter<Int>) -> Chip.Energy.Constant? {
    guard let electrical else { return nil }
    let joules = Double(times.value) * capacitance.value * electrical.supply * electrical.supply
    let factor = times.value == 1 ? "" : "\(times.value) · "
    let formula = "\(factor)\(farads(capacitance.value)) · (\(volts(electrical.supply)))²"
    return known(joules, formula, ["capacitance": capacitance.source, "times": times.source])
  }

  private func known(
    _ joules: Double, _ formula: String, _ sources: [String: String?]
  ) -> Chip.Energy.Constant {
    var text = "derived: \(formula) = \(formatQuantity(joules, unit: "J"))"
    for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
      if let source { text += "; \(name): \(source)" }
    }
    return .known(joules, source: text)
  }

  private func farads(_ value: Double) -> String { formatQuantity(value, unit: "F") }

  private func volts(_ value: Double) -> String { formatQuantity(value, unit: "V") }
}
