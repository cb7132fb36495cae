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
  /// The result goes to `report`: proven, or the neuron whose bound is worst and the input that would reach it.
  mutating func proveNoOverflow(
    codes: [SparseMatrix<Int32>], sources: [Projection.Source], chip: Chip
  ) {
    if chip.timing.perEvent != nil { return provePerEvent(codes: codes, chip: chip) }
    let path = chip.datapath
    let poissonCounts = poisson.map { poissonThresholds(mean: $0.mean).count }
    var worst = 1.0
    report.overflowProven = true
    report.overflowInput = nil
    for i in 0..<decay.count {
      var up = OverflowDrive(isUp: true)
      var down = OverflowDrive(isUp: false)
      for (matrix, source) in zip(codes, sources) {
        var count = 1
        if case .input = source { count = chip.core.axonCountMaximum }
        for k in matrix.range(i) where matrix.value[k] != 0 {
          let weight = Double(matrix.value[k])
          if weight > 0 { up.add(weight, count: count) } else { down.add(weight, count: count) }
        }
      }
      for (entry, count) in zip(poisson, poissonCounts) where entry.weight[i] != 0 {
        let sum = Double(entry.weight[i]) * Double(count)
        if sum > 0 { up.addStimulus(sum) } else { down.addStimulus(sum) }
      }
      for drive in [up, down] {
        for (register, bound) in bounds(neuron: i, drive, chip: chip) {
          let range = signedRange(bits: register == .accumulator ? path.accumulatorBits : path.stateBits)
          let excess = abs(bound) / Double(range.upperBound)
          guard excess >= worst, excess > 1 else { continue }
          let limit = Int(drive.isUp ? range.upperBound : range.lowerBound)
          // Of equal bounds, such as none at all, the one that is reached first.
          let soonest = excess == worst ? report.overflowInput?.ticks : nil
          let ticks = ticks(
            neuron: i, drive, register, beyond: Double(limit), within: soonest.map { $0 - 1 }, path: path)
          if excess == worst, ticks == nil { continue }
          worst = excess
          report.overflowProven = false
          report.overflowInput = OverflowInput(
            neuron: i, register: register, bound: bound.isFinite ? bound : nil, limit: limit,
            sources: drive.sources, areExcitatory: drive.isUp, spikesPerTick: drive.spikes,
            stimuli: drive.stimuli, ticks: ticks)
        }
      }
    }
    report.overflowWitness = report.overflowInput?.witness
  }

  /// The farthest that each register can come in the direction of `drive`.
  private func bounds(
    neuron i: Int, _ drive: OverflowDrive, chip: Chip
  ) -> [(OverflowInput.Register, Double)] {
    let path = chip.datapath
    // A program has registers of its own (docs/microcode.md).
    if microcode != nil { return [(.accumulator, drive.sum)] }
    let x = step(neuron: i, drive, path: path)
    let held = fraction(synapseDecay[i], synapseDecayExponent)
    let u =
      if held >= 1 {
        x
      } else if held > 0 {
        (x + drive.one) / held + drive.one * Double(abs(u0[i]))
      } else {
        drive.sum == 0 ? Double(u0[i]) : .infinity * drive.one
      }
    let leak = fraction(decay[i], decayExponent)
    func settled(_ drive: Double) -> Double {
      drive == 0 ? 0 : (leak > 0 ? drive / leak : .infinity * (drive > 0 ? 1 : -1))
    }
    // An additive neuron holds the sum before its leak too, and a leak toward 0 helps neither way.
    let isAgainst =
      chip.additive != nil && (Double(bias[i]) * drive.one < 0 || constantLeak?.isTowardZero[i] == true)
    let added = u + (isAgainst ? 0 : Double(bias[i])) + drive.one * (1 + noiseMaximum)
    let membrane: Double
    if drive.isUp {
      let push = max(0, added)
      let high = highest(neuron: i, settled: settled, push: push)
      membrane = max(high * (1 - leak) + push, high)
    } else {
      let push = min(0, added)
      var low = Double(floor[i])
      if Int64(floor[i]) <= signedRange(bits: path.stateBits).lowerBound {
        low = min(settled(push), Double(v0[i]), resetsToValue ? Double(reset[i]) : 0)
      }
      membrane = low * (1 - leak) + push
    }
    return [(.accumulator, drive.sum), (.synapticCurrent, u), (.membrane, membrane)]
  }

  /// What v can be when a tick begins.
  private func highest(neuron i: Int, settled: (Double) -> Double, push: Double) -> Double {
    let start = max(0, Double(v0[i]))
    switch (kind, resetMode) {
    case (.spiking, .toValue): return max(start, Double(threshold[i]), Double(reset[i]))
    case (.spiking, .subtract):
      return max(start, Double(threshold[i]), settled(max(0, push - Double(reset[i]))))
    default: return max(start, settled(push))
    }
  }

  /// Ticks of `drive` after which the register has passed `limit`, everything else being as bad as it can be: v at
  /// the threshold, or at its floor, when it begins. Nil if that takes more than `most` ticks, or longer than anybody waits.
  private func ticks(
    neuron i: Int, _ drive: OverflowDrive, _ register: OverflowInput.Register, beyond limit: Double,
    within most: Int?, path: Chip.LeakyDatapath
  ) -> Int? {
    let most = most ?? 100_000
    guard most > 0 else { return nil }
    if register == .accumulator { return 1 }
    let x = step(neuron: i, drive, path: path)
    let held = fraction(synapseDecay[i], synapseDecayExponent)
    let leak = fraction(decay[i], decayExponent)
    let hasFloor = Int64(floor[i]) > signedRange(bits: path.stateBits).lowerBound
    var u = held >= 1 ? 0 : drive.one * Double(abs(u0[i]))
    let start =
      drive.isUp
      ? max(
        0, Double(v0[i]), kind == .spiking ? Double(threshold[i]) : 0, resetsToValue ? Double(reset[i]) : 0)
      : (hasFloor ? Double(floor[i]) : min(0, Double(v0[i]), resetsToValue ? Double(reset[i]) : 0))
    var v = start
    for tick in 1...most {
      u = held >= 1 ? x : u * (1 - held) + x + drive.one
      if register == .synapticCurrent, abs(u) > abs(limit) { return tick }
      v = v * (1 - leak) + u + Double(bias[i]) + drive.one * (1 + noiseMaximum)
      if register == .membrane, drive.isUp ? v > limit : v < limit { return tick }
      // A reset to a value lets no tick begin above the threshold; the floor none below it.
      if drive.isUp, resetsToValue { v = start }
      if drive.isUp, kind == .spiking, resetMode == .subtract { v = max(start, v - Double(reset[i])) }
      if !drive.isUp, hasFloor { v = start }
    }
    return nil
  }

  /// x at its farthest, its rounding included.
  private func step(neuron i: Int, _ drive: OverflowDrive, path: Chip.LeakyDatapath) -> Double {
    let factor = Double(gain[i]) * Double(1 << Int64(weightExponent)) / Double(1 << Int64(path.gainBits))
    return drive.sum * factor + drive.one
  }

  private var noiseMaximum: Double { noise?.stepMaximum ?? 0 }

  private var resetsToValue: Bool { kind == .spiking && resetMode == .toValue }

  private func fraction(_ mantissa: Int32, _ exponent: UInt8) -> Double {
    Double(mantissa) / Double(1 << Int64(exponent))
  }
}

/// All that can push one neuron in one direction in one tick.
private struct OverflowDrive {
  var isUp: Bool
  /// Codes.
  private(set) var sum = 0.0
  private(set) var sources = 0
  private(set) var spikes = 0
  private(set) var stimuli = 0

  init(isUp: Bool) { self.isUp = isUp }

  var one: Double { isUp ? 1 : -1 }

  mutating func add(_ weight: Double, count: Int) {
    sum += weight * Double(count)
    sources += 1
    spikes += count
  }

  mutating func addStimulus(_ largest: Double) {
    sum += largest
    stimuli += 1
  }
}
