import ChipModel
import FixedPoint
import ProgramImage
import TestSupport
import Testing
import Foundation

@testable import Emulator

@Suite struct ZZSpeed {
  @Test func speed() throws {
    var image = RandomProgram.make(7).image
    let bits = 32
    image.chip.microcode = Chip.Microcode(registerBits: bits, stateWords: 32, parameters: 64, constants: 128, instructions: 4000, tables: 16, tableEntries: 10000, passes: 100, cycles: .init(add: 1, multiply: 1, compare: 1, lookUp: 1))
    // Izhikevich-like: about 12 instructions, one table look-up.
    let r = { (n: UInt8) in MicroOperand.register(n) }
    let c = { (n: UInt8) in MicroOperand.constant(n) }
    let body: [MicroInstruction] = [
      .init(.multiply, d: 2, a: r(0), b: r(0), shift: 18), .init(.multiply, d: 2, a: r(2), b: c(0), shift: 14),
      .init(.multiply, d: 3, a: r(0), b: c(1), shift: 12), .init(.add, d: 2, a: r(2), b: r(3)),
      .init(.add, d: 2, a: r(2), b: .parameter(0)), .init(.subtract, d: 2, a: r(2), b: r(1)), .init(.add, d: 2, a: r(2), b: .input),
      .init(.multiply, d: 4, a: r(0), b: c(2), shift: 14), .init(.lookUp, d: 5, a: r(4), b: .table(0), shift: 12),
      .init(.subtract, d: 4, a: r(4), b: r(1)),
      .init(.multiply, d: 4, a: r(4), b: c(3), shift: 16), .init(.add, d: 1, a: r(1), b: r(4)),
      .init(.add, d: 0, a: r(0), b: r(2), shift: 3), .init(.add, d: 0, a: r(0), b: r(5), shift: 3), .init(.fire, a: r(0), b: c(4)),
      .init(.add, d: 0, a: c(5), b: r(7), whenFired: true), .init(.add, d: 1, a: r(1), b: c(6), whenFired: true),
    ]
    let table = MicroTable(origin: -1_000_000, segmentBits: 6, entries: (0...64).map { Int32($0 * $0 * 10) })
    let program = MicroProgram(registerBits: bits, stateCount: 2, constants: [655, 20480, 3277, 1311, 30 << 18, -(65 << 18), 8 << 18], tables: [table], prologue: [], body: body, passes: 4)
    _ = image.programs.append(program)
    for row in 0..<256 { image.programs.append(row: row, program: 0, state: [-(65 << 18), -(13 << 18)], parameters: [Int32(140 << 18 + row * 1000)]) }
    image.neurons = .init(); image.neurons.kind = [UInt8](repeating: 0, count: 256)
    let tables = MicroTables(image)
    var state = MicroState(image, tables)
    let clock = ContinuousClock()
    let ticks = 2000
    var fired = 0
    let time = clock.measure {
      for _ in 0..<ticks { for i in 0..<256 { fired += state.run(tables.neurons[i], x: 10 << 18, tables).firings } }
    }
    let ops = Double(ticks * 256 * body.count * 4)
    func ns(_ t: Duration) -> Double { (Double(t.components.seconds) * 1e9 + Double(t.components.attoseconds) * 1e-9) / ops }
    print("kernel \(ns(time)) ns per instruction, fired \(fired)")
    var registers = [MicroRegisters](repeating: MicroRegisters(state: [-(65 << 18), -(13 << 18)]), count: 256)
    var other = 0
    let parameters = (0..<256).map { [Int32(140 << 18 + $0 * 1000)] }
    let slow = clock.measure {
      for _ in 0..<ticks { for i in 0..<256 { other += program.step(&registers[i], input: 10 << 18, parameters: parameters[i]).firings } }
    }
    print("interpreter \(ns(slow)) ns per instruction, fired \(other)")
  }
}
