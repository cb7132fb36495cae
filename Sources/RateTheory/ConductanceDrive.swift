/// A membrane with conductance synapses, reduced to the leaky neuron that it resembles: the effective time constant.
///
/// ```
/// C V' = −g_L (V − E_L) − Σ_k g_k(t) (V − E_k) + I       g_k jumps by G_k per input spike, decays with τ_k
/// ⟨g_k⟩ = G_k r_k τ_k       g = g_L + Σ ⟨g_k⟩       τ = C/g       μ = (g_L E_L + Σ ⟨g_k⟩ E_k + I)/g
/// J_k = G_k τ_k (E_k − μ)/C       σ² = τ Σ J_k² r_k
/// ```
/// Shunting: every input, of either sign, adds conductance, makes the membrane faster and its steps shorter-lived.
///
/// Left out: that a step depends on the potential at which it arrives; the error is of the order of the
/// fluctuations of g relative to g.
///
/// Units: farad, siemens, volt, ampere, second, hertz.
///
/// **Source:** Burkitt, Meffin and Grayden 2003; Richardson 2004.
public struct ConductanceDrive: Sendable, Equatable {
  public struct Input: Sendable, Equatable {
    /// All spikes of this kind, per second.
    public var rate: Double
    /// G: conductance per spike, right after it.
    public var jump: Double
    public var timeConstant: Double
    public var reversal: Double

    public init(rate: Double, jump: Double, timeConstant: Double, reversal: Double) {
      self.rate = rate
      self.jump = jump
      self.timeConstant = timeConstant
      self.reversal = reversal
    }

    var meanConductance: Double { jump * rate * timeConstant }
  }

  public var capacitance: Double
  public var leakConductance: Double
  public var leakReversal: Double
  public var current: Double
  public var inputs: [Input]

  public init(
    capacitance: Double, leakConductance: Double, leakReversal: Double, current: Double = 0, inputs: [Input]
  ) {
    self.capacitance = capacitance
    self.leakConductance = leakConductance
    self.leakReversal = leakReversal
    self.current = current
    self.inputs = inputs
  }

  /// g.
  public var conductance: Double { inputs.reduce(leakConductance) { $0 + $1.meanConductance } }

  /// τ = C/g.
  public var timeConstant: Double { capacitance / conductance }

  /// μ.
  public var mean: Double {
    inputs.reduce(leakConductance * leakReversal + current) { $0 + $1.meanConductance * $1.reversal }
      / conductance
  }

  /// J_k at the mean potential.
  public func step(_ input: Input) -> Double {
    input.jump * input.timeConstant * (input.reversal - mean) / capacitance
  }

  /// σ, √2 standard deviations of the membrane without threshold if the synapses were short.
  public var sigma: Double {
    (timeConstant * inputs.reduce(0) { $0 + step($1) * step($1) * $1.rate }).squareRoot()
  }

  /// Standard deviation of the membrane without threshold, with the synapses as long as they are:
  /// Σ_k τ J_k² r_k / 2 · τ/(τ + τ_k).
  public var deviation: Double {
    let tau = timeConstant
    return inputs.reduce(0) { sum, input in
      sum + tau * step(input) * step(input) * input.rate / 2 * tau / (tau + input.timeConstant)
    }.squareRoot()
  }

  /// The rate of the reduced neuron, with the shift of its synapses (mean time constant, weighted by power).
  public func rate(threshold: Double, reset: Double, refractory: Double) -> Double {
    let power = inputs.reduce(0) { $0 + step($1) * step($1) * $1.rate }
    let synapse =
      power > 0
      ? inputs.reduce(0) { $0 + step($1) * step($1) * $1.rate * $1.timeConstant } / power : 0
    return DiffusionNeuron(
      timeConstant: timeConstant, threshold: threshold, reset: reset, refractory: refractory, synapse: synapse
    ).rate(mean: mean, sigma: sigma)
  }
}
