import Diagnostics

extension Document {
  /// Nesting beyond this is refused, so that no file can exhaust the stack.
  public static let maximumDepth = 128
  /// Texts beyond this many bytes are refused.
  public static let maximumBytes = 64 << 20

  /// Reads JSON5 (so also JSON).
  ///
  /// Refused, each with line and column: a syntax error, a key that occurs twice in one object, a number that
  /// is not finite or does not fit a Double, a lone surrogate, and nesting deeper than `maximumDepth`.
  /// Unquoted keys are ASCII identifiers; others stand in quotes.
  ///
  /// - Parameter place: the file's name, for diagnostics.
  public static func parse(json5 text: String, place: String) throws(Failure) -> Document {
    var text = text
    guard text.utf8.count <= maximumBytes else { throw tooLarge(place) }
    let result = text.withUTF8 { bytes in
      var parser = JSON5Parser(bytes)
      return Result { () throws(JSON5Parser.Problem) in try parser.document() }
    }
    switch result {
    case .success(let document): return document
    case .failure(let problem):
      throw Failure(
        .badInput,
        Diagnostic(
          "document.syntax", place: "\(place):\(problem.line):\(problem.column)", problem: problem.problem,
          found: problem.found, expected: problem.expected))
    }
  }

  static func tooLarge(_ place: String) -> Failure {
    Failure(
      .badInput,
      Diagnostic(
        "document.tooLarge", place: place, problem: "is too large for a text file of this kind",
        expected: "at most \(maximumBytes >> 20) MiB"))
  }
}
