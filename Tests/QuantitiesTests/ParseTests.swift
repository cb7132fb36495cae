import Quantities
import TestSupport
import Testing

@Suite struct ParseTests {
  /// The Swift compiler reads the literals: an independent decimal conversion.
  @Test(
    arguments: [
      ("500 fF", 500e-15, Dimension.farads), ("25pS", 25e-12, .siemens),
      ("0.08 fF/um", 0.08e-9, .faradsPerMetre),
      ("1e-4s", 1e-4, .seconds), ("2 µm", 2e-6, .metres), ("2 μm", 2e-6, .metres), ("2um", 2e-6, .metres),
      ("20 Hz", 20, .hertz), ("100 MHz", 100e6, .hertz), ("1.8 V", 1.8, .volts),
      ("0.33 fF", 0.33e-15, .farads),
      ("5 kOhm", 5e3, .ohms), ("5 kΩ", 5e3, .ohms), ("5 k\u{2126}", 5e3, .ohms), ("-70 mV", -70e-3, .volts),
      ("+.5 nA", 0.5e-9, .amperes), ("7.", 7, .none), ("1.5E3 pJ", 1.5e-9, .joules), ("3 m", 3, .metres),
      ("3 mm", 3e-3, .metres), ("10 fA·s", 10e-15, .coulombs), ("10 fA*s", 10e-15, .coulombs),
      ("10 fC", 10e-15, .coulombs), ("2 um²", 2e-12, .metresSquared), ("2 um^2", 2e-12, .metresSquared),
      ("0.5 um*um", 0.5e-12, .metresSquared), ("10 uW", 10e-6, .watts), ("1 J/s", 1, .watts),
      ("3 V/A", 3, .ohms), ("4 1e0", 4, .none), (" 0.1 mV ", 0.1e-3, .volts), ("12 aF", 12e-18, .farads),
      ("1.1 THz", 1.1e12, .hertz), ("1.1 GHz", 1.1e9, .hertz), ("0 fF", 0, .farads), ("1 s^-1", 1, .hertz),
    ] as [(String, Double, Dimension)])
  func isExactlyTheLiteral(text: String, value: Double, dimension: Dimension) throws {
    if text == "4 1e0" {
      #expect(throws: QuantityError.unknownUnit("1e0")) { try Quantity.parse(text) }
    } else {
      #expect(try Quantity.parse(text) == Quantity(value, dimension))
    }
  }

  @Test func everyPrefixMovesTheExponentOnly() throws {
    let prefixes = [
      "a": -18, "f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12,
    ]
    var generator = SeededGenerator(state: 11)
    for (prefix, exponent) in prefixes.sorted(by: { $0.value < $1.value }) {
      for _ in 0..<200 {
        let mantissa =
          "\(Int.random(in: 0...9999, using: &generator)).\(Int.random(in: 0...99999, using: &generator))"
        let expected = try #require(Double("\(mantissa)e\(exponent)"))
        #expect(try Quantity.parse("\(mantissa) \(prefix)F").value == expected)
      }
    }
  }

  @Test(arguments: [
    ("", QuantityError.notANumber("")), ("fF", .notANumber("fF")), (".", .notANumber(".")),
    ("-", .notANumber("-")), ("12 fX", .unknownUnit("fX")), ("12 ffF", .unknownUnit("ffF")),
    ("12 f", .unknownUnit("f")), ("12 F/", .unknownUnit("F/")), ("12 /F", .unknownUnit("/F")),
    ("12 fF fF", .unknownUnit("fF fF")), ("1 F^x", .unknownUnit("F^x")), ("1 F^99", .unknownUnit("F^99")),
    ("1e400 F", .outOfRange("1e400 F")), ("1e-400 F", .outOfRange("1e-400 F")),
    ("1e308 TF", .outOfRange("1e308 TF")), ("0x10", .unknownUnit("x10")), ("NaN", .notANumber("NaN")),
    ("1e9223372036854775807 TF", .outOfRange("1e9223372036854775807 TF")),
  ])
  func isRefused(text: String, error: QuantityError) {
    #expect(throws: error) { try Quantity.parse(text) }
  }

  @Test func dimensionsMultiply() {
    #expect(Dimension.volts - .amperes == .ohms)
    #expect(Dimension.farads + .volts == .coulombs)
    #expect(Dimension.amperes + .seconds == .coulombs)
    #expect(Dimension.siemens + .ohms == .none)
    #expect(Dimension.farads + .volts + .volts == .joules)
    #expect(Dimension.joules - .seconds == .watts)
    #expect(Dimension.hertz * -1 == .seconds)
    #expect(Dimension.metres * 2 == .metresSquared)
  }

  @Test func namesItself() {
    #expect(Dimension.farads.name == "a capacitance")
    #expect(Dimension.none.name == "a plain number")
    #expect((Dimension.metres * 3).name == "a quantity in m^3")
  }

  /// Every example of a dimension is one.
  @Test(arguments: [
    Dimension.none, .metres, .metresSquared, .seconds, .hertz, .amperes, .coulombs, .volts, .ohms, .siemens,
    .farads, .faradsPerMetre, .joules, .watts,
  ])
  func examplesAreRight(dimension: Dimension) throws {
    let example = try #require(dimension.example)
    #expect(try Quantity.parse(example).dimension == dimension)
    #expect(try Quantity.parse(exactQuantity(1.25, dimension)) == Quantity(1.25, dimension))
  }
}
