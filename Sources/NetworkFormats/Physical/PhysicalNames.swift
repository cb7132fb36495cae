import Documents
import NetworkIR

/// The names of inputs and populations, which share one name space.
struct PhysicalNames {
  enum Kind { case input, population }

  private var sources: [String: Projection.Source] = [:]
  private var counts: [Kind: Int] = [.input: 0, .population: 0]

  /// Takes the next number of its kind for `name`; false, with a diagnostic, if the name is taken.
  mutating func add(_ kind: Kind, _ name: String, at cursor: Cursor) -> Bool {
    guard sources[name] == nil else {
      cursor.fail("physical.name", problem: "the name is used twice", found: "\"\(name)\"")
      return false
    }
    let number = counts[kind] ?? 0
    counts[kind] = number + 1
    sources[name] = kind == .input ? .input(number) : .population(number)
    return true
  }

  /// What a name stands for; reports an unknown one.
  func source(_ name: String, at cursor: Cursor, key: String?) -> Projection.Source? {
    if let source = sources[name] { return source }
    report(name, Array(sources.keys), at: cursor, key: key)
    return nil
  }

  /// The population of this name; reports any other name.
  func population(_ name: String, at cursor: Cursor, key: String?) -> Int? {
    if case .population(let index) = sources[name] { return index }
    let known = sources.filter { if case .population = $0.value { true } else { false } }.map(\.key)
    report(name, known, at: cursor, key: key)
    return nil
  }

  private func report(_ name: String, _ known: [String], at cursor: Cursor, key: String?) {
    let known = known.sorted()
    cursor.fail(
      "physical.unknownName", problem: "\(key.map { "\($0): " } ?? "")nothing has this name",
      found: "\"\(name)\"",
      expected: known.isEmpty ? nil : "one of \(known.prefix(12).joined(separator: ", "))",
      remedy: nearestName(to: name, among: known).map { "Perhaps \"\($0)\" is meant" })
  }
}
