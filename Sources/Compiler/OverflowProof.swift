import ChipModel
import FixedPoint
import NetworkIR

extension QuantizedPopulation {
  /// Interval analysis of the codes: whether accumulator, u and v stay inside their registers for every input.
  ///
  /// With W± the sums of positive and negative weight codes at their sources' largest counts, all bounds in codes and
  /// each rounding worth at most 1:
  /// ```
  /// a ∈ [W−, W+]            x ∈ a·gain·2^e/2^g ± 1        u ∈ (x ± 1)·2^k/d (u0 included)
  /// v before the clamp ∈ [(1 − λ)·low + u + bias − 1, (1 − λ)·high + u + bias + 1]
  /// ```
  /// `high` is what v can be when a tick begins: the threshold, the reset value or v0; the fixed point of the
  /// update where nothing resets to a value. `low` is the floor, or that fixed point where there is none.
  /// The result goes to `report`: proven, or the neuron whose bound is worst.
  mutating func proveNoOverflow(
    codes: [SparseMatrix<Int32>], sources: [Projection.Source], chip: Chip
  ) {
    let path = chip.datapath
    let state = signedRange(bits: path.stateBits)
    let accumulator = signedRange(bits: path.accumulatorBits)
    let fraction = { (d: Int32, k: UInt8) in Double(d) / Double(1 << Int64(k)) }
    var worst = 0.0
    var witness: String?
    report.overflowProven = true
    let poissonCounts = poisson.map { poissonThresholds(mean: $0.mean).count }
    for i in 0..<decay.count {
      var up = 0.0
      var down = 0.0
      func add(_ weight: Double, count: Int) {
        if weight > 0 { up += weight * Double(count) } else { down += weight * Double(count) }
      }
      for (matrix, source) in zip(codes, sources) {
        var count = 1
        if case .input = source { count = chip.core.axonCountMaximum }
        for k in matrix.range(i) { add(Double(matrix.value[k]), count: count) }
      }
      for (entry, count) in zip(poisson, poissonCounts) { add(Double(entry.weight[i]), count: count) }
      let factor =
        Double(gain[i]) * Double(1 << Int64(weightExponent)) / Double(1 << Int64(path.gainBits))
      let held = fraction(synapseDecay[i], synapseDecayExponent)
      func current(_ a: Double, _ sign: Double) -> Double {
        let x = a * factor + sign
        if held >= 1 { return x }
        return held > 0
          ? (x + sign) / held + sign * Double(abs(u0[i])) : (a == 0 ? Double(u0[i]) : .infinity * sign)
      }
      let uHigh = current(up, 1)
      let uLow = current(down, -1)
      let leak = fraction(decay[i], decayExponent)
      func settled(_ drive: Double) -> Double {
        drive == 0 ? 0 : (leak > 0 ? drive / leak : .infinity * (drive > 0 ? 1 : -1))
      }
      let driveUp = max(0, uHigh + Double(bias[i]) + 1)
      let driveDown = min(0, uLow + Double(bias[i]) - 1)
      var high = max(0, Double(v0[i]))
      var low = Double(floor[i])
      switch (kind, resetMode) {
      case (.spiking, .toValue): high = max(high, Double(threshold[i]), Double(reset[i]))
      case (.spiking, .subtract):
        high = max(high, Double(threshold[i]), settled(max(0, driveUp - Double(reset[i]))))
      default: high = max(high, settled(driveUp))
      }
      if Int64(floor[i]) <= state.lowerBound {
        low = min(
          settled(driveDown), Double(v0[i]), kind == .spiking && resetMode == .toValue ? Double(reset[i]) : 0)
      }
      let bounds: [(Double, ClosedRange<Int64>, String)] = [
        (up, accumulator, "accumulator"), (down, accumulator, "accumulator"),
        (uHigh, state, "synaptic current"), (uLow, state, "synaptic current"),
        (max(high * (1 - leak) + driveUp, high), state, "membrane"),
        (low * (1 - leak) + driveDown, state, "membrane"),
      ]
      for (bound, range, name) in bounds {
        let excess = bound / Double(range.upperBound)
        if abs(excess) > 1, abs(excess) > worst {
          worst = abs(excess)
          report.overflowProven = false
          witness =
            "neuron \(i): the \(name) could reach \(bound.isFinite ? "\(wholeNumber(bound))" : "any value")"
        }
      }
    }
    report.overflowWitness = witness
  }
}
