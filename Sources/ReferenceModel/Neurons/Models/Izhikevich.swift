/// The Izhikevich model.
///
/// ```
/// v' = k₂ v² + k₁ v + k₀ - u + I
/// u' = a (b (v - v_u) - u)          v ≥ 30 mV: spike, v := c, u := u + d
/// ```
/// v in mV, t in ms; u and I count as mV/ms. The usual polynomial is 0.04 v² + 5 v + 140, with v_u = 0.
///
/// This is the differential equation, solved until it does not change. The scripts of the papers take one step of
/// 1 ms (2003) or Euler steps of 0.1 to 0.5 ms (2004), which is another machine with other rates:
/// `IzhikevichScript`.
///
/// **Source:** E. M. Izhikevich, IEEE Trans. Neural Networks 14 (2003) 1569, Fig. 2; the 20 patterns: IEEE Trans. Neural
/// Networks 15 (2004) 1063, Fig. 1.
public struct Izhikevich: NeuronModel {
  public var recoverySpeed: Double
  public var sensitivity: Double
  public var resetPotential: Double
  public var recoveryJump: Double
  public var quadratic = 0.04
  public var linear = 5.0
  public var constant = 140.0
  public var recoveryOffset = 0.0
  /// 1; the script of panel R of the 2004 paper leaves the decay of the recovery out, which is 0 here.
  var recoveryDecay = 1.0
  public var peak = 30.0

  /// a, b, c, d of the papers.
  public init(_ a: Double, _ b: Double, _ c: Double, _ d: Double) {
    recoverySpeed = a
    sensitivity = b
    resetPotential = c
    recoveryJump = d
  }

  public static let form = NeuronForm(
    name: "izhikevich", title: "Izhikevich",
    equations: [
      "v' = k2 v^2 + k1 v + k0 - u + I", "u' = a (b (v - v_u) - u)",
      "v >= v_peak: spike, v := c, u := u + d",
    ],
    source: "Izhikevich, IEEE Trans. Neural Networks 14 (2003) 1569",
    variables: [.init("v", unit: "mV", scale: 1), .init("u", unit: "mV/ms", scale: 1)],
    currentUnit: "mV/ms", timeUnit: "ms", resets: true)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("a", \.recoverySpeed, unit: "1/ms", "speed of the recovery"),
    .init("b", \.sensitivity, unit: "1/ms", "sensitivity of the recovery"),
    .init("c", \.resetPotential, unit: "mV", "reset"),
    .init("d", \.recoveryJump, unit: "mV/ms", "jump of the recovery"),
    .init("k2", \.quadratic, unit: "1/(mV ms)", "quadratic coefficient"),
    .init("k1", \.linear, unit: "1/ms", "linear coefficient"),
    .init("k0", \.constant, unit: "mV/ms", "constant"),
    .init("v_u", \.recoveryOffset, unit: "mV", "potential without recovery"),
    .init("v_peak", \.peak, unit: "mV", "where the spike is cut off"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    ("RS", Self(0.02, 0.2, -65, 8)), ("IB", Self(0.02, 0.2, -55, 4)), ("CH", Self(0.02, 0.2, -50, 2)),
    ("FS", Self(0.1, 0.2, -65, 2)), ("TC", Self(0.02, 0.25, -65, 0.05)), ("RZ", Self(0.1, 0.26, -65, 2)),
    ("LTS", Self(0.02, 0.25, -65, 2)),
  ].map { name, model in
    NeuronPreset(
      name, model, source: "Izhikevich 2003, Fig. 2", current: 10, duration: 500, currents: 0...30)
  }

  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    // In the order of the published programs: with their long steps another rounding is soon another spike train.
    NeuronState(
      quadratic * y[0] * y[0] + linear * y[0] + constant - y[1] + current,
      recoverySpeed * (sensitivity * (y[0] - recoveryOffset) - recoveryDecay * y[1]), 0, 0)
  }
  public func steadyState(at potential: Double) -> NeuronState {
    NeuronState(potential, sensitivity * (potential - recoveryOffset), 0, 0)
  }
  public func distanceToThreshold(_ y: NeuronState) -> Double { y[0] - peak }
  public func reset(_ y: NeuronState) -> NeuronState {
    NeuronState(resetPotential, y[1] + recoveryJump, 0, 0)
  }
  /// The usual start of the papers' scripts, at rest for b = 0.2.
  public var startingState: NeuronState? { steadyState(at: -70) }
  public var potentialRange: ClosedRange<Double> { min(resetPotential, peak) - 100...peak }
  public var brokenRules: [NeuronRule] {
    positive("k2") + rule("a", "not 0", holds: recoverySpeed != 0)
      + rule("c", "below v_peak", holds: resetPotential < peak)
  }
}
