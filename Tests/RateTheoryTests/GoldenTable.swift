import Foundation
import Testing

/// A CSV table from Golden/: one dictionary per row, by column name.
func goldenTable(_ name: String) throws -> [[String: String]] {
  let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
  let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  let lines = text.split(whereSeparator: \.isNewline).map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  let header = try #require(lines.first)
  return lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
}

extension [String: String] {
  /// The number in a column; "inf" and "nan" are numbers too.
  func number(_ column: String) throws -> Double {
    let text = try #require(self[column])
    return try #require(Double(text), "\(column): \(text)")
  }
  func integer(_ column: String) throws -> Int {
    let text = try #require(self[column])
    return try #require(Int(text), "\(column): \(text)")
  }
}

/// Whether a value agrees with what a table printed with `digits` significant digits.
func agrees(_ value: Double, _ printed: Double, digits: Int) -> Bool {
  if printed.isInfinite { return value.isInfinite }
  if printed == 0 { return value == 0 }
  // Half a unit of the last printed digit, at worst 0.5 · 10^(1 − digits) of the value.
  return abs(value - printed) <= 0.51 * pow(10, 1 - Double(digits)) * abs(printed)
}
