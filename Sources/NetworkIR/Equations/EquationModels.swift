// The models. Their numbers are those of the neuron family (`rheobase neuron`), to which a test compares them.

private let v = NeuronExpression.variable(0)
private let current = NeuronExpression.current

extension EquationModel {
  /// ```
  /// τ v' = v²/mV + I        v ≥ v_peak: spike, v := v_r
  /// ```
  /// The quadratic integrate-and-fire neuron, with v in mV in place of plain numbers.
  public static let quadratic = EquationModel(
    name: "qif", title: "QIF",
    parameters: [
      Parameter("timeConstant", "tau", "ms", fallback: 10),
      Parameter("peak", "V_peak", "mV", fallback: 100), Parameter("reset", "V_r", "mV", fallback: -100),
    ],
    presets: [Preset(name: "standard", values: [10, 100, -100])], positive: ["tau", "V_peak"],
    ascending: [("V_r", "V_peak")]
  ) { p in
    NeuronEquations(
      variables: [.init("V", unit: "mV", scale: 1, initial: 0)],
      derivatives: [(1 / p[0]) * (v * v) + (1 / p[0]) * current], excess: v - p[1], reset: [.number(p[2])],
      currentUnit: "mV")
  }

  /// ```
  /// C V' = −g_L (V − E_L) + g_L Δ_T exp((V − V_T)/Δ_T) + I        V ≥ V_peak: spike, V := V_r, held for t_ref
  /// ```
  /// The published set is per cm²; here it is that of 10⁻⁴ cm², 100 pF.
  public static let exponential = EquationModel(
    name: "eif", title: "EIF",
    parameters: [
      Parameter("capacitance", "C", "pF"), Parameter("leakConductance", "g_L", "nS"),
      Parameter("leakReversal", "E_L", "mV"), Parameter("slopeFactor", "D_T", "mV"),
      Parameter("softThreshold", "V_T", "mV"), Parameter("peak", "V_peak", "mV", fallback: 0),
      Parameter("reset", "V_r", "mV"), Parameter("refractory", "t_ref", "ms", fallback: 0),
    ],
    presets: [Preset(name: "standard", values: [100, 10, -65, 3.48, -59.9, 0, -68, 1.7])],
    positive: ["C", "g_L", "D_T"], ascending: [("V_T", "V_peak"), ("V_r", "V_peak"), ("E_L", "V_peak")]
  ) { p in
    let spike = (p[1] * p[3]) * NeuronExpression.exponential((v - p[4]) / p[3])
    return NeuronEquations(
      variables: [.init("V", unit: "mV", scale: 1, initial: p[2])],
      derivatives: [(-p[1] * (v - p[2]) + spike + current) / p[0]], excess: v - p[5],
      reset: [.number(p[6])], refractory: p[7], currentUnit: "pA")
  }

  /// ```
  /// C V'   = −g_L (V − E_L) + g_L Δ_T exp((V − V_T)/Δ_T) − w + I
  /// τ_w w' = a (V − E_L) − w                  V ≥ V_peak: spike, V := V_r, w := w + b
  /// ```
  public static let adaptiveExponential = EquationModel(
    name: "adex", title: "AdEx",
    parameters: [
      Parameter("capacitance", "C", "pF"), Parameter("leakConductance", "g_L", "nS"),
      Parameter("leakReversal", "E_L", "mV"), Parameter("softThreshold", "V_T", "mV"),
      Parameter("slopeFactor", "D_T", "mV", fallback: 2), Parameter("adaptation", "a", "nS"),
      Parameter("adaptationTimeConstant", "tau_w", "ms"), Parameter("adaptationJump", "b", "pA"),
      Parameter("reset", "V_r", "mV"), Parameter("peak", "V_peak", "mV", fallback: 0),
    ],
    presets: [
      ("brette-gerstner", 281, 30, -70.6, -50.4, 4, 144, 80.5, -70.6),
      ("tonic", 200, 10, -70, -50, 2, 30, 0, -58), ("adaptation", 200, 12, -70, -50, 2, 300, 60, -58),
      ("initial-burst", 130, 18, -58, -50, 4, 150, 120, -50),
      ("regular-bursting", 200, 10, -58, -50, 2, 120, 100, -46),
      ("delayed-accelerating", 200, 12, -70, -50, -10, 300, 0, -58),
      ("delayed-regular-bursting", 100, 10, -65, -50, -10, 90, 30, -47),
      ("transient", 100, 10, -65, -50, 10, 90, 100, -47),
      ("irregular", 100, 12, -60, -50, -11, 130, 30, -48),
    ].map { Preset(name: $0.0, values: [$0.1, $0.2, $0.3, $0.4, 2, $0.5, $0.6, $0.7, $0.8, 0]) },
    positive: ["C", "g_L", "D_T", "tau_w"],
    ascending: [("V_T", "V_peak"), ("V_r", "V_peak"), ("E_L", "V_peak")]
  ) { p in
    let w = NeuronExpression.variable(1)
    let spike = (p[1] * p[4]) * NeuronExpression.exponential((v - p[3]) / p[4])
    return NeuronEquations(
      variables: [
        .init("V", unit: "mV", scale: 1, initial: p[2]), .init("w", unit: "pA", scale: 10, initial: 0),
      ],
      derivatives: [(-p[1] * (v - p[2]) + spike - w + current) / p[0], (p[5] * (v - p[2]) - w) / p[6]],
      excess: v - p[9], reset: [.number(p[8]), w + p[7]], currentUnit: "pA")
  }

  /// ```
  /// v' = k₂ v² + k₁ v + k₀ − u + I
  /// u' = a (b (v − v_u) − u)          v ≥ v_peak: spike, v := c, u := u + d
  /// ```
  public static let izhikevich = EquationModel(
    name: "izhikevich", title: "Izhikevich",
    parameters: [
      Parameter("a", "a", "ms^-1"), Parameter("b", "b", "ms^-1"), Parameter("c", "c", "mV"),
      Parameter("d", "d", "mV/ms"), Parameter("quadratic", "k2", "mV^-1·ms^-1", fallback: 0.04),
      Parameter("linear", "k1", "ms^-1", fallback: 5), Parameter("constant", "k0", "mV/ms", fallback: 140),
      Parameter("recoveryOffset", "v_u", "mV", fallback: 0), Parameter("peak", "v_peak", "mV", fallback: 30),
    ],
    presets: [
      ("RS", 0.02, 0.2, -65, 8), ("IB", 0.02, 0.2, -55, 4), ("CH", 0.02, 0.2, -50, 2),
      ("FS", 0.1, 0.2, -65, 2), ("TC", 0.02, 0.25, -65, 0.05), ("RZ", 0.1, 0.26, -65, 2),
      ("LTS", 0.02, 0.25, -65, 2),
    ].map { Preset(name: $0.0, values: [$0.1, $0.2, $0.3, $0.4, 0.04, 5, 140, 0, 30]) }, positive: ["k2"],
    ascending: [("c", "v_peak")]
  ) { p in
    let u = NeuronExpression.variable(1)
    return NeuronEquations(
      variables: [
        .init("v", unit: "mV", scale: 1, initial: -70),
        .init("u", unit: "mV/ms", scale: 1, initial: p[1] * (-70 - p[7])),
      ],
      derivatives: [
        (p[4] * v + p[5]) * v + p[6] - u + current, p[0] * (p[1] * (v - p[7]) - u),
      ], excess: v - p[8], reset: [.number(p[2]), u + p[3]], currentUnit: "mV/ms")
  }

  /// ```
  /// V'   = I + I₁ + I₂ − G (V − E_L)
  /// Θ'   = a (V − E_L) − b (Θ − Θ∞)
  /// I_j' = −k_j I_j                             V ≥ Θ: spike, V := V_r, Θ := max(Θ_r, Θ), I_j := R_j I_j + A_j
  /// ```
  /// The adaptive leaky integrate-and-fire neuron: moving threshold and two spike-triggered currents.
  public static let generalized = EquationModel(
    name: "gif", title: "GIF",
    parameters: [
      Parameter("leakRate", "G", "ms^-1", fallback: 0.05),
      Parameter("leakReversal", "E_L", "mV", fallback: -70),
      Parameter("restingThreshold", "Theta_inf", "mV", fallback: -50),
      Parameter("thresholdGain", "a", "ms^-1"), Parameter("thresholdDecay", "b", "ms^-1", fallback: 0.01),
      Parameter("resetThreshold", "Theta_r", "mV", fallback: -60),
      Parameter("reset", "V_r", "mV", fallback: -70), Parameter("decay1", "k1", "ms^-1", fallback: 0.2),
      Parameter("decay2", "k2", "ms^-1", fallback: 0.02), Parameter("retained1", "R1", "", fallback: 0),
      Parameter("retained2", "R2", "", fallback: 1), Parameter("jump1", "A1", "mV/ms", fallback: 0),
      Parameter("jump2", "A2", "mV/ms", fallback: 0),
    ],
    presets: [
      ("tonic", 0, 0, 0), ("adaptation", 0.005, 0, 0), ("phasic", 0.005, 0, 0), ("bursting", 0.005, 10, -0.6),
    ].map {
      Preset(name: $0.0, values: [0.05, -70, -50, $0.1, 0.01, -60, -70, 0.2, 0.02, 0, 1, $0.2, $0.3])
    }, positive: ["G", "b", "k1", "k2"], ascending: [("E_L", "Theta_inf"), ("V_r", "Theta_r")]
  ) { p in
    let (theta, i1, i2) = (
      NeuronExpression.variable(1), NeuronExpression.variable(2), NeuronExpression.variable(3)
    )
    return NeuronEquations(
      variables: [
        .init("V", unit: "mV", scale: 1, initial: p[1]),
        .init("Theta", unit: "mV", scale: 1, initial: p[2]),
        .init("I1", unit: "mV/ms", scale: 0.1, initial: 0),
        .init("I2", unit: "mV/ms", scale: 0.1, initial: 0),
      ],
      derivatives: [
        current + i1 + i2 - p[0] * (v - p[1]), p[3] * (v - p[1]) - p[4] * (theta - p[2]), -p[7] * i1,
        -p[8] * i2,
      ], excess: v - theta,
      reset: [.number(p[6]), .maximum(.number(p[5]), theta), p[9] * i1 + p[11], p[10] * i2 + p[12]],
      currentUnit: "mV/ms")
  }
}
