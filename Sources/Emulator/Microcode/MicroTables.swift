import ChipModel
import FixedPoint
import ProgramImage

/// Programs with every operand resolved to a place in one array of words, `MicroState.words`:
///
/// ```
///  0 … 31   registers
/// 32        x
/// 33 …      the neuron's parameters, room for those of any neuron
///    …      the program's constants
/// ```
/// A class, as `Tables` is, so that handing it on copies one reference.
final class MicroTables: Sendable {
  struct Step: Sendable {
    var operation: MicroInstruction.Operation
    var whenFired: Bool
    var shift: UInt8
    /// Places.
    var d: UInt16
    var a: UInt16
    var b: UInt16
    /// Of a look-up: first entry in `entries`, origin, and the largest distance from it.
    var entry: Int32 = 0
    var origin: Int32 = 0
    var top: Int32 = 0
  }

  struct Program: Sendable {
    /// In `steps`; the prologue ends where the body begins.
    var begin: Int
    var body: Int
    var end: Int
    var passes: Int
    var stateCount: Int
    var constants: Range<Int>
    var cost: MicroCost
  }

  /// A programmed neuron: its program, and where its words begin.
  struct Neuron: Sendable {
    var program: Int
    var state: Int
    var parameters: Range<Int>
  }

  static let input = 32
  static let parameters = 33

  let steps: [Step]
  let programs: [Program]
  let neurons: [Neuron]
  /// [rows] entry in `neurons`, −1 without a program; empty if no row has one.
  let entry: [Int32]
  let constants: [Int32]
  let parameterWords: [Int32]
  let entries: [Int32]
  /// Where constants stand, and how many words there are.
  let firstConstant: Int
  let wordCount: Int
  /// Ends of a register's range.
  let low: Int64
  let high: Int64

  var isEmpty: Bool { neurons.isEmpty }

  init(_ image: ProgramImage) {
    let programs = image.programs
    constants = programs.constant
    parameterWords = programs.parameter
    entries = programs.tableEntry
    let bits = image.chip.microcode?.registerBits ?? 32
    let range = signedRange(bits: bits)
    low = range.lowerBound
    high = range.upperBound
    firstConstant = MicroTables.parameters + Self.longest(programs.parameterBegin)
    wordCount = firstConstant + Self.longest(programs.constantBegin)
    var steps: [Step] = []
    var resolved: [Program] = []
    for p in 0..<programs.count {
      let program = programs.microProgram(p, registerBits: bits)
      let begin = steps.count
      for instruction in program.prologue + program.body {
        steps.append(
          Step(
            instruction, programs, firstTable: Int(programs.tableBegin[p]), firstConstant: firstConstant))
      }
      resolved.append(
        Program(
          begin: begin, body: begin + program.prologue.count, end: steps.count, passes: program.passes,
          stateCount: program.stateCount,
          constants: Int(programs.constantBegin[p])..<Int(programs.constantBegin[p + 1]),
          cost: image.chip.microcode?.cost(of: program) ?? MicroCost()))
    }
    self.steps = steps
    self.programs = resolved
    neurons = programs.neuron.indices.map { i in
      Neuron(
        program: Int(programs.program[i]), state: Int(programs.stateBegin[i]),
        parameters: Int(programs.parameterBegin[i])..<Int(programs.parameterBegin[i + 1]))
    }
    entry = programs.neuron.isEmpty ? [] : programs.entries(rows: image.neurons.count)
  }

  /// What a tick of the program of a row costs; nil without one.
  func cost(row: Int) -> MicroCost? {
    if entry.isEmpty || entry[row] < 0 { return nil }
    return programs[neurons[Int(entry[row])].program].cost
  }

  private static func longest(_ begin: [Int64]) -> Int {
    zip(begin, begin.dropFirst()).reduce(0) { max($0, Int($1.1 - $1.0)) }
  }
}

extension MicroTables.Step {
  fileprivate init(
    _ instruction: MicroInstruction, _ programs: ProgramImage.Programs, firstTable: Int, firstConstant: Int
  ) {
    func place(_ operand: MicroOperand) -> UInt16 {
      switch operand.place {
      case .register(let number): UInt16(number)
      case .input: UInt16(MicroTables.input)
      case .parameter(let number): UInt16(MicroTables.parameters + number)
      case .constant(let number): UInt16(firstConstant + number)
      }
    }
    self.init(
      operation: instruction.operation, whenFired: instruction.whenFired, shift: instruction.shift,
      d: UInt16(instruction.d), a: place(instruction.a), b: 0)
    switch instruction.operation {
    case .lookUp:
      let table = firstTable + Int(instruction.b.code)
      entry = Int32(programs.tableEntryBegin[table])
      origin = programs.tableOrigin[table]
      let bits = Int32(programs.tableSegmentBits[table]) + Int32(instruction.shift)
      top = bits == 31 ? .max : (1 << bits) - 1
    case .scale: break
    default: b = place(instruction.b)
    }
  }
}
