import Documents

/// A leaky neuron whose synapses are conductances (`model: "conductanceLif"`): every input shunts. `rheobase rates` solves it by
/// its effective time constant; no chip here has such synapses.
///
/// ```
/// C V' = −g (V − E) − Σ_k g_k(t) (V − E_k) + I       g_k jumps by `jump` per input spike and decays with its time constant
/// ```
public struct ConductancePopulation: Sendable, Equatable {
  public static let model = "conductanceLif"

  /// Poisson trains of one kind.
  public struct Input: Sendable, Equatable {
    public var sources: Int
    /// Of each source, hertz.
    public var rate: Double
    /// Siemens.
    public var jump: Double
    /// Seconds.
    public var timeConstant: Double
    /// E_k, volt.
    public var reversal: Double

    init?(_ cursor: Cursor) {
      let sources = cursor.integer("sources", in: 0...1_000_000_000)
      let rate = cursor.quantity("rate", .hertz, in: 0...1e9)
      let jump = cursor.quantity("jump", .siemens, in: 1e-21...1e3)
      let timeConstant = cursor.quantity("timeConstant", .seconds, in: 1e-9...1e3)
      let reversal = cursor.quantity("reversal", .volts, in: -1e3...1e3)
      guard let sources, let rate, let jump, let timeConstant, let reversal else { return nil }
      self.sources = sources
      self.rate = rate
      self.jump = jump
      self.timeConstant = timeConstant
      self.reversal = reversal
    }
  }

  public var name: String
  public var capacitance: Double
  public var leakConductance: Double
  public var leakReversal: Double
  public var threshold: Double
  public var reset: Double
  public var refractory: Double
  public var current: Double
  public var inputs: [Input]

  static func isMeant(by cursor: Cursor) -> Bool {
    if case .string(let name)? = cursor.optionalAny("model")?.value { name == model } else { false }
  }

  /// Nil after the problem has been reported.
  init?(_ cursor: Cursor, names: inout PhysicalNames, isTaken: Bool) {
    _ = cursor.string("model")
    let name = cursor.string("name")
    let isNew = name.map { names.addSolved($0, at: cursor) } ?? false
    let volts = -1e3...1e3
    let capacitance = cursor.quantity("capacitance", .farads, in: 1e-21...1)
    let conductance = cursor.quantity("leakConductance", .siemens, in: 1e-21...1e3)
    let reversal = cursor.quantity("leakReversal", .volts, in: volts)
    let threshold = cursor.quantity("threshold", .volts, in: volts)
    let reset = cursor.quantity("reset", .volts, in: volts)
    let refractory = cursor.optionalQuantity("refractory", .seconds, in: 0...1e3) ?? 0
    let current = cursor.optionalQuantity("current", .amperes, in: -1...1) ?? 0
    let entries = cursor.array("inputs") ?? []
    let inputs = entries.compactMap(Input.init)
    if let threshold, let reset, threshold <= reset {
      cursor.fail(
        "physical.threshold",
        problem: "the threshold is not above the reset, so neurons would fire in every tick",
        found: "threshold \(threshold) V, reset \(reset) V")
    }
    guard isTaken else {
      SolvedPopulations.refuse(
        Self.model, problem: "no chip here has conductance synapses", at: cursor)
      return nil
    }
    guard let name, isNew, let capacitance, let conductance, let reversal, let threshold, let reset,
      inputs.count == entries.count
    else { return nil }
    self.name = name
    self.capacitance = capacitance
    leakConductance = conductance
    leakReversal = reversal
    self.threshold = threshold
    self.reset = reset
    self.refractory = refractory
    self.current = current
    self.inputs = inputs
  }
}

/// Populations of a file that `rheobase rates` solves and nothing runs: they are no part of the network, and nothing
/// connects to them.
public struct SolvedPopulations: Sendable, Equatable {
  public var densities: [PopulationDensity] = []
  public var conductances: [ConductancePopulation] = []

  public init() {}

  public var isEmpty: Bool { densities.isEmpty && conductances.isEmpty }

  static func isMeant(by cursor: Cursor) -> Bool {
    PopulationDensity.isMeant(by: cursor) || ConductancePopulation.isMeant(by: cursor)
  }

  /// - Parameter isTaken: whether the reader of the file solves them; else each is refused.
  init(_ entries: [Cursor], names: inout PhysicalNames, isTaken: Bool) {
    densities = entries.filter(PopulationDensity.isMeant).compactMap {
      PopulationDensity($0, names: &names, isTaken: isTaken)
    }
    conductances = entries.filter(ConductancePopulation.isMeant).compactMap {
      ConductancePopulation($0, names: &names, isTaken: isTaken)
    }
  }

  static func refuse(_ model: String, problem: String, at cursor: Cursor) {
    cursor.fail(
      "physical.solvedOnly", problem: problem, found: "model \"\(model)\"",
      remedy: "Use `rheobase rates`, which solves it")
  }
}
