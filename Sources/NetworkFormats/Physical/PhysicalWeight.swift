import Documents
import NetworkIR
import Quantities

/// A synaptic weight, whose dimension says what a spike does.
struct PhysicalWeight {
  enum Kind: Equatable {
    /// Volt: a step of the membrane potential.
    case step
    /// Coulomb: a charge onto the membrane, a step of Q/C.
    case charge
    /// Ampere: the jump of a cubalif target's synaptic current, or an amplitude held over one tick for the others.
    case current
  }
  var kind: Kind
  var amount: Double

  init?(_ cursor: Cursor, key: String) {
    guard let text = cursor.string(key) else { return nil }
    let expected = "volts (\"0.1 mV\"), coulombs (\"50 aC\") or amperes (\"20 pA\")"
    let quantity: Quantity
    do {
      quantity = try Quantity.parse(text)
    } catch {
      cursor.fail(
        "physical.weight", problem: "\(key): \(error.problem)", found: "\"\(text)\"", expected: expected)
      return nil
    }
    switch quantity.dimension {
    case .volts: kind = .step
    case .coulombs: kind = .charge
    case .amperes: kind = .current
    default:
      cursor.fail(
        "physical.weight", problem: "\(key) is \(quantity.dimension.name)", found: "\"\(text)\"",
        expected: expected)
      return nil
    }
    amount = quantity.value
    guard abs(amount) <= Self.largest else {
      cursor.fail(
        "physical.weight", problem: "\(key) is out of range", found: "\"\(text)\"",
        expected: "at most 1e6 in SI units")
      return nil
    }
  }

  /// Volts, coulombs or amperes that nobody means: it catches a forgotten prefix, and keeps all that follows finite.
  static let largest = 1e6

  /// The value in the target's equations; nil, with a diagnostic, where the target has no capacitance to put a charge on.
  func value(capacitance: Double?, at cursor: Cursor) -> (Double, Projection.Unit)? {
    switch (kind, capacitance) {
    case (.step, _): return (amount, .step)
    case (.charge, let capacitance?): return (amount / capacitance, .step)
    case (.current, .some): return (amount, .held)
    case (_, nil):
      cursor.fail(
        "physical.weightWithoutCapacitance",
        problem: "the target has no capacitance, so a spike can only step it",
        expected: "a weight in volt (\"0.1 mV\")",
        remedy: "Give the population a capacitance, or the weight in volt")
      return nil
    }
  }
}
