/// A value in SI units for people: `formatQuantity(1.2345e-9, unit: "J")` is "1.234 nJ".
///
/// The prefix (a … T) is chosen so that one to three digits stand before the point; beyond them, and for a
/// unit that begins with a power ("m²"), the number is written with an exponent ("1.5e-20 J"). Without a
/// unit there is no prefix.
///
/// - Parameter digits: significant digits, 1…17; trailing zeros behind the point are left out. The shortest
///   decimal that names the value is rounded, ties to the even digit. For people: where a file must give
///   back the very same Double, write `exactQuantity`.
public func formatQuantity(_ value: Double, unit: String, digits: Int = 4) -> String {
  let suffix = unit.isEmpty ? "" : " " + unit
  guard value.isFinite else { return "\(value)" + suffix }
  guard value != 0 else { return "0" + suffix }
  let sign = value < 0 ? "-" : ""
  var decimal = Decimal(value.magnitude)
  decimal.round(to: max(1, min(digits, 17)))
  let group = (decimal.exponent >= 0 ? decimal.exponent : decimal.exponent - 2) / 3
  let first = unit.split(whereSeparator: { $0 == "/" || $0 == "·" || $0 == "*" }).first ?? ""
  let isPower = first.contains { $0 == "^" || $0 == "²" || $0 == "³" }
  if !unit.isEmpty, !isPower, let prefix = prefixes[group] {
    return sign + decimal.text(exponent: decimal.exponent - 3 * group) + " " + prefix + unit
  }
  if (-5..<7).contains(decimal.exponent) { return sign + decimal.text(exponent: decimal.exponent) + suffix }
  return sign + decimal.text(exponent: 0) + "e\(decimal.exponent)" + suffix
}

/// A value in SI units that `Quantity.parse` reads back to the very same Double: "5e-13 F".
public func exactQuantity(_ value: Double, _ dimension: Dimension) -> String {
  dimension.unit.isEmpty ? "\(value)" : "\(value) \(dimension.unit)"
}

private let prefixes: [Int: String] = [
  -6: "a", -5: "f", -4: "p", -3: "n", -2: "u", -1: "m", 0: "", 1: "k", 2: "M", 3: "G", 4: "T",
]

/// A positive number as d.ddd · 10^exponent.
private struct Decimal {
  /// Without leading or trailing zeros.
  var digits: [UInt8] = []
  var exponent = 0

  /// From the shortest decimal that names the value ("1.5e-20", "0.001", "1234.5").
  init(_ value: Double) {
    let parts = "\(value)".split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    exponent = mantissa[0].count - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    digits = mantissa.joined().utf8.map { $0 - 48 }
    while digits.count > 1, digits[0] == 0 {
      digits.removeFirst()
      exponent -= 1
    }
    dropZeros()
  }

  mutating func round(to count: Int) {
    guard digits.count > count else { return }
    let dropped = digits[count...]
    let isTie = dropped.first == 5 && dropped.count == 1
    let up = isTie ? digits[count - 1] % 2 == 1 : digits[count] >= 5
    digits.removeLast(digits.count - count)
    if up {
      var position = count - 1
      while position >= 0, digits[position] == 9 {
        digits[position] = 0
        position -= 1
      }
      if position >= 0 {
        digits[position] += 1
      } else {
        digits = [1]
        exponent += 1
      }
    }
    dropZeros()
  }

  private mutating func dropZeros() {
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
  }

  /// The digits as a plain number whose first digit stands for 10^exponent.
  func text(exponent: Int) -> String {
    let figures = digits.map { String($0) }
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + figures.joined() }
    let whole = figures.prefix(exponent + 1).joined()
    let padding = String(repeating: "0", count: max(0, exponent + 1 - figures.count))
    let rest = figures.dropFirst(exponent + 1).joined()
    return whole + padding + (rest.isEmpty ? "" : "." + rest)
  }
}
