import Foundation

/// Where the capacitance of one membrane column comes from. Farad.
///
/// ```
/// total = membrane + node + rows·C_crosspoint + rows·pitch·c_wire + 2·C_coupling
/// ```
/// Every crosspoint of the column counts, programmed or not. Both neighbours count, at the edge of a core too
/// (a layout puts dummy columns there). A neighbour that does not move acts as ground, so its coupling loads the
/// membrane like any other capacitance. Where the chip's crosspoints have a junction, its mean capacitance over the chip's
/// swing is part of C_crosspoint (`Junction.mean`).
///
/// Source: the lumped budget of a switched-capacitor column; the closed forms below are compared with ngspice in
/// Tests/ChipModelTests.
public struct CapacitanceBudget: Sendable, Equatable, Codable {
  /// The drawn capacitor.
  public var membrane: Double
  /// Comparator gate, reset switch, leak junctions.
  public var node: Double
  /// Drains of all rows together.
  public var crosspoint: Double
  /// The column's wire.
  public var wire: Double
  /// To one neighbouring column; it counts twice in `total`.
  public var coupling: Double
  public var total: Double

  public init(membrane: Double, node: Double, crosspoint: Double, wire: Double, coupling: Double) {
    self.membrane = membrane
    self.node = node
    self.crosspoint = crosspoint
    self.wire = wire
    self.coupling = coupling
    total = membrane + node + crosspoint + wire + 2 * coupling
  }

  /// The budget of a column of `rows` crosspoints.
  public init(electrical: Chip.Electrical, rows: Int) {
    let parasitics = electrical.parasitics
    let junction = parasitics.junction?.mean(from: electrical.swingReset, to: electrical.swingThreshold) ?? 0
    self.init(
      membrane: electrical.membraneCapacitance, node: parasitics.node,
      crosspoint: Double(rows) * (parasitics.crosspoint + junction),
      wire: Double(rows) * parasitics.pitch * parasitics.wire, coupling: parasitics.coupling)
  }

  /// The drawn capacitor alone.
  public var withoutParasitics: CapacitanceBudget {
    CapacitanceBudget(membrane: membrane, node: 0, crosspoint: 0, wire: 0, coupling: 0)
  }

  /// τ = C_total / g, seconds, for a conductance in siemens.
  public func timeConstant(conductance: Double) -> Double { total / conductance }

  /// ΔV = Q / C_total, volts, for a charge packet in coulombs that arrives at once.
  public func step(charge: Double) -> Double { charge / total }

  /// C_membrane / C_total: what parasitics leave of a charge packet's step, and of an axon hillock's swing.
  public var share: Double { membrane / total }

  /// What is left of the distance from reset to threshold; 1 for a comparator, whose voltages do not depend on
  /// capacitance.
  public func swing(_ circuit: Chip.Electrical.Circuit) -> Double { circuit == .axonHillock ? share : 1 }

  /// E = C_total · ΔV · V_dd, joules: what the supply gives to move the node by `swing` volts. A line that is charged to
  /// V_dd and discharged takes C · V_dd²; half of it is heat at once, the other half when the node is discharged.
  public func energy(swing: Double, supply: Double) -> Double { total * swing * supply }

  /// √(kT / C_total), volts: thermal noise that a reset leaves on the node.
  public func thermalNoise(kelvin: Double) -> Double { (1.380649e-23 * kelvin / total).squareRoot() }

  /// C_coupling / C_total: what a membrane takes on of a neighbouring column's jump.
  ///
  /// The capacitive divider is C_c / (C_rest + C_c) with C_rest everything else at the node; `total` holds C_c
  /// already, so nothing is added to it here.
  public var kickFraction: Double { coupling / total }

  /// e^(−t / (R_on·C_total)): what a reset of `duration` seconds through a switch of `onResistance` ohms leaves of
  /// the distance to the reset voltage.
  public func resetResidue(onResistance: Double, duration: Double) -> Double {
    exp(-duration / (onResistance * total))
  }

  /// V = (C_total·V_m + C_s·V_s) / (C_total + C_s): both voltages after a sampling capacitor has been connected.
  public func shared(voltage: Double, sample: Double, sampleVoltage: Double) -> Double {
    (total * voltage + sample * sampleVoltage) / (total + sample)
  }
}
