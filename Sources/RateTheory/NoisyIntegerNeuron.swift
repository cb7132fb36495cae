import ChipModel
import FixedPoint
import Foundation
import ProgramImage

/// A spiking neuron of a chip whose accumulator gets independent draws of a distribution: its stationary rate without
/// emulation. docs/emulator-semantics.md §3.2 with a drawn anew in every tick.
///
/// With S_t the probability of no spike in the first t ticks after the refractory ones,
/// ```
/// mean interval = refractory + Σ_{t ≥ 0} S_t
/// ```
/// S follows from the transition matrix of the codes, with what passes the threshold taken out (`IntervalChain`). After a
/// reset to a value without a synaptic current the neuron is as it was after the spike before. A reset by subtraction
/// keeps the overshoot and a synaptic current runs on: there the state after a spike has a distribution of its own, which
/// the intervals hand on until it stands still.
///
/// **Grid.** Up to `exactStates` codes between floor and threshold every code is a state, and the result is exact. Beyond,
/// states are every h-th code below the threshold, h at most 1/100 of the membrane's standard deviation, and a
/// code between two states is spread over its three nearest so that mean and variance stay exactly (weights 1 − φ²
/// and (φ² ± φ)/2, φ the distance from the nearest in h). With a synaptic current the state has two dimensions
/// (`SynapticGrid`): exact where all pairs of codes are few enough, else on a coarser grid whose error is estimated.
public struct NoisyIntegerNeuron: Sendable, Equatable {
  public var leak: LeakRule
  public var stateBits: Int
  public var overflow: Overflow
  public var bias: Int64
  /// Largest v that does not fire.
  public var top: Int64
  /// The value after a spike, or what a spike takes off.
  public var reset: Int64
  public var resetMode: ProgramImage.ResetMode
  public var refractory: Int
  public var floor: Int64
  /// How u decays; nil where it is empty after every tick.
  public var synapse: LeakRule?
  public var synapseOverflow: Overflow
  /// What reaches the membrane, or u, in a tick: x of §3.2.
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
    /// The states after spikes do not come to rest, or the grid's estimated error is too large.
    case notSettled
    /// A register may overflow, which a grid does not follow.
    case registerOverflow
    /// The neuron has no decay but thresholds on both sides (datapath additive).
    case additive
    /// Rounding is drawn too.
    case stochasticRounding
    /// More codes, or a wider input, than the matrix may hold.
    case tooManyStates
    /// A reset above the threshold.
    case resetAboveThreshold
    /// Noise of membrane or threshold beside a synaptic current: nobody has worked out the grid.
    case noiseBesideCurrent
    /// Input that decays with the current that it joins.
    case inputBeforeDecay
    /// More than one spike per tick.
    case severalSpikes
  }

  public struct Stationary: Sendable, Equatable {
    /// Spikes per tick.
    public var ratePerTick: Double
    /// Coefficient of variation of the intervals.
    public var intervalVariation: Double
    /// h; 1 where every code is a state.
    public var codesPerState: Int64
    public var states: Int
    /// With a synaptic current on a grid: how far the rate may be off, relative; see `SynapticGrid`.
    public var estimatedError: Double?
  }

  /// - Precondition: the reset value does not fire, and the leak is not rounded at random.
  public init(
    leak: LeakRule, stateBits: Int, overflow: Overflow, bias: Int64, top: Int64, reset: Int64,
    resetMode: ProgramImage.ResetMode = .toValue, refractory: Int, floor: Int64, synapse: LeakRule? = nil,
    synapseOverflow: Overflow = .saturate, input: CodeDistribution, kick: Int64 = 0,
    neighbours: [Double] = []
  ) {
    precondition(resetMode == .subtract || reset <= top, "a reset above the threshold")
    precondition(leak.isDeterministic && synapse?.isDeterministic != false, "rounding must not be drawn")
    self.leak = leak
    self.stateBits = stateBits
    self.overflow = overflow
    self.bias = bias
    self.top = top
    self.reset = reset
    self.resetMode = resetMode
    self.synapse = synapse
    self.synapseOverflow = synapseOverflow
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
    let leak = LeakRule(
      datapath: path, decay: Int64(neurons.decay[row]), exponent: Int(neurons.decayExponent[row]))
    guard leak.isDeterministic else { throw .stochasticRounding }
    let top = Int64(neurons.threshold[row]) - (path.comparison == .greaterOrEqual ? 1 : 0)
    let mode: ProgramImage.ResetMode =
      neurons.resetMode[row] == ProgramImage.ResetMode.subtract.rawValue ? .subtract : .toValue
    guard mode == .subtract || Int64(neurons.reset[row]) <= top else { throw .resetAboveThreshold }
    guard path.synapseInput == .afterDecay else { throw .inputBeforeDecay }
    guard mode == .toValue || path.spikesPerTick == 1 else { throw .severalSpikes }
    let isEmptied = neurons.synapseDecay[row] == Int32(1) << Int32(neurons.synapseDecayExponent[row])
    guard isEmptied || !image.hasNoise(row) else { throw .noiseBesideCurrent }
    let synapse = LeakRule(
      datapath: path, decay: Int64(neurons.synapseDecay[row]),
      exponent: Int(neurons.synapseDecayExponent[row]))
    let (gain, shift) = (Int64(neurons.gain[row]), path.gainBits - Int(neurons.weightExponent[row]))
    self.init(
      leak: leak, stateBits: path.stateBits, overflow: path.stateOverflow, bias: Int64(neurons.bias[row]),
      top: top, reset: Int64(neurons.reset[row]), resetMode: mode,
      refractory: Int(neurons.refractory[row]),
      floor: max(Int64(neurons.floor[row]), signedRange(bits: path.stateBits).lowerBound),
      synapse: isEmptied ? nil : synapse, synapseOverflow: path.synapseOverflow,
      input: accumulator.mapped { a in
        let x = shift > 0 ? shiftRight(a * gain, by: shift, path.inputRounding) : (a * gain) << Int64(-shift)
        return fit(x, bits: path.stateBits, path.synapseOverflow)
      }.adding(image.membraneNoise(row)), kick: Int64(neurons.kick[row]), neighbours: neighbours)
    thresholdMask = image.hasNoise(row) ? Int64(neurons.noise.mask[row]) : 0
  }

  /// - Parameter resolution: least number of states per standard deviation of the membrane, where codes share states.
  /// - Throws: `tooManyStates`, `notSettled`, `registerOverflow`.
  public func stationary(resolution: Int64 = 100) throws(Refusal) -> Stationary {
    if synapse != nil { return try SynapticGrid.stationary(self, resolution: resolution) }
    if input.codes.count == 1, kicks.count == 1, resetMode == .toValue { return alongOrbit }
    let grid = MembraneGrid(self, resolution: resolution)
    guard let matrices = TransitionMatrices(self, grid: grid) else { throw .tooManyStates }
    var start = [Double](repeating: 0, count: grid.count)
    grid.spread(Double(resetMode == .toValue ? reset : top + 1 - reset)) { start[$0] += $1 }
    let chain = IntervalChain(
      refractory: refractory, longest: longestWait, isRenewal: resetMode == .toValue,
      tick: { density, fired in matrices.tick(density, &fired) }, hold: { matrices.held.applied(to: $0) })
    let intervals = try chain.intervals(from: start)
    return Stationary(
      ratePerTick: intervals.ratePerTick, intervalVariation: intervals.variation, codesPerState: grid.step,
      states: grid.count)
  }

  /// Ticks after which a neuron is as far as it ever gets: fifty time constants settle any start; without a leak survival
  /// itself ends the sum.
  var longestWait: Double {
    func constants(_ rule: LeakRule) -> Double {
      rule.decay > 0 ? 50 * Double(Int64(1) << Int64(rule.exponent)) / Double(rule.decay) : 1e6
    }
    return min(max(constants(leak), synapse.map(constants) ?? 0, 1000), 2e6)
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

  /// Probability that a membrane at v does not fire.
  func survival(_ v: Int64) -> Double {
    v <= top ? 1 : MaskNoise(mask: thresholdMask).probability(atLeast: v - top)
  }

  /// The membrane after one tick's update, before threshold and kicks.
  func updated(_ v: Int64, input x: Int64) -> Int64 {
    max(fit(leak.decayed(v) + x + bias, bits: stateBits, overflow), floor)
  }

  /// m neighbours fire, m = 0, 1, …: probabilities.
  var kicks: [Double] {
    if kick == 0 { return [1] }
    return neighbours.reduce([1]) { counts, p in
      var next = counts.map { $0 * (1 - p) } + [0]
      for (m, q) in counts.enumerated() { next[m + 1] += q * p }
      return next
    }
  }
}
