import ChipModel
import FixedPoint
import ProgramImage

/// What a quantised neuron does for ever under a constant bias: a transient, then a cycle.
public struct IntegerOrbit: Sendable, Equatable {
  /// Ticks before the cycle is entered.
  public var transientTicks: Int
  /// Ticks of the cycle, and spikes in it: the rate is their exact quotient.
  public var periodTicks: Int
  public var spikesPerPeriod: Int
  /// Tick of the first spike, from 0; nil if the neuron never fires.
  public var firstSpike: Int?

  public init(transientTicks: Int, periodTicks: Int, spikesPerPeriod: Int, firstSpike: Int?) {
    self.transientTicks = transientTicks
    self.periodTicks = periodTicks
    self.spikesPerPeriod = spikesPerPeriod
    self.firstSpike = firstSpike
  }

  /// Spikes per tick.
  public var ratePerTick: Double { Double(spikesPerPeriod) / Double(periodTicks) }

  /// Hertz, for ticks of `dt` seconds.
  public func rate(dt: Double) -> Double { Double(spikesPerPeriod) / (Double(periodTicks) * dt) }
}

/// The exact orbit of a spiking neuron whose only drive is its bias: docs/emulator-semantics.md §3.2 with a = 0
/// and u = 0. All values are codes as the image holds them.
///
/// The state (v, refractory counter) is finite and the map is a function of it, so Brent's cycle search ends; it
/// needs no memory and about three times transient + period steps.
///
/// Returns nil under stochastic rounding, where the state alone does not determine the next one.
public func integerRate(
  datapath: Chip.LeakyDatapath, decay: Int32, exponent: UInt8, bias: Int32, threshold: Int32,
  reset: Int32, resetMode: ProgramImage.ResetMode, refractory: Int32, v0: Int32, floor: Int32
) -> IntegerOrbit? {
  let leak = LeakRule(datapath: datapath, decay: Int64(decay), exponent: Int(exponent))
  guard leak.isDeterministic else { return nil }
  let neuron = BiasedNeuron(
    leak: leak, stateBits: datapath.stateBits, overflow: datapath.stateOverflow,
    bias: Int64(bias), top: Int64(threshold) - (datapath.comparison == .greaterOrEqual ? 1 : 0),
    reset: Int64(reset), resetMode: resetMode, refractory: Int64(refractory), floor: Int64(floor),
    spikesPerTick: datapath.spikesPerTick)
  return neuron.orbit(from: BiasedNeuron.State(v: Int64(v0), held: 0))
}

private struct BiasedNeuron {
  struct State: Equatable {
    var v: Int64
    /// Refractory counter.
    var held: Int64
  }
  var leak: LeakRule
  var stateBits: Int
  var overflow: Overflow
  var bias: Int64
  /// Largest v that does not fire.
  var top: Int64
  var reset: Int64
  var resetMode: ProgramImage.ResetMode
  var refractory: Int64
  var floor: Int64
  var spikesPerTick: Int

  /// One tick; how often the neuron fired in it.
  func step(_ state: inout State) -> Int {
    state.v = max(fit(leak.decayed(state.v) + bias, bits: stateBits, overflow), floor)
    if state.held > 0 {
      if resetMode == .toValue { state.v = reset }
      state.held -= 1
      return 0
    }
    guard state.v > top else { return 0 }
    state.held = refractory
    if resetMode == .toValue {
      state.v = reset
      return 1
    }
    var spikes = 0
    repeat {
      state.v -= reset
      spikes += 1
    } while spikes < spikesPerTick && reset > 0 && state.v > top
    return spikes
  }

  func orbit(from start: State) -> IntegerOrbit {
    let period = cycleLength(from: start)
    let transient = transientLength(from: start, period: period)
    var state = start
    var firstSpike: Int?
    var spikes = 0
    for tick in 0..<transient + period {
      let fired = step(&state)
      guard fired > 0 else { continue }
      if firstSpike == nil { firstSpike = tick }
      if tick >= transient { spikes += fired }
    }
    return IntegerOrbit(
      transientTicks: transient, periodTicks: period, spikesPerPeriod: spikes,
      firstSpike: firstSpike)
  }

  /// Brent: the mark jumps to the runner at every power of two; they meet after one cycle length.
  private func cycleLength(from start: State) -> Int {
    var mark = start
    var runner = start
    var length = 0
    var limit = 1
    while true {
      _ = step(&runner)
      length += 1
      if runner == mark { return length }
      if length == limit {
        mark = runner
        limit *= 2
        length = 0
      }
    }
  }

  /// Two runners one cycle apart meet where the cycle begins.
  private func transientLength(from start: State, period: Int) -> Int {
    var behind = start
    var ahead = start
    for _ in 0..<period { _ = step(&ahead) }
    var ticks = 0
    while behind != ahead {
      _ = step(&behind)
      _ = step(&ahead)
      ticks += 1
    }
    return ticks
  }
}
