import Diagnostics

/// One limit of a chip: what may be used of something.
public struct Limit: Sendable {
  /// `limit.axonsPerCore`; the id of the diagnostic.
  public let id: String
  /// What is counted, in plain words: "axons of a core".
  public let name: String
  /// What breaks, as a clause: "needs more axons than a core has".
  let problem: String
  let remedy: String
  /// What the chip allows.
  public let allowed: @Sendable (Chip) -> ClosedRange<Int>

  init(
    _ id: String, _ name: String, problem: String, remedy: String,
    allowed: @escaping @Sendable (Chip) -> ClosedRange<Int>
  ) {
    self.id = id
    self.name = name
    self.problem = problem
    self.remedy = remedy
    self.allowed = allowed
  }

  /// Nil when `used` is allowed.
  public func check(_ used: Int, subject: String, chip: Chip) -> Diagnostic? {
    let range = allowed(chip)
    if range.contains(used) { return nil }
    let expected =
      range.lowerBound <= 0 && used > range.upperBound || range.lowerBound == .min
      ? "at most \(range.upperBound)" : "\(range.lowerBound) to \(range.upperBound)"
    return Diagnostic(
      id, subject: subject, problem: problem, found: "\(used)", expected: "\(expected) (chip \(chip.name))",
      remedy: remedy)
  }
}
