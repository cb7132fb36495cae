import ChipModel
import NetworkIR

/// A leak by a constant in the place of one by a fraction of v, on chips whose neurons have no other: an approximation.
///
/// The constant leak is the network's own at one potential, the operating potential between reset and threshold:
/// ```
/// network    v ← v + u + c − λ·v                           rest at c/λ
/// chip       v ← v + u + ℓ,   ℓ = c − λ·v_op               v_op = v_r + 0.4·(θ − v_r)
///            v ← max(v, floor)                             floor = the rest, if below reset; θ − v_r below reset at the least
/// ```
/// 0.4 is the mean potential, at the beginning of a tick, of a neuron that climbs in five equal steps: a tick's leak is of what
/// was there before its input. For small steps it would be ½, which is what λ·v loses on the straight way from v_r to θ. Strong
/// drives then come (½ − 0.4)·λ spikes per tick too fast; the drive from which a neuron fires falls from λ·(θ − v_r) to 0.4 of it.
///
/// ℓ pulls down below reset too, where the network's leak pulls up to the rest: the floor takes its place. Where nothing else
/// drives a neuron (c = 0, v_r = 0) and the chip's leak can take the sign of v, it goes to 0 from both sides:
/// ```
/// v ← v + u,   v ← v − 0.4·λ·θ·sgn(v)
/// ```
struct ConstantLeak: Sendable {
  /// ℓ per tick, in the network's unit; of a neuron whose leak takes the sign of v what it adds to a positive one.
  var step: [Double]
  var isTowardZero: [Bool]
  /// At most 0.
  var floor: [Double]
  /// λ·(v_op − rest), what is taken off a potential at v_op: the leak alone.
  var pull: [Double]

  /// Part of the way from reset to threshold.
  static let operatingPoint = 0.4

  /// Nil where nothing leaks by a fraction, or the chip's leak does; and where it cannot be replaced (`additiveProblems`).
  init?(_ legal: LegalPopulation, chip: Chip) {
    guard let additive = chip.additive, legal.leaksByFraction, let firing = legal.firing,
      legal.constantLeakObstacle(chip) == nil
    else { return nil }
    step = []
    isTowardZero = []
    floor = []
    pull = []
    for i in 0..<legal.size {
      let (decay, drive) = (legal.decay[i], legal.constant[i])
      let low = firing.mode == .zero ? firing.reset[i] : 0
      let swing = max(firing.threshold[i] - low, 0)
      let operating = low + Self.operatingPoint * swing
      let rest = decay > 0 ? drive / decay : low
      let hasSign = additive.leakReversal && drive == 0 && low == 0
      step.append(drive - decay * operating)
      pull.append(decay * operating)
      isTowardZero.append(hasSign && decay > 0)
      let lowest = hasSign || !additive.saturation ? low - swing : max(min(rest, low), low - swing)
      floor.append(additive.saturation ? min(lowest, 0) : 0)
    }
  }
}

extension LegalPopulation {
  /// Whether a part of the potential leaks.
  var leaksByFraction: Bool { equations == nil && decay.contains { $0 > 0 } }

  /// Why no constant can take the place of the leak; nil where one can.
  func constantLeakObstacle(_ chip: Chip) -> String? {
    guard let firing else { return "a readout, which would drift" }
    if decay.contains(where: { $0 >= 1 }) { return "nothing stays from one tick to the next" }
    let resetsToZero = firing.mode == .zero && firing.reset.allSatisfy { $0 == 0 }
    if chip.additive?.saturation != true, !resetsToZero {
      return "a reset other than to 0, on a chip whose potentials have a floor only there"
    }
    return nil
  }
}

extension ConstantLeak {
  /// (leak that runs − leak that was meant) / leak that was meant, of the neuron where it is largest: the rounding of its code.
  func codeError(_ codes: QuantizedPopulation) -> Double? {
    step.indices.lazy.filter { pull[$0] > 0 }
      .map { (step[$0] - Double(codes.bias[$0]) / codes.scale) / pull[$0] }
      .max { abs($0) < abs($1) }
  }
}

extension LegalPopulation {
  mutating func leak(by constantLeak: ConstantLeak) {
    decay = [Double](repeating: 0, count: size)
    constant = constantLeak.step
  }
}

extension Membrane {
  mutating func leak(by constantLeak: ConstantLeak) {
    decay = [Double](repeating: 0, count: decay.count)
    decayWanted = decay
    decayUncoded = decay
    constant = constantLeak.step
    floor = constantLeak.floor
  }
}
