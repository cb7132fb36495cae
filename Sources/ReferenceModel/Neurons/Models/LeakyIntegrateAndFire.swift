/// The leaky integrate-and-fire neuron.
///
/// ```
/// C V' = -g_L (V - E_L) + I        V ≥ V_th: spike, V := V_r, held for t_ref
/// ```
/// C in pF, g_L in nS, V in mV, I in pA, t in ms; τ = C / g_L.
/// Rate `1 / (t_ref + τ ln((R I + E_L − V_r) / (R I + E_L − V_th)))`, rheobase `g_L (V_th − E_L)`, chronaxie `τ ln 2`.
///
/// **Source:** W. Gerstner et al., Neuronal Dynamics (2014) §1.3; L. Lapicque, J. Physiol. Pathol. Gén. 9 (1907) 620.
/// The silicon set is a 500 fF membrane of this project's mixed-signal chips.
public struct LeakyIntegrateAndFire: NeuronModel {
  public var capacitance: Double
  public var leak: Double
  public var leakReversal: Double
  public var threshold: Double
  public var resetPotential: Double
  public var refractoryPeriod: Double

  /// In pF, nS, mV and ms.
  public init(
    capacitance: Double, leak: Double, leakReversal: Double, threshold: Double, resetPotential: Double,
    refractoryPeriod: Double
  ) {
    self.capacitance = capacitance
    self.leak = leak
    self.leakReversal = leakReversal
    self.threshold = threshold
    self.resetPotential = resetPotential
    self.refractoryPeriod = refractoryPeriod
  }

  public static let form = NeuronForm(
    name: "lif", title: "leaky integrate-and-fire",
    equations: ["C V' = -g_L (V - E_L) + I", "V >= V_th: spike, V := V_r, held for t_ref"],
    source: "Gerstner et al., Neuronal Dynamics (2014) 1.3",
    variables: [.init("V", unit: "mV", scale: 1)], currentUnit: "pA", timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.capacitance, unit: "pF", "membrane capacitance"),
    .init("g_L", \.leak, unit: "nS", "leak conductance"),
    .init("E_L", \.leakReversal, unit: "mV", "leak reversal, and where it starts"),
    .init("V_th", \.threshold, unit: "mV", "threshold"),
    .init("V_r", \.resetPotential, unit: "mV", "reset"),
    .init("t_ref", \.refractoryPeriod, unit: "ms", "refractory period"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "standard",
      Self(
        capacitance: 250, leak: 25, leakReversal: -65, threshold: -50, resetPotential: -65,
        refractoryPeriod: 2),
      source: "usual values of a cortical cell, tau 10 ms", current: 500, duration: 200, currents: 0...1000),
    .init(
      "silicon",
      Self(
        capacitance: 0.5, leak: 0.025, leakReversal: 200, threshold: 600, resetPotential: 100,
        refractoryPeriod: 1),
      source: "500 fF, 25 pS: a membrane of a mixed-signal chip", current: 20, duration: 200, currents: 0...50
    ),
  ]

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    NeuronState((-leak * (y[0] - leakReversal) + current) / capacitance, 0, 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState { NeuronState(potential, 0, 0, 0) }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - threshold }
  public func reset(_ y: NeuronState) -> NeuronState { NeuronState(resetPotential, 0, 0, 0) }
  public var startingState: NeuronState? { NeuronState(leakReversal, 0, 0, 0) }
  public var potentialRange: ClosedRange<Double> {
    let swing = abs(threshold - leakReversal) + abs(threshold - resetPotential)
    return threshold - 3 * swing...threshold + 0.1 * swing
  }
  public var brokenRules: [NeuronRule] {
    positive("C", "g_L") + rule("t_ref", "not negative", holds: refractoryPeriod >= 0)
      + rule("V_r", "below V_th", holds: resetPotential < threshold)
      + rule("E_L", "below V_th", holds: leakReversal < threshold)
  }
}
