import ChipModel
import FixedPoint
import ProgramImage
import TestSupport

extension RandomProgram {
  /// As `make`, on a chip with microcode, with programs for about two thirds of the spiking neurons.
  static func makeWithPrograms(_ seed: UInt64) -> RandomProgram {
    var program = make(seed)
    var maker = MicrocodeMaker(random: SeededGenerator(state: seed ^ 0x6d69_6372_6f63_6f64))
    maker.addPrograms(to: &program.image)
    return program
  }
}

/// Draws programs of which no instruction is more likely than another, on values of every size.
struct MicrocodeMaker {
  var random: SeededGenerator

  mutating func chip() -> Chip.Microcode {
    Chip.Microcode(
      registerBits: random.oneIn(2) ? random.int(8...32) : random.pick([8, 16, 24, 32]), stateWords: 32,
      parameters: 64, constants: 128, instructions: 100, tables: 256, tableEntries: 1000, passes: 8,
      cycles: .init(
        add: random.int(1...2), multiply: random.int(1...5), compare: random.int(1...2),
        lookUp: random.int(1...6)))
  }

  mutating func addPrograms(to image: inout ProgramImage) {
    let microcode = chip()
    image.chip.microcode = microcode
    for component in Chip.Energy.Component.allCases where component.unit != nil {
      image.chip.energy.constants[component] =
        random.oneIn(5)
        ? .unpublished(reason: "drawn") : .known(Double(random.int(1...999)) * 1.3e-14, source: "drawn")
    }
    let programs = (0..<random.int(1...3)).map { _ in program(microcode) }
    for program in programs { _ = image.programs.append(program) }
    for row in 0..<image.neurons.count
    where image.neurons.kind[row] == ProgramImage.NeuronKind.spiking.rawValue && !random.oneIn(3) {
      let p = random.int(0...programs.count - 1)
      let state = (0..<programs[p].stateCount).map { _ in value(microcode.registerBits) }
      let parameters = (0..<4 + random.int(0...3)).map { _ in value(microcode.registerBits) }
      image.programs.append(row: row, program: p, state: state, parameters: parameters)
      image.neurons.v0[row] = state[0]
      image.neurons.kick[row] = 0
    }
  }

  /// A program that reads at most parameters 0 … 3.
  mutating func program(_ chip: Chip.Microcode) -> MicroProgram {
    let constants = (0..<random.int(0...4)).map { _ in value(chip.registerBits) }
    let tables = (0..<random.int(0...3)).map { _ in table(chip.registerBits) }
    let prologue = random.oneIn(3) ? [] : instructions(upTo: 6, constants.count, tables)
    let body = random.oneIn(8) && !prologue.isEmpty ? [] : instructions(upTo: 14, constants.count, tables)
    return MicroProgram(
      registerBits: chip.registerBits, stateCount: random.oneIn(10) ? 32 : random.int(1...4),
      constants: constants, tables: tables, prologue: prologue, body: body,
      passes: random.oneIn(3) ? 1 : random.int(1...chip.passes))
  }

  private mutating func instructions(upTo count: Int, _ constants: Int, _ tables: [MicroTable])
    -> [MicroInstruction]
  {
    (0..<random.int(1...count)).map { _ in
      var operation = random.pick(MicroInstruction.Operation.allCases)
      if operation == .lookUp, tables.isEmpty { operation = .add }
      var b = operand(constants)
      var shift = shift()
      if operation == .lookUp {
        let number = random.int(0...tables.count - 1)
        b = .table(UInt8(number))
        shift = UInt8(random.int(0...31 - tables[number].segmentBits))
      }
      return MicroInstruction(
        operation, d: UInt8(random.oneIn(3) ? random.int(0...31) : random.int(0...4)), a: operand(constants),
        b: b, shift: shift, whenFired: random.oneIn(4))
    }
  }

  private mutating func shift() -> UInt8 {
    UInt8(random.oneIn(8) ? random.int(0...62) : random.oneIn(3) ? random.int(0...20) : random.int(0...3))
  }

  private mutating func operand(_ constants: Int) -> MicroOperand {
    switch random.int(0...5) {
    case 0: .input
    case 1: .parameter(UInt8(random.int(0...3)))
    case 2 where constants > 0: .constant(UInt8(random.int(0...constants - 1)))
    case 3: MicroOperand(code: UInt8(random.int(0...63)))
    default: .register(UInt8(random.int(0...4)))
    }
  }

  private mutating func table(_ bits: Int) -> MicroTable {
    let segmentBits = random.int(0...4)
    return MicroTable(
      origin: value(bits), segmentBits: segmentBits, entries: (0...1 << segmentBits).map { _ in value(bits) })
  }

  /// Mostly small, sometimes an end of the range.
  mutating func value(_ bits: Int) -> Int32 {
    let range = signedRange(bits: bits)
    if random.oneIn(12) { return Int32(random.oneIn(2) ? range.lowerBound : range.upperBound) }
    let size = random.int(1...bits - 1)
    let low = max(range.lowerBound, -(1 << Int64(size)))
    return Int32(random.int(Int(low)...Int(min(range.upperBound, 1 << Int64(size)))))
  }
}
