import ProgramImage

/// The arithmetic of one segment: docs/emulator-semantics.md §3.2 without a branch, so that the compiler makes vectors of it.
struct LaneKernel {
  let code: NeuronCodes
  let rules: Rules
  let limit: Int64
  let driveRegister: Register

  init(_ code: NeuronCodes, _ rules: Rules) {
    self.code = code
    self.rules = rules
    limit = code.kind == ProgramImage.NeuronKind.potential.rawValue ? Int64.max : code.limit
    driveRegister = rules.drive ?? Register.endless
  }

  /// - Parameters:
  ///   - rows: of the segment.
  ///   - begin: the core's first row.
  ///   - sums: a by neuron within the core, in its register.
  ///   - bias: [rows of the chip]
  func run(
    _ rows: Range<Int>, _ begin: Int, _ sums: [Int32], _ bias: [Int32], _ states: inout NeuronStates,
    _ counts: inout UpdateCounts
  ) {
    switch (rules.retained, rules.decaysByFloor) {
    case (false, true): run(FlooredLeak.self, rows, begin, sums, bias, &states, &counts)
    case (true, true): run(FlooredRetained.self, rows, begin, sums, bias, &states, &counts)
    case (false, false): run(RoundedLeak.self, rows, begin, sums, bias, &states, &counts)
    case (true, false): run(RoundedRetained.self, rows, begin, sums, bias, &states, &counts)
    }
  }

  @inline(__always)
  private func run<Decay: LaneDecay>(
    _ decay: Decay.Type, _ rows: Range<Int>, _ begin: Int, _ sums: [Int32], _ bias: [Int32],
    _ states: inout NeuronStates, _ counts: inout UpdateCounts
  ) {
    let keeps = code.keepsCurrent || rules.inputFirst
    switch (keeps, code.wholeShift >= 0) {
    case (false, true): run(decay, WholeInput.self, NoCurrent.self, rows, begin, sums, bias, &states, &counts)
    case (false, false): run(decay, GainInput.self, NoCurrent.self, rows, begin, sums, bias, &states, &counts)
    case (true, true):
      run(decay, WholeInput.self, KeptCurrent.self, rows, begin, sums, bias, &states, &counts)
    case (true, false):
      run(decay, GainInput.self, KeptCurrent.self, rows, begin, sums, bias, &states, &counts)
    }
  }

  @inline(__always)
  private func run<Decay: LaneDecay, Input: LaneInput, Current: LaneCurrent>(
    _ decay: Decay.Type, _ input: Input.Type, _ current: Current.Type, _ rows: Range<Int>, _ begin: Int,
    _ sums: [Int32], _ bias: [Int32], _ states: inout NeuronStates, _ counts: inout UpdateCounts
  ) {
    walk(
      decay, input, current, sums.span.extracting(rows.lowerBound &- begin..<rows.upperBound &- begin),
      bias.span.extracting(rows), rows, &states.v, &states.u, &states.refractory, &states.outcome, &counts)
  }

  // Nothing overflows Int64: a state is below 2^25, a factor at most 2^32, an input below 2^40.
  @inline(never)
  private func walk<Decay: LaneDecay, Input: LaneInput, Current: LaneCurrent>(
    _: Decay.Type, _: Input.Type, _: Current.Type, _ sums: Span<Int32>, _ biases: Span<Int32>,
    _ rows: Range<Int>, _ allV: inout [Int32], _ allU: inout [Int32], _ allRefractory: inout [Int32],
    _ allOutcomes: inout [UInt8], _ counts: inout UpdateCounts
  ) {
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

    let rules = rules
    let k = Int64(code.decayExponent)
    let synapseK = Int64(code.synapseDecayExponent)
    let floor = Int64(code.floor)
    let reset = Int64(code.reset)
    let rests = code.refractory > 0
    let subtracts = code.subtracts
    let inputFirst = rules.inputFirst
    var activities: Int64 = 0
    var synapseOverflows: Int64 = 0
    var stateOverflows: Int64 = 0
    var clamps: Int64 = 0

    for i in 0..<n {
      let a = Int64(sums[i])
      let bias = Int64(biases[i])
      let oldV = Int64(v[i])
      let oldU = Int64(u[i])
      activities &+= a | oldV | oldU | bias != 0 ? 1 : 0
      let x = Input.scaled(a, code, rules)
      var newU: Int64
      if Current.isKept {
        let joined = oldU &+ x
        let gathered = inputFirst ? rules.synapse.held(joined) : oldU
        let decayed = Decay.decayed(gathered, code.synapseDecay, synapseK, rules)
        let late = decayed &+ x
        let heldLate = rules.synapse.held(late)
        newU = inputFirst ? decayed : heldLate
        synapseOverflows &+= (inputFirst ? gathered != joined : heldLate != late) ? 1 : 0
      } else {
        newU = rules.synapse.held(x)
        synapseOverflows &+= newU != x ? 1 : 0
      }
      let drive = newU &+ bias
      let driven = driveRegister.held(drive)
      stateOverflows &+= driven != drive ? 1 : 0
      let sum = Decay.decayed(oldV, code.decay, k, rules) &+ driven
      var newV = rules.membrane.held(sum)
      stateOverflows &+= newV != sum ? 1 : 0
      clamps &+= newV < floor ? 1 : 0
      newV = newV < floor ? floor : newV

      let resting = rests && refractory[i] > 0
      let fires = !resting && newV > limit
      newV = resting && !subtracts ? reset : newV
      let after = subtracts ? newV &- reset : reset
      newV = fires ? after : newV
      if rests {
        refractory[i] = fires ? code.refractory : resting ? refractory[i] &- 1 : refractory[i]
      }
      outcome[i] = (fires ? 1 : 0) | (resting ? 2 : 0)
      v[i] = Int32(truncatingIfNeeded: newV)
      u[i] = Int32(truncatingIfNeeded: newU)
    }
    counts.activities &+= UInt64(activities)
    counts.synapseOverflows &+= UInt64(synapseOverflows)
    counts.stateOverflows &+= UInt64(stateOverflows)
    counts.floorClamps &+= UInt64(clamps)
  }
}
