import GoldenChecks
import TestSupport
import Testing

/// Every bound of theory and physics against its golden table. `tools/bench accuracy` prints the same.
@Suite struct GoldenChecksTests {
  @Test(arguments: GoldenCheck.all)
  func holds(check: GoldenCheck) throws {
    let outcome = try check.run()
    #expect(outcome.compared == check.count)
    #expect(outcome.worst <= check.bound, "\(outcome.worstRow)")
    #expect(outcome.passes)
  }

  @Test func everyCheckHasItsName() {
    #expect(Set(GoldenCheck.all.map(\.quantity)).count == GoldenCheck.all.count)
  }

  /// What a check is worth: it sees a deviation, a number that is none, and a golden 0 that is not met.
  @Test func deviationsAreSeen() {
    func worst(_ measure: GoldenCheck.Measure, _ pairs: [(Double, Double)]) -> Double {
      var comparison = Comparison(measure: measure)
      for (index, (value, golden)) in pairs.enumerated() {
        comparison.add("\(index)", value, golden: golden, uncertainty: 0.5)
      }
      return comparison.worst
    }
    #expect(worst(.relative, [(1, 1), (2.5, 2), (-3, -3)]) == 0.25)
    #expect(worst(.absolute("Hz"), [(1, 1), (2.5, 2)]) == 0.5)
    #expect(worst(.uncertainty, [(2.5, 2)]) == 1)
    #expect(worst(.differing, [(1, 1), (2.5, 2)]) == 1)
    #expect(worst(.relative, [(.infinity, .infinity), (0, 0)]) == 0)
    #expect(worst(.relative, [(1e-300, 0)]) == .infinity)
    #expect(worst(.relative, [(1, 1), (.nan, 1), (1, 1)]) == .infinity)
    #expect(worst(.differing, [(.nan, 1)]) == 1)
    var comparison = Comparison(measure: .relative)
    for (row, value) in [("a", 1.1), ("b", 1.3), ("c", 1.2)] { comparison.add(row, value, golden: 1) }
    #expect(comparison.worstRow == "b" && comparison.compared == 3)
  }

  @Test func tablesAreReadStrictly() throws {
    let rows = try GoldenTable.rows("ChipModel", "parasitic_checks.csv")
    #expect(rows[0]["quantity"] == "PSP step V, Q=10 fC (1 nA x 10 us)")
    #expect(throws: GoldenTable.Problem.self) { try rows[0].number("quantity") }
    #expect(throws: GoldenTable.Problem.self) { try rows[0].number("nothing") }
    #expect(throws: (any Error).self) { try GoldenTable.rows("ChipModel", "nothing.csv") }
  }
}
