/// Updates without input, which find out whether there is anything to do.
extension LaneKernel {
  @inline(__always)
  func runSilent<Number: LaneNumber>(
    _ number: Number.Type, _ part: LaneRest.Part, _ sums: Span<Int32>, _ biases: Span<Int32>,
    _ states: inout NeuronStates, _ rest: inout LaneRest, _ counts: inout UpdateCounts
  ) {
    switch (rules.retained, rules.decaysByFloor) {
    case (false, true): runSilent(number, FlooredLeak.self, part, sums, biases, &states, &rest, &counts)
    case (true, true): runSilent(number, FlooredRetained.self, part, sums, biases, &states, &rest, &counts)
    case (false, false): runSilent(number, RoundedLeak.self, part, sums, biases, &states, &rest, &counts)
    case (true, false): runSilent(number, RoundedRetained.self, part, sums, biases, &states, &rest, &counts)
    }
  }

  @inline(__always)
  private func runSilent<Number: LaneNumber, Decay: LaneDecay>(
    _ number: Number.Type, _ decay: Decay.Type, _ part: LaneRest.Part, _ sums: Span<Int32>,
    _ biases: Span<Int32>, _ states: inout NeuronStates, _ rest: inout LaneRest, _ counts: inout UpdateCounts
  ) {
    if keepsCurrent {
      walkSilent(number, decay, KeptCurrent.self, part, sums, biases, &states, &rest, &counts)
    } else {
      walkSilent(number, decay, NoCurrent.self, part, sums, biases, &states, &rest, &counts)
    }
  }

  @inline(never)
  private func walkSilent<Number: LaneNumber, Decay: LaneDecay, Current: LaneCurrent>(
    _: Number.Type, _ decay: Decay.Type, _ current: Current.Type, _ part: LaneRest.Part,
    _ sums: Span<Int32>, _ biases: Span<Int32>, _ states: inout NeuronStates, _ rest: inout LaneRest,
    _ counts: inout UpdateCounts
  ) {
    let code = laneCode(Number.self)
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
        row &- firstState..<next &- firstState, &states.v, &states.u, &states.refractory,
        &states.outcome, &tally, looks: true)
      tally.add(to: &counts)
      rest.note(
        block: block, activities: Int32(truncatingIfNeeded: tally.activities),
        isAtRest: !changes && !tally.overflows)
      row = next
      block &+= 1
    }
  }
}
