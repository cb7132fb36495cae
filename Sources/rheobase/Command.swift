import Diagnostics

/// A subcommand: what the help says about it, and what it does.
struct Command: Sendable {
  let name: String
  /// One line for the list of commands.
  let summary: String
  let operands: [Operand]
  let options: [OptionDeclaration]
  /// Whole command lines that work.
  let examples: [String]
  /// More than the option table can say; may be empty.
  var notes: String = ""
  let run: @Sendable (Arguments, Console) throws(Failure) -> Outcome

  /// The option that a word such as `--threads` or `-o` names, nil if there is none.
  func option(written word: String) -> OptionDeclaration? {
    if word.hasPrefix("--") { return options.first { $0.name == word.dropFirst(2) } }
    guard word.count == 2, let letter = word.last else { return nil }
    return options.first { $0.short == letter }
  }

  /// The text of `rheobase NAME --help`.
  var help: String {
    let words = operands.map { $0.isOptional ? "[\($0.name)]" : $0.name }
    var text = "\(summary)\n\nUsage: rheobase \(([name] + words).joined(separator: " ")) [options]\n"
    if !operands.isEmpty {
      text += "\n" + aligned(operands.map { ($0.name, $0.help) })
    }
    text += "\nOptions:\n"
    text += aligned(
      options.map { option in
        let short = option.short.map { "-\($0), " } ?? ""
        return (short + "--\(option.name)" + (option.argument.map { " \($0)" } ?? ""), option.help)
      } + [("--help", "print this text")])
    if !notes.isEmpty { text += "\n\(notes)\n" }
    text += "\nExample:\n" + examples.map { "  \($0)\n" }.joined()
    return text
  }

  /// Two columns, the second one wrapped at 100 characters.
  private func aligned(_ rows: [(String, String)]) -> String {
    let width = min(rows.map { $0.0.count }.max() ?? 0, 28)
    let indent = String(repeating: " ", count: width + 4)
    return rows.map { name, help in
      var lines: [String] = [""]
      for word in help.split(separator: " ") {
        if lines[lines.count - 1].count + word.count + 1 > 100 - width - 4 { lines.append("") }
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
      }
      let body = lines.joined(separator: "\n" + indent)
      return name.count > width
        ? "  \(name)\n\(indent)\(body)\n"
        : "  \(name)\(String(repeating: " ", count: width - name.count))  \(body)\n"
    }.joined()
  }
}

/// What a command ends with: the text and the document say the same.
struct Outcome: Sendable {
  /// For a person, on standard output.
  var text: String
  /// The same as JSON.
  var document: any Encodable & Sendable
  /// Warnings and notes for standard error; the document holds them too.
  var diagnostics: [Diagnostic] = []
  /// Set when the command worked but what it was asked to check does not hold.
  var checkFailed = false
}
