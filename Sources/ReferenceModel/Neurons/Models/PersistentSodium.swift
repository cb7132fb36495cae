import Foundation

/// The persistent sodium model, one variable: bistable, without a mechanism that ends a spike.
///
/// ```
/// C V' = I - g_L (V - E_L) - g_Na m∞(V) (V - E_Na)        m∞ = 1 / (1 + exp((V_half - V) / k))
/// ```
/// Per cm²: C in µF, g in mS, I in µA; V in mV, t in ms. It counts an upward crossing of V_s and stays up.
///
/// **Source:** E. M. Izhikevich, Dynamical Systems in Neuroscience (2007) §3.3.
public struct PersistentSodium: NeuronModel {
  public var capacitance = 10.0
  public var leak = 19.0
  public var leakReversal = -67.0
  public var sodium = 74.0
  public var sodiumReversal = 60.0
  public var halfActivation = 1.5
  public var activationSlope = 16.0
  public var spikeLevel = 0.0

  public init() {}

  public static let form = NeuronForm(
    name: "inap", title: "persistent sodium (I_Na,p)",
    equations: [
      "C V' = I - g_L (V - E_L) - g_Na m(V) (V - E_Na)", "m(V) = 1 / (1 + exp((V_half - V) / k))",
      "spike: V crosses V_s upwards",
    ],
    source: "Izhikevich, Dynamical Systems in Neuroscience (2007) 3.3",
    variables: [.init("V", unit: "mV", scale: 1)], currentUnit: "uA/cm^2", timeUnit: "ms", resets: false)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.capacitance, unit: "uF/cm^2", "membrane capacitance"),
    .init("g_L", \.leak, unit: "mS/cm^2", "leak conductance"),
    .init("E_L", \.leakReversal, unit: "mV", "leak reversal"),
    .init("g_Na", \.sodium, unit: "mS/cm^2", "sodium conductance"),
    .init("E_Na", \.sodiumReversal, unit: "mV", "sodium reversal"),
    .init("V_half", \.halfActivation, unit: "mV", "half activation of the sodium"),
    .init("k", \.activationSlope, unit: "mV", "slope of the activation"),
    .init("V_s", \.spikeLevel, unit: "mV", "level whose upward crossing counts as a spike"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "standard", Self(), source: "Izhikevich 2007, 3.3.4", current: 20, duration: 100, currents: 0...60)
  ]

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    let v = y[0]
    let inward = sodium / (1 + exp((halfActivation - v) / activationSlope)) * (v - sodiumReversal)
    return NeuronState((current - leak * (v - leakReversal) - inward) / capacitance, 0, 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState { NeuronState(potential, 0, 0, 0) }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - spikeLevel }
  public var potentialRange: ClosedRange<Double> {
    min(leakReversal, sodiumReversal) - 60...max(leakReversal, sodiumReversal) + 40
  }
  public var brokenRules: [NeuronRule] {
    positive("C", "g_L", "k") + rule("g_Na", "not negative", holds: sodium >= 0)
  }
}
