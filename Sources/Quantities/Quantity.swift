/// A number with its dimension, in SI units: `"500 fF"` is 5e-13 farad.
public struct Quantity: Equatable, Sendable {
  /// In SI units.
  public var value: Double
  public var dimension: Dimension

  public init(_ value: Double, _ dimension: Dimension) {
    self.value = value
    self.dimension = dimension
  }
}

/// Why a text is not a quantity.
public enum QuantityError: Error, Equatable, Sendable {
  /// It does not begin with a decimal number.
  case notANumber(String)
  /// What follows the number is not a unit.
  case unknownUnit(String)
  /// The number in SI units is too large for a Double, or so small that it would become zero.
  case outOfRange(String)

  /// A clause for a diagnostic.
  public var problem: String {
    switch self {
    case .notANumber: "does not begin with a number"
    case .unknownUnit(let unit): "has a unit that is not known, \"\(unit)\""
    case .outOfRange: "is too large or too small to be represented"
    }
  }
}

extension Quantity {
  /// Reads a decimal number and a unit: `500 fF`, `25pS`, `0.08 fF/um`, `1e-4s`, `2 µm`, `5 kOhm`, `10 fA·s`.
  ///
  /// Units are m, s, A, C, V, Ω (Ohm, ohm), S, F, Hz, J, W, each with at most one of the prefixes
  /// a f p n u µ m k M G T; `/` divides by the unit after it, `·` or `*` multiplies; `²`, `³` or `^n`
  /// raises a unit with its prefix. No unit means a plain number. Spaces are free around number and units.
  ///
  /// The result is the Double nearest to the written decimal value: prefixes move the decimal exponent and
  /// never multiply, so `500 fF` is exactly the literal `500e-15`.
  public static func parse(_ text: String) throws(QuantityError) -> Quantity {
    let characters = Array(text.unicodeScalars)
    var position = 0
    func skipSpaces() {
      while position < characters.count, characters[position].properties.isWhitespace { position += 1 }
    }
    skipSpaces()
    guard let number = DecimalLiteral(characters, at: &position) else { throw .notANumber(text) }
    skipSpaces()
    let unitText = characters[position...].reduce(into: "") { $0.unicodeScalars.append($1) }
    let unit = try UnitExpression(unitText)
    guard let exponent = number.exponent.addingSafely(unit.exponent),
      let value = Double("\(number.mantissa)e\(exponent)"), value.isFinite,
      value != 0 || number.isZero
    else { throw .outOfRange(text) }
    return Quantity(value, unit.dimension)
  }
}

extension Int {
  /// Nil on overflow.
  fileprivate func addingSafely(_ other: Int) -> Int? {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? nil : sum
  }
}

/// A decimal number as written: mantissa without exponent, and the power of ten.
private struct DecimalLiteral {
  var mantissa = ""
  var exponent = 0
  var isZero: Bool { !mantissa.contains { $0 >= "1" && $0 <= "9" } }

  init?(_ text: [Unicode.Scalar], at position: inout Int) {
    var here = position
    func peek(_ offset: Int = 0) -> Unicode.Scalar? {
      here + offset < text.count ? text[here + offset] : nil
    }
    func takeDigits() -> String {
      var digits = ""
      while let scalar = peek(), scalar >= "0", scalar <= "9" {
        digits.unicodeScalars.append(scalar)
        here += 1
      }
      return digits
    }
    if peek() == "-" {
      mantissa = "-"
      here += 1
    } else if peek() == "+" {
      here += 1
    }
    let whole = takeDigits()
    var fraction = ""
    if peek() == "." {
      here += 1
      fraction = takeDigits()
    }
    if whole.isEmpty && fraction.isEmpty { return nil }
    mantissa += (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
    if peek() == "e" || peek() == "E" {
      let signed = peek(1) == "+" || peek(1) == "-"
      if let digit = peek(signed ? 2 : 1), digit >= "0", digit <= "9" {
        let sign = peek(1) == "-" ? "-" : ""
        here += signed ? 2 : 1
        guard let value = Int(sign + takeDigits()) else { return nil }
        exponent = value
      }
    }
    position = here
  }
}
