/// The quadratic integrate-and-fire neuron: the normal form of a saddle-node on an invariant circle.
///
/// ```
/// τ V' = V² + I        V ≥ V_peak: spike, V := V_r
/// ```
/// V and I are plain numbers, τ and t in ms. Rheobase 0. From V_r = −∞ to V_peak = ∞ the rate is √I / (π τ); with finite
/// ends the interval is `(τ / √I) (atan(V_peak / √I) − atan(V_r / √I))`.
///
/// **Source:** G. B. Ermentrout, N. Kopell, SIAM J. Appl. Math. 46 (1986) 233; ends ±100 by convention here.
public struct QuadraticIntegrateAndFire: NeuronModel {
  public var timeConstant = 10.0
  public var peak = 100.0
  public var resetPotential = -100.0

  public init() {}

  public static let form = NeuronForm(
    name: "qif", title: "quadratic integrate-and-fire",
    equations: ["tau V' = V^2 + I", "V >= V_peak: spike, V := V_r"],
    source: "Ermentrout, Kopell, SIAM J. Appl. Math. 46 (1986) 233",
    variables: [.init("V", unit: "", scale: 1)], currentUnit: "", timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("tau", \.timeConstant, unit: "ms", "time constant"),
    .init("V_peak", \.peak, unit: "", "where the spike is cut off"),
    .init("V_r", \.resetPotential, unit: "", "reset"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init("standard", Self(), source: "stated here", current: 1, duration: 300, currents: -1...10)
  ]

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    NeuronState((y[0] * y[0] + current) / timeConstant, 0, 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState { NeuronState(potential, 0, 0, 0) }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - peak }
  public func reset(_ y: NeuronState) -> NeuronState { NeuronState(resetPotential, 0, 0, 0) }
  /// The saddle-node itself, which is where it rests without current.
  public var startingState: NeuronState? { .zero }
  public var potentialRange: ClosedRange<Double> {
    let end = min(peak, 20)
    return min(resetPotential, -end)...end
  }
  public var brokenRules: [NeuronRule] {
    positive("tau", "V_peak") + rule("V_r", "below V_peak", holds: resetPotential < peak)
  }
}
