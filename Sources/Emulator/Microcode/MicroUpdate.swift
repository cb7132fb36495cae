import ChipModel
import FixedPoint
import ProgramImage

/// State words of all neurons with programs, and the words that the program at work reads and writes.
struct MicroState: Sendable {
  private(set) var state: [Int32]
  /// As `MicroTables` lays them out.
  private var words: [Int32]
  /// The program whose constants are in `words`.
  private var loaded = -1
  private let initial: [Int32]

  init(_ image: ProgramImage, _ tables: MicroTables) {
    initial = image.programs.state
    state = initial
    words = [Int32](repeating: 0, count: tables.isEmpty ? 0 : tables.wordCount)
  }

  mutating func reset() {
    for i in state.indices { state[i] = initial[i] }
  }

  /// One tick of a neuron: docs/emulator-semantics.md §3.5.
  ///
  /// Equal to `MicroProgram.step`, with operands and tables looked up once per run, not once per instruction.
  mutating func run(_ neuron: MicroTables.Neuron, x: Int32, _ tables: MicroTables) -> MicroOutcome {
    let program = tables.programs[neuron.program]
    if loaded != neuron.program {
      loaded = neuron.program
      for (offset, i) in program.constants.enumerated() {
        words[tables.firstConstant &+ offset] = tables.constants[i]
      }
    }
    for register in 0..<program.stateCount { words[register] = state[neuron.state &+ register] }
    for register in program.stateCount..<MicroTables.input { words[register] = 0 }
    words[MicroTables.input] = x
    for (offset, i) in neuron.parameters.enumerated() {
      words[MicroTables.parameters &+ offset] = tables.parameterWords[i]
    }
    let outcome = tables.tick(program, &words)
    for register in 0..<program.stateCount { state[neuron.state &+ register] = words[register] }
    return outcome
  }
}

extension MicroTables {
  /// Prologue and passes of one neuron.
  fileprivate func tick(_ program: Program, _ words: inout [Int32]) -> MicroOutcome {
    let allSteps = steps
    let allEntries = entries
    var outcome = MicroOutcome()
    var words = words.mutableSpan
    let steps = allSteps.span
    let entries = allEntries.span
    pass(steps.extracting(program.begin..<program.body), entries, &words, &outcome)
    let body = steps.extracting(program.body..<program.end)
    for _ in 0..<program.passes { pass(body, entries, &words, &outcome) }
    return outcome
  }

  // No result below overflows Int64: words have at most 32 bits, so |a · b| ≤ 2^62; a scale shifts by 32 at most, which is
  // −2^63 at the least; a table's difference is below 2^32 and its fraction below 2^31.
  @inline(__always)
  private func pass(
    _ steps: Span<Step>, _ entries: Span<Int32>, _ words: inout MutableSpan<Int32>,
    _ outcome: inout MicroOutcome
  ) {
    var fired = false
    for index in steps.indices {
      let step = steps[index]
      if step.whenFired && !fired { continue }
      let a = Int64(words[Int(step.a)])
      let k = Int64(step.shift)
      let result: Int64
      switch step.operation {
      case .add: result = a &+ nearest(Int64(words[Int(step.b)]), k)
      case .subtract: result = a &- nearest(Int64(words[Int(step.b)]), k)
      case .multiply: result = nearest(a &* Int64(words[Int(step.b)]), k)
      case .scale: result = a &<< min(k, 32)
      case .minimum: result = min(a, Int64(words[Int(step.b)]))
      case .maximum: result = max(a, Int64(words[Int(step.b)]))
      case .select:
        if words[Int(step.b)] < 0 { continue }
        result = a
      case .lookUp:
        let z = min(max(a &- Int64(step.origin), 0), Int64(step.top))
        let place = Int(step.entry) &+ Int(z &>> k)
        let entry = Int64(entries[place])
        result = entry &+ nearest((Int64(entries[place &+ 1]) &- entry) &* (z & ((1 &<< k) &- 1)), k)
      case .fire:
        if a >= Int64(words[Int(step.b)]) { fired = true }
        continue
      }
      let fitting = min(max(result, low), high)
      if fitting != result { outcome.saturations &+= 1 }
      words[Int(step.d)] = Int32(truncatingIfNeeded: fitting)
    }
    if fired { outcome.firings &+= 1 }
  }

  /// z / 2^k to the nearest integer, ties to even: `⌊(z + 2^(k−1) − 1 + (⌊z / 2^k⌋ mod 2)) / 2^k⌋`, k = 0 … 62.
  @inline(__always)
  private func nearest(_ z: Int64, _ k: Int64) -> Int64 {
    let mask = (1 &<< k) &- 1
    return (z &+ (((mask &>> 1) &+ ((z &>> k) & 1)) & mask)) &>> k
  }
}

extension CoreState {
  /// Updates a neuron with a program and says whether it fired.
  @inline(never)
  mutating func run(
    row: Int, _ neuron: inout NeuronState, _ code: NeuronCodes, _ a: Int64, _ tables: Tables,
    _ counts: inout UpdateCounts
  ) -> Bool {
    let micro = tables.micro
    let scaled = a &* Int64(code.gain)
    let shift = Int64(code.inputShift)
    let x = shift >= 0 ? tables.rules.inputDivider.divide(scaled, shift, draw: 0) : scaled &<< (0 &- shift)
    let fitting = min(max(x, micro.low), micro.high)
    if fitting != x { counts.registerSaturations &+= 1 }
    let entry = micro.neurons[Int(micro.entry[row])]
    let outcome = self.micro.run(entry, x: Int32(truncatingIfNeeded: fitting), micro)
    counts.registerSaturations &+= UInt64(outcome.saturations)
    counts.operations.add(micro.programs[entry.program].cost.operations)
    neuron.v = self.micro.state[entry.state]
    neuron.outcome = outcome.firings > 0 ? .fired : .quiet
    if outcome.firings == 0 { return false }
    counts.spikes &+= 1
    counts.lostSpikes &+= UInt64(outcome.firings &- 1)
    return true
  }
}

extension ChipState {
  /// Takes over what an update counted of neurons with programs.
  mutating func add(_ counts: UpdateCounts, core: Int) {
    counters.registerSaturations += counts.registerSaturations
    counters.lostSpikes += counts.lostSpikes
    coreCounters[core].microAdds += counts.operations.adds
    coreCounters[core].microMultiplies += counts.operations.multiplies
    coreCounters[core].microCompares += counts.operations.compares
    coreCounters[core].microLookUps += counts.operations.lookUps
    events.operations.add(counts.operations)
  }
}
