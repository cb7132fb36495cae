import ChipModel
import FixedPoint
import TestSupport

@testable import ProgramImage

/// `sampleImage` on a chip with microcode: rows 0 and 3 run a program, with two state words and one parameter of
/// their own.
func microcodeImage() throws -> ProgramImage {
  var image = try sampleImage()
  image.chip = try microcodeChip()
  let program = MicroProgram(
    registerBits: 32, stateCount: 2, constants: [-7, 1 << 20],
    tables: [
      MicroTable(origin: -512, segmentBits: 2, entries: [0, 1, 4, 9, 16]),
      MicroTable(origin: 0, segmentBits: 0, entries: [-3, 3]),
    ],
    prologue: [MicroInstruction(.multiply, d: 2, a: .parameter(0), b: .input, shift: 8)],
    body: [
      MicroInstruction(.add, d: 0, a: .register(0), b: .register(2)),
      MicroInstruction(.lookUp, d: 3, a: .register(0), b: .table(1), shift: 10),
      MicroInstruction(.scale, d: 3, a: .register(3), shift: 2),
      MicroInstruction(.fire, a: .register(0), b: .constant(1)),
      MicroInstruction(.subtract, d: 0, a: .constant(0), b: .register(3), shift: 1, whenFired: true),
    ], passes: 3)
  _ = image.programs.append(program)
  for (row, v) in [(0, Int32(100)), (3, 1 << 22)] {
    image.programs.append(row: row, program: 0, state: [v, -v], parameters: [Int32(row)])
    image.neurons.v0[row] = v
    image.neurons.kick[row] = 0
  }
  return image
}

func microcodeChip() throws -> Chip {
  try Chip.load("tessera-d", directories: [Repository.path("chips")])
}
