import Documents
import Quantities

extension ChipSections {
  // Bounds that no circuit reaches: they catch a forgotten prefix ("12 F").
  private static let capacitance = 1e-24...1e-6
  private static let capacitanceOrNone = 0...1e-6

  mutating func electrical(_ cursor: Cursor) -> Chip.Electrical? {
    let supply = constants.quantity(cursor, "supply", .volts, in: 0.01...100)
    let swing = cursor.object("swing")
    let reset = swing.flatMap { constants.quantity($0, "reset", .volts, in: -100...100) }
    let threshold = swing.flatMap { constants.quantity($0, "threshold", .volts, in: -100...100) }
    let floor = constants.quantity(cursor, "floor", .volts, in: -100...100)
    let membrane = constants.quantity(cursor, "membraneCapacitance", .farads, in: Self.capacitance)
    let parasitics = cursor.object("parasitics").flatMap { self.parasitics($0) }
    let leak = cursor.object("leak").flatMap { self.leak($0) }
    let resetSwitch = cursor.object("reset").flatMap { self.resetSwitch($0) }
    if let swing, let reset, let threshold, threshold <= reset {
      swing.fail(
        "chip.swing", problem: "has its threshold at or below its reset",
        found: "\(Self.volts(threshold)) and \(Self.volts(reset))", expected: "threshold above reset")
    }
    if let supply, let threshold, supply < threshold {
      cursor.any("supply")?.fail(
        "chip.supply", problem: "is below the threshold", found: Self.volts(supply),
        expected: "at least \(Self.volts(threshold))")
    }
    if let floor, let reset, floor > reset {
      cursor.any("floor")?.fail(
        "chip.floor", problem: "is above the reset voltage", found: Self.volts(floor),
        expected: "at most \(Self.volts(reset))")
    }
    guard let supply, let reset, let threshold, let floor, let membrane, let parasitics, let leak,
      let resetSwitch
    else { return nil }
    return Chip.Electrical(
      supply: supply, swingReset: reset, swingThreshold: threshold, floor: floor,
      membraneCapacitance: membrane, parasitics: parasitics, leak: leak, reset: resetSwitch)
  }

  private mutating func parasitics(_ cursor: Cursor) -> Chip.Electrical.Parasitics? {
    let node = constants.quantity(cursor, "node", .farads, in: Self.capacitanceOrNone)
    let crosspoint = constants.quantity(cursor, "crosspoint", .farads, in: Self.capacitanceOrNone)
    let wire = constants.quantity(cursor, "wire", .faradsPerMetre, in: 0...1e-6)
    let pitch = constants.quantity(cursor, "pitch", .metres, in: 1e-9...1)
    let coupling = constants.quantity(cursor, "coupling", .farads, in: Self.capacitanceOrNone)
    guard let node, let crosspoint, let wire, let pitch, let coupling else { return nil }
    return Chip.Electrical.Parasitics(
      node: node, crosspoint: crosspoint, wire: wire, pitch: pitch, coupling: coupling)
  }

  private mutating func leak(_ cursor: Cursor) -> Chip.Electrical.Leak? {
    let kind = cursor.oneOf("kind", as: Chip.Electrical.LeakKind.self)
    let bits = constants.integer(cursor, "bits", in: 1...24)
    let unit = constants.quantity(cursor, "unit", .farads, in: Self.capacitance)
    let ranges = constants.integer(cursor, "ranges", in: 1...32)
    guard let kind, let bits, let unit, let ranges else { return nil }
    return Chip.Electrical.Leak(kind: kind, bits: bits, unit: unit, ranges: ranges)
  }

  private mutating func resetSwitch(_ cursor: Cursor) -> Chip.Electrical.Reset? {
    let resistance = constants.quantity(cursor, "onResistance", .ohms, in: 1e-3...1e15)
    let duration = constants.quantity(cursor, "duration", .seconds, in: 1e-15...1)
    guard let resistance, let duration else { return nil }
    return Chip.Electrical.Reset(onResistance: resistance, duration: duration)
  }

  private static func volts(_ value: Double) -> String { formatQuantity(value, unit: "V") }
}
