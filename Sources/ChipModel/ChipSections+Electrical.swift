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
    let circuit =
      cursor.has("circuit") ? cursor.oneOf("circuit", as: Chip.Electrical.Circuit.self) : .comparator
    let hasMismatch = cursor.has("mismatch")
    let mismatch = cursor.optionalObject("mismatch").flatMap { self.mismatch($0) }
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
      let resetSwitch, let circuit, mismatch != nil || !hasMismatch
    else { return nil }
    var electrical = Chip.Electrical(
      supply: supply, swingReset: reset, swingThreshold: threshold, floor: floor,
      membraneCapacitance: membrane, parasitics: parasitics, leak: leak, reset: resetSwitch)
    electrical.circuit = circuit
    electrical.mismatch = mismatch
    return electrical
  }

  private mutating func parasitics(_ cursor: Cursor) -> Chip.Electrical.Parasitics? {
    let node = constants.quantity(cursor, "node", .farads, in: Self.capacitanceOrNone)
    let crosspoint = constants.quantity(cursor, "crosspoint", .farads, in: Self.capacitanceOrNone)
    let wire = constants.quantity(cursor, "wire", .faradsPerMetre, in: 0...1e-6)
    let pitch = constants.quantity(cursor, "pitch", .metres, in: 1e-9...1)
    let coupling = constants.quantity(cursor, "coupling", .farads, in: Self.capacitanceOrNone)
    let hasJunction = cursor.has("junction")
    let junction = cursor.optionalObject("junction").flatMap { self.junction($0) }
    guard let node, let crosspoint, let wire, let pitch, let coupling, junction != nil || !hasJunction else {
      return nil
    }
    var parasitics = Chip.Electrical.Parasitics(
      node: node, crosspoint: crosspoint, wire: wire, pitch: pitch, coupling: coupling)
    parasitics.junction = junction
    return parasitics
  }

  private mutating func junction(_ cursor: Cursor) -> Junction? {
    let zeroBias = constants.quantity(cursor, "zeroBias", .farads, in: Self.capacitanceOrNone)
    let potential = constants.quantity(cursor, "potential", .volts, in: 0.01...10)
    let grading = constants.quantity(cursor, "grading", .none, in: 0...0.99)
    guard let zeroBias, let potential, let grading else { return nil }
    return Junction(zeroBias: zeroBias, potential: potential, grading: grading)
  }

  private mutating func mismatch(_ cursor: Cursor) -> Chip.Electrical.Mismatch? {
    // Three standard deviations must stay within what a device can be.
    let share = 0...0.3
    let capacitance = constants.quantity(cursor, "capacitance", .none, in: share)
    let leak = constants.quantity(cursor, "leak", .none, in: share)
    let threshold = constants.quantity(cursor, "threshold", .volts, in: 0...1)
    let weight = constants.quantity(cursor, "weight", .none, in: share)
    guard let capacitance, let leak, let threshold, let weight else { return nil }
    return Chip.Electrical.Mismatch(
      capacitance: capacitance, leak: leak, threshold: threshold, weight: weight)
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
