import Diagnostics
import NetworkIR

/// How to read what a network file leaves open. Every choice is printed and stored with the program.
public struct ImportOptions: Sendable, Equatable {
  /// What one tick of `r·x` means for IF and I, which have no time constant.
  public enum IFGain: String, Sendable, Codable, CaseIterable {
    /// `ode` when every r of the node is 1/dt (to 0.1 %), else `perTick`.
    case auto
    /// `v ← v + r·x`: what sinabs, Norse, Nengo, snnTorch and SpiNNaker2 files mean.
    case perTick
    /// `v ← v + dt·r·x`: the differential equation, which SpikingJelly files mean (r = 1/dt).
    case ode
  }

  /// Seconds per tick; nil takes the file's own (physical networks may have one) or 1e-4 s.
  public var dt: Double?
  public var integrator: Dynamics.Integrator
  public var reset: Dynamics.ResetMode
  public var fire: Dynamics.Comparison
  public var synapseCurrent: Dynamics.SynapseCurrent
  public var ifGain: IFGain
  /// Takes a leading 1 of a NIR file's shapes for a batch dimension and leaves it out.
  public var stripBatch: Bool
  /// Seed of random connectivity; nil takes the file's own or 1.
  public var seed: UInt64?
  /// Whether populations that are only solved are read; a file that has one is refused otherwise.
  public var takesSolved = false

  public init(
    dt: Double? = nil, integrator: Dynamics.Integrator = .euler, reset: Dynamics.ResetMode = .zero,
    fire: Dynamics.Comparison = .strict, synapseCurrent: Dynamics.SynapseCurrent = .new,
    ifGain: IFGain = .auto, stripBatch: Bool = false, seed: UInt64? = nil
  ) {
    self.dt = dt
    self.integrator = integrator
    self.reset = reset
    self.fire = fire
    self.synapseCurrent = synapseCurrent
    self.ifGain = ifGain
    self.stripBatch = stripBatch
    self.seed = seed
  }

  /// Seconds per tick when neither option nor file gives any.
  public static let defaultDt = 1e-4

  /// The dynamics with `dt` from the option, else from the file, else the default.
  func dynamics(fileDt: Double? = nil) -> Dynamics {
    Dynamics(
      dt: dt ?? fileDt ?? Self.defaultDt, integrator: integrator, reset: reset, fire: fire,
      synapseCurrent: synapseCurrent)
  }

  /// Whether `IFGain.auto` takes the gains of a node to be per second.
  static func isRate(_ r: [Double], dt: Double) -> Bool { r.allSatisfy { abs($0 * dt - 1) < 1e-3 } }

  /// Bounds that no network reaches; a NIR file may have its times in ms or in steps.
  private static let usableDt = 1e-12...1e6

  /// Whether the option's `dt` can be used at all.
  func check() -> [Diagnostic] {
    guard let dt, !Self.usableDt.contains(dt) else { return [] }
    return [
      Diagnostic(
        "import.dt", subject: "option --dt", problem: "the time step is out of range",
        found: "\(dt) s", expected: "1e-12 s to 1e6 s, such as \"1e-4 s\"")
    ]
  }
}

/// A network with what became of every node of its file.
public struct ImportedNetwork: Sendable, Equatable {
  public var network: Network
  public var manifest: FidelityManifest
  /// Warnings and notes; never errors.
  public var warnings: [Diagnostic]
  /// What the file leaves open, with the readings that were not taken.
  public var openReadings: [OpenReading]
  /// Populations that are no part of `network`.
  public var solved: SolvedPopulations

  public init(
    network: Network, manifest: FidelityManifest, warnings: [Diagnostic], openReadings: [OpenReading] = [],
    solved: SolvedPopulations = SolvedPopulations()
  ) {
    self.network = network
    self.manifest = manifest
    self.warnings = warnings
    self.openReadings = openReadings
    self.solved = solved
  }
}
