import FixedPoint
import Testing

/// Edges of the interpreter.
@Suite struct MicroProgramTests {
  /// Result and saturations of one instruction on registers 0 and 1.
  private func run(
    _ operation: MicroInstruction.Operation, _ a: Int32, _ b: Int32 = 0, shift: UInt8, bits: Int = 32
  ) -> (Int32, Int) {
    let program = MicroProgram(
      registerBits: bits, stateCount: 2, constants: [], tables: [], prologue: [],
      body: [MicroInstruction(operation, d: 0, a: .register(0), b: .register(1), shift: shift)], passes: 1)
    var registers = MicroRegisters(state: [a, b])
    let outcome = program.step(&registers, input: 0, parameters: [])
    return (registers[0], outcome.saturations)
  }

  @Test func scalesSaturateAtEveryShift() {
    #expect(run(.scale, -1, shift: 31) == (.min, 0))
    #expect(run(.scale, -1, shift: 32) == (.min, 1))
    #expect(run(.scale, -1, shift: 62) == (.min, 1))
    #expect(run(.scale, 1, shift: 31) == (.max, 1))
    #expect(run(.scale, .min, shift: 62) == (.min, 1))
    #expect(run(.scale, 0, shift: 62) == (0, 0))
    #expect(run(.scale, 3, shift: 4, bits: 8) == (48, 0))
    #expect(run(.scale, 3, shift: 6, bits: 8) == (127, 1))
  }

  @Test func theLargestProductIsExact() {
    #expect(run(.multiply, .min, .min, shift: 62) == (1, 0))
    #expect(run(.multiply, .min, .min, shift: 32) == (1 << 30, 0))
    #expect(run(.multiply, .min, .min, shift: 0) == (.max, 1))
    #expect(run(.multiply, 3, 1, shift: 1) == (2, 0))
    #expect(run(.multiply, 5, 1, shift: 1) == (2, 0))
    #expect(run(.subtract, .min, 1, shift: 0) == (.min, 1))
  }

  @Test func wordsComeBack() {
    for operation in MicroInstruction.Operation.allCases {
      let instruction = MicroInstruction(
        operation, d: 31, a: .parameter(63), b: .constant(127), shift: 62, whenFired: true)
      #expect(MicroInstruction(word: instruction.word) == instruction)
    }
    #expect(MicroInstruction(word: 9) == nil)
    #expect(MicroInstruction(word: 32 << 8) == nil)
    #expect(MicroInstruction(word: 63 << 32) == nil)
    #expect(MicroInstruction(word: 1 << 41) == nil)
  }
}
