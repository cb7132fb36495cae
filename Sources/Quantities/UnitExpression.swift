/// A unit such as `fF/um`, reduced to a power of ten and a dimension.
struct UnitExpression {
  var exponent = 0
  var dimension = Dimension.none

  init(_ text: String) throws(QuantityError) {
    if text.allSatisfy(\.isWhitespace) { return }
    var sign = 1
    var factor = ""
    for character in text + "·" {
      if character == "/" || character == "·" || character == "*" {
        guard let (power, base) = Self.factor(factor) else { throw .unknownUnit(text.trimmed) }
        exponent += sign * power
        dimension = dimension + base * sign
        sign = character == "/" ? -1 : 1
        factor = ""
      } else {
        factor.append(character)
      }
    }
  }

  /// One prefixed unit with its exponent: power of ten and dimension. Nil when it is not known.
  private static func factor(_ text: String) -> (Int, Dimension)? {
    var symbol = text.trimmed
    var power = 1
    if symbol.hasSuffix("²") || symbol.hasSuffix("³") {
      power = symbol.hasSuffix("²") ? 2 : 3
      symbol.removeLast()
    } else if let caret = symbol.firstIndex(of: "^") {
      guard let written = Int(symbol[symbol.index(after: caret)...]), (-9...9).contains(written) else {
        return nil
      }
      power = written
      symbol = String(symbol[..<caret])
    }
    if let dimension = units[symbol] { return (0, dimension * power) }
    guard let first = symbol.first, let ten = prefixes[first],
      let dimension = units[String(symbol.dropFirst())]
    else { return nil }
    return (ten * power, dimension * power)
  }

  private static let units: [String: Dimension] = [
    "m": .metres, "s": .seconds, "A": .amperes, "C": .coulombs, "V": .volts, "Ω": .ohms, "Ohm": .ohms,
    "ohm": .ohms, "S": .siemens, "F": .farads, "Hz": .hertz, "J": .joules, "W": .watts,
  ]

  /// Micro is written u, U+00B5 or U+03BC.
  private static let prefixes: [Character: Int] = [
    "a": -18, "f": -15, "p": -12, "n": -9, "u": -6, "\u{B5}": -6, "\u{3BC}": -6, "m": -3, "k": 3, "M": 6,
    "G": 9, "T": 12,
  ]
}

extension String {
  /// Without white space at either end.
  fileprivate var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
