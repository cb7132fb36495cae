import Diagnostics

/// One value of a document that is being read, and the path that leads to it.
///
/// Accessors with a key read a member of an object and note the key as known; those without read the value
/// itself, for elements of lists. What is missing or wrong becomes a diagnostic of the reader, and the
/// accessor returns nil. The `optional…` accessors return nil without a diagnostic when the key is absent or
/// its value is `null`.
public struct Cursor {
  public let value: Document
  /// `electrical.parasitics.node`, `populations[3].size`; empty for the whole document.
  public let path: String
  public let reader: DocumentReader
  let node: Node

  /// What has been asked of one object; shared by copies of its cursor.
  final class Node {
    var known: Set<String> = []
    /// By path, so that a value that is asked for twice is one.
    var children: [String: Cursor] = [:]
    var saidNotAnObject = false
    var finished = false
  }

  init(_ value: Document, path: String, reader: DocumentReader, node: Node) {
    self.value = value
    self.path = path
    self.reader = reader
    self.node = node
  }

  /// Whether the object has this key with a value other than `null`. The key counts as known.
  public func has(_ key: String) -> Bool { member(key) != nil }

  /// The member as a cursor of whatever kind it is; nil without a diagnostic when absent.
  public func optionalAny(_ key: String) -> Cursor? { member(key) }

  /// The member as a cursor of whatever kind it is.
  public func any(_ key: String) -> Cursor? {
    required(key, "a value") { $0.optionalAny(key) }
  }

  // MARK: - Problems

  /// Adds an error about this value.
  public func fail(
    _ id: String, problem: String, found: String? = nil, expected: String? = nil, remedy: String? = nil
  ) {
    reader.add(
      Diagnostic(
        id, subject: path, place: reader.place, problem: problem, found: found, expected: expected,
        remedy: remedy))
  }

  /// Adds an error about the member at a key, present or not.
  public func failMember(
    _ key: String, _ id: String, problem: String, found: String? = nil, expected: String? = nil,
    remedy: String? = nil
  ) {
    reader.add(
      Diagnostic(
        id, subject: path(to: key), place: reader.place, problem: problem, found: found, expected: expected,
        remedy: remedy))
  }

  /// Adds a diagnostic that was made elsewhere; its place becomes this document, and its subject is kept.
  public func add(_ diagnostic: Diagnostic) {
    var placed = diagnostic
    placed.place = reader.place
    reader.add(placed)
  }

  /// Adds an error for every key of this object, and of the objects that were read through it, that no accessor
  /// has asked for, naming the nearest key that one has.
  public func finish() {
    guard !node.finished else { return }
    node.finished = true
    for key in (value.members ?? [:]).keys.sorted() where !node.known.contains(key) {
      let known = node.known.sorted()
      reader.add(
        Diagnostic(
          "document.unknownKey", subject: path(to: key), place: reader.place, problem: "unknown key",
          expected: known.isEmpty ? "no key here" : "one of \(known.joined(separator: ", "))",
          remedy: nearestName(to: key, among: known).map { "Perhaps \($0) is meant" }))
    }
    for (_, child) in node.children.sorted(by: { $0.key < $1.key }) where !child.isUntouched {
      child.finish()
    }
  }

  // MARK: - Steps

  /// Nobody has asked for any of its keys: another diagnostic has said why, or it has none.
  private var isUntouched: Bool { node.known.isEmpty && node.children.isEmpty }

  /// The child at a key, noted as known; nil when absent, `null`, or when this value is not an object.
  func member(_ key: String) -> Cursor? {
    node.known.insert(key)
    guard let members = value.members else {
      if !node.saidNotAnObject {
        node.saidNotAnObject = true
        fail("document.type", problem: "is not an object", found: value.summary, expected: "an object")
      }
      return nil
    }
    guard let child = members[key], child != .null else { return nil }
    return step(child, path: path(to: key))
  }

  func step(_ child: Document, path: String) -> Cursor {
    if let known = node.children[path] { return known }
    let cursor = Cursor(child, path: path, reader: reader, node: Node())
    node.children[path] = cursor
    return cursor
  }

  private func path(to key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// Runs an optional accessor and reports the key when it is absent.
  func required<Value>(_ key: String, _ expected: String, _ read: (Cursor) -> Value?) -> Value? {
    let result = read(self)
    if result == nil, let members = value.members, members[key] == nil || members[key] == .null {
      reader.add(
        Diagnostic(
          "document.missingKey", subject: path(to: key), place: reader.place, problem: "is missing",
          expected: expected))
    }
    return result
  }

  func wrongType(_ expected: String) {
    fail("document.type", problem: "has the wrong type", found: value.summary, expected: expected)
  }
}
