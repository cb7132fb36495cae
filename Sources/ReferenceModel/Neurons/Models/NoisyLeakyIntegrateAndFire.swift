import Foundation

/// The leaky integrate-and-fire neuron under Gaussian white noise.
///
/// ```
/// C V' = -g_L (V - E_L) + I + S ξ(t),   S = sigma_V √(2 C g_L)        V ≥ V_th: spike, V := V_r, held for t_ref
/// ```
/// Units as in `lif`; `sigma_V` in mV is the standard deviation of the potential without threshold. Between spikes V is an
/// Ornstein–Uhlenbeck process. It is advanced exactly over steps of τ/200 or less; a crossing inside of a step
/// between two potentials below the threshold is drawn with the probability of a Brownian bridge,
/// `exp(−2 (V_th − V)(V_th − V′) / variance)`, so that the rate does not depend on the step (0.3 % at τ/200 against
/// Siegert's formula, which `RateTheory/DiffusionNeuron` has). The time of a spike is as exact as the step.
///
/// **Source:** W. Gerstner et al., Neuronal Dynamics (2014) §8.2; rate: A. J. F. Siegert, Phys. Rev. 81 (1951) 617;
/// crossings: M. T. Giraudo, L. Sacerdote, Commun. Stat. Simul. Comput. 28 (1999) 1135.
public struct NoisyLeakyIntegrateAndFire: NoisyNeuronModel {
  /// The neuron without noise.
  public var membrane: LeakyIntegrateAndFire
  public var membraneDeviation: Double

  public init(_ membrane: LeakyIntegrateAndFire, membraneDeviation: Double) {
    self.membrane = membrane
    self.membraneDeviation = membraneDeviation
  }

  public static let form = NeuronForm(
    name: "lif-noisy", title: "leaky integrate-and-fire with white noise",
    equations: [
      "C V' = -g_L (V - E_L) + I + sigma_V sqrt(2 C g_L) xi(t)", "V >= V_th: spike, V := V_r, held for t_ref",
    ],
    source: "Gerstner et al., Neuronal Dynamics (2014) 8.2; Siegert, Phys. Rev. 81 (1951) 617",
    variables: [.init("V", unit: "mV", scale: 1)], currentUnit: "pA", timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.membrane.capacitance, unit: "pF", "membrane capacitance"),
    .init("g_L", \.membrane.leak, unit: "nS", "leak conductance"),
    .init("E_L", \.membrane.leakReversal, unit: "mV", "leak reversal, and where it starts"),
    .init("V_th", \.membrane.threshold, unit: "mV", "threshold"),
    .init("V_r", \.membrane.resetPotential, unit: "mV", "reset"),
    .init("t_ref", \.membrane.refractoryPeriod, unit: "ms", "refractory period"),
    .init("sigma_V", \.membraneDeviation, unit: "mV", "standard deviation of V without threshold"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "standard",
      Self(
        LeakyIntegrateAndFire(
          capacitance: 250, leak: 25, leakReversal: -65, threshold: -50, resetPotential: -65,
          refractoryPeriod: 2), membraneDeviation: 3),
      source: "the membrane of lif standard; 3 mV as under the synaptic noise of a cortical cell",
      current: 300,
      duration: 500, currents: 0...600),
    .init(
      "brunel",
      Self(
        LeakyIntegrateAndFire(
          capacitance: 200, leak: 10, leakReversal: -70, threshold: -50, resetPotential: -60,
          refractoryPeriod: 2), membraneDeviation: 12.5.squareRoot()),
      source:
        "Brunel, J. Comput. Neurosci. 8 (2000) 183: tau 20 ms, threshold 20 mV and reset 10 mV above rest; sigma 5 mV in its equation",
      current: 150, duration: 1000, currents: 0...300),
  ]

  public var refractoryPeriod: Double { membrane.refractoryPeriod }
  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    membrane.derivative(of: y, current: current)
  }
  public func steadyState(at potential: Double) -> NeuronState { membrane.steadyState(at: potential) }
  public func distanceToThreshold(_ y: NeuronState) -> Double { membrane.distanceToThreshold(y) }
  public func reset(_ y: NeuronState) -> NeuronState { membrane.reset(y) }
  public var startingState: NeuronState? { membrane.startingState }
  public var potentialRange: ClosedRange<Double> { membrane.potentialRange }
  public var brokenRules: [NeuronRule] {
    membrane.brokenRules + rule("sigma_V", "not negative", holds: membraneDeviation >= 0)
  }

  public func noisyRun(current: Double, duration: Double, sampleEvery: Double?, seed: UInt64) -> NeuronRun {
    let source = RandomSource(seed: seed)
    let tau = membrane.capacitance / membrane.leak
    let end = membrane.leakReversal + current / membrane.leak
    let steps = max((duration / (tau / 200)).rounded(.up), 1)
    guard steps < Double(Self.mostSteps) else { return NeuronRun().ended(.stepLimit) }
    let step = duration / steps
    let process = OrnsteinUhlenbeck(mean: end, deviation: membraneDeviation, timeConstant: tau)
    let kept = exp(-step / tau)
    let spread = membraneDeviation * (-expm1(-2 * step / tau)).squareRoot()
    let top = membrane.threshold
    var run = NeuronRun()
    var v = membrane.leakReversal
    // The time of v: the last step's end, or when the neuron is let go after a spike.
    var now = 0.0
    var nextSample = 0.0
    for k in 0..<Int(steps) {
      let time = Double(k) * step
      if let distance = sampleEvery, time >= nextSample - step / 2 {
        run.sampled(at: time, NeuronState(v, 0, 0, 0))
        nextSample += distance
      }
      if time + step <= now { continue }
      let draw = UInt32(truncatingIfNeeded: k)
      let next: Double
      var width = spread
      let part = now == time ? step : time + step - now
      if part == step {
        next = end + kept * (v - end) + spread * source.normal(draw)
      } else {
        next = process.next(v, after: part, source, draw: draw)
        width = membraneDeviation * (-expm1(-2 * part / tau)).squareRoot()
      }
      var fires = next >= top
      if !fires, width > 0 {
        let chance = exp(-2 * (top - v) * (top - next) / (width * width))
        fires = chance > 1e-18 && source.crossing(draw) < chance
      }
      if fires {
        // Where a straight line crosses; a crossing inside of a step is halfway.
        let share = next >= top ? (top - v) / (next - v) : 0.5
        let spike = now + share * part
        run.spiked(at: spike)
        v = membrane.resetPotential
        now = spike + membrane.refractoryPeriod
      } else {
        v = next
        now = Double(k + 1) * step
      }
    }
    return run
  }

  /// Steps of a run; more are refused.
  static let mostSteps = 4_000_000
}

extension RandomSource {
  /// A uniform number that is independent of `normal` of the same k.
  fileprivate func crossing(_ k: UInt32) -> Double {
    RandomSource(seed: seed, sample: sample, stream: ~stream).uniform(k)
  }
}
