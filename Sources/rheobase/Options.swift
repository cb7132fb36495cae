import Diagnostics
import Documents

/// One option of a command: its name, how its text becomes a value, and what holds when it is not given.
///
/// A command keeps its options as constants and reads them from the parsed `Arguments` by these constants,
/// so that an option that is read is always one that is declared, with its type.
struct Option<Value: Sendable>: Sendable {
  let declaration: OptionDeclaration
  /// What holds when the option is not given.
  let fallback: Value
  /// Nil where the text is not a value.
  let read: @Sendable (String) -> Value?

  /// - Parameters:
  ///   - argument: placeholder of the value in the help.
  ///   - expected: what a value looks like, for the diagnostic ("a time such as \"1e-4s\"").
  ///   - repeats: whether it may be given several times.
  init(
    _ name: String, short: Character? = nil, argument: String, help: String, expected: String,
    fallback: Value, repeats: Bool = false, read: @escaping @Sendable (String) -> Value?
  ) {
    declaration = OptionDeclaration(
      name: name, short: short, argument: argument, help: help, expected: expected, repeats: repeats,
      accepts: { read($0) != nil })
    self.fallback = fallback
    self.read = read
  }
}

/// An option without a value.
struct Flag: Sendable {
  let declaration: OptionDeclaration

  init(_ name: String, short: Character? = nil, help: String) {
    declaration = OptionDeclaration(
      name: name, short: short, argument: nil, help: help, expected: "", repeats: true, accepts: { _ in true }
    )
  }
}

/// What the parser and the help need to know about an option of any type.
struct OptionDeclaration: Sendable {
  let name: String
  let short: Character?
  /// Nil for a flag.
  let argument: String?
  let help: String
  let expected: String
  let repeats: Bool
  let accepts: @Sendable (String) -> Bool
}

/// A word that stands without a name: a file, a chip.
struct Operand: Sendable {
  let name: String
  let help: String
  var isOptional = false
}

/// A command line that was parsed: every value is known to be readable.
struct Arguments: Sendable {
  fileprivate(set) var operands: [String] = []
  fileprivate var values: [String: [String]] = [:]

  /// Value of an option, or its fallback.
  subscript<Value>(_ option: Option<Value>) -> Value {
    values[option.declaration.name]?.last.flatMap(option.read) ?? option.fallback
  }

  subscript(_ flag: Flag) -> Bool { values[flag.declaration.name] != nil }

  /// All values of an option that may be repeated, in order.
  func all<Value>(_ option: Option<Value>) -> [Value] {
    (values[option.declaration.name] ?? []).compactMap(option.read)
  }

  /// The other word on the command line that names the same file, so that one is not written over the other.
  func otherUse(of path: String, besides option: String) -> String? {
    if operands.contains(path) { return path }
    return values.filter { $0.key != option && $0.value.contains(path) }.keys.sorted().first.map { "--\($0)" }
  }

  func isGiven<Value>(_ option: Option<Value>) -> Bool { values[option.declaration.name] != nil }
}

extension Arguments {
  /// Parses the words that follow the command's name: `--name value`, `--name=value`, `-o value`, `--` before
  /// operands that begin with a dash; `-` alone is an operand or a value.
  ///
  /// Everything that is wrong is collected and thrown together with exit code 64.
  init(parsing words: [String], for command: Command) throws(Failure) {
    var problems = DiagnosticCollector()
    var index = 0
    var onlyOperands = false
    while index < words.count {
      let word = words[index]
      index += 1
      if onlyOperands || !word.hasPrefix("-") || word == "-" {
        operands.append(word)
        continue
      }
      if word == "--" {
        onlyOperands = true
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let option = command.option(written: parts[0]) else {
        problems.add(Self.unknown(parts[0], command))
        continue
      }
      var value = parts.count == 2 ? parts[1] : nil
      if option.argument == nil {
        if value != nil {
          problems.add(
            Diagnostic(
              "usage.valueForFlag", subject: "--\(option.name)", problem: "takes no value", found: word))
        }
      } else if value == nil {
        guard index < words.count else {
          problems.add(
            Diagnostic(
              "usage.missingValue", subject: "--\(option.name)", problem: "needs a value",
              expected: option.expected))
          continue
        }
        value = words[index]
        index += 1
      }
      add(value ?? "", to: option, problems: &problems)
    }
    checkOperands(of: command, problems: &problems)
    try problems.throwIfErrors(.usage)
  }

  private mutating func add(
    _ value: String, to option: OptionDeclaration, problems: inout DiagnosticCollector
  ) {
    guard option.accepts(value) else {
      problems.add(
        Diagnostic(
          "usage.badValue", subject: "--\(option.name)", problem: "bad value", found: "\"\(value)\"",
          expected: option.expected))
      return
    }
    if values[option.name] != nil, !option.repeats {
      problems.add(
        Diagnostic("usage.repeated", subject: "--\(option.name)", problem: "is given more than once"))
    }
    values[option.name, default: []].append(value)
  }

  private func checkOperands(of command: Command, problems: inout DiagnosticCollector) {
    let needed = command.operands.filter { !$0.isOptional }
    if operands.count < needed.count {
      for operand in needed[operands.count...] {
        problems.add(
          Diagnostic(
            "usage.missingOperand", subject: operand.name, problem: "is missing", expected: operand.help,
            remedy: "rheobase \(command.name) --help shows how the command is used"))
      }
    }
    if operands.count > command.operands.count {
      for word in operands[command.operands.count...] {
        problems.add(
          Diagnostic(
            "usage.extraOperand", problem: "a word too many", found: "\"\(word)\"",
            expected: command.operands.isEmpty
              ? "only options" : "only " + command.operands.map(\.name).joined(separator: " ")))
      }
    }
  }

  private static func unknown(_ word: String, _ command: Command) -> Diagnostic {
    let names = command.options.flatMap { option in
      ["--\(option.name)"] + (option.short.map { ["-\($0)"] } ?? [])
    }
    return Diagnostic(
      "usage.unknownOption", subject: "rheobase \(command.name)", problem: "unknown option", found: word,
      remedy: nearestName(to: word, among: names).map { "Did you mean \($0)" }
        ?? "rheobase \(command.name) --help lists the options")
  }
}
