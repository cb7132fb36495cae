import Foundation

/// The exponential integrate-and-fire neuron.
///
/// ```
/// C V' = -g_L (V - E_L) + g_L Δ_T exp((V - V_T) / Δ_T) + I        V ≥ V_peak: spike, V := V_r, held for t_ref
/// ```
/// Per cm²: C in µF, g_L in mS, I in µA; V in mV, t in ms. Rheobase `g_L (V_T − E_L − Δ_T)`.
///
/// **Source:** N. Fourcaud-Trocmé, D. Hansel, C. van Vreeswijk, N. Brunel, J. Neurosci. 23 (2003) 11628, the fit to the
/// Wang–Buzsáki neuron. The spike is counted at 0 mV; a higher V_peak moves it by less than 1 ns.
public struct ExponentialIntegrateAndFire: NeuronModel {
  public var capacitance = 1.0
  public var leak = 0.1
  public var leakReversal = -65.0
  public var slopeFactor = 3.48
  public var softThreshold = -59.9
  public var peak = 0.0
  public var resetPotential = -68.0
  public var refractoryPeriod = 1.7

  public init() {}

  public static let form = NeuronForm(
    name: "eif", title: "exponential integrate-and-fire",
    equations: [
      "C V' = -g_L (V - E_L) + g_L D_T exp((V - V_T) / D_T) + I",
      "V >= V_peak: spike, V := V_r, held for t_ref",
    ],
    source: "Fourcaud-Trocme et al., J. Neurosci. 23 (2003) 11628",
    variables: [.init("V", unit: "mV", scale: 1)], currentUnit: "uA/cm^2", timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.capacitance, unit: "uF/cm^2", "membrane capacitance"),
    .init("g_L", \.leak, unit: "mS/cm^2", "leak conductance"),
    .init("E_L", \.leakReversal, unit: "mV", "leak reversal, and where it starts"),
    .init("D_T", \.slopeFactor, unit: "mV", "slope factor of the spike"),
    .init("V_T", \.softThreshold, unit: "mV", "potential at which the slope of the f-V curve is 0"),
    .init("V_peak", \.peak, unit: "mV", "where the spike is cut off"),
    .init("V_r", \.resetPotential, unit: "mV", "reset"),
    .init("t_ref", \.refractoryPeriod, unit: "ms", "refractory period"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "standard", Self(), source: "Fourcaud-Trocme et al. 2003", current: 0.5, duration: 300,
      currents: 0...2.5)
  ]

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    let spike = leak * slopeFactor * exp((y[0] - softThreshold) / slopeFactor)
    return NeuronState((-leak * (y[0] - leakReversal) + spike + current) / capacitance, 0, 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState { NeuronState(potential, 0, 0, 0) }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - peak }
  public func reset(_ y: NeuronState) -> NeuronState { NeuronState(resetPotential, 0, 0, 0) }
  public var startingState: NeuronState? { NeuronState(leakReversal, 0, 0, 0) }
  public var potentialRange: ClosedRange<Double> {
    let top = softThreshold + 10 * slopeFactor
    return min(leakReversal, resetPotential, softThreshold) - 60...min(top, peak)
  }
  public var brokenRules: [NeuronRule] {
    positive("C", "g_L", "D_T") + rule("t_ref", "not negative", holds: refractoryPeriod >= 0)
      + rule("V_T", "below V_peak", holds: softThreshold < peak)
      + rule("V_peak", "at most V_T + 500 D_T", holds: peak - softThreshold <= 500 * slopeFactor)
      + rule("V_r", "below V_peak", holds: resetPotential < peak)
      + rule("E_L", "below V_peak", holds: leakReversal < peak)
  }
}
