import Foundation

/// The adaptive exponential integrate-and-fire neuron.
///
/// ```
/// C V'   = -g_L (V - E_L) + g_L Δ_T exp((V - V_T) / Δ_T) - w + I
/// τ_w w' = a (V - E_L) - w                  V ≥ V_peak: spike, V := V_r, w := w + b
/// ```
/// C in pF, g_L and a in nS, V in mV, w, b and I in pA, t in ms. Rest is lost in a Hopf bifurcation where
/// `a / g_L > τ_m / τ_w` (τ_m = C / g_L), else in a saddle-node.
///
/// **Source:** R. Brette, W. Gerstner, J. Neurophysiol. 94 (2005) 3637; R. Naud, N. Marcille, C. Clopath, W. Gerstner,
/// Biol. Cybern. 99 (2008) 335, table 1. The spike is counted at 0 mV.
public struct AdaptiveExponential: NeuronModel {
  public var capacitance: Double
  public var leak: Double
  public var leakReversal: Double
  public var softThreshold: Double
  public var slopeFactor = 2.0
  public var adaptation: Double
  public var adaptationTime: Double
  public var adaptationJump: Double
  public var resetPotential: Double
  public var peak = 0.0

  /// C pF, g_L nS, E_L mV, V_T mV, a nS, τ_w ms, b pA, V_r mV, as the columns of Naud's table.
  init(
    _ capacitance: Double, _ leak: Double, _ leakReversal: Double, _ softThreshold: Double,
    _ adaptation: Double, _ adaptationTime: Double, _ adaptationJump: Double, _ resetPotential: Double
  ) {
    self.capacitance = capacitance
    self.leak = leak
    self.leakReversal = leakReversal
    self.softThreshold = softThreshold
    self.adaptation = adaptation
    self.adaptationTime = adaptationTime
    self.adaptationJump = adaptationJump
    self.resetPotential = resetPotential
  }

  public static let form = NeuronForm(
    name: "adex", title: "adaptive exponential integrate-and-fire",
    equations: [
      "C V' = -g_L (V - E_L) + g_L D_T exp((V - V_T) / D_T) - w + I", "tau_w w' = a (V - E_L) - w",
      "V >= V_peak: spike, V := V_r, w := w + b",
    ],
    source: "Brette, Gerstner, J. Neurophysiol. 94 (2005) 3637",
    variables: [.init("V", unit: "mV", scale: 1), .init("w", unit: "pA", scale: 10)], currentUnit: "pA",
    timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.capacitance, unit: "pF", "membrane capacitance"),
    .init("g_L", \.leak, unit: "nS", "leak conductance"),
    .init("E_L", \.leakReversal, unit: "mV", "leak reversal, and where it starts"),
    .init("V_T", \.softThreshold, unit: "mV", "potential at which the exponential's slope is the leak's"),
    .init("D_T", \.slopeFactor, unit: "mV", "slope factor of the spike"),
    .init("a", \.adaptation, unit: "nS", "adaptation by the potential"),
    .init("tau_w", \.adaptationTime, unit: "ms", "time constant of the adaptation"),
    .init("b", \.adaptationJump, unit: "pA", "adaptation by each spike"),
    .init("V_r", \.resetPotential, unit: "mV", "reset"),
    .init("V_peak", \.peak, unit: "mV", "where the spike is cut off"),
  ]
  public static let presets: [NeuronPreset<Self>] =
    [
      .init(
        "brette-gerstner", Self(281, 30, -70.6, -50.4, 4, 144, 80.5, -70.6),
        source: "Brette, Gerstner 2005", current: 1000, duration: 400, currents: 0...2000)
    ]
    + [
      ("tonic", Self(200, 10, -70, -50, 2, 30, 0, -58), 500.0),
      ("adaptation", Self(200, 12, -70, -50, 2, 300, 60, -58), 500),
      ("initial-burst", Self(130, 18, -58, -50, 4, 150, 120, -50), 400),
      ("regular-bursting", Self(200, 10, -58, -50, 2, 120, 100, -46), 210),
      ("delayed-accelerating", Self(200, 12, -70, -50, -10, 300, 0, -58), 300),
      ("delayed-regular-bursting", Self(100, 10, -65, -50, -10, 90, 30, -47), 110),
      ("transient", Self(100, 10, -65, -50, 10, 90, 100, -47), 180),
      ("irregular", Self(100, 12, -60, -50, -11, 130, 30, -48), 160),
    ].map { name, model, current in
      NeuronPreset(
        name, model, source: "Naud et al. 2008, table 1", current: current, duration: 500,
        currents: 0...3 * current)
    }

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    let spike = leak * slopeFactor * exp((y[0] - softThreshold) / slopeFactor)
    return NeuronState(
      (-leak * (y[0] - leakReversal) + spike - y[1] + current) / capacitance,
      (adaptation * (y[0] - leakReversal) - y[1]) / adaptationTime, 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState {
    NeuronState(potential, adaptation * (potential - leakReversal), 0, 0)
  }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - peak }
  public func reset(_ y: NeuronState) -> NeuronState {
    NeuronState(resetPotential, y[1] + adaptationJump, 0, 0)
  }
  public var startingState: NeuronState? { NeuronState(leakReversal, 0, 0, 0) }
  public var potentialRange: ClosedRange<Double> {
    min(leakReversal, resetPotential, softThreshold) - 60...min(softThreshold + 10 * slopeFactor, peak)
  }
  public var brokenRules: [NeuronRule] {
    positive("C", "g_L", "D_T", "tau_w") + rule("V_T", "below V_peak", holds: softThreshold < peak)
      + rule("V_peak", "at most V_T + 500 D_T", holds: peak - softThreshold <= 500 * slopeFactor)
      + rule("V_r", "below V_peak", holds: resetPotential < peak)
      + rule("E_L", "below V_peak", holds: leakReversal < peak)
  }
}
