import ChipModel
import FixedPoint
import Foundation
import ProgramImage

/// A spiking neuron of a chip whose accumulator gets independent draws of a distribution: its stationary rate without
/// emulation. docs/emulator-semantics.md §3.2 with a drawn anew in every tick and no synaptic current.
///
/// After every spike the neuron is as it was after the one before, so spikes are a renewal process: with S_t the
/// probability of no spike in the first t ticks after the refractory ones,
/// ```
/// mean interval = refractory + Σ_{t ≥ 0} S_t
/// ```
/// S follows from the transition matrix of the membrane code, started at the reset value, with what passes the threshold
/// taken out. Once the hazard stands still, what is left of the sum is a geometric series.
///
/// **Grid.** Up to `exactStates` codes between floor and threshold every code is a state, and the result is exact. Beyond,
/// states are every h-th code below the threshold, h at most 1/100 of the membrane's standard deviation, and a
/// code between two states is spread over its three nearest so that mean and variance stay exactly (weights 1 − φ²
/// and (φ² ± φ)/2, φ the distance from the nearest in h).
public struct NoisyIntegerNeuron: Sendable, Equatable {
  public var leak: LeakRule
  public var stateBits: Int
  public var overflow: Overflow
  public var bias: Int64
  /// Largest v that does not fire.
  public var top: Int64
  public var reset: Int64
  public var refractory: Int
  public var floor: Int64
  /// What reaches the membrane in a tick: x of §3.2.
  public var input: CodeDistribution
  /// Taken off v for each neighbour that fires.
  public var kick: Int64
  /// Probability per tick that a neighbour fires, one per neighbour (at most 2).
  public var neighbours: [Double]
  /// In every tick, random bits under this mask are added to `top`.
  public var thresholdMask: Int64 = 0

  static let exactStates = 4096
  /// Entries of the transition matrix beyond which the neuron is refused.
  static let mostTransitions = 30_000_000

  /// Why no rate is given.
  public enum Refusal: String, Sendable, Error, Codable {
    /// What is left after the subtraction depends on the overshoot: no renewal.
    case subtractingReset
    /// The neuron has no decay but thresholds on both sides (datapath additive).
    case additive
    /// The state would have two dimensions.
    case synapticCurrent
    /// Rounding is drawn too.
    case stochasticRounding
    /// More codes, or a wider input, than the matrix may hold.
    case tooManyStates
    /// A reset above the threshold.
    case resetAboveThreshold
  }

  public struct Stationary: Sendable, Equatable {
    /// Spikes per tick.
    public var ratePerTick: Double
    /// Coefficient of variation of the intervals.
    public var intervalVariation: Double
    /// h; 1 where every code is a state.
    public var codesPerState: Int64
    public var states: Int
  }

  /// - Precondition: the reset value does not fire, and the leak is not rounded at random.
  public init(
    leak: LeakRule, stateBits: Int, overflow: Overflow, bias: Int64, top: Int64, reset: Int64,
    refractory: Int,
    floor: Int64, input: CodeDistribution, kick: Int64 = 0, neighbours: [Double] = []
  ) {
    precondition(reset <= top && leak.isDeterministic, "no renewal process of codes")
    self.leak = leak
    self.stateBits = stateBits
    self.overflow = overflow
    self.bias = bias
    self.top = top
    self.reset = reset
    self.refractory = refractory
    self.floor = floor
    self.input = input
    self.kick = kick
    self.neighbours = neighbours
  }

  /// A row of an image, with the distribution of its accumulator a.
  ///
  /// - Parameter neighbours: probability per tick that each neighbouring column's neuron fires.
  public init(
    _ image: ProgramImage, row: Int, accumulator: CodeDistribution, neighbours: [Double] = []
  ) throws(Refusal) {
    let neurons = image.neurons
    let path = image.chip.datapath
    guard image.chip.additive == nil else { throw .additive }
    guard neurons.resetMode[row] == ProgramImage.ResetMode.toValue.rawValue else {
      throw .subtractingReset
    }
    guard path.synapseInput == .afterDecay,
      neurons.synapseDecay[row] == Int32(1) << Int32(neurons.synapseDecayExponent[row]),
      neurons.u0[row] == 0
    else { throw .synapticCurrent }
    let leak = LeakRule(
      datapath: path, decay: Int64(neurons.decay[row]), exponent: Int(neurons.decayExponent[row]))
    guard leak.isDeterministic else { throw .stochasticRounding }
    let top = Int64(neurons.threshold[row]) - (path.comparison == .greaterOrEqual ? 1 : 0)
    guard Int64(neurons.reset[row]) <= top else { throw .resetAboveThreshold }
    let (gain, shift) = (Int64(neurons.gain[row]), path.gainBits - Int(neurons.weightExponent[row]))
    self.init(
      leak: leak, stateBits: path.stateBits, overflow: path.stateOverflow, bias: Int64(neurons.bias[row]),
      top: top, reset: Int64(neurons.reset[row]), refractory: Int(neurons.refractory[row]),
      floor: max(Int64(neurons.floor[row]), signedRange(bits: path.stateBits).lowerBound),
      input: accumulator.mapped { a in
        let x = shift > 0 ? shiftRight(a * gain, by: shift, path.inputRounding) : (a * gain) << Int64(-shift)
        return fit(x, bits: path.stateBits, path.synapseOverflow)
      }.adding(image.membraneNoise(row)), kick: Int64(neurons.kick[row]), neighbours: neighbours)
    thresholdMask = image.hasNoise(row) ? Int64(neurons.noise.mask[row]) : 0
  }

  /// - Parameter resolution: least number of states per standard deviation of the membrane, where codes share states.
  /// - Throws: `tooManyStates`.
  public func stationary(resolution: Int64 = 100) throws(Refusal) -> Stationary {
    if input.codes.count == 1, kicks.count == 1 { return alongOrbit }
    let grid = Grid(self, resolution: resolution)
    guard let matrix = TransitionMatrix(self, grid: grid) else { throw .tooManyStates }
    var density = [Double](repeating: 0, count: grid.count)
    grid.spread(Double(reset)) { density[$0] += $1 }
    var survival = 1.0
    var sum = 0.0
    var squares = 0.0
    var hazard = 0.0
    var steady = 0
    var tick = 0.0
    // Fifty time constants settle any start; without a leak survival itself ends the sum.
    let rest = leak.decay > 0 ? 50 * Double(Int64(1) << Int64(leak.exponent)) / Double(leak.decay) : 1e6
    let longest = min(max(rest, 1000), 2e6)
    while survival > 1e-13, tick < longest {
      sum += survival
      squares += (2 * tick + 1) * survival
      tick += 1
      density = matrix.applied(to: density)
      let next = density.reduce(0, +)
      let last = hazard
      hazard = 1 - next / survival
      survival = next
      steady = abs(hazard - last) < 1e-10 * abs(hazard) + 1e-16 ? steady + 1 : 0
      if steady >= 100 { break }
    }
    if survival > 1e-13 {
      // Rounding leaves hazards of 1e-15: such a neuron is silent.
      guard hazard > 1e-14 else {
        return Stationary(
          ratePerTick: 0, intervalVariation: 1, codesPerState: grid.step, states: grid.count)
      }
      sum += survival / hazard
      squares += survival * ((2 * tick + 1) / hazard + 2 * (1 - hazard) / (hazard * hazard))
    }
    let mean = sum + Double(refractory)
    return Stationary(
      ratePerTick: 1 / mean, intervalVariation: max(squares - sum * sum, 0).squareRoot() / mean,
      codesPerState: grid.step, states: grid.count)
  }

  /// With nothing random but the threshold there is one path of the membrane, and what is left of it at each tick.
  private var alongOrbit: Stationary {
    var (v, survival, sum, squares, tick) = (reset, 1.0, 0.0, 0.0, 0.0)
    while survival > 1e-13, tick < 2e6 {
      sum += survival
      squares += (2 * tick + 1) * survival
      tick += 1
      let next = updated(v, input: input.codes[0])
      let kept = self.survival(next)
      survival *= kept
      if next == v {
        // It stands still: a geometric series, or silence.
        guard kept < 1 else {
          return Stationary(ratePerTick: 0, intervalVariation: 1, codesPerState: 1, states: Int(tick))
        }
        let hazard = 1 - kept
        sum += survival / hazard
        squares += survival * ((2 * tick + 1) / hazard + 2 * (1 - hazard) / (hazard * hazard))
        break
      }
      v = next
    }
    let mean = sum + Double(refractory)
    return Stationary(
      ratePerTick: 1 / mean, intervalVariation: max(squares - sum * sum, 0).squareRoot() / mean,
      codesPerState: 1, states: Int(tick))
  }

  /// The membrane after one tick's update, before threshold and kicks.
  fileprivate func updated(_ v: Int64, input x: Int64) -> Int64 {
    max(fit(leak.decayed(v) + x + bias, bits: stateBits, overflow), floor)
  }

  /// Probability that a membrane at v does not fire.
  fileprivate func survival(_ v: Int64) -> Double {
    v <= top ? 1 : MaskNoise(mask: thresholdMask).probability(atLeast: v - top)
  }

  /// m neighbours fire, m = 0, 1, …: probabilities.
  fileprivate var kicks: [Double] {
    if kick == 0 { return [1] }
    return neighbours.reduce([1]) { counts, p in
      var next = counts.map { $0 * (1 - p) } + [0]
      for (m, q) in counts.enumerated() { next[m + 1] += q * p }
      return next
    }
  }
}

/// States: state i is the code `top − i·step`.
private struct Grid {
  var top: Int64
  var step: Int64
  var count: Int

  init(_ neuron: NoisyIntegerNeuron, resolution: Int64) {
    top = neuron.top + neuron.thresholdMask
    let (low, deviation) = Grid.reach(neuron)
    let codes = top - low + 1
    if codes <= Int64(NoisyIntegerNeuron.exactStates) {
      step = 1
    } else {
      // Where the threshold is noisy, firing changes over a span of codes too.
      let span = max(deviation, Double(neuron.thresholdMask) / 40)
      step = max(1, min(Int64(span) / resolution, (top - neuron.reset) / (2 * resolution)))
    }
    count = Int((top - low + step - 1) / step) + 1
  }

  /// The lowest code that the membrane visits with a probability that matters, and its standard deviation without
  /// threshold.
  private static func reach(_ neuron: NoisyIntegerNeuron) -> (low: Int64, deviation: Double) {
    let fraction = Double(neuron.leak.decay) / Double(Int64(1) << Int64(neuron.leak.exponent))
    let down = Double(neuron.input.codes.first ?? 0) + Double(neuron.bias)
    guard fraction > 0, fraction <= 1 else {
      return (min(neuron.floor, neuron.reset), max(neuron.input.variance.squareRoot(), 1))
    }
    let kickMean = Double(neuron.kick) * neuron.neighbours.reduce(0, +)
    let mean = (neuron.input.mean + Double(neuron.bias) - kickMean) / fraction
    let deviation = (neuron.input.variance / (fraction * (2 - fraction))).squareRoot()
    let lowest = min(Double(neuron.reset), mean) - 10 * deviation + min(down, 0)
    // A reset value may lie below the floor, which holds for updates only.
    let low = max(neuron.floor, Int64(max(lowest, -0x1p40)) - 1 - 2 * neuron.kick)
    return (min(low, neuron.reset), deviation)
  }

  /// Spreads one code over states; codes above the top are not asked for.
  func spread(_ v: Double, _ add: (Int, Double) -> Void) {
    let place = (Double(top) - v) / Double(step)
    if step == 1 || place >= Double(count - 1) { return add(min(Int(place), count - 1), 1) }
    // Close to either end the three states are the outermost ones.
    let nearest = min(max(Int(place.rounded()), 1), count - 2)
    let offset = place - Double(nearest)
    let square = offset * offset
    add(nearest, 1 - square)
    add(nearest - 1, (square - offset) / 2)
    add(nearest + 1, (square + offset) / 2)
  }
}

/// Where the mass of every state goes in one tick; what fires is left out. Rows are bands.
private struct TransitionMatrix {
  private var first: [Int]
  private var begin: [Int]
  private var weight: [Double]

  /// Nil if it had too many entries.
  init?(_ neuron: NoisyIntegerNeuron, grid: Grid) {
    let input = neuron.input
    let span = ((input.codes.last ?? 0) - (input.codes.first ?? 0) + 2 * neuron.kick) / grid.step + 4
    guard Int64(grid.count) < Int64(NoisyIntegerNeuron.mostTransitions) / max(min(span, Int64(grid.count)), 1)
    else { return nil }
    let kicks = neuron.kicks
    first = []
    begin = [0]
    weight = []
    var line = [Double](repeating: 0, count: grid.count)
    for i in 0..<grid.count {
      let v = grid.top - Int64(i) * grid.step
      var (low, high) = (grid.count, -1)
      for (x, p) in zip(input.codes, input.probabilities) {
        let next = neuron.updated(v, input: x)
        if next > grid.top { continue }
        let kept = p * neuron.survival(next)
        for (m, q) in kicks.enumerated() where q > 0 {
          let kicked = m == 0 ? next : max(next - Int64(m) * neuron.kick, neuron.floor)
          grid.spread(Double(kicked)) { state, share in
            line[state] += kept * q * share
            low = min(low, state)
            high = max(high, state)
          }
        }
      }
      first.append(low)
      if low <= high {
        weight += line[low...high]
        for state in low...high { line[state] = 0 }
      }
      begin.append(weight.count)
    }
  }

  func applied(to density: [Double]) -> [Double] {
    var next = [Double](repeating: 0, count: density.count)
    weight.withUnsafeBufferPointer { weight in
      next.withUnsafeMutableBufferPointer { next in
        for i in density.indices {
          let mass = density[i]
          if mass == 0 { continue }
          let offset = first[i] - begin[i]
          for k in begin[i]..<begin[i + 1] { next[offset + k] += mass * weight[k] }
        }
      }
    }
    return next
  }
}
