import Documents
import Quantities

/// Reads numbers that carry their source: `{ value: "12 fF", source: "where it comes from" }`.
///
/// Under `electrical`, `energy` and `operation` the source is required; elsewhere a plain number does. A plain number that
/// `--set` has put there has the command as its source.
struct ConstantReader {
  /// Values given on the command line, by key path.
  let settings: [String: String]
  /// Sources by key path, but for those under `energy`, which the energy constants carry themselves.
  private(set) var sources: [String: String] = [:]

  init(settings: [String: String]) { self.settings = settings }

  mutating func quantity(
    _ cursor: Cursor, _ key: String, _ dimension: Dimension, in range: ClosedRange<Double>
  ) -> Double? {
    guard let (value, source) = open(cursor, key, expected: Self.expected(dimension)) else { return nil }
    note(source, cursor, key)
    return value.asQuantity(dimension, in: range)
  }

  mutating func integer(_ cursor: Cursor, _ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let (value, source) = open(cursor, key, expected: "a whole number") else { return nil }
    note(source, cursor, key)
    return value.asInteger(in: range)
  }

  mutating func optionalInteger(
    _ cursor: Cursor, _ key: String, in range: ClosedRange<Int>, default value: Int
  ) -> Int? {
    cursor.has(key) ? integer(cursor, key, in: range) : value
  }

  /// The number itself and its source; nil, with a diagnostic, where one that is required is missing.
  func open(_ cursor: Cursor, _ key: String, expected: String) -> (value: Cursor, source: String?)? {
    guard cursor.has(key) else {
      if cursor.value.members != nil {
        cursor.failMember(key, "document.missingKey", problem: "is missing", expected: expected)
      }
      return nil
    }
    guard let given = cursor.any(key) else { return nil }
    if given.value.members != nil {
      let value = given.any("value")
      guard let source = given.string("source") else { return nil }
      guard source.contains(where: { !$0.isWhitespace }) else {
        given.any("source")?.fail(
          "chip.noSource", problem: "is empty", expected: "where the number comes from")
        return nil
      }
      return value.map { ($0, source) }
    }
    if let text = settings[given.path] { return (given, "--set \(given.path)=\(text)") }
    if ["electrical.", "energy.", "operation."].contains(where: { given.path.hasPrefix($0) }) {
      given.fail(
        "chip.noSource", problem: "has no source", found: given.value.summary,
        expected: "{ value: …, source: \"where it comes from\" }",
        remedy: "Cite where the number was read, or say \"design choice\" and why")
      return nil
    }
    return (given, nil)
  }

  static func expected(_ dimension: Dimension) -> String {
    dimension.name + (dimension.example.map { " such as \"\($0)\"" } ?? "")
  }

  private mutating func note(_ source: String?, _ cursor: Cursor, _ key: String) {
    guard let source, !cursor.path.hasPrefix("energy") else { return }
    sources["\(cursor.path).\(key)"] = source
  }
}
