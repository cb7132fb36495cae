import Foundation

/// The Hodgkin–Huxley model of the squid axon.
///
/// ```
/// C V' = I - g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L)
/// x'   = α_x(V) (1 - x) - β_x(V) x          x = m, h, n; spike: V crosses V_s upwards; no reset
/// α_m = 0.1 (V+40) / (1 - exp(-(V+40)/10))      β_m = 4 exp(-(V+65)/18)
/// α_h = 0.07 exp(-(V+65)/20)                    β_h = 1 / (1 + exp(-(V+35)/10))
/// α_n = 0.01 (V+55) / (1 - exp(-(V+55)/10))     β_n = 0.125 exp(-(V+65)/80)
/// ```
/// Per cm²: C in µF, g in mS, I in µA; V in mV, t in ms. Rest near −65 mV, 6.3 °C.
///
/// **Source:** A. L. Hodgkin, A. F. Huxley, J. Physiol. 117 (1952) 500, in the modern sign convention with rest at −65 mV.
public struct HodgkinHuxley: NeuronModel {
  public var capacitance = 1.0
  public var sodium = 120.0
  public var potassium = 36.0
  public var leak = 0.3
  public var sodiumReversal = 50.0
  public var potassiumReversal = -77.0
  public var leakReversal = -54.387
  public var spikeLevel = 0.0

  public init() {}

  public static let form = NeuronForm(
    name: "hh", title: "Hodgkin-Huxley",
    equations: [
      "C V' = I - g_Na m^3 h (V - E_Na) - g_K n^4 (V - E_K) - g_L (V - E_L)",
      "x' = alpha_x(V) (1 - x) - beta_x(V) x for x = m, h, n", "spike: V crosses V_s upwards",
    ],
    source: "Hodgkin, Huxley, J. Physiol. 117 (1952) 500",
    variables: [
      .init("V", unit: "mV", scale: 1), .init("m", unit: "", scale: 0.01),
      .init("h", unit: "", scale: 0.01), .init("n", unit: "", scale: 0.01),
    ], currentUnit: "uA/cm^2", timeUnit: "ms", resets: false)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("C", \.capacitance, unit: "uF/cm^2", "membrane capacitance"),
    .init("g_Na", \.sodium, unit: "mS/cm^2", "sodium conductance"),
    .init("g_K", \.potassium, unit: "mS/cm^2", "potassium conductance"),
    .init("g_L", \.leak, unit: "mS/cm^2", "leak conductance"),
    .init("E_Na", \.sodiumReversal, unit: "mV", "sodium reversal"),
    .init("E_K", \.potassiumReversal, unit: "mV", "potassium reversal"),
    .init("E_L", \.leakReversal, unit: "mV", "leak reversal"),
    .init("V_s", \.spikeLevel, unit: "mV", "level whose upward crossing counts as a spike"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "squid", Self(), source: "Hodgkin, Huxley 1952", current: 10, duration: 200, currents: 0...50)
  ]

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    let v = y[0]
    let rates = Rates(at: v)
    let cubed = y[1] * y[1] * y[1]
    let squared = y[3] * y[3]
    let channels =
      sodium * cubed * y[2] * (v - sodiumReversal) + potassium * squared * squared * (v - potassiumReversal)
    return NeuronState(
      (current - channels - leak * (v - leakReversal)) / capacitance,
      rates.opening[1] * (1 - y[1]) - rates.closing[1] * y[1],
      rates.opening[2] * (1 - y[2]) - rates.closing[2] * y[2],
      rates.opening[3] * (1 - y[3]) - rates.closing[3] * y[3])
  }
  public func steadyState(at potential: Double) -> NeuronState {
    let rates = Rates(at: potential)
    var state = rates.opening / (rates.opening + rates.closing)
    state[0] = potential
    return state
  }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - spikeLevel }
  public var potentialRange: ClosedRange<Double> {
    min(potassiumReversal, leakReversal) - 20...max(sodiumReversal, leakReversal)
  }
  public var brokenRules: [NeuronRule] {
    positive("C", "g_L") + rule("g_Na", "not negative", holds: sodium >= 0)
      + rule("g_K", "not negative", holds: potassium >= 0)
  }

  /// α and β of m, h, n in lanes 1 to 3, per ms.
  private struct Rates {
    var opening: NeuronState
    var closing: NeuronState

    init(at v: Double) {
      opening = NeuronState(
        0, Self.linear((v + 40) / 10), 0.07 * exp(-(v + 65) / 20), 0.1 * Self.linear((v + 55) / 10))
      closing = NeuronState(
        1, 4 * exp(-(v + 65) / 18), 1 / (1 + exp(-(v + 35) / 10)), 0.125 * exp(-(v + 65) / 80))
    }

    /// x / (1 − e^(−x)), 1 at x = 0.
    private static func linear(_ x: Double) -> Double { x == 0 ? 1 : x / -expm1(-x) }
  }
}
