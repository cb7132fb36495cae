/// Why the program stops, and the exit code that goes with it. Thrown once, with everything that was found.
public struct Failure: Error, Sendable, Equatable {
  /// The reason decides the exit code (sysexits.h where it has one).
  public enum Reason: Int32, Sendable {
    case checkFailed = 1
    case usage = 64
    case badInput = 65
    case noSuchFile = 66
    case missingOnMachine = 69
    case ourBug = 70
    case cannotWrite = 73
  }

  public var reason: Reason
  public var diagnostics: [Diagnostic]

  public init(_ reason: Reason, _ diagnostics: [Diagnostic]) {
    self.reason = reason
    self.diagnostics = diagnostics
  }

  public init(_ reason: Reason, _ diagnostic: Diagnostic) {
    self.init(reason, [diagnostic])
  }
}

/// Gathers diagnostics while work goes on, so that all of them can be reported at once.
public struct DiagnosticCollector: Sendable {
  public private(set) var all: [Diagnostic] = []

  public init() {}

  public var hasErrors: Bool { all.contains { $0.severity == .error } }

  public mutating func add(_ diagnostic: Diagnostic) { all.append(diagnostic) }

  public mutating func add(_ diagnostics: [Diagnostic]) { all += diagnostics }

  /// Throws everything collected if any of it is an error; returns the rest (warnings, notes) otherwise.
  @discardableResult
  public func throwIfErrors(_ reason: Failure.Reason = .badInput) throws(Failure) -> [Diagnostic] {
    if hasErrors { throw Failure(reason, all) }
    return all
  }
}
