import Foundation
import GoldenChecks

/// Every golden check with its worst row.
struct AccuracyReport {
  struct Row: Encodable {
    var quantity: String
    var golden: String
    var compared: Int
    var expected: Int
    var measure: String
    var bound: Double
    /// Nil: infinite, or not computed at all.
    var worst: Double?
    var worstRow: String
    var passes: Bool
  }

  let rows: [Row]

  init() {
    rows = GoldenCheck.all.map { check in
      let outcome: GoldenCheck.Outcome
      do {
        outcome = try check.run()
      } catch {
        outcome = GoldenCheck.Outcome(compared: 0, worst: .infinity, worstRow: "\(error)", passes: false)
      }
      return Row(
        quantity: check.quantity, golden: check.source, compared: outcome.compared, expected: check.count,
        measure: check.measure.name, bound: check.bound, worst: outcome.worst.isFinite ? outcome.worst : nil,
        worstRow: outcome.worstRow, passes: outcome.passes)
    }
  }

  var holds: Bool { rows.allSatisfy(\.passes) }

  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Rows hold finite numbers and text only, which always encode.
    return (try? encoder.encode(rows)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }

  /// The section of docs/performance.md.
  var section: String {
    let lines = rows.map { row in
      let missing = row.compared == row.expected ? "" : " of \(row.expected)"
      let worst = row.worst.map(Self.short) ?? "∞"
      return "| \(row.quantity) | \(row.golden) | \(row.compared)\(missing) | \(Self.short(row.bound)) "
        + "| \(row.measure) | \(worst) | \(row.worst == 0 ? "" : row.worstRow) | \(row.passes ? "yes" : "NO") |"
    }
    return """
      | quantity | golden table | compared | bound | in | worst | where | holds |
      |---|---|---|---|---|---|---|---|
      \(lines.joined(separator: "\n"))
      """
  }

  private static func short(_ value: Double) -> String {
    value == 0 || value == 1 ? "\(Int(value))" : String(format: "%.1e", value)
  }
}

extension GoldenCheck.Measure {
  fileprivate var name: String {
    switch self {
    case .relative: "relative"
    case .absolute(let unit): unit
    case .uncertainty: "of the table's uncertainty"
    case .differing: "rows that differ"
    }
  }
}
