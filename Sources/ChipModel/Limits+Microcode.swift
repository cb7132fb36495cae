import Diagnostics
import FixedPoint

// What a program of the datapath `microcode` may use. A chip without it allows nothing.

extension Limits {
  /// Whether neurons can have programs at all.
  public static func microcode(subject: String, chip: Chip) -> Diagnostic? {
    if chip.microcode != nil { return nil }
    return Diagnostic(
      "limit.microcode", subject: subject, problem: "needs a program, and this chip's neurons have none",
      expected: "neurons of the datapath leaky only (chip \(chip.name))",
      remedy: "Use a chip with datapath.kind \"microcode\"")
  }

  static let microInstructions = Limit(
    "limit.instructions", "instructions of a program, prologue and body",
    problem: "has a program that is too long, or none",
    remedy: "Use a simpler model, or a longer program memory (--set datapath.microcode.instructions)"
  ) { $0.microcode.map { 1...$0.instructions } ?? 0...0 }

  /// Instructions of a program: prologue and body together, at least one.
  public static func instructions(used: Int, subject: String, chip: Chip) -> Diagnostic? {
    microInstructions.check(used, subject: subject, chip: chip)
  }

  static let microPasses = Limit(
    "limit.passes", "passes through the body of a program",
    problem: "has a program that runs too often in one tick, or not at all",
    remedy: "Choose a smaller --dt, or a larger datapath.microcode.passes"
  ) { $0.microcode.map { 1...$0.passes } ?? 0...0 }

  /// Passes through the body in one tick.
  public static func passes(_ passes: Int, subject: String, chip: Chip) -> Diagnostic? {
    microPasses.check(passes, subject: subject, chip: chip)
  }

  static let microState = Limit(
    "limit.stateWords", "state words of a neuron",
    problem: "has more state than the chip keeps for a neuron, or none",
    remedy: "Use a simpler model, or more words (--set datapath.microcode.stateWords)"
  ) { $0.microcode.map { 1...$0.stateWords } ?? 0...0 }

  /// Registers that are state, at least one.
  public static func stateWords(used: Int, subject: String, chip: Chip) -> Diagnostic? {
    microState.check(used, subject: subject, chip: chip)
  }

  static let microParameters = Limit(
    "limit.parameters", "parameters of a neuron", problem: "has more parameters than a neuron can hold",
    remedy:
      "Share values between neurons as constants, or use more words (--set datapath.microcode.parameters)"
  ) { 0...($0.microcode?.parameters ?? 0) }

  /// Values that are a neuron's own.
  public static func parameters(used: Int, subject: String, chip: Chip) -> Diagnostic? {
    microParameters.check(used, subject: subject, chip: chip)
  }

  static let microConstants = Limit(
    "limit.constants", "constants of a program", problem: "has a program with too many constants",
    remedy: "Use a simpler model, or more constants (--set datapath.microcode.constants)"
  ) { 0...($0.microcode?.constants ?? 0) }

  /// Constants of one program.
  public static func constants(used: Int, subject: String, chip: Chip) -> Diagnostic? {
    microConstants.check(used, subject: subject, chip: chip)
  }

  static let microTables = Limit(
    "limit.tables", "tables of a program", problem: "has a program with too many tables",
    remedy: "Use a simpler model, or more tables (--set datapath.microcode.tables)"
  ) { 0...($0.microcode?.tables ?? 0) }

  /// Tables of one program.
  public static func tables(used: Int, subject: String, chip: Chip) -> Diagnostic? {
    microTables.check(used, subject: subject, chip: chip)
  }

  static let microTableEntries = Limit(
    "limit.tableEntries", "entries of all tables of a program",
    problem: "has tables with more entries than their memory",
    remedy: "Use coarser tables, or a larger memory (--set datapath.microcode.tableEntries)"
  ) { 0...($0.microcode?.tableEntries ?? 0) }

  /// Entries of all tables of one program together.
  public static func tableEntries(used: Int, subject: String, chip: Chip) -> Diagnostic? {
    microTableEntries.check(used, subject: subject, chip: chip)
  }

  static let microRegister = Limit(
    "limit.register", "value in a register (state, parameters, constants, tables)",
    problem: "has a value that does not fit a register",
    remedy: "Use a smaller scale, or wider registers (--set datapath.microcode.registerBits)"
  ) { chip in
    guard let microcode = chip.microcode else { return 0...0 }
    let range = signedRange(bits: microcode.registerBits)
    return Int(range.lowerBound)...Int(range.upperBound)
  }

  /// A value of the registers' width.
  public static func register(_ value: Int, subject: String, chip: Chip) -> Diagnostic? {
    microRegister.check(value, subject: subject, chip: chip)
  }
}
