import Quantities
import TestSupport
import Testing

@Suite struct FormatTests {
  @Test(
    arguments: [
      (1.23e-9, "J", "1.23 nJ"), (0, "J", "0 J"), (-0.07, "V", "-70 mV"), (1, "V", "1 V"),
      (999.96, "F", "1 kF"),
      (999.94, "F", "999.9 F"), (1e8, "Hz", "100 MHz"), (5e-13, "F", "500 fF"), (8e-11, "F/m", "80 pF/m"),
      (1.2345e-9, "J", "1.234 nJ"), (1.2355e-9, "J", "1.236 nJ"), (2e-12, "m²", "2e-12 m²"),
      (1.5e-20, "J", "1.5e-20 J"), (1.5e-18, "J", "1.5 aJ"), (2.5e15, "Hz", "2.5e15 Hz"),
      (123456, "", "123500"),
      (0.5, "", "0.5"), (1e-7, "", "1e-7"), (0.1, "s", "100 ms"), (64, "", "64"), (1e3, "Ohm", "1 kOhm"),
    ] as [(Double, String, String)])
  func readsWell(value: Double, unit: String, text: String) {
    #expect(formatQuantity(value, unit: unit) == text)
  }

  @Test func keepsTheDigitsAskedFor() {
    #expect(formatQuantity(1.23456789e-12, unit: "J", digits: 7) == "1.234568 pJ")
    #expect(formatQuantity(0.99999e-12, unit: "J", digits: 2) == "1 pJ")
    #expect(formatQuantity(123.456, unit: "V", digits: 1) == "100 V")
    #expect(formatQuantity(.infinity, unit: "V") == "inf V")
  }

  /// What is printed is the value to the printed digits, whatever the prefix.
  @Test func printsTheNearestDecimal() throws {
    var generator = SeededGenerator(state: 11)
    for _ in 0..<5000 {
      let value =
        Double.random(in: 1..<10, using: &generator) * scale(Int.random(in: -18...14, using: &generator))
      let printed = try Quantity.parse(formatQuantity(value, unit: "F", digits: 6)).value
      #expect(abs(printed / value - 1) <= 5.01e-6)
    }
  }

  private func scale(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .nan }

  @Test func exactTextGivesBackTheSameDouble() throws {
    var generator = SeededGenerator(state: 11)
    for _ in 0..<5000 {
      let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
      guard value.isFinite else { continue }
      let back = try Quantity.parse(exactQuantity(value, .farads))
      #expect(back.value.bitPattern == value.bitPattern && back.dimension == .farads)
    }
  }
}
