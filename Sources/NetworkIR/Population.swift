/// Neurons that share a model. Parameters are one value per neuron (`count` of them).
///
/// All models are one equation with parts left out. With x the summed input of the tick, f the
/// integrator's fraction (`Dynamics.Integrator`), z ∈ {0, 1} the spike:
/// ```
/// synapse:     i ← i + f(τ_syn)·(w_in·x − i)                 else i = x
/// membrane:    v ← v + f(τ)·(v_leak − v + r·i) + steps       leaky: LIF, LI, CubaLIF, CubaLI
///              v ← v + r·i + steps                           not leaky: IF, I (r already holds the IF gain rule)
/// fire:        z = v > v_threshold (or ≥), v ← v_reset or v − v_threshold, then held for `refractory` ticks
/// ```
/// `steps` are charge packets: what a projection with `Projection.Unit.step` adds to v directly.
///
/// A population with `equations` follows those instead, between ticks as exactly as can be; everything that arrives steps
/// v at the start of the tick, and constant currents flow all the time (`NeuronEquations`).
///
/// **Source:** NIR primitives (neuron models); Euler order as snnTorch, Norse and Nengo run them.
public struct Population: Sendable, Equatable {
  public var name: String
  public var shape: [Int]
  public var size: Int { shape.reduce(1, *) }
  /// The model's usual name, for people: "LIF", "CubaLI", …
  public var model: String
  /// Membrane; `tau` is nil for IF and I, and 0 for neurons without memory (Threshold, and the sum that an output
  /// reads), which see r·i of their own tick only. Seconds.
  public var tau: [Double]?
  public var r: [Double]
  public var leak: [Double]
  /// Synaptic current state; nil when the input acts at once. Seconds.
  public var synapse: Synapse?
  /// Nil for readouts (LI, I, CubaLI), which never fire.
  public var firing: Firing?
  /// v before the first tick.
  public var initial: [Double]
  /// Random steps of v and of the threshold; nil for none.
  public var noise: Noise?
  /// SI populations keep their volts and farads; a unit-free network (NIR) has none.
  public var physical: Physical?
  /// Another model than the ones above, the same for all neurons; then τ is nil, r is the step in volt that a current of
  /// one ampere makes in a tick, and `firing` and `initial` repeat what the equations say, in volt.
  public var equations: NeuronEquations?

  public struct Synapse: Sendable, Equatable {
    public var tau: [Double]
    public var weight: [Double]

    public init(tau: [Double], weight: [Double]) {
      self.tau = tau
      self.weight = weight
    }
  }
  public struct Firing: Sendable, Equatable {
    public var threshold: [Double]
    public var reset: [Double]
    /// Seconds; 0 for none.
    public var refractory: [Double]
    /// What a spike takes off v, whatever the dynamics' reset; nil follows the dynamics. Only the compiler's relays
    /// have it, which count spikes.
    public var quantum: [Double]?

    public init(threshold: [Double], reset: [Double], refractory: [Double], quantum: [Double]? = nil) {
      self.threshold = threshold
      self.reset = reset
      self.refractory = refractory
      self.quantum = quantum
    }
  }
  /// Gaussian noise, drawn anew for every neuron and tick.
  public struct Noise: Sendable, Equatable {
    /// Standard deviation of what a tick adds to v.
    public var step: Double
    /// Standard deviation of the threshold.
    public var threshold: Double

    public init(step: Double = 0, threshold: Double = 0) {
      self.step = step
      self.threshold = threshold
    }
  }
  /// The author's own capacitance in farads; voltages of the population are then volts.
  public struct Physical: Sendable, Equatable {
    public var capacitance: Double

    public init(capacitance: Double) { self.capacitance = capacitance }
  }

  public init(
    name: String, shape: [Int], model: String, tau: [Double]?, r: [Double], leak: [Double],
    synapse: Synapse? = nil, firing: Firing?, initial: [Double], physical: Physical? = nil,
    equations: NeuronEquations? = nil
  ) {
    self.name = name
    self.shape = shape
    self.model = model
    self.tau = tau
    self.r = r
    self.leak = leak
    self.synapse = synapse
    self.firing = firing
    self.initial = initial
    self.physical = physical
    self.equations = equations
  }
}
