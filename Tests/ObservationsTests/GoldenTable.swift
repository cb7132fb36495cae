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
  /// The number in a column.
  func number(_ column: String) throws -> Double {
    let text = try #require(self[column])
    return try #require(Double(text), "\(column): \(text)")
  }

  /// Whole numbers separated by spaces.
  func integers(_ column: String) throws -> [Int] {
    try #require(self[column]).split(separator: " ").map { try #require(Int($0)) }
  }
}

/// Whether two numbers agree to a relative 1e-11, or to 1e-12 near zero.
func agree(_ value: Double, _ expected: Double) -> Bool {
  abs(value - expected) <= 1e-11 * abs(expected) + 1e-12
}
