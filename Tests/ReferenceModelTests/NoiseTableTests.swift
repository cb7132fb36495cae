import Foundation
import GoldenChecks
import TestSupport
import Testing

/// What the checks of noise (`GoldenCheck`) do not say: that no row of the table is left out, and that our generators agree
/// with the simulations of the program that made it.
@Suite struct NoiseTableTests {
  static func table() throws -> [String: (value: Double, monteCarlo: Double?, error: Double?)] {
    try NoiseStatistics.table(try GoldenTable.rows("ReferenceModel", "noise_tables.csv"))
  }

  @Test func everyRowOfTheTableIsThere() throws {
    let names = try Self.table().keys
    #expect(names.count == 42 && Set(names) == Set(NoiseStatistics.rows.map(\.quantity)))
  }

  @Test func generatorsAgreeWithTheOtherProgram() throws {
    let table = try Self.table()
    var compared = 0
    for row in NoiseStatistics.rows {
      guard let golden = table[row.quantity], let other = golden.monteCarlo, let error = golden.error,
        let estimate = row.estimate?()
      else { continue }
      compared += 1
      #expect(abs(estimate.mean - other) < 4.5 * hypot(estimate.error, error), "\(row.quantity)")
    }
    #expect(compared > 10)
  }
}
