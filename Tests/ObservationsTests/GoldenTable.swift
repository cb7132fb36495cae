import TestSupport
import Testing

func goldenTable(_ name: String) throws -> [GoldenRow] { try GoldenTable.rows("Observations", name) }

extension GoldenRow {
  /// Whole numbers separated by spaces.
  func integers(_ column: String) throws -> [Int] {
    try text(column).split(separator: " ").map { try #require(Int($0)) }
  }
}

/// Whether two numbers agree to a relative 1e-11, or to 1e-12 near zero.
func agree(_ value: Double, _ expected: Double) -> Bool {
  abs(value - expected) <= 1e-11 * abs(expected) + 1e-12
}
