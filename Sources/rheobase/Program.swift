import Diagnostics
import Documents

/// The command line as a whole: finds the command, runs it, and turns what it returns or throws into streams and
/// an exit code.
struct Program {
  let commands: [Command]
  let console = Console()

  /// Exit code for the words after the program's name.
  func run(_ words: [String]) -> Int32 {
    guard let first = words.first else {
      console.note(help)
      return Failure.Reason.usage.rawValue
    }
    switch first {
    case "--help", "-h", "help":
      return showHelp(for: Array(words.dropFirst()))
    case "--version":
      return show("rheobase \(version)\n")
    default:
      if let command = command(of: words) {
        return run(command, Array(words.dropFirst(command.name.split(separator: " ").count)))
      }
      let helps = words.dropFirst().first.map { $0 == "--help" || $0 == "-h" } ?? false
      return helps ? showHelp(for: [first]) : unknown(words)
    }
  }

  /// The command that the words begin with; its name is one word, or two as in `mesh traffic`.
  private func command(of words: [String]) -> Command? {
    commands.first { words.starts(with: $0.name.split(separator: " ").map(String.init)) }
  }

  /// Commands whose name is `word` and a second word.
  private func family(_ word: String) -> [Command] { commands.filter { $0.name.hasPrefix(word + " ") } }

  private func showHelp(for words: [String]) -> Int32 {
    guard let first = words.first else { return show(help) }
    if let command = command(of: words) { return show(command.help) }
    guard words.count == 1, !family(first).isEmpty else { return unknown(words) }
    return show(family(first).map(\.help).joined(separator: "\n"))
  }

  private func show(_ text: String) -> Int32 {
    do throws(Failure) {
      try console.print(text)
      return 0
    } catch {
      console.report(error.diagnostics)
      return error.reason.rawValue
    }
  }

  private func run(_ command: Command, _ words: [String]) -> Int32 {
    let beforeOperands = words.prefix { $0 != "--" }
    if beforeOperands.contains("--help") || beforeOperands.contains("-h") {
      return show(command.help)
    }
    var target = DocumentTarget(path: nil)
    do throws(Failure) {
      let arguments = try Arguments(parsing: words, for: command)
      let document = arguments[DocumentTarget.option]
      if let document, document != "-",
        let other = arguments.otherUse(of: document, besides: DocumentTarget.option.declaration.name)
      {
        throw Failure(
          .usage,
          Diagnostic(
            "usage.sameFile", subject: "--json", problem: "names the same file as \(other)",
            found: document, remedy: "Give the report a file of its own"))
      }
      target = DocumentTarget(path: document)
      try checkWritable(target.path)
      let outcome = try command.run(arguments, console)
      console.report(outcome.diagnostics)
      if !target.replacesText { try console.print(outcome.text) }
      try target.write(outcome.document, console: console)
      return outcome.checkFailed ? Failure.Reason.checkFailed.rawValue : 0
    } catch {
      console.report(error.diagnostics)
      writeFailure(error, to: target)
      return error.reason.rawValue
    }
  }

  /// The document of a command that failed. That it cannot be written either is reported, but the first cause decides.
  private func writeFailure(_ failure: Failure, to target: DocumentTarget) {
    guard failure.reason != .cannotWrite || target.replacesText else { return }
    do throws(Failure) {
      try target.write(FailureDocument(diagnostics: failure.diagnostics), console: console)
    } catch {
      if error != failure { console.report(error.diagnostics) }
    }
  }

  private func unknown(_ words: [String]) -> Int32 {
    let isFamily = words.first.map { !family($0).isEmpty } ?? false
    let name = words.prefix(isFamily ? 2 : 1).joined(separator: " ")
    let names = commands.map(\.name)
    console.report([
      Diagnostic(
        name.hasPrefix("-") ? "usage.unknownOption" : "usage.unknownCommand",
        problem: name.hasPrefix("-") ? "unknown option" : "unknown command", found: "\"\(name)\"",
        expected: "one of \(names.joined(separator: ", "))",
        remedy: nearestName(to: name, among: names).map { "Did you mean \($0)" })
    ])
    return Failure.Reason.usage.rawValue
  }

  private var help: String {
    let width = commands.map(\.name.count).max() ?? 0
    let list = commands.map { command in
      "  \(command.name)\(String(repeating: " ", count: width - command.name.count))  \(command.summary)\n"
    }.joined()
    return """
      rheobase compiles a spiking network to a neuromorphic chip and emulates the chip cycle by cycle.

      Usage: rheobase COMMAND [options]

      \(list)
      rheobase COMMAND --help tells what a command takes; rheobase --version prints the version.

      Example:
        rheobase compile digits.nir --parasitics compensate -o digits.rbx
        rheobase run digits.rbx --input test.npz

      """
  }
}
