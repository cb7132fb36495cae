import ChipModel
import Diagnostics
import FixedPoint

/// Programs of neurons: lengths, limits of the chip, and every operand.
extension Verifier {
  func programLengths() {
    let programs = image.programs
    let count = programs.count
    lengths("/program", count, ["passes": programs.passes.count, "body": programs.body.count])
    begins("/program/begin", programs.begin, owners: count, total: programs.instruction.count)
    begins("/program/constant_begin", programs.constantBegin, owners: count, total: programs.constant.count)
    let tables = programs.tableOrigin.count
    begins("/program/table_begin", programs.tableBegin, owners: count, total: tables)
    lengths("/program_table", tables, ["segment_bits": programs.tableSegmentBits.count])
    begins("/program_table/begin", programs.tableEntryBegin, owners: tables, total: programs.tableEntry.count)
    let neurons = programs.neuron.count
    lengths("/program_neuron", neurons, ["program": programs.program.count])
    begins("/program_neuron/state_begin", programs.stateBegin, owners: neurons, total: programs.state.count)
    begins(
      "/program_neuron/parameter_begin", programs.parameterBegin, owners: neurons,
      total: programs.parameter.count)
  }

  func programs() {
    let programs = image.programs
    let name = { (p: Int) in "program \(p)" }
    if programs.count > 0 { add(Limits.microcode(subject: "program image", chip: chip), at: "/program") }
    limit("/program/begin", spans(programs.begin), subject: name) {
      Limits.instructions(used: $0, subject: $1, chip: $2)
    }
    limit("/program/passes", programs.passes, subject: name) { Limits.passes($0, subject: $1, chip: $2) }
    limit("/program/state_count", programs.stateCount, subject: name) {
      Limits.stateWords(used: $0, subject: $1, chip: $2)
    }
    limit("/program/constant_begin", spans(programs.constantBegin), subject: name) {
      Limits.constants(used: $0, subject: $1, chip: $2)
    }
    limit("/program/table_begin", spans(programs.tableBegin), subject: name) {
      Limits.tables(used: $0, subject: $1, chip: $2)
    }
    limit(
      "/program_table/begin",
      (0..<programs.count).map {
        Int(
          programs.tableEntryBegin[Int(programs.tableBegin[$0 + 1])]
            - programs.tableEntryBegin[Int(programs.tableBegin[$0])])
      }, subject: name
    ) { Limits.tableEntries(used: $0, subject: $1, chip: $2) }
    for (place, values) in [
      ("/program/constant", programs.constant), ("/program_table/origin", programs.tableOrigin),
      ("/program_table/entry", programs.tableEntry), ("/program_neuron/state", programs.state),
      ("/program_neuron/parameter", programs.parameter),
    ] {
      limit(place, values, subject: { "word \($0)" }) { Limits.register($0, subject: $1, chip: $2) }
    }
    first(
      "/program/body", programs.count, "does not lie within its program", found: { "\(programs.body[$0])" }
    ) { !(programs.begin[$0]...programs.begin[$0 + 1]).contains(programs.body[$0]) }
    first(
      "/program_table/segment_bits", programs.tableOrigin.count, "does not fit the number of entries",
      expected: "2^segment_bits + 1 entries", found: { "\(programs.tableSegmentBits[$0])" }
    ) {
      let entries = programs.tableEntryBegin[$0 + 1] - programs.tableEntryBegin[$0]
      return programs.tableSegmentBits[$0] > 30 || entries != 1 << Int64(programs.tableSegmentBits[$0]) + 1
    }
    for p in 0..<programs.count {
      for i in Int(programs.begin[p])..<Int(programs.begin[p + 1]) {
        if let problem = problem(of: programs.instruction[i], in: p) {
          return add(
            Diagnostic(
              "image.instruction", subject: name(p), problem: problem,
              found: "0x" + String(programs.instruction[i], radix: 16)),
            at: "/program/instruction[\(i)]")
        }
      }
    }
  }

  /// What is wrong with one instruction, as far as the program itself shows; parameters are a neuron's.
  private func problem(of word: UInt64, in p: Int) -> String? {
    guard let instruction = MicroInstruction(word: word) else { return "holds a word that is no instruction" }
    let programs = image.programs
    for operand in instruction.read {
      if case .constant(let number) = operand.place,
        number >= programs.constantBegin[p + 1] - programs.constantBegin[p]
      {
        return "reads constant \(number), which it does not have"
      }
    }
    guard instruction.operation == .lookUp else { return nil }
    let table = Int(programs.tableBegin[p]) + Int(instruction.b.code)
    if table >= programs.tableBegin[p + 1] {
      return "reads table \(instruction.b.code), which it does not have"
    }
    let bits = Int(programs.tableSegmentBits[table]) + Int(instruction.shift)
    return bits <= 31 ? nil : "reads a table that spans 2^\(bits) codes, more than 2^31"
  }

  func programmedNeurons() {
    let programs = image.programs
    let rows = image.neurons.count
    let neurons = image.neurons
    first(
      "/program_neuron/row", programs.neuron.count, "does not ascend within the neurons",
      found: { "\(programs.neuron[$0])" }
    ) {
      !(0..<rows).contains(Int(programs.neuron[$0]))
        || $0 > 0 && programs.neuron[$0] <= programs.neuron[$0 - 1]
    }
    first(
      "/program_neuron/program", programs.program.count, "is no program",
      found: { "\(programs.program[$0])" }
    ) { !(0..<programs.count).contains(Int(programs.program[$0])) }
    let entry = { (i: Int) in "programmed neuron \(i)" }
    limit("/program_neuron/parameter_begin", spans(programs.parameterBegin), subject: entry) {
      Limits.parameters(used: $0, subject: $1, chip: $2)
    }
    let read = parametersRead
    for i in programs.neuron.indices {
      let row = Int(programs.neuron[i])
      let p = Int(programs.program[i])
      guard (0..<rows).contains(row), (0..<programs.count).contains(p) else { return }
      let state = Int(programs.stateBegin[i + 1] - programs.stateBegin[i])
      let parameters = Int(programs.parameterBegin[i + 1] - programs.parameterBegin[i])
      let problem: (text: String, place: String)? =
        if neurons.kind[row] != ProgramImage.NeuronKind.spiking.rawValue {
          ("has a program but is no spiking neuron", "/program_neuron/row[\(i)]")
        } else if neurons.kick[row] != 0 {
          ("has a program and a kick", "/neuron/kick[\(row)]")
        } else if state != Int(programs.stateCount[p]) {
          ("has not as many state words as its program", "/program_neuron/state_begin[\(i)]")
        } else if parameters < read[p] {
          ("has fewer parameters than its program reads", "/program_neuron/parameter_begin[\(i)]")
        } else if state > 0, neurons.v0[row] != programs.state[Int(programs.stateBegin[i])] {
          ("has another potential than state word 0", "/neuron/v0[\(row)]")
        } else {
          nil
        }
      if let problem {
        return add(
          Diagnostic("image.programmedNeuron", subject: neuron(row), problem: problem.text), at: problem.place
        )
      }
    }
  }

  /// [programs] one more than the highest parameter that its instructions read.
  private var parametersRead: [Int] {
    let programs = image.programs
    return (0..<programs.count).map { p in
      programs.instruction[Int(programs.begin[p])..<Int(programs.begin[p + 1])].reduce(0) { most, word in
        let operands = MicroInstruction(word: word)?.read ?? []
        return operands.reduce(most) { most, operand in
          if case .parameter(let number) = operand.place { max(most, number + 1) } else { most }
        }
      }
    }
  }

  /// v0 of the rows that the leaky unit updates, whose registers are narrower; 0 of the others.
  var fixedPotentials: [Int32] {
    var v0 = image.neurons.v0
    for row in image.programs.neuron where v0.indices.contains(Int(row)) { v0[Int(row)] = 0 }
    return v0
  }

  private func spans(_ begin: [Int64]) -> [Int] { zip(begin, begin.dropFirst()).map { Int($1 - $0) } }
}

extension MicroInstruction {
  /// The operands whose values it reads.
  var read: [MicroOperand] {
    switch operation {
    case .add, .subtract, .multiply, .minimum, .maximum, .select, .fire: [a, b]
    case .scale, .lookUp: [a]
    }
  }
}
