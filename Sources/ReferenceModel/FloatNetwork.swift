import FixedPoint
import NetworkIR
import Observations

/// The network as it is meant: float64, no chip, no pipeline. Every tick evaluates, in feed-forward order
/// (`Network.evaluationOrder`), the equations of `Population`:
/// ```
/// x  = Σ projections of unit `held` (biases included) + currents + Poisson stimuli of unit `held`
/// i  ← i + f(τ_syn)·(w_in·x − i)                   v sees i after this (`new`) or before it (`old`)
/// v  ← v + f(τ)·(v_leak − v + r·(i + η)) + steps   f = dt/τ (euler) or 1 − e^(−dt/τ) (exponential)
/// held for refractory ticks:  v ← v_reset (zero) or v unchanged (subtract)
/// else v > v_threshold (or ≥): spike; v ← v_reset or v − v_threshold; refractory ticks start
/// ```
/// η are random currents (`Stimulus.Kind.ornsteinUhlenbeck`), advanced exactly; a population's own noise is a normal step of v,
/// and a normal number that is added to the threshold, in every tick.
/// A population with equations steps its potentials by all that arrives, integrates them over the tick (`NeuronIntegrator`),
/// and sends at most one spike per neuron.
///
/// A projection with `delayTicks` d carries the spikes of tick t − d; before tick 0 there are none.
/// The refractory time is rounded to whole ticks, ties away from zero.
///
/// Poisson counts are the chip's own: the same tables (`poissonThresholds`) and the same counter-based draws,
/// numbered over stimuli in network order and neurons within them (docs/emulator-semantics.md §3.1, §8).
///
/// **Cost:** one operation per spike and synapse, and a few per neuron and tick.
public struct FloatNetwork: Sendable {
  public let network: Network
  let seed: UInt64
  let plan: Plan

  /// - Precondition: the network passes `Network.verify()`.
  public init(_ network: Network, seed: UInt64 = 0) {
    self.network = network
    self.seed = seed
    plan = Plan(network)
  }

  /// Runs every sample from the initial state.
  ///
  /// - Parameters:
  ///   - input: spikes of all inputs' channels, one input after the other; nil for a network driven by stimuli only.
  ///   - ticks: ticks per sample; nil takes the input's (0 without input).
  ///   - samples: number of samples; nil takes the input's (1 without input).
  ///   - seed: seed of the Poisson draws; nil takes the one given to `init`.
  ///   - startTicks: for each population, the tick that its tick 0 has in the draws' counter. A pipelined
  ///     chip runs a population at depth L in chip tick t + L; with these L given, both see the same trains.
  ///   - noiseWords: a chip's random words, so that both see the same noise as far as their distributions allow; nil for
  ///     draws of the reference's own.
  /// - Precondition: `input`, if given, has exactly the network's channels.
  public func run(
    _ input: SpikeTrains?, ticks: Int? = nil, samples: Int? = nil, seed: UInt64? = nil,
    startTicks: [Int]? = nil, noiseWords: NoiseWords? = nil
  ) -> Activity {
    precondition(
      input.map { $0.channels == network.channels } ?? true, "the spikes must have the network's channels")
    let ticks = ticks ?? input?.ticks ?? 0
    let samples = samples ?? input?.samples ?? 1
    let starts = startTicks ?? [Int](repeating: 0, count: network.populations.count)
    let ranges = input?.ranges() ?? []
    var events: [SpikeTrains.Event] = []
    var sums: [Double] = []
    for sample in 0..<samples {
      var state = State(self, seed: seed ?? self.seed, sample: sample, startTicks: starts, words: noiseWords)
      var next = sample < ranges.count ? ranges[sample].lowerBound : 0
      let end = sample < ranges.count ? ranges[sample].upperBound : 0
      for tick in 0..<ticks {
        var arriving: [(channel: Int, count: Double)] = []
        while let input, next < end, Int(input.events[next].tick) <= tick {
          let event = input.events[next]
          if Int(event.tick) == tick { arriving.append((Int(event.channel), Double(event.count))) }
          next += 1
        }
        state.step(tick: tick, arriving: arriving, recordingInto: &events)
      }
      sums += state.outputSums
    }
    let neurons = network.populations.reduce(0) { $0 + $1.size }
    return Activity(
      populations: network.populations.map { .init(name: $0.name, model: $0.model, size: $0.size) },
      samples: samples, ticks: ticks, dt: network.dynamics.dt,
      spikes: SpikeTrains(samples: samples, ticks: ticks, channels: neurons, events: events),
      outputSums: sums, outputCount: plan.outputCount)
  }
}
