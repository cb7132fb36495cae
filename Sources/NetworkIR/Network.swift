/// A spiking network as its author means it: populations with their differential equations,
/// projections between them, stimuli, and how time is discretised. No chip is known here.
public struct Network: Sendable, Equatable {
  public var name: String
  /// How continuous time becomes ticks, and what the file left open; printed and stored with the program.
  public var dynamics: Dynamics
  /// Spike input channels in file order; empty when only stimuli drive the network.
  public var inputs: [InputPort]
  public var populations: [Population]
  public var projections: [Projection]
  public var stimuli: [Stimulus]
  /// Readout in output order.
  public var outputs: [OutputPort]

  public init(
    name: String, dynamics: Dynamics, inputs: [InputPort], populations: [Population],
    projections: [Projection], stimuli: [Stimulus] = [], outputs: [OutputPort]
  ) {
    self.name = name
    self.dynamics = dynamics
    self.inputs = inputs
    self.populations = populations
    self.projections = projections
    self.stimuli = stimuli
    self.outputs = outputs
  }

  /// Channels of all inputs together.
  public var channels: Int { inputs.reduce(0) { $0 + $1.size } }
}

/// The reading of a continuous-time description as a discrete one.
public struct Dynamics: Sendable, Equatable, Codable {
  public enum Integrator: String, Sendable, Codable, CaseIterable {
    /// Fraction per tick f(τ) = dt/τ.
    case euler
    /// f(τ) = 1 − e^(−dt/τ).
    case exponential
  }
  public enum ResetMode: String, Sendable, Codable, CaseIterable {
    /// v ← v_reset ("zero": the usual name, since v_reset is usually 0).
    case zero
    /// v ← v − v_threshold.
    case subtract
  }
  public enum Comparison: String, Sendable, Codable, CaseIterable {
    /// Fires when v > v_threshold.
    case strict
    /// Fires when v ≥ v_threshold.
    case inclusive
  }
  public enum SynapseCurrent: String, Sendable, Codable, CaseIterable {
    /// v of a CubaLIF sees the current after this tick's update.
    case new
    /// v sees the current before it.
    case old
  }

  /// Seconds per tick.
  public var dt: Double
  public var integrator: Integrator
  public var reset: ResetMode
  public var fire: Comparison
  public var synapseCurrent: SynapseCurrent

  public init(
    dt: Double = 1e-4, integrator: Integrator = .euler, reset: ResetMode = .zero,
    fire: Comparison = .strict, synapseCurrent: SynapseCurrent = .new
  ) {
    self.dt = dt
    self.integrator = integrator
    self.reset = reset
    self.fire = fire
    self.synapseCurrent = synapseCurrent
  }
}

public struct InputPort: Sendable, Equatable {
  public var name: String
  /// Channels-first shape without batch or time.
  public var shape: [Int]
  public var size: Int { shape.reduce(1, *) }

  public init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
  }
}

/// What a user reads: the spikes of a firing population, or the potential of a readout (LI, I).
public struct OutputPort: Sendable, Equatable {
  public var name: String
  /// Index into `Network.populations`.
  public var population: Int

  public init(name: String, population: Int) {
    self.name = name
    self.population = population
  }
}
