import ChipModel
import Foundation
import TestSupport

extension GoldenCheck {
  /// Closed forms of circuits against ngspice.
  static var parasitics: [GoldenCheck] { primitives + membrane + hillock }

  private static var primitives: [GoldenCheck] {
    let table = "ChipModel/parasitic_checks.csv"
    return [
      // What is left is the leak during the 10 us pulse.
      ("ngspice", 3e-4), ("closed_form", 2e-8),
    ].map { column, bound in
      GoldenCheck("parasitic primitives, \(column.replacing("_", with: " "))", table, bound: bound, count: 25)
      {
        rows, comparison in
        for row in rows {
          let (quantity, condition) = (try row.text("quantity"), try row.text("condition"))
          comparison.add(
            "\(quantity.prefix { $0 != "," }), \(condition)",
            try primitive(quantity: quantity, condition: condition), golden: try row.number(column))
        }
      }
    }
  }

  private static func primitive(quantity: String, condition: String) throws -> Double {
    let numbers = condition.matches(of: /([0-9.]+)(fF|V|M|ms)/).compactMap { Double($0.1) }
    func column(_ membrane: Double, node: Double = 0, coupling: Double = 0) -> CapacitanceBudget {
      CapacitanceBudget(membrane: membrane, node: node, crosspoint: 0, wire: 0, coupling: coupling)
    }
    if quantity.hasPrefix("PSP"), numbers.count == 1 {
      let column = column(500e-15, node: numbers[0] * 1e-15)
      let step = column.step(charge: 10e-15)
      // 40 GOhm leak; measured 20 ms after the middle of the pulse.
      return quantity.hasPrefix("PSP step")
        ? step : step * exp(-(20e-3 - 6e-6) / column.timeConstant(conductance: 1 / 4e10))
    }
    if quantity.hasPrefix("membrane kick"), numbers.count == 2 {
      // One neighbour in the netlist: the table's Ct is what is left of `total` without that one coupling. A
      // column has two, so the second one is taken off the rest.
      let coupling = numbers[1] * 1e-15
      return 1.8 * column(500e-15 - coupling, node: numbers[0] * 1e-15, coupling: coupling).kickFraction
    }
    if quantity.hasPrefix("charge sharing"), numbers.count > 2 {
      return column(600e-15).shared(voltage: 0.2, sample: numbers[2] * 1e-15, sampleVoltage: 1.8)
    }
    guard quantity.contains("reset"), let duration = numbers.last else {
      throw GoldenTable.Problem(description: "unknown primitive \(quantity), \(condition)")
    }
    return 0.1 + 0.5 * column(600e-15).resetResidue(onResistance: 200e6, duration: duration * 1e-3 + 1e-9)
  }

  /// sky130 nfet_01v8, 0.42 um wide, 0.29 um of diffusion: bottom and gate edge; the side wall hardly moves.
  public static let bottomJunction = Junction(zeroBias: 0.1632e-15, potential: 0.729, grading: 0.44)
  public static let gateEdgeJunction = Junction(zeroBias: 0.1001e-15, potential: 0.95578, grading: 0.8)

  /// What a line takes from the supply, and what junctions add to a membrane.
  private static var membrane: [GoldenCheck] {
    [("energy", "line energy", 9), ("junction", "junctions over a swing", 3)].map { quantity, name, count in
      GoldenCheck("\(name), ngspice", "ChipModel/membrane_spice.csv", bound: 3e-4, count: count) {
        rows, comparison in
        for row in rows where row["quantity"] == quantity {
          let condition = try row.text("condition")
          let numbers = condition.matches(of: /=([0-9.]+)(fF|V)/).compactMap { Double($0.1) }
          let value: Double
          if quantity == "energy", numbers.count == 3 {
            value = CapacitanceBudget(
              membrane: numbers[0] * 1e-15, node: 0, crosspoint: 0, wire: 0, coupling: 0
            ).energy(swing: numbers[1], supply: numbers[2])
          } else {
            value =
              numbers.count == 2
              ? 500e-15 + 256 * bottomJunction.mean(from: numbers[0], to: numbers[1]) : .nan
          }
          comparison.add(condition, value, golden: try row.number("ngspice"))
        }
      }
    }
  }

  /// An ideal amplifier by two integration methods.
  private static var hillock: [GoldenCheck] {
    func check(
      _ name: String, _ column: String, bound: Double,
      value: @escaping @Sendable (AxonHillock, _ current: Double) -> Double
    ) -> GoldenCheck {
      GoldenCheck("axon hillock, \(name), ngspice", "ChipModel/axon_hillock.csv", bound: bound, count: 44) {
        rows, comparison in
        for row in rows where try row.text("model").hasPrefix("ideal") {
          comparison.add(
            row.name("model", "I_in_A", "C_par_F"), value(try axonHillock(row), try row.number("I_in_A")),
            golden: try row.number(column))
        }
      }
    }
    return [
      check("rate", "f_spice", bound: 1e-3) { $0.rate(current: $1) },
      check("time between pulses", "tL_spice", bound: 1e-3) { $0.lowTime(current: $1) },
      check("width of a pulse", "tH_spice", bound: 1.2e-3) { $0.highTime(current: $1) },
      check("jump", "dV_spice", bound: 4e-4) { circuit, _ in circuit.jump },
    ]
  }

  /// The circuit of a row of axon_hillock.csv. Netlists of transistors set their own reset current; what their pulse
  /// lasts is not compared.
  public static func axonHillock(_ row: GoldenRow) throws -> AxonHillock {
    AxonHillock(
      groundCapacitance: try row.number("C_mem_F") + row.number("C_par_F"),
      feedbackCapacitance: try row.number("C_fb_F"), supply: 1.8,
      resetCurrent: Double(try row.text("I_r_A")) ?? 20e-9)
  }
}
