import Foundation

/// Persistent sodium and potassium, the smallest conductance model with repetitive spikes.
///
/// ```
/// C V'   = I - g_L (V - E_L) - g_Na m∞(V) (V - E_Na) - g_K n (V - E_K)
/// τ n'   = n∞(V) - n                      x∞ = 1 / (1 + exp((V_x - V) / k_x)); spike: V crosses V_s upwards
/// ```
/// Per cm²: C in µF, g in mS, I in µA; V in mV, t in ms. With a high-threshold potassium current rest ends in a
/// saddle-node (class 1), with a low-threshold one in a Hopf bifurcation (class 2).
///
/// **Source:** E. M. Izhikevich, Dynamical Systems in Neuroscience (2007) §4.1, Fig. 4.1.
public struct PersistentSodiumPotassium: NeuronModel {
  public var capacitance = 1.0
  public var leak = 8.0
  public var leakReversal = -80.0
  public var sodium = 20.0
  public var sodiumReversal = 60.0
  public var sodiumHalf = -20.0
  public var sodiumSlope = 15.0
  public var potassium = 10.0
  public var potassiumReversal = -90.0
  public var potassiumHalf = -25.0
  public var potassiumSlope = 5.0
  public var potassiumTime = 1.0
  public var spikeLevel = -20.0

  public init() {}

  public static let form = NeuronForm(
    name: "inap-ik", title: "persistent sodium and potassium (I_Na,p + I_K)",
    equations: [
      "C V' = I - g_L (V - E_L) - g_Na m(V) (V - E_Na) - g_K n (V - E_K)", "tau n' = n(V) - n",
      "m(V) = 1 / (1 + exp((V_m - V) / k_m)), n(V) likewise", "spike: V crosses V_s upwards",
    ],
    source: "Izhikevich, Dynamical Systems in Neuroscience (2007) 4.1",
    variables: [.init("V", unit: "mV", scale: 1), .init("n", unit: "", scale: 0.01)],
    currentUnit: "uA/cm^2", timeUnit: "ms", resets: false)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.capacitance, unit: "uF/cm^2", "membrane capacitance"),
    .init("g_L", \.leak, unit: "mS/cm^2", "leak conductance"),
    .init("E_L", \.leakReversal, unit: "mV", "leak reversal"),
    .init("g_Na", \.sodium, unit: "mS/cm^2", "sodium conductance"),
    .init("E_Na", \.sodiumReversal, unit: "mV", "sodium reversal"),
    .init("V_m", \.sodiumHalf, unit: "mV", "half activation of the sodium"),
    .init("k_m", \.sodiumSlope, unit: "mV", "slope of that activation"),
    .init("g_K", \.potassium, unit: "mS/cm^2", "potassium conductance"),
    .init("E_K", \.potassiumReversal, unit: "mV", "potassium reversal"),
    .init("V_n", \.potassiumHalf, unit: "mV", "half activation of the potassium"),
    .init("k_n", \.potassiumSlope, unit: "mV", "slope of that activation"),
    .init("tau", \.potassiumTime, unit: "ms", "time constant of the potassium"),
    .init("V_s", \.spikeLevel, unit: "mV", "level whose upward crossing counts as a spike"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "high-threshold", Self(), source: "Izhikevich 2007, Fig. 4.1a", current: 10, duration: 100,
      currents: 0...40),
    .init(
      "low-threshold", lowThreshold, source: "Izhikevich 2007, Fig. 4.1b", current: 60, duration: 100,
      currents: 0...80),
  ]

  /// The set with the Hopf bifurcation.
  private static var lowThreshold: Self {
    var model = Self()
    model.leakReversal = -78
    model.potassiumHalf = -45
    return model
  }

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    let v = y[0]
    let inward = sodium / (1 + exp((sodiumHalf - v) / sodiumSlope)) * (v - sodiumReversal)
    let outward = leak * (v - leakReversal) + potassium * y[1] * (v - potassiumReversal)
    return NeuronState(
      (current - inward - outward) / capacitance, (activation(v) - y[1]) / potassiumTime, 0, 0)
  }
  private func activation(_ v: Double) -> Double { 1 / (1 + exp((potassiumHalf - v) / potassiumSlope)) }

  public func steadyState(at potential: Double) -> NeuronState {
    NeuronState(potential, activation(potential), 0, 0)
  }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - spikeLevel }
  public var potentialRange: ClosedRange<Double> {
    min(potassiumReversal, leakReversal) - 20...max(sodiumReversal, leakReversal)
  }
  public var brokenRules: [NeuronRule] {
    positive("C", "g_L", "k_m", "k_n", "tau") + rule("g_Na", "not negative", holds: sodium >= 0)
      + rule("g_K", "not negative", holds: potassium >= 0)
  }
}
