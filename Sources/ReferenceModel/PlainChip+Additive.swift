import ChipModel
import ProgramImage

/// §3.6.
extension PlainChip.SampleRun {
  /// Updates a neuron of kind 0, 2 or 3 that is active.
  mutating func updateAdditive(
    _ additive: Chip.Additive, core: Int, neuron n: Int, accumulator: Int, tick: Int
  ) -> Outcome {
    let row = firstRow(of: core) + n
    let code = image.neurons
    let leakMode = Int(code.additive.leakMode[row])
    let isReversed = leakMode % 2 == 1
    let isLate = leakMode / 2 % 2 == 1 && rules.leakOrderApplies
    let isStochastic = leakMode / 4 % 2 == 1

    let charged = fitted(cores[core].neurons[n].v + accumulator)
    var leak = Int(code.bias[row])
    if isStochastic, rules.stochasticLeakApplies {
      let isAdded = abs(leak) >= leakRandom(core: core, row: row, tick: tick)
      leak = isAdded ? sign(leak) : 0
    }
    if isReversed { leak *= rules.leakHasSignOfPotential ? sign(charged) : -sign(charged) }
    let leaked = fitted(charged + leak)
    guard code.fires(row) else {
      cores[core].neurons[n].v = leaked
      return .quiet
    }

    let tested = isLate ? charged : leaked
    let noise = noise(core: core, row: row, tick: tick).threshold
    let threshold = Int(code.threshold[row]) + noise
    let mode = Int(code.resetMode[row])
    let fires =
      switch rules.comparison(image.chip.datapath.comparison) {
      case .greater: tested > threshold
      case .greaterOrEqual: tested >= threshold
      }
    if fires {
      switch mode {
      case 0: cores[core].neurons[n].v = Int(code.reset[row])
      case 1:
        let amount = Int(code.reset[row]) + (rules.thresholdNoiseIsSubtracted ? noise : 0)
        cores[core].neurons[n].v = fitted(leaked - amount)
      default: cores[core].neurons[n].v = leaked
      }
      return .fired(times: 1)
    }

    let beta = Int(code.additive.negativeThreshold[row])
    let saturates = code.additive.negativeMode[row] == 1 && rules.saturationApplies
    let widened = saturates || !rules.thresholdNoiseLowersNegative ? beta : beta + noise
    let isBelow =
      switch rules.negativeComparison(additive.negativeComparison) {
      case .less: tested < -widened
      case .lessOrEqual: tested <= -widened
      }
    switch (isBelow, saturates, mode) {
    case (true, true, _):
      cores[core].neurons[n].v = -beta
      counters.floorClamps += 1
    case (true, false, 0):
      let reset = Int(code.reset[row])
      cores[core].neurons[n].v = fitted(rules.negativeResetChangesSign ? -reset : reset)
    case (true, false, 1): cores[core].neurons[n].v = fitted(leaked + beta + noise)
    default: cores[core].neurons[n].v = leaked
    }
    return .quiet
  }

  private func sign(_ x: Int) -> Int { x > 0 ? 1 : x < 0 ? -1 : 0 }

  /// F_v.
  private mutating func fitted(_ x: Int) -> Int {
    let datapath = image.chip.datapath
    let register = PlainArithmetic.register(
      x, bits: datapath.stateBits, rules.overflow(datapath.stateOverflow))
    if register != x { counters.stateOverflows += 1 }
    return register
  }

  /// ρ_λ.
  private func leakRandom(core: Int, row: Int, tick: Int) -> Int {
    guard let noise = image.chip.datapath.noise, let leak = noise.leak else { return 0 }
    let word = noiseWord(noise, core: core, row: row, tick: tick)
    return word / PlainArithmetic.power(noise.wordBits - leak.bits)
  }
}
