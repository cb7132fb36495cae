/// The leaky integrate-and-fire neuron with conductance synapses, under a steady rate of input spikes.
///
/// ```
/// C V'     = -g_L (V - E_L) - g_e (V - E_e) - g_i (V - E_i) + I      V ≥ V_th: spike, V := V_r, held for t_ref
/// τ_e g_e' = -g_e + τ_e w_e ν_e
/// τ_i g_i' = -g_i + τ_i w_i ν_i
/// ```
/// C in pF, conductances and weights in nS, V in mV, I in pA, t in ms. Input spikes of rate ν (1/ms) add w each; here they
/// are their mean, so `g_e → τ_e w_e ν_e`. Then the membrane is a LIF with `τ = C / (g_L + g_e + g_i)`.
///
/// **Source:** W. Gerstner et al., Neuronal Dynamics (2014) §3.1, §13.6; time constants, reversals and membrane of
/// T. P. Vogels, L. F. Abbott, J. Neurosci. 25 (2005) 10786 (200 pF, 10 nS; g_e 5 ms, g_i 10 ms; 0 and −80 mV).
public struct ConductanceIntegrateAndFire: NeuronModel {
  public var capacitance = 200.0
  public var leak = 10.0
  public var leakReversal = -60.0
  public var threshold = -50.0
  public var resetPotential = -60.0
  public var refractoryPeriod = 5.0
  public var excitatoryReversal = 0.0
  public var excitatoryTime = 5.0
  public var excitatoryWeight = 6.0
  public var excitatoryRate = 0.08
  public var inhibitoryReversal = -80.0
  public var inhibitoryTime = 10.0
  public var inhibitoryWeight = 67.0
  public var inhibitoryRate = 0.004

  public init() {}

  public static let form = NeuronForm(
    name: "cond-lif", title: "leaky integrate-and-fire with conductance synapses",
    equations: [
      "C V' = -g_L (V - E_L) - g_e (V - E_e) - g_i (V - E_i) + I", "tau_e g_e' = -g_e + tau_e w_e nu_e",
      "tau_i g_i' = -g_i + tau_i w_i nu_i", "V >= V_th: spike, V := V_r, held for t_ref",
    ],
    source: "Gerstner et al., Neuronal Dynamics (2014) 3.1, 13.6",
    variables: [
      .init("V", unit: "mV", scale: 1), .init("g_e", unit: "nS", scale: 0.1),
      .init("g_i", unit: "nS", scale: 0.1),
    ], currentUnit: "pA", timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.capacitance, unit: "pF", "membrane capacitance"),
    .init("g_L", \.leak, unit: "nS", "leak conductance"),
    .init("E_L", \.leakReversal, unit: "mV", "leak reversal"),
    .init("V_th", \.threshold, unit: "mV", "threshold"),
    .init("V_r", \.resetPotential, unit: "mV", "reset"),
    .init("t_ref", \.refractoryPeriod, unit: "ms", "refractory period"),
    .init("E_e", \.excitatoryReversal, unit: "mV", "excitatory reversal"),
    .init("tau_e", \.excitatoryTime, unit: "ms", "excitatory time constant"),
    .init("w_e", \.excitatoryWeight, unit: "nS", "conductance of one excitatory spike"),
    .init("nu_e", \.excitatoryRate, unit: "1/ms", "rate of excitatory spikes"),
    .init("E_i", \.inhibitoryReversal, unit: "mV", "inhibitory reversal"),
    .init("tau_i", \.inhibitoryTime, unit: "ms", "inhibitory time constant"),
    .init("w_i", \.inhibitoryWeight, unit: "nS", "conductance of one inhibitory spike"),
    .init("nu_i", \.inhibitoryRate, unit: "1/ms", "rate of inhibitory spikes"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "standard", Self(), source: "membrane and synapses of Vogels, Abbott 2005; input rates stated here",
      current: 200, duration: 200, currents: 0...500)
  ]

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    let leaks = leak * (y[0] - leakReversal)
    let synapses = y[1] * (y[0] - excitatoryReversal) + y[2] * (y[0] - inhibitoryReversal)
    return NeuronState(
      (current - leaks - synapses) / capacitance, excitatoryWeight * excitatoryRate - y[1] / excitatoryTime,
      inhibitoryWeight * inhibitoryRate - y[2] / inhibitoryTime, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState {
    NeuronState(
      potential, excitatoryTime * excitatoryWeight * excitatoryRate,
      inhibitoryTime * inhibitoryWeight * inhibitoryRate, 0)
  }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - threshold }
  public func reset(_ y: NeuronState) -> NeuronState { NeuronState(resetPotential, y[1], y[2], 0) }
  public var potentialRange: ClosedRange<Double> {
    let swing = abs(threshold - leakReversal) + abs(threshold - resetPotential) + 20
    return threshold - 5 * swing...threshold + 0.1 * swing
  }
  public var brokenRules: [NeuronRule] {
    positive("C", "g_L", "tau_e", "tau_i") + rule("t_ref", "not negative", holds: refractoryPeriod >= 0)
      + rule("V_r", "below V_th", holds: resetPotential < threshold)
      + ["w_e", "nu_e", "w_i", "nu_i"].flatMap { name in
        rule(name, "not negative", holds: (parameterValues.first { $0.name == name }?.value ?? 0) >= 0)
      }
  }
}
