/// One thing that is wrong, or worth knowing, as data: what, where, by how much, and what to do.
///
/// Producers fill in the facts; the sentence that a person reads is made in one place, `formatted`,
/// at the edge of the program. Problems are collected and thrown together (`Failure`), so that a user
/// mends a file once and not once per run.
public struct Diagnostic: Sendable, Equatable, Codable {
  public enum Severity: String, Sendable, Codable {
    case error, warning, note
  }

  /// Stable name of the rule, `area.rule` in camel case ("chip.unknownKey", "limit.axonsPerCore").
  public var id: String
  public var severity: Severity
  /// What it is about: "population lif1", "core (2,3)", "node conv1"; empty when `place` says all.
  public var subject: String
  /// Where it stands: file, and key path, HDF5 path, line or byte within it.
  public var place: String?
  /// What is wrong, as a clause without the value ("unknown key", "does not fit the crossbar").
  public var problem: String
  /// The value that was found, as the user wrote it.
  public var found: String?
  /// What was expected instead ("a capacitance such as \"12 fF\"", "at most 256").
  public var expected: String?
  /// What the user can do.
  public var remedy: String?

  public init(
    _ id: String, severity: Severity = .error, subject: String = "", place: String? = nil,
    problem: String, found: String? = nil, expected: String? = nil, remedy: String? = nil
  ) {
    self.id = id
    self.severity = severity
    self.subject = subject
    self.place = place
    self.problem = problem
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }

  /// The one sentence form: `place: severity: subject: problem: found X, expected Y. Remedy. [id]`.
  public var formatted: String {
    var text = ""
    if let place { text += "\(place): " }
    text += "\(severity.rawValue): "
    if !subject.isEmpty { text += "\(subject): " }
    text += problem
    switch (found, expected) {
    case (let found?, let expected?): text += ": found \(found), expected \(expected)"
    case (let found?, nil): text += ": \(found)"
    case (nil, let expected?): text += ": expected \(expected)"
    case (nil, nil): break
    }
    text += "."
    if let remedy { text += " \(remedy)." }
    return text + " [\(id)]"
  }
}
