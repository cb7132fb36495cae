import FixedPoint

/// Programs in the listing.
extension ProgramImage {
  func programListing(_ text: inout Listing) {
    guard programs.count > 0, let microcode = chip.microcode else { return }
    for p in 0..<programs.count {
      let program = programs.microProgram(p, registerBits: microcode.registerBits)
      let cost = microcode.cost(of: program)
      let rows = programs.program.count { $0 == p }
      text.heading("Program \(p)")
      text.item("neurons", "\(rows)")
      text.item("state", "\(program.stateCount) \(program.stateCount == 1 ? "register" : "registers")")
      text.item("tick", "\(cost.cycles) cycles, \(program.passes) \(program.passes == 1 ? "pass" : "passes")")
      if !program.constants.isEmpty {
        text.item("constants", list: program.constants.enumerated().map { "c\($0.offset) \($0.element)" })
      }
      for (number, table) in program.tables.enumerated() {
        text.item(
          "table \(number)",
          "from \(table.origin), \(table.entries.count - 1) pieces, \(table.entries.min() ?? 0) to "
            + "\(table.entries.max() ?? 0)")
      }
      for (name, part) in [("prologue", program.prologue), ("body", program.body)] {
        for (number, instruction) in part.enumerated() {
          text.item(number == 0 ? name : "", instruction.text)
        }
      }
    }
  }

  /// State and parameters of a programmed neuron, for its line of the disassembly.
  func programWords(_ entry: Int) -> [String] {
    func words(_ values: ArraySlice<Int32>) -> String { values.map { "\($0)" }.joined(separator: " ") }
    let parameters = programs.parameters(entry)
    return ["program \(programs.program[entry])", "state \(words(programs.state(entry)))"]
      + (parameters.isEmpty ? [] : ["parameters \(words(parameters))"])
  }
}

extension MicroInstruction {
  /// The instruction as an assignment: `r2 = r0 * c1 >> 14`.
  ///
  /// `r` is a register, `x` the input, `p` a parameter, `c` a constant; `>> n` divides by 2^n and rounds.
  public var text: String {
    let right = shift == 0 ? "" : " >> \(shift)"
    let what =
      switch operation {
      case .add: "r\(d) = \(a.text) + \(b.text)\(right)"
      case .subtract: "r\(d) = \(a.text) - \(b.text)\(right)"
      case .multiply: "r\(d) = \(a.text) * \(b.text)\(right)"
      case .scale: "r\(d) = \(a.text) << \(shift)"
      case .minimum: "r\(d) = min(\(a.text), \(b.text))"
      case .maximum: "r\(d) = max(\(a.text), \(b.text))"
      case .select: "r\(d) = \(a.text) where \(b.text) >= 0"
      case .lookUp: "r\(d) = table \(b.code) at \(a.text), steps of 2^\(shift)"
      case .fire: "fire where \(a.text) >= \(b.text)"
      }
    return whenFired ? "if fired: \(what)" : what
  }
}

extension MicroOperand {
  var text: String {
    switch place {
    case .register(let number): "r\(number)"
    case .input: "x"
    case .parameter(let number): "p\(number)"
    case .constant(let number): "c\(number)"
    }
  }
}
