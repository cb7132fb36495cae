import Foundation

/// A population that is described by its rate alone: a threshold-linear rate unit with feedback.
///
/// ```
/// τ x' = -x + w r + I,   r = gain · max(x − θ, 0)
/// ```
/// x is the input that reaches the cells, filtered by their synapses, and r their rate in Hz. It has no spikes: what it
/// shows under a current is r. With `w · gain < 1` the steady rate is `gain (I − θ) / (1 − w · gain)`; the unit settles with
/// the time constant `τ / (1 − w · gain)`, so feedback near 1 remembers.
///
/// **Source:** P. Dayan, L. F. Abbott, Theoretical Neuroscience (2001) §7.2, eqs. 7.39 and 7.11; feedback: H. S. Seung,
/// PNAS 93 (1996) 13339.
public struct ThresholdLinearRate: RateModel {
  public var timeConstant: Double
  public var gain: Double
  public var threshold: Double
  public var feedback: Double

  public init(timeConstant: Double, gain: Double, threshold: Double, feedback: Double) {
    self.timeConstant = timeConstant
    self.gain = gain
    self.threshold = threshold
    self.feedback = feedback
  }

  public static let form = NeuronForm(
    name: "rate", title: "threshold-linear rate unit",
    equations: ["tau x' = -x + w r + I", "r = gain max(x - theta, 0), no spikes"],
    source: "Dayan, Abbott, Theoretical Neuroscience (2001) 7.2",
    variables: [.init("x", unit: "pA", scale: 1)], currentUnit: "pA", timeUnit: "ms", resets: false)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("tau", \.timeConstant, unit: "ms", "time constant"),
    .init("gain", \.gain, unit: "Hz/pA", "slope of the rate above the threshold"),
    .init("theta", \.threshold, unit: "pA", "input at which firing begins"),
    .init("w", \.feedback, unit: "pA/Hz", "weight of its own rate"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "standard", Self(timeConstant: 10, gain: 0.2, threshold: 375, feedback: 0),
      source: "threshold and slope of lif standard: 375 pA, 0.2 Hz/pA far above it", current: 500,
      duration: 200, currents: 0...1000),
    .init(
      "integrator", Self(timeConstant: 100, gain: 1, threshold: 0, feedback: 0.98),
      source: "Seung 1996: feedback of 0.98 turns 100 ms into 5 s", current: 1, duration: 5000,
      currents: 0...10),
  ]

  public func rate(_ y: NeuronState) -> Double { gain * max(y[0] - threshold, 0) }
  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    NeuronState((-y[0] + feedback * rate(y) + current) / timeConstant, 0, 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState { NeuronState(potential, 0, 0, 0) }
  public var startingState: NeuronState? { .zero }
  public var potentialRange: ClosedRange<Double> { -1000...max(2000, 10 * threshold.magnitude) }
  public var brokenRules: [NeuronRule] {
    positive("tau", "gain")
      + rule("w", "below 1/gain, or the rate grows for ever", holds: feedback * gain < 1)
  }
}
