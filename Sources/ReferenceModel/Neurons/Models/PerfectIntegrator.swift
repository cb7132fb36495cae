/// The perfect integrate-and-fire neuron.
///
/// ```
/// C V' = I        V ≥ V_th: spike, V := V_r, held for t_ref
/// ```
/// C in pF, V in mV, I in pA, t in ms. It forgets nothing, so every positive current makes it fire, at the rate
/// `1 / (t_ref + C (V_th − V_r) / I)`.
///
/// **Source:** W. Gerstner et al., Neuronal Dynamics (2014) §1.3 without the leak. The numbers are those of `lif`.
public struct PerfectIntegrator: NeuronModel {
  public var capacitance = 250.0
  public var threshold = -50.0
  public var resetPotential = -65.0
  public var refractoryPeriod = 2.0

  public init() {}

  public static let form = NeuronForm(
    name: "if", title: "perfect integrate-and-fire",
    equations: ["C V' = I", "V >= V_th: spike, V := V_r, held for t_ref"],
    source: "Gerstner et al., Neuronal Dynamics (2014) 1.3, without the leak",
    variables: [.init("V", unit: "mV", scale: 1)], currentUnit: "pA", timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.capacitance, unit: "pF", "membrane capacitance"),
    .init("V_th", \.threshold, unit: "mV", "threshold"),
    .init("V_r", \.resetPotential, unit: "mV", "reset, and where it starts"),
    .init("t_ref", \.refractoryPeriod, unit: "ms", "refractory period"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "standard", Self(), source: "the membrane of lif standard without its leak", current: 500,
      duration: 200, currents: 0...1000)
  ]

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    NeuronState(current / capacitance, 0, 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState { NeuronState(potential, 0, 0, 0) }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - threshold }
  public func reset(_ y: NeuronState) -> NeuronState { NeuronState(resetPotential, 0, 0, 0) }
  public var startingState: NeuronState? { NeuronState(resetPotential, 0, 0, 0) }
  public var potentialRange: ClosedRange<Double> { resetPotential...max(threshold, resetPotential) }
  public var brokenRules: [NeuronRule] {
    positive("C") + rule("t_ref", "not negative", holds: refractoryPeriod >= 0)
      + rule("V_r", "below V_th", holds: resetPotential < threshold)
  }
}
