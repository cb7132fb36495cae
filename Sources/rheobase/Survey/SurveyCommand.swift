import ChipModel
import Diagnostics
import Foundation
import HDF5Files
import NetworkFormats
import NetworkIR
import Observations

private let chips = Option<ChipChoice>(
  "chips", argument: "all|CHIP,…", help: "names or files of chips, or all that are found (default: all)",
  expected: "all, or chips with commas between them", fallback: .all, read: ChipChoice.init)
private let threads = Option.integer(
  "threads", in: 1...1024,
  help: "samples that run at the same time (default: one per processor); never changes the result")
private let svg = Option.text(
  "svg", argument: "FILE", help: "draw accuracy against energy per inference; needs spikes with labels")

/// `rheobase survey`: one network on many chips.
let surveyCommand = Command(
  name: "survey",
  summary: "compile and run a network on every chip that holds it, and compare",
  operands: [Operand(name: "NETWORK", help: "a network: .nir, or .json5 in physical units")],
  options: [chips.declaration] + SpikeInput.declarations + [threads.declaration, svg.declaration]
    + NetworkOptions.ofNetwork + [DocumentTarget.option.declaration],
  examples: [
    "rheobase survey digits.nir --input test.npz --parasitics compensate",
    "rheobase survey digits.nir --chips tessera,loihi1-davies2018,./mine.json5 --input test.npz --json survey.json",
    "rheobase survey digits.nir --input test.npz --samples 100 --svg survey.svg",
  ],
  notes:
    "Chips that do not hold the network are listed with every limit that it breaks. Exits with 0 if at least one\n"
    + "chip ran. docs/chips.md says how to read the table."
) { arguments, console throws(Failure) in
  let drawing = arguments[svg]
  if let drawing, let other = arguments.otherUse(of: drawing, besides: svg.declaration.name) {
    throw Failure(
      .usage,
      Diagnostic(
        "usage.sameFile", subject: "--svg", problem: "names the same file as \(other)", found: drawing,
        remedy: "Give the drawing a file of its own"))
  }
  try checkWritable(drawing)
  let source = arguments.operands[0]
  let imported = try NetworkFile.read(source, options: NetworkOptions.importOptions(arguments))
  let network = imported.network
  let input = try SpikeInput(
    arguments, channels: network.channels, nodes: network.inputs.map(\.name), dt: network.dynamics.dt,
    subject: source)
  if drawing != nil, input.trains.labels == nil || network.outputs.isEmpty {
    throw Failure(
      .usage,
      Diagnostic(
        "usage.needsLabels", subject: "--svg",
        problem: "draws accuracy, and there are no "
          + (input.trains.labels == nil ? "labels in the spikes" : "outputs in the network"),
        remedy: "Leave --svg out, or give --input a file with labels"))
  }
  let directories = ChipLibrary.searchDirectories(
    option: nil, environment: ProcessInfo.processInfo.environment, program: "/proc/self/exe")
  let (found, unreadable) = try arguments[chips].load(from: directories)
  let survey = Survey(
    imported: imported, input: input, options: NetworkOptions.compileOptions(arguments),
    threads: arguments[threads] ?? ProcessInfo.processInfo.activeProcessorCount, console: console)
  let report = try survey.report(network: source, chips: found, diagnostics: imported.warnings + unreadable)
  if let drawing { try AtomicFile.write([Array(report.drawing.utf8)], to: drawing) }
  return Outcome(text: report.text, document: report, diagnostics: report.diagnostics)
}

/// Which chips: all that the library has, or those named.
enum ChipChoice: Sendable, Equatable {
  case all
  case named([String])

  /// Nil for an empty list and for an empty name in it.
  init?(_ text: String) {
    if text == "all" {
      self = .all
      return
    }
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains("") else { return nil }
    self = .named(names)
  }

  /// The chips, each once. Of a named chip every problem is thrown; of all chips, a file that cannot be read is a
  /// diagnostic and the others go on.
  func load(from directories: [String]) throws(Failure) -> (chips: [Chip], unreadable: [Diagnostic]) {
    var chips: [Chip] = []
    var problems: [Diagnostic] = []
    switch self {
    case .all:
      for entry in ChipLibrary.list(in: directories) {
        do throws(Failure) {
          chips.append(try Chip.load(entry.path, directories: directories))
        } catch {
          problems += error.diagnostics
        }
      }
    case .named(let names):
      var reason: Failure.Reason?
      for (index, name) in names.enumerated() where !names[..<index].contains(name) {
        do throws(Failure) {
          chips.append(try Chip.load(name, directories: directories))
        } catch {
          problems += error.diagnostics
          reason = reason ?? error.reason
        }
      }
      if let reason { throw Failure(reason, problems) }
    }
    return (chips, problems)
  }
}
