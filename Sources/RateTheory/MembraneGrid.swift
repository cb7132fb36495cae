/// States of the membrane alone: state i is the code `high − i·step`, and the state `above` the threshold's `top`.
struct MembraneGrid {
  let step: Int64
  let count: Int
  /// States above the largest code that never fires: a reset by subtraction may leave a neuron there, and a noisy threshold
  /// may be higher still.
  let above: Int
  let high: Int64

  init(_ neuron: NoisyIntegerNeuron, resolution: Int64) {
    let (low, deviation) = Self.reach(neuron)
    let overshoot = Self.overshoot(neuron) + neuron.thresholdMask
    // Where the threshold is noisy, firing changes over a span of codes too.
    let spread = max(deviation, Double(neuron.thresholdMask) / 40)
    let codes = neuron.top - low + 1 + overshoot
    let swing = neuron.resetMode == .toValue ? neuron.top - neuron.reset : neuron.reset
    step =
      codes <= Int64(NoisyIntegerNeuron.exactStates)
      ? 1 : max(1, min(Int64(spread) / resolution, swing / (2 * resolution)))
    above = Int((overshoot + step - 1) / step)
    high = neuron.top + Int64(above) * step
    count = Int((neuron.top - low + step - 1) / step) + 1 + above
  }

  func code(_ state: Int) -> Int64 { high - Int64(state) * step }

  /// The lowest code that the membrane visits with a probability that matters, and its standard deviation without
  /// threshold.
  private static func reach(_ neuron: NoisyIntegerNeuron) -> (low: Int64, deviation: Double) {
    let fraction = Double(neuron.leak.decay) / Double(Int64(1) << Int64(neuron.leak.exponent))
    let down = Double(neuron.input.codes.first ?? 0) + Double(neuron.bias)
    let start = neuron.resetMode == .toValue ? neuron.reset : min(neuron.top + 1 - neuron.reset, neuron.top)
    guard fraction > 0, fraction <= 1 else {
      return (min(neuron.floor, start), max(neuron.input.variance.squareRoot(), 1))
    }
    let kickMean = Double(neuron.kick) * neuron.neighbours.reduce(0, +)
    let mean = (neuron.input.mean + Double(neuron.bias) - kickMean) / fraction
    let deviation = (neuron.input.variance / (fraction * (2 - fraction))).squareRoot()
    let lowest = min(Double(start), mean) - 10 * deviation + min(down, 0)
    // A reset value may lie below the floor, which holds for updates only.
    let low = max(neuron.floor, Int64(max(lowest, -0x1p40)) - 1 - 2 * neuron.kick)
    return (min(low, start), deviation)
  }

  /// How far above the threshold a reset by subtraction can leave the membrane: by what a tick brings (up to a part of
  /// 1e-12 of the draws), and the refractory ticks after it; once more, since the next subtraction may leave it there too.
  private static func overshoot(_ neuron: NoisyIntegerNeuron) -> Int64 {
    guard neuron.resetMode == .subtract else { return 0 }
    var (tail, largest) = (0.0, 0.0)
    for (code, p) in zip(neuron.input.codes, neuron.input.probabilities).reversed() {
      tail += p
      largest = Double(code)
      if tail > 1e-12 { break }
    }
    let held = Double(neuron.refractory)
    let drift = max(neuron.input.mean + Double(neuron.bias), 0)
    let rise =
      max(largest + Double(neuron.bias), 0) + held * drift + 8 * (held * neuron.input.variance).squareRoot()
    return Int64(min(rise + max(rise - Double(neuron.reset), 0), 0x1p31)) + 1
  }

  /// Spreads one code over states.
  ///
  /// - Parameter belowThreshold: whether it did not fire and so stays with the states that do not.
  func spread(_ v: Double, belowThreshold: Bool = true, _ add: (Int, Double) -> Void) {
    spreadOverThree(
      (Double(high) - v) / Double(step), step: step, first: belowThreshold ? above : 0, count: count, add)
  }
}

/// Spreads a place between the states `first` and `count − 1` over its three nearest, so that mean and variance stay. Places
/// beyond the last state go there, as all places do with a step of 1, where each is a state.
@inline(__always)
func spreadOverThree(
  _ place: Double, step: Int64, first: Int, count: Int, _ add: (Int, Double) -> Void
) {
  if step == 1 || count - first < 3 || place >= Double(count - 1) {
    return add(min(max(Int(place.rounded()), first), count - 1), 1)
  }
  // Close to either end the three states are the outermost ones.
  let nearest = min(max(Int(place.rounded()), first + 1), count - 2)
  let offset = max(place, Double(first)) - Double(nearest)
  let square = offset * offset
  add(nearest, 1 - square)
  add(nearest - 1, (square - offset) / 2)
  add(nearest + 1, (square + offset) / 2)
}

/// One tick of the membrane.
struct TransitionMatrices {
  /// What does not fire, with the kicks of neighbours.
  private let surviving: BandMatrix
  /// What a subtraction leaves of what fires; empty for a reset to a value.
  private let firing: BandMatrix
  /// A refractory tick of a reset by subtraction.
  let held: BandMatrix

  /// Nil if they had too many entries.
  init?(_ neuron: NoisyIntegerNeuron, grid: MembraneGrid) {
    let input = neuron.input
    let span = ((input.codes.last ?? 0) - (input.codes.first ?? 0) + 2 * neuron.kick) / grid.step + 4
    guard Int64(grid.count) < Int64(NoisyIntegerNeuron.mostTransitions) / max(min(span, Int64(grid.count)), 1)
    else { return nil }
    let kicks = neuron.kicks
    let subtracts = neuron.resetMode == .subtract
    var surviving = BandMatrix(count: grid.count)
    var firing = BandMatrix(count: grid.count)
    var held = BandMatrix(count: grid.count)
    for i in 0..<grid.count {
      let v = grid.code(i)
      for (x, p) in zip(input.codes, input.probabilities) {
        let next = neuron.updated(v, input: x)
        if subtracts, neuron.refractory > 0 {
          grid.spread(Double(next), belowThreshold: false) { held.add(to: $0, p * $1) }
        }
        let kept = p * neuron.survival(next)
        if subtracts, kept < p {
          grid.spread(Double(next - neuron.reset), belowThreshold: false) {
            firing.add(to: $0, (p - kept) * $1)
          }
        }
        if kept == 0 { continue }
        for (m, q) in kicks.enumerated() where q > 0 {
          let kicked = m == 0 ? next : max(next - Int64(m) * neuron.kick, neuron.floor)
          grid.spread(Double(kicked), belowThreshold: neuron.thresholdMask == 0) {
            surviving.add(to: $0, kept * q * $1)
          }
        }
      }
      surviving.endRow()
      firing.endRow()
      held.endRow()
    }
    (self.surviving, self.firing, self.held) = (surviving, firing, held)
  }

  func tick(_ density: [Double], _ fired: inout [Double]) -> [Double] {
    if !fired.isEmpty { firing.addRows(density, width: density.count, to: &fired) }
    return surviving.applied(to: density)
  }
}
