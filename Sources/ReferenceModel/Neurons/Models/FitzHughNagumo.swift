/// The FitzHugh–Nagumo model: two variables for the phase plane of the action potential.
///
/// ```
/// v' = v - v³/3 - w + I
/// w' = ε (v + a - b w)        spike: v crosses 1 upwards; no reset
/// ```
/// All plain numbers, time too. Hopf bifurcations where `v² = 1 − b ε`.
///
/// **Source:** R. FitzHugh, Biophys. J. 1 (1961) 445; J. Nagumo et al., Proc. IRE 50 (1962) 2061, with a = 0.7,
/// b = 0.8, ε = 0.08 in the sign convention of Izhikevich and FitzHugh, Scholarpedia 1 (2006) 1349.
public struct FitzHughNagumo: NeuronModel {
  public var offset = 0.7
  public var recovery = 0.8
  public var timeScale = 0.08
  public var spikeLevel = 1.0

  public init() {}

  public static let form = NeuronForm(
    name: "fhn", title: "FitzHugh-Nagumo",
    equations: ["v' = v - v^3/3 - w + I", "w' = eps (v + a - b w)", "spike: v crosses v_s upwards"],
    source: "FitzHugh, Biophys. J. 1 (1961) 445; Nagumo et al., Proc. IRE 50 (1962) 2061",
    variables: [.init("v", unit: "", scale: 0.1), .init("w", unit: "", scale: 0.1)], currentUnit: "",
    timeUnit: "", resets: false)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("a", \.offset, unit: "", "offset of the recovery"),
    .init("b", \.recovery, unit: "", "decay of the recovery"),
    .init("eps", \.timeScale, unit: "", "speed of the recovery"),
    .init("v_s", \.spikeLevel, unit: "", "level whose upward crossing counts as a spike"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "standard", Self(), source: "Izhikevich, FitzHugh, Scholarpedia 1 (2006) 1349", current: 0.5,
      duration: 400, currents: 0...1.5)
  ]

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    NeuronState(
      y[0] - y[0] * y[0] * y[0] / 3 - y[1] + current, timeScale * (y[0] + offset - recovery * y[1]), 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState {
    NeuronState(potential, (potential + offset) / recovery, 0, 0)
  }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - spikeLevel }
  public var potentialRange: ClosedRange<Double> { -3...3 }
  public var brokenRules: [NeuronRule] { positive("b", "eps") }
}
