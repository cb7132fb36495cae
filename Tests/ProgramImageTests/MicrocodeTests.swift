import ChipModel
import Diagnostics
import FixedPoint
import HDF5Files
import TestSupport
import Testing

@testable import ProgramImage

@Suite("Programs of neurons in an image")
struct MicrocodeTests {
  @Test("come back as they were written")
  func roundTrip() throws {
    let scratch = try Scratch()
    let image = try microcodeImage()
    try #require(image.verify() == [])
    try image.write(to: scratch.path("a.rbx"))
    let read = try ProgramImage.read(from: scratch.path("a.rbx"))
    #expect(read == image)
    let program = read.programs.microProgram(0, registerBits: 32)
    #expect(program.body.count == 5 && program.tables.count == 2 && program.passes == 3)
    #expect(read.programs.entries(rows: 5) == [0, -1, -1, 1, -1])
  }

  @Test("rules and attributes are those of docs/program-image.md")
  func documented() throws {
    let page = try Repository.text("docs/program-image.md")
    let root = try microcodeImage().fileContent
    #expect(root.attributes["datapath"] == .scalar("microcode"))
    let rules = try #require(root.group(at: "rules/microcode")).attributes
    #expect(rules.count == 12)
    for key in rules.keys { #expect(page.contains("`\(key)`"), "\(key)") }
  }

  @Test("a datapath or rules that are not the chip's are refused")
  func otherDatapath() throws {
    var root = try microcodeImage().fileContent
    root.attributes["datapath"] = .scalar("leaky")
    root.groups["rules"]?.groups["microcode"]?.attributes["passes"] = .scalar(Int64(65))
    let refused = failure { () throws(Failure) in _ = try ProgramImage(fileContent: root, path: "p") }
    #expect(
      refused?.diagnostics.map(\.place) == [
        "p: / attribute datapath", "p: /rules/microcode attribute passes",
      ])
    var leaky = try sampleImage().fileContent
    leaky.groups["rules"]?.groups["microcode"] = root.groups["rules"]?.groups["microcode"]
    let extra = failure { () throws(Failure) in _ = try ProgramImage(fileContent: leaky, path: "p") }
    #expect(extra?.diagnostics.count == 12)
  }

  static let faults: [VerifyTests.Fault] = [
    .init("passes too few entries", "/program/passes", { $0.programs.passes = [] }),
    .init("body too few entries", "/program/body", { $0.programs.body = [] }),
    .init("instructions beyond", "/program/begin", { $0.programs.begin[1] = 7 }),
    .init("constants beyond", "/program/constant_begin", { $0.programs.constantBegin[1] = 3 }),
    .init("tables beyond", "/program/table_begin", { $0.programs.tableBegin[1] = 3 }),
    .init("segment bits short", "/program_table/segment_bits", { $0.programs.tableSegmentBits = [] }),
    .init("table entries fall", "/program_table/begin[1]", { $0.programs.tableEntryBegin[1] = 8 }),
    .init("rows without programs", "/program_neuron/program", { $0.programs.program = [0] }),
    .init("state beyond", "/program_neuron/state_begin", { $0.programs.stateBegin[2] = 5 }),
    .init("parameters beyond", "/program_neuron/parameter_begin", { $0.programs.parameterBegin[2] = 5 }),
    .init("no microcode on the chip", "/program", { $0.chip.microcode = nil }),
    .init("program too long", "/program/begin[0]", { $0.chip.microcode?.instructions = 5 }),
    .init(
      "empty program", "/program/begin[0]",
      {
        $0.programs.instruction = []
        $0.programs.begin[1] = 0
        $0.programs.body[0] = 0
      }),
    .init("no pass", "/program/passes[0]", { $0.programs.passes[0] = 0 }),
    .init("too many passes", "/program/passes[0]", { $0.programs.passes[0] = 65 }),
    .init("no state", "/program/state_count[0]", { $0.programs.stateCount[0] = 0 }),
    .init("too much state", "/program/state_count[0]", { $0.programs.stateCount[0] = 9 }),
    .init("too many constants", "/program/constant_begin[0]", { $0.chip.microcode?.constants = 1 }),
    .init("too many tables", "/program/table_begin[0]", { $0.chip.microcode?.tables = 1 }),
    .init("too many entries", "/program_table/begin[0]", { $0.chip.microcode?.tableEntries = 6 }),
    .init("too many parameters", "/program_neuron/parameter_begin[0]", { $0.chip.microcode?.parameters = 0 }),
    .init(
      "constant too wide", "/program/constant[1]",
      {
        $0.chip.microcode?.registerBits = 21
        $0.programs.constant[1] += 1
      }),
    .init("state too wide", "/program_neuron/state[2]", { $0.chip.microcode?.registerBits = 22 }),
    .init("body before the program", "/program/body[0]", { $0.programs.body[0] = -1 }),
    .init("body behind the program", "/program/body[0]", { $0.programs.body[0] = 7 }),
    .init(
      "pieces and entries", "/program_table/segment_bits[0]", { $0.programs.tableSegmentBits[0] = 3 }),
    .init(
      "segment bits absurd", "/program_table/segment_bits[1]", { $0.programs.tableSegmentBits[1] = 255 }),
    .init("unknown operation", "/program/instruction[2]", { $0.programs.instruction[2] += 5 }),
    .init("bits beyond the word", "/program/instruction[0]", { $0.programs.instruction[0] |= 1 << 41 }),
    .init("register 32", "/program/instruction[1]", { $0.programs.instruction[1] |= 32 << 8 }),
    .init(
      "constant that is not there", "/program/instruction[4]",
      {
        $0.programs.instruction[4] = MicroInstruction(.fire, a: .register(0), b: .constant(2)).word
      }),
    .init(
      "table that is not there", "/program/instruction[2]",
      {
        $0.programs.instruction[2] = MicroInstruction(.lookUp, a: .register(0), b: .table(2)).word
      }),
    .init(
      "table too wide", "/program/instruction[2]",
      {
        $0.programs.instruction[2] = MicroInstruction(.lookUp, a: .input, b: .table(0), shift: 30).word
      }),
    .init(
      "parameter that a neuron does not have", "/program_neuron/parameter_begin[0]",
      {
        $0.programs.instruction[0] = MicroInstruction(.scale, d: 2, a: .parameter(1)).word
      }),
    .init("row beyond", "/program_neuron/row[1]", { $0.programs.neuron[1] = 5 }),
    .init("row twice", "/program_neuron/row[1]", { $0.programs.neuron[1] = 0 }),
    .init("a readout with a program", "/program_neuron/row[1]", { $0.programs.neuron[1] = 4 }),
    .init("program that is not there", "/program_neuron/program[0]", { $0.programs.program[0] = 1 }),
    .init("program below", "/program_neuron/program[1]", { $0.programs.program[1] = -1 }),
    .init("state of another size", "/program_neuron/state_begin[0]", { $0.programs.stateBegin[1] = 1 }),
    .init("kick", "/neuron/kick[0]", { $0.neurons.kick[0] = 1 }),
    .init("v0 is not state word 0", "/neuron/v0[3]", { $0.neurons.v0[3] -= 1 }),
    .init("v0 of the leaky unit too wide", "/neuron/v0[1]", { $0.neurons.v0[1] = 1 << 23 }),
  ]

  @Test("each broken rule is found where it is broken", arguments: faults)
  func finds(fault: VerifyTests.Fault) throws {
    var image = try microcodeImage()
    fault.apply(&image)
    let problems = image.verify()
    #expect(problems.contains { $0.place == fault.place }, "\(problems.map(\.formatted))")
  }

  /// A register may be wider than the leaky unit's state.
  @Test("v0 of a neuron with a program may be as wide as a register")
  func wideState() throws {
    var image = try microcodeImage()
    image.programs.state[2] = .max
    image.neurons.v0[3] = .max
    #expect(image.verify() == [])
  }

  @Test("whatever numbers a file holds, it is refused or passes every rule")
  func forged() throws {
    let good = try microcodeImage().fileContent
    let places = ProgramImage.fields.map(\.place).filter { $0.hasPrefix("program") }
    var generator = SeededGenerator(state: 5)
    var refused = 0
    for _ in 0..<400 {
      var root = good
      let place = places[generator.int(0...places.count - 1)]
      let dataset = try #require(good.dataset(at: place))
      let choices: [Int64] = [
        -1, 0, 1, 2, 16, 31, 255, 256, 1 << 20, Int64(Int32.max), Int64(Int32.min), .max, .min,
      ]
      root.set(
        dataset.altered(
          at: generator.int(0...max(dataset.count - 1, 0)), to: choices[generator.int(0...choices.count - 1)]),
        at: place)
      do throws(Failure) {
        let image = try ProgramImage(fileContent: root, path: "p")
        #expect(image.verify() == [])
        #expect(!image.listing(detail: true).isEmpty)
      } catch {
        refused += 1
        #expect(error.reason == .badInput && !error.diagnostics.isEmpty)
      }
    }
    #expect(refused > 200, "\(refused)")
  }

  @Test("the listing shows programs as assignments")
  func listing() throws {
    let lines = try microcodeImage().listing(detail: true).split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    for line in [
      "Program 0", "neurons 2", "state 2 registers", "tick 26 cycles, 3 passes",
      "constants c0 -7, c1 1048576",
      "table 0 from -512, 4 pieces, 0 to 16", "prologue r2 = p0 * x >> 8", "body r0 = r0 + r2",
      "r3 = table 1 at r0, steps of 2^10", "r3 = r3 << 2", "fire where r0 >= c1",
      "if fired: r0 = c0 - r3 >> 1",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(lines.contains { $0.hasPrefix("neuron 0 (row 0,") && $0.contains("program 0, state 100 -100") })
    #expect(lines.contains { $0.hasPrefix("hidden lif program 2 – –") })
    #expect(lines.contains { $0.hasPrefix("hidden lif spiking 1 ") })
  }
}
