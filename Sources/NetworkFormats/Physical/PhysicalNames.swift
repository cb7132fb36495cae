import Documents
import NetworkIR

/// The names of inputs and populations, which share one name space.
struct PhysicalNames {
  enum Kind { case input, population }

  private var sources: [String: Projection.Source] = [:]
  /// `SolvedPopulations`, which nothing connects to.
  private var solved: Set<String> = []
  private var counts: [Kind: Int] = [.input: 0, .population: 0]

  /// Takes the next number of its kind for `name`; false, with a diagnostic, if the name is taken.
  mutating func add(_ kind: Kind, _ name: String, at cursor: Cursor) -> Bool {
    guard isFree(name, at: cursor) else { return false }
    let number = counts[kind] ?? 0
    counts[kind] = number + 1
    sources[name] = kind == .input ? .input(number) : .population(number)
    return true
  }

  /// False, with a diagnostic, if the name is taken.
  mutating func addSolved(_ name: String, at cursor: Cursor) -> Bool {
    guard isFree(name, at: cursor) else { return false }
    solved.insert(name)
    return true
  }

  private func isFree(_ name: String, at cursor: Cursor) -> Bool {
    if sources[name] == nil, !solved.contains(name) { return true }
    cursor.fail("physical.name", problem: "the name is used twice", found: "\"\(name)\"")
    return false
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
    if solved.contains(name) {
      cursor.fail(
        "physical.solvedConnected",
        problem: "\(key.map { "\($0): " } ?? "")a population that is only solved has no connections",
        found: "\"\(name)\"", remedy: "Write its drive into the population itself")
      return
    }
    let known = known.sorted()
    cursor.fail(
      "physical.unknownName", problem: "\(key.map { "\($0): " } ?? "")nothing has this name",
      found: "\"\(name)\"",
      expected: known.isEmpty ? nil : "one of \(known.prefix(12).joined(separator: ", "))",
      remedy: nearestName(to: name, among: known).map { "Perhaps \"\($0)\" is meant" })
  }
}
