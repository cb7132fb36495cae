import Foundation

/// Two rate units, one excitatory and one inhibitory, as Wilson and Cowan put them, with the inputs as variables.
///
/// ```
/// τ_E x_E' = -x_E + w_EE E - w_EI J + I        E = 1 / (1 + e^(-a_E (x_E - θ_E)))
/// τ_I x_I' = -x_I + w_IE E - w_II J + I_I      J = 1 / (1 + e^(-a_I (x_I - θ_I)))
/// ```
/// E and J are the shares of active cells, x the inputs that decide them; everything is a plain number, time in ms. The
/// paper writes the equations for E and J, with a refractory factor and sigmoids that are shifted to 0 at 0. Here the filter
/// stands before the sigmoid, so that the current enters linearly, and both are left out. What it shows is E.
///
/// **Source:** H. R. Wilson, J. D. Cowan, Biophys. J. 12 (1972) 1, parameters of fig. 11 (limit cycle) for weights,
/// slopes and thresholds; input form: G. B. Ermentrout, D. H. Terman, Mathematical Foundations of Neuroscience (2010) §11.3.
public struct WilsonCowan: RateModel {
  public var excitatoryTime = 8.0
  public var inhibitoryTime = 8.0
  public var excitationOfE = 16.0
  public var inhibitionOfE = 12.0
  public var excitationOfI = 15.0
  public var inhibitionOfI = 3.0
  public var excitatorySlope = 1.3
  public var inhibitorySlope = 2.0
  public var excitatoryThreshold = 4.0
  public var inhibitoryThreshold = 3.7
  public var inhibitoryInput = 0.0

  public init() {}

  public static let form = NeuronForm(
    name: "wilson-cowan", title: "excitatory and inhibitory rate units (Wilson-Cowan)",
    equations: [
      "tau_E x_E' = -x_E + w_EE E - w_EI J + I, E = 1/(1 + exp(-a_E (x_E - theta_E)))",
      "tau_I x_I' = -x_I + w_IE E - w_II J + I_I, J = 1/(1 + exp(-a_I (x_I - theta_I))); no spikes",
    ],
    source: "Wilson, Cowan, Biophys. J. 12 (1972) 1",
    variables: [.init("x_E", unit: "", scale: 0.1), .init("x_I", unit: "", scale: 0.1)], currentUnit: "",
    timeUnit: "ms", resets: false)
  public static let parameters: [NeuronParameter<Self>] = [
    .init("tau_E", \.excitatoryTime, unit: "ms", "time constant of excitation"),
    .init("tau_I", \.inhibitoryTime, unit: "ms", "time constant of inhibition"),
    .init("w_EE", \.excitationOfE, unit: "", "excitation of the excitatory cells"),
    .init("w_EI", \.inhibitionOfE, unit: "", "inhibition of the excitatory cells"),
    .init("w_IE", \.excitationOfI, unit: "", "excitation of the inhibitory cells"),
    .init("w_II", \.inhibitionOfI, unit: "", "inhibition of the inhibitory cells"),
    .init("a_E", \.excitatorySlope, unit: "", "slope of E"),
    .init("a_I", \.inhibitorySlope, unit: "", "slope of J"),
    .init("theta_E", \.excitatoryThreshold, unit: "", "input at which E is 1/2"),
    .init("theta_I", \.inhibitoryThreshold, unit: "", "input at which J is 1/2"),
    .init("I_I", \.inhibitoryInput, unit: "", "input of the inhibitory cells"),
  ]
  public static let presets: [NeuronPreset<Self>] = [
    .init(
      "limit-cycle", Self(), source: "Wilson, Cowan 1972, fig. 11: weights, slopes and thresholds",
      current: 1.25, duration: 400, currents: 0...4)
  ]

  private func excitation(_ x: Double) -> Double {
    1 / (1 + exp(-excitatorySlope * (x - excitatoryThreshold)))
  }
  private func inhibition(_ x: Double) -> Double {
    1 / (1 + exp(-inhibitorySlope * (x - inhibitoryThreshold)))
  }

  /// E, a share of 0 to 1.
  public func rate(_ y: NeuronState) -> Double { excitation(y[0]) }
  public func derivative(of y: NeuronState, current: Double) -> NeuronState {
    let (active, inhibiting) = (excitation(y[0]), inhibition(y[1]))
    return NeuronState(
      (-y[0] + excitationOfE * active - inhibitionOfE * inhibiting + current) / excitatoryTime,
      (-y[1] + excitationOfI * active - inhibitionOfI * inhibiting + inhibitoryInput) / inhibitoryTime, 0, 0)
  }
  /// x_I + w_II J(x_I) grows with x_I, so there is one x_I for every x_E.
  public func steadyState(at potential: Double) -> NeuronState {
    let drive = excitationOfI * excitation(potential) + inhibitoryInput
    var (low, high) = (drive - inhibitionOfI, drive)
    for _ in 0..<80 {
      let middle = low + (high - low) / 2
      if middle + inhibitionOfI * inhibition(middle) < drive { low = middle } else { high = middle }
    }
    return NeuronState(potential, low + (high - low) / 2, 0, 0)
  }
  public var potentialRange: ClosedRange<Double> {
    let reach = excitationOfE.magnitude + inhibitionOfE.magnitude
    return -2 * reach...2 * reach
  }
  public var startingState: NeuronState? { .zero }
  public var brokenRules: [NeuronRule] {
    positive("tau_E", "tau_I", "a_E", "a_I") + rule("w_EE", "not negative", holds: excitationOfE >= 0)
      + rule("w_EI", "not negative", holds: inhibitionOfE >= 0)
      + rule("w_II", "not negative", holds: inhibitionOfI >= 0)
      + rule("w_EE", "not 0 together with w_EI", holds: excitationOfE + inhibitionOfE > 0)
  }
}
