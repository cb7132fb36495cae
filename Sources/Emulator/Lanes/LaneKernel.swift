import ProgramImage

/// The arithmetic of one segment: docs/emulator-semantics.md §3.2 without a branch, so that the compiler makes vectors of it.
struct LaneKernel {
  let code: NeuronCodes
  let rules: Rules
  /// The rows of the chip of the first sum and of the first state.
  let firstSum: Int
  let firstState: Int

  /// Updates a part of a segment.
  ///
  /// - Parameter sums: a by neuron from `firstSum` on, in its register.
  func run(
    _ part: LaneRest.Part, isNarrow: Bool, _ sums: [Int32], _ tables: Tables,
    _ states: inout NeuronStates, _ rest: inout LaneRest, _ counts: inout UpdateCounts
  ) {
    // Borrowed of a parameter, so that no reference to what all threads read has to be counted.
    let allBiases = tables.lanes.bias
    let biases = allBiases.span.extracting(part.rows)
    let sums = sums.span.extracting(part.rows.lowerBound &- firstSum..<part.rows.upperBound &- firstSum)
    if isNarrow {
      run(Int32.self, part, sums, biases, &states, &rest, &counts)
    } else {
      run(Int64.self, part, sums, biases, &states, &rest, &counts)
    }
  }

  @inline(__always)
  private func run<Number: LaneNumber>(
    _ number: Number.Type, _ part: LaneRest.Part, _ sums: Span<Int32>, _ biases: Span<Int32>,
    _ states: inout NeuronStates, _ rest: inout LaneRest, _ counts: inout UpdateCounts
  ) {
    switch (rules.retained, rules.decaysByFloor) {
    case (false, true): run(number, FlooredLeak.self, part, sums, biases, &states, &rest, &counts)
    case (true, true): run(number, FlooredRetained.self, part, sums, biases, &states, &rest, &counts)
    case (false, false): run(number, RoundedLeak.self, part, sums, biases, &states, &rest, &counts)
    case (true, false): run(number, RoundedRetained.self, part, sums, biases, &states, &rest, &counts)
    }
  }

  @inline(__always)
  private func run<Number: LaneNumber, Decay: LaneDecay>(
    _: Number.Type, _ decay: Decay.Type, _ part: LaneRest.Part, _ sums: Span<Int32>,
    _ biases: Span<Int32>, _ states: inout NeuronStates, _ rest: inout LaneRest, _ counts: inout UpdateCounts
  ) {
    let rows = part.rows
    // Whether u can be anything but the tick's input.
    let keepsCurrent = self.code.keepsCurrent || rules.inputFirst
    let code = LaneCode<Number>(
      self.code, fires: self.code.kind == ProgramImage.NeuronKind.spiking.rawValue, rules)
    switch (keepsCurrent, part.isSilent, self.code.wholeShift >= 0) {
    case (false, true, _):
      walkSilent(code, decay, NoCurrent.self, part, sums, biases, &states, &rest, &counts)
    case (true, true, _):
      walkSilent(code, decay, KeptCurrent.self, part, sums, biases, &states, &rest, &counts)
    case (false, false, true):
      walk(code, decay, WholeInput.self, NoCurrent.self, rows, sums, biases, &states, &counts)
    case (false, false, false):
      walk(code, decay, GainInput.self, NoCurrent.self, rows, sums, biases, &states, &counts)
    case (true, false, true):
      walk(code, decay, WholeInput.self, KeptCurrent.self, rows, sums, biases, &states, &counts)
    case (true, false, false):
      walk(code, decay, GainInput.self, KeptCurrent.self, rows, sums, biases, &states, &counts)
    }
  }

  @inline(never)
  private func walk<Number: LaneNumber, Decay: LaneDecay, Input: LaneInput, Current: LaneCurrent>(
    _ code: LaneCode<Number>, _ decay: Decay.Type, _ input: Input.Type, _ current: Current.Type,
    _ rows: Range<Int>, _ sums: Span<Int32>, _ biases: Span<Int32>, _ states: inout NeuronStates,
    _ counts: inout UpdateCounts
  ) {
    var tally = Tally<Number>()
    _ = update(
      code, decay, input, current, sums, biases,
      rows.lowerBound &- firstState..<rows.upperBound &- firstState, &states.v, &states.u,
      &states.refractory, &states.outcome, &tally, looks: false)
    tally.add(to: &counts)
  }

  /// Updates without input, which find out whether there is anything to do.
  @inline(never)
  private func walkSilent<Number: LaneNumber, Decay: LaneDecay, Current: LaneCurrent>(
    _ code: LaneCode<Number>, _ decay: Decay.Type, _ current: Current.Type, _ part: LaneRest.Part,
    _ sums: Span<Int32>, _ biases: Span<Int32>, _ states: inout NeuronStates, _ rest: inout LaneRest,
    _ counts: inout UpdateCounts
  ) {
    let first = part.rows.lowerBound
    var block = part.block
    var row = first
    while row < part.rows.upperBound {
      let next = min(row &+ LaneRest.blockSize, part.rows.upperBound)
      let own = row &- first..<next &- first
      var tally = Tally<Number>()
      // A sum of 0 is an input of 0 whatever the gain, so `WholeInput` stands for all.
      let changes = update(
        code, decay, WholeInput.self, current, sums.extracting(own), biases.extracting(own),
        row &- firstState..<next &- firstState, &states.v, &states.u, &states.refractory, &states.outcome,
        &tally, looks: true)
      tally.add(to: &counts)
      rest.note(
        block: block, activities: Int32(truncatingIfNeeded: tally.activities),
        isAtRest: !changes && !tally.overflows)
      row = next
      block &+= 1
    }
  }

  /// Updates rows.
  ///
  /// - Parameters:
  ///   - sums: of these rows, and likewise `biases`.
  ///   - rows: of the states, so few that a tally of 32 bits can count them.
  ///   - looks: whether to find out what is returned; a constant.
  /// - Returns: whether any state has changed, or anybody fired; false where nobody looks.
  @inline(__always)
  private func update<Number: LaneNumber, Decay: LaneDecay, Input: LaneInput, Current: LaneCurrent>(
    _ code: LaneCode<Number>, _: Decay.Type, _: Input.Type, _: Current.Type, _ sums: Span<Int32>,
    _ biases: Span<Int32>, _ rows: Range<Int>, _ allV: inout [Int32], _ allU: inout [Int32],
    _ allRefractory: inout [Int32], _ allOutcomes: inout [UInt8], _ tally: inout Tally<Number>, looks: Bool
  ) -> Bool {
    let n = rows.count
    var wholeV = allV.mutableSpan
    var wholeU = allU.mutableSpan
    var wholeRefractory = allRefractory.mutableSpan
    var wholeOutcome = allOutcomes.mutableSpan
    var v = wholeV._mutatingExtracting(rows)
    var u = wholeU._mutatingExtracting(rows)
    var refractory = wholeRefractory._mutatingExtracting(rows)
    var outcome = wholeOutcome._mutatingExtracting(rows)
    precondition(sums.count == n && biases.count == n && v.count == n && u.count == n)
    precondition(refractory.count == n && outcome.count == n)

    let rests = code.refractory > 0
    var changes: Int32 = 0
    if rests {
      for i in 0..<n {
        let held = refractory[i]
        let resting = held > 0
        let (oldV, oldU) = (v[i], u[i])
        let fires = step(
          code, Decay.self, Input.self, Current.self, Number(sums[i]), Number(biases[i]), &v[i], &u[i],
          resting, &tally)
        refractory[i] = fires ? code.refractory : resting ? held &- 1 : held
        outcome[i] = (fires ? 1 : 0) | (resting ? 2 : 0)
        if looks { changes |= (v[i] ^ oldV) | (u[i] ^ oldU) | held | (fires ? 1 : 0) }
      }
    } else {
      for i in 0..<n {
        let (oldV, oldU) = (v[i], u[i])
        let fires = step(
          code, Decay.self, Input.self, Current.self, Number(sums[i]), Number(biases[i]), &v[i], &u[i], false,
          &tally)
        outcome[i] = fires ? 1 : 0
        if looks { changes |= (v[i] ^ oldV) | (u[i] ^ oldU) | (fires ? 1 : 0) }
      }
    }
    return changes != 0
  }

  private struct Tally<Number: LaneNumber> {
    var activities: Number = 0
    var synapseOverflows: Number = 0
    var stateOverflows: Number = 0
    var floorClamps: Number = 0

    var overflows: Bool { synapseOverflows | stateOverflows | floorClamps != 0 }

    func add(to counts: inout UpdateCounts) {
      counts.activities &+= UInt64(activities)
      counts.synapseOverflows &+= UInt64(synapseOverflows)
      counts.stateOverflows &+= UInt64(stateOverflows)
      counts.floorClamps &+= UInt64(floorClamps)
    }
  }

  // Nothing overflows: of 64 bits a state is below 2^25, a factor at most 2^32, an input below 2^40; of 32 bits an input is
  // below 2^30, and see `Int32.floored`.
  @inline(__always)
  private func step<Number: LaneNumber, Decay: LaneDecay, Input: LaneInput, Current: LaneCurrent>(
    _ code: LaneCode<Number>, _: Decay.Type, _: Input.Type, _: Current.Type, _ a: Number, _ bias: Number,
    _ v: inout Int32, _ u: inout Int32, _ resting: Bool, _ tally: inout Tally<Number>
  ) -> Bool {
    let oldV = Number(v)
    let oldU = Number(u)
    tally.activities &+= a | oldV | oldU | bias != 0 ? 1 : 0
    let x = Input.scaled(a, code)
    let newU: Number
    if Current.isKept {
      let joined = oldU &+ x
      let gathered = code.inputFirst ? code.synapse.held(joined) : oldU
      let decayed = Decay.decayed(
        gathered, code.synapseDecay, code.synapseDecayExponent, code.decayRounding, code.minimumStep)
      let late = decayed &+ x
      let heldLate = code.synapse.held(late)
      newU = code.inputFirst ? decayed : heldLate
      tally.synapseOverflows &+= (code.inputFirst ? gathered != joined : heldLate != late) ? 1 : 0
    } else {
      newU = code.synapse.held(x)
      tally.synapseOverflows &+= newU != x ? 1 : 0
    }
    let drive = newU &+ bias
    let driven = code.drive.held(drive)
    tally.stateOverflows &+= driven != drive ? 1 : 0
    let sum =
      Decay.decayed(oldV, code.decay, code.decayExponent, code.decayRounding, code.minimumStep) &+ driven
    let held = code.membrane.held(sum)
    tally.stateOverflows &+= held != sum ? 1 : 0
    tally.floorClamps &+= held < code.floor ? 1 : 0
    let floored = held < code.floor ? code.floor : held
    let newV = resting && !code.subtracts ? code.reset : floored
    let fires = !resting && newV > code.limit
    let after = code.subtracts ? newV &- code.reset : code.reset
    v = Int32(truncatingIfNeeded: fires ? after : newV)
    u = Int32(truncatingIfNeeded: newU)
    return fires
  }
}
