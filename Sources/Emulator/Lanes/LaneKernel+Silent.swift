/// Updates without input, which find out whether there is anything to do.
extension LaneKernel {
  @inline(__always)
  func runSilent<Number: LaneNumber>(
    _ number: Number.Type, _ part: LaneRest.Part, _ biases: Span<Int32>, _ states: inout NeuronStates,
    _ rest: inout LaneRest, _ counts: inout UpdateCounts
  ) {
    switch (rules.retained, rules.decaysByFloor) {
    case (false, true): runSilent(number, FlooredLeak.self, part, biases, &states, &rest, &counts)
    case (true, true): runSilent(number, FlooredRetained.self, part, biases, &states, &rest, &counts)
    case (false, false): runSilent(number, RoundedLeak.self, part, biases, &states, &rest, &counts)
    case (true, false): runSilent(number, RoundedRetained.self, part, biases, &states, &rest, &counts)
    }
  }

  @inline(__always)
  private func runSilent<Number: LaneNumber, Decay: LaneDecay>(
    _ number: Number.Type, _ decay: Decay.Type, _ part: LaneRest.Part, _ biases: Span<Int32>,
    _ states: inout NeuronStates, _ rest: inout LaneRest, _ counts: inout UpdateCounts
  ) {
    if keepsCurrent {
      walkSilent(number, decay, KeptCurrent.self, part, biases, &states, &rest, &counts)
    } else {
      walkSilent(number, decay, NoCurrent.self, part, biases, &states, &rest, &counts)
    }
  }

  @inline(never)
  private func walkSilent<Number: LaneNumber, Decay: LaneDecay, Current: LaneCurrent>(
    _: Number.Type, _ decay: Decay.Type, _ current: Current.Type, _ part: LaneRest.Part,
    _ biases: Span<Int32>, _ states: inout NeuronStates, _ rest: inout LaneRest, _ counts: inout UpdateCounts
  ) {
    let code = laneCode(Number.self)
    var block = part.block
    var row = part.rows.lowerBound
    while row < part.rows.upperBound {
      let next = min(row &+ LaneRest.blockSize, part.rows.upperBound)
      let rows = row &- firstState..<next &- firstState
      var tally = Tally<Number>()
      let first = part.rows.lowerBound
      let changes = update(
        code, decay, current, biases.extracting(row &- first..<next &- first), rows, &states.v, &states.u,
        &states.refractory, &states.outcome, &tally)
      tally.add(to: &counts)
      rest.note(
        block: block, activities: Int32(truncatingIfNeeded: tally.activities),
        isAtRest: !changes && !tally.overflows)
      row = next
      block &+= 1
    }
  }

  /// Updates a block, all of its sums being 0.
  ///
  /// - Returns: whether any state has changed, or anybody fired.
  @inline(__always)
  private func update<Number: LaneNumber, Decay: LaneDecay, Current: LaneCurrent>(
    _ code: LaneCode<Number>, _: Decay.Type, _: Current.Type, _ biases: Span<Int32>, _ rows: Range<Int>,
    _ allV: inout [Int32], _ allU: inout [Int32], _ allRefractory: inout [Int32],
    _ allOutcomes: inout [UInt8],
    _ tally: inout Tally<Number>
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
    precondition(biases.count == n && v.count == n && u.count == n)
    precondition(refractory.count == n && outcome.count == n)

    let rests = code.refractory > 0
    var changes: Int32 = 0
    // A sum of 0 is an input of 0 whatever the gain, so `WholeInput` stands for all.
    if rests {
      for i in 0..<n {
        let held = refractory[i]
        let resting = held > 0
        let (oldV, oldU) = (v[i], u[i])
        let fires = step(
          code, Decay.self, WholeInput.self, Current.self, 0, Number(biases[i]), &v[i], &u[i], resting, &tally
        )
        refractory[i] = fires ? code.refractory : resting ? held &- 1 : held
        outcome[i] = (fires ? 1 : 0) | (resting ? 2 : 0)
        changes |= (v[i] ^ oldV) | (u[i] ^ oldU) | held | (fires ? 1 : 0)
      }
    } else {
      for i in 0..<n {
        let (oldV, oldU) = (v[i], u[i])
        let fires = step(
          code, Decay.self, WholeInput.self, Current.self, 0, Number(biases[i]), &v[i], &u[i], false, &tally)
        outcome[i] = fires ? 1 : 0
        changes |= (v[i] ^ oldV) | (u[i] ^ oldU) | (fires ? 1 : 0)
      }
    }
    return changes != 0
  }
}
