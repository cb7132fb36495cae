import ProgramImage

/// §3.5, read from the image's words.
extension PlainChip.SampleRun {
  /// What a program does in one tick, in numbers of operations by kind (0 … 8) and in cycles.
  struct ProgramCost {
    var operations = [UInt64](repeating: 0, count: 9)
    var cycles = 0
  }

  /// The state of a row before a sample; empty without a program.
  static func initialWords(of image: ProgramImage, row: Int) -> [Int] {
    let programs = image.programs
    guard let entry = programs.neuron.firstIndex(where: { Int($0) == row }) else { return [] }
    return (Int(programs.stateBegin[entry])..<Int(programs.stateBegin[entry + 1])).map {
      Int(programs.state[$0])
    }
  }

  /// The words of prologue and body.
  private func instructions(of program: Int) -> (prologue: [UInt64], body: [UInt64]) {
    let programs = image.programs
    let first = Int(programs.begin[program])
    let body = Int(programs.body[program])
    let end = Int(programs.begin[program + 1])
    return (Array(programs.instruction[first..<body]), Array(programs.instruction[body..<end]))
  }

  /// Operations and cycles of the program of an entry.
  func cost(ofEntry entry: Int) -> ProgramCost {
    guard let microcode = image.chip.microcode else { preconditionFailure("a program on a chip without") }
    let program = Int(image.programs.program[entry])
    let (prologue, body) = instructions(of: program)
    var cost = ProgramCost()
    for (words, times) in [(prologue, 1), (body, Int(image.programs.passes[program]))] {
      for word in words {
        let operation = Int(word % 256)
        cost.operations[operation] += UInt64(times)
        switch operation {
        case 0, 1: cost.cycles += times * microcode.cycles.add
        case 2: cost.cycles += times * microcode.cycles.multiply
        case 7: cost.cycles += times * microcode.cycles.lookUp
        default: cost.cycles += times * microcode.cycles.compare
        }
      }
    }
    return cost
  }

  /// Updates an active neuron with a program.
  mutating func runProgram(entry: Int, core: Int, neuron n: Int, accumulator: Int) -> Outcome {
    let row = firstRow(of: core) + n
    let operations = cost(ofEntry: entry).operations
    coreCounters[core].microAdds += operations[0] + operations[1]
    coreCounters[core].microMultiplies += operations[2]
    coreCounters[core].microCompares +=
      operations[3] + operations[4] + operations[5] + operations[6] + operations[8]
    coreCounters[core].microLookUps += operations[7]

    let program = Int(image.programs.program[entry])
    let neuron = cores[core].neurons[n]
    var machine = Machine(programs: image.programs, entry: entry, program: program)
    machine.bits = image.chip.microcode?.registerBits ?? 0
    machine.rules = rules
    machine.registers = neuron.words + Array(repeating: 0, count: 32 - neuron.words.count)
    if !rules.scratchIsCleared { machine.registers = neuron.words + neuron.scratch }
    machine.x = machine.fitted(
      inputStep(
        accumulator, gain: Int(image.neurons.gain[row]),
        weightExponent: Int(image.neurons.weightExponent[row])))

    let (prologue, body) = instructions(of: program)
    var firings = machine.run(prologue) ? 1 : 0
    for _ in 0..<Int(image.programs.passes[program]) {
      if machine.run(body) { firings += 1 }
    }
    cores[core].neurons[n].words = Array(machine.registers.prefix(neuron.words.count))
    cores[core].neurons[n].scratch = Array(machine.registers.dropFirst(neuron.words.count))
    cores[core].neurons[n].v = machine.registers[0]
    counters.registerSaturations += machine.saturations
    if firings == 0 { return .quiet }
    counters.lostSpikes += UInt64(firings - 1)
    return .fired(times: 1)
  }

  /// Registers and operands of one neuron in one tick.
  private struct Machine {
    let programs: ProgramImage.Programs
    let entry: Int
    let program: Int
    var bits = 0
    var rules = PlainChip.Rules()
    var registers: [Int] = []
    var x = 0
    var fired = false
    var saturations: UInt64 = 0

    init(programs: ProgramImage.Programs, entry: Int, program: Int) {
      self.programs = programs
      self.entry = entry
      self.program = program
    }

    /// G.
    mutating func fitted(_ value: Int) -> Int {
      let kept = PlainArithmetic.register(value, bits: bits, .saturate)
      if kept != value { saturations += 1 }
      return kept
    }

    /// N(z / 2^k).
    func nearest(_ z: Int, _ k: Int) -> Int {
      PlainArithmetic.rounded(z, over: PlainArithmetic.power(k), rules.programRounding, random: 0)
    }

    func operand(_ byte: Int) -> Int {
      switch byte {
      case 0..<32: return registers[byte]
      case 32..<64: return x
      case 64..<128: return Int(programs.parameter[Int(programs.parameterBegin[entry]) + byte - 64])
      default: return Int(programs.constant[Int(programs.constantBegin[program]) + byte - 128])
      }
    }

    func table(_ number: Int, at a: Int, _ k: Int) -> Int {
      let t = Int(programs.tableBegin[program]) + number
      let step = PlainArithmetic.power(k)
      let pieces = PlainArithmetic.power(Int(programs.tableSegmentBits[t]))
      var z = a - Int(programs.tableOrigin[t])
      if z < 0 { z = 0 }
      if z > pieces * step - 1 { z = pieces * step - 1 }
      let first = Int(programs.tableEntryBegin[t]) + z / step
      let low = Int(programs.tableEntry[first])
      let high = Int(programs.tableEntry[first + 1])
      return low + nearest((high - low) * (z % step), k)
    }

    /// Does one list of instructions with the flag off, and says whether it is on at the end.
    mutating func run(_ words: [UInt64]) -> Bool {
      if rules.flagIsClearedPerPass { fired = false }
      for word in words { perform(word) }
      return fired
    }

    private mutating func perform(_ word: UInt64) {
      // Bytes, lowest first: operation, d, a, b, shift, whenFired.
      var rest = word
      var bytes: [Int] = []
      for _ in 0..<6 {
        bytes.append(Int(rest % 256))
        rest /= 256
      }
      let (d, b, k) = (bytes[1], bytes[3], bytes[4])
      if bytes[5] == 1, !fired, rules.flagIsRespected { return }
      let a = operand(bytes[2])
      switch bytes[0] {
      case 0: registers[d] = fitted(a + nearest(operand(b), k))
      case 1: registers[d] = fitted(a - nearest(operand(b), k))
      case 2: registers[d] = fitted(nearest(a * operand(b), k))
      case 3:
        var result = a
        for _ in 0..<k where abs(result) < PlainArithmetic.power(40) { result *= 2 }
        registers[d] = fitted(result)
      case 4: registers[d] = operand(b) < a ? operand(b) : a
      case 5: registers[d] = operand(b) > a ? operand(b) : a
      case 6: if operand(b) >= 0 { registers[d] = a }
      case 7: registers[d] = fitted(table(b, at: a, k))
      case 8: if a > operand(b) || (a == operand(b) && rules.firesAtEquality) { fired = true }
      default: preconditionFailure("operation \(bytes[0])")
      }
    }
  }
}
