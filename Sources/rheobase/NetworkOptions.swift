import ChipModel
import Compiler
import Diagnostics
import Foundation
import NetworkFormats
import NetworkIR

/// The options of every command that compiles a network: how to read it, which chip, how to choose codes.
enum NetworkOptions {
  enum Window: String, CaseIterable, Sendable { case pipeline, none }

  static let dt = Option.time("dt", help: "time per tick (default: the network file's own, or 1e-4s)")
  static let integrator = Option<Dynamics.Integrator>.choice(
    "integrator", help: "how a tick of the differential equation is taken", fallback: .euler)
  static let reset = Option<Dynamics.ResetMode>.choice(
    "reset", help: "what a spike does to the membrane: to v_reset, or minus the threshold", fallback: .zero)
  static let fire = Option<Dynamics.Comparison>.choice(
    "fire", help: "above the threshold, or at it too", fallback: .strict)
  static let synapseCurrent = Option<Dynamics.SynapseCurrent>.choice(
    "synapse-current",
    help: "the current that a CubaLIF membrane sees: after or before its update in the tick",
    fallback: .new)
  static let ifGain = Option<ImportOptions.IFGain>.choice(
    "if-gain", help: "what r means for IF and I: per tick, per second, or told from its value",
    fallback: .auto)
  static let stripBatch = Flag(
    "strip-batch", help: "take a leading 1 of a NIR file's shapes for a batch dimension and leave it out")
  static let parasitics = Option<Parasitics?>.choice(
    "parasitics",
    help: "leave parasitic capacitance out, let it act, or choose codes that cancel it "
      + "(default: model on a mixed-signal chip)")
  static let rounding = Option<WeightRounding>.choice(
    "rounding", help: "choose weight codes for the smallest rate error, or take the nearest ones",
    fallback: .rate)
  static let weightBits = Option.integer(
    "weight-bits", in: 2...16, help: "use fewer bits per weight than the chip has")
  static let leakBits = Option.integer(
    "leak-bits", in: 2...24,
    help: "take leaks as multiples of 2^-N per tick, as a chip without decay exponents has them")
  static let pools = Option<Pools>.choice(
    "pools",
    help: "multiply pools into the weights behind them (exact), or give them relay cells (fewer sources)",
    fallback: .auto)
  static let window = Option<Window>.choice(
    "window", help: "active ticks of each population: its turn in the pipeline, or all", fallback: .pipeline)
  static let seed = Option.seed("seed", help: "key of every random draw")

  /// Those that do not concern the chip.
  static let ofNetwork: [OptionDeclaration] = [
    dt.declaration, integrator.declaration, reset.declaration, fire.declaration, synapseCurrent.declaration,
    ifGain.declaration, stripBatch.declaration, parasitics.declaration, rounding.declaration,
    weightBits.declaration, leakBits.declaration, pools.declaration, window.declaration, seed.declaration,
  ]

  static let declarations = ofNetwork + ChipOptions.declarations

  static func importOptions(_ arguments: Arguments) -> ImportOptions {
    ImportOptions(
      dt: arguments[dt], integrator: arguments[integrator], reset: arguments[reset], fire: arguments[fire],
      synapseCurrent: arguments[synapseCurrent], ifGain: arguments[ifGain],
      stripBatch: arguments[stripBatch], seed: arguments[seed])
  }

  static func compileOptions(_ arguments: Arguments) -> CompileOptions {
    var options = CompileOptions()
    options.parasitics = arguments[parasitics]
    options.rounding = arguments[rounding]
    options.weightBits = arguments[weightBits]
    options.leakBits = arguments[leakBits]
    options.pools = arguments[pools]
    options.window = arguments[window] == .pipeline
    if let seed = arguments[seed] { options.seed = seed }
    return options
  }
}

/// The options that name a chip and change its fields.
enum ChipOptions {
  static let chip = Option.text(
    "chip", argument: "CHIP", help: "a chip's name, or the path of its file (default: tessera)")
  static let chips = Option.text(
    "chips", argument: "DIR", help: "look for chips here first; may be repeated", repeats: true)
  static let set = Option<Override?>(
    "set", argument: "KEY=VALUE",
    help: "override a field of the chip, e.g. electrical.parasitics.node=50fF; may be repeated",
    expected: "KEY=VALUE, such as electrical.parasitics.node=50fF", fallback: nil, repeats: true,
    read: { text in Override(text).map { .some($0) } })

  static let declarations = [chip.declaration, chips.declaration, set.declaration]

  /// One `--set`: a key path of the chip file, and the value that takes its place.
  struct Override: Sendable {
    let path: String
    let value: String

    init?(_ text: String) {
      guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
      path = String(text[..<sign])
      value = String(text[text.index(after: sign)...])
    }
  }

  /// Where chips are looked for: the directories given, then those of `ChipLibrary.searchDirectories`.
  static func directories(_ arguments: Arguments) -> [String] {
    arguments.all(chips).compactMap { $0 }
      + ChipLibrary.searchDirectories(
        option: nil, environment: ProcessInfo.processInfo.environment, program: "/proc/self/exe")
  }

  /// The chip that `--chip` names.
  static func load(_ arguments: Arguments) throws(Failure) -> Chip {
    try load(arguments[chip] ?? "tessera", arguments)
  }

  static func load(_ name: String, _ arguments: Arguments) throws(Failure) -> Chip {
    try Chip.load(
      name, directories: directories(arguments),
      overrides: arguments.all(set).compactMap { $0 }.map { ($0.path, $0.value) })
  }
}
