/// The generalized integrate-and-fire neuron of Mihalaş and Niebur: spike-triggered currents and a moving threshold.
///
/// ```
/// V'   = I + I₁ + I₂ - G (V - E_L)            currents divided by the capacitance, in mV/ms
/// Θ'   = a (V - E_L) - b (Θ - Θ∞)
/// I_j' = -k_j I_j                             V ≥ Θ: spike, V := V_r, Θ := max(Θ_r, Θ), I_j := R_j I_j + A_j
/// ```
/// V and Θ in mV, t in ms, rates in 1/ms. Everything is linear between spikes; what a spike leaves behind makes bursts,
/// adaptation and class 3.
///
/// **Source:** Ş. Mihalaş, E. Niebur, Neural Computation 21 (2009) 704, eqs. 2.1, 2.2 and table 1.
public struct GeneralizedIntegrateAndFire: NeuronModel {
  public var leakRate = 0.05
  public var leakReversal = -70.0
  public var restingThreshold = -50.0
  public var thresholdGain: Double
  public var thresholdDecay = 0.01
  public var resetThreshold = -60.0
  public var resetPotential = -70.0
  public var decay1 = 0.2
  public var decay2 = 0.02
  public var retained1 = 0.0
  public var retained2 = 1.0
  public var jump1: Double
  public var jump2: Double

  /// a in 1/ms, A₁ and A₂ in mV/ms.
  init(_ thresholdGain: Double, _ jump1: Double, _ jump2: Double) {
    self.thresholdGain = thresholdGain
    self.jump1 = jump1
    self.jump2 = jump2
  }

  public static let form = NeuronForm(
    name: "gif", title: "generalized integrate-and-fire (Mihalas-Niebur)",
    equations: [
      "V' = I + I1 + I2 - G (V - E_L)", "Theta' = a (V - E_L) - b (Theta - Theta_inf)",
      "I1' = -k1 I1, I2' = -k2 I2",
      "V >= Theta: spike, V := V_r, Theta := max(Theta_r, Theta), Ij := Rj Ij + Aj",
    ],
    source: "Mihalas, Niebur, Neural Computation 21 (2009) 704",
    variables: [
      .init("V", unit: "mV", scale: 1), .init("Theta", unit: "mV", scale: 1),
      .init("I1", unit: "mV/ms", scale: 0.1), .init("I2", unit: "mV/ms", scale: 0.1),
    ], currentUnit: "mV/ms", timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("G", \.leakRate, unit: "1/ms", "leak conductance over capacitance"),
    .init("E_L", \.leakReversal, unit: "mV", "leak reversal"),
    .init("Theta_inf", \.restingThreshold, unit: "mV", "threshold at rest"),
    .init("a", \.thresholdGain, unit: "1/ms", "how the threshold follows the potential"),
    .init("b", \.thresholdDecay, unit: "1/ms", "how the threshold returns"),
    .init("Theta_r", \.resetThreshold, unit: "mV", "least threshold after a spike"),
    .init("V_r", \.resetPotential, unit: "mV", "reset"),
    .init("k1", \.decay1, unit: "1/ms", "decay of the first current"),
    .init("k2", \.decay2, unit: "1/ms", "decay of the second current"),
    .init("R1", \.retained1, unit: "", "share of the first current that a spike keeps"),
    .init("R2", \.retained2, unit: "", "share of the second current that a spike keeps"),
    .init("A1", \.jump1, unit: "mV/ms", "first current added by a spike"),
    .init("A2", \.jump2, unit: "mV/ms", "second current added by a spike"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    ("tonic", Self(0, 0, 0), 1.5), ("adaptation", Self(0.005, 0, 0), 2),
    ("phasic", Self(0.005, 0, 0), 1.5), ("bursting", Self(0.005, 10, -0.6), 2),
  ].map { name, model, current in
    NeuronPreset(
      name, model, source: "Mihalas, Niebur 2009, table 1", current: current, duration: 500, currents: 0...4)
  }

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    NeuronState(
      current + y[2] + y[3] - leakRate * (y[0] - leakReversal),
      thresholdGain * (y[0] - leakReversal) - thresholdDecay * (y[1] - restingThreshold), -decay1 * y[2],
      -decay2 * y[3])
  }
  public func steadyState(at potential: Double) -> NeuronState {
    NeuronState(
      potential, restingThreshold + thresholdGain / thresholdDecay * (potential - leakReversal), 0, 0)
  }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - y[1] }
  public func reset(_ y: NeuronState) -> NeuronState {
    NeuronState(
      resetPotential, max(resetThreshold, y[1]), retained1 * y[2] + jump1, retained2 * y[3] + jump2)
  }
  public var startingState: NeuronState? { steadyState(at: leakReversal) }
  public var potentialRange: ClosedRange<Double> {
    let swing = abs(restingThreshold - leakReversal) + abs(restingThreshold - resetPotential)
    return restingThreshold - 3 * swing...restingThreshold + 3 * swing
  }
  public var brokenRules: [NeuronRule] {
    positive("G", "b", "k1", "k2") + rule("E_L", "below Theta_inf", holds: leakReversal < restingThreshold)
      + rule("V_r", "below Theta_r", holds: resetPotential < resetThreshold)
  }
}
