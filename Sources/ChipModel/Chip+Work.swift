extension Chip.Timing {
  /// Times of `timing.kind` axonMajor that depend on what there is to do: docs/emulator-semantics.md §4. The defaults are a
  /// synchronous crossbar, on which a row takes the same time whatever is stored in it.
  public struct Work: Sendable, Equatable {
    /// What a row's time counts: the physical columns, or the synapses that are stored for the axon.
    public enum Rows: String, Sendable, Codable, CaseIterable { case columns, stored }

    public var rows = Rows.columns
    /// Cycles of every `synapsesPerCycle` synapses.
    public var synapseCycles = 1
    /// Cycles of a neuron whose update is a `neuronActivity`; nil: `neuronCycles`, as of any other.
    public var activeNeuronCycles: Int?
    /// What every spike adds to its neuron's cycles.
    public var spikeCycles = 0
    /// What every used core adds to `barrierCycles`.
    public var barrierCyclesPerCore = 0

    public init() {}

    /// Whether a neuron's time depends on what it does in a tick.
    public var timesVary: Bool { activeNeuronCycles != nil || spikeCycles > 0 }
  }

  /// Cycles to fetch an axon and add its row, `axonCycles + ⌈synapses / synapsesPerCycle⌉ · synapseCycles`.
  ///
  /// - Parameters:
  ///   - stored: synapses that the axon has.
  ///   - columns: of a core.
  public func rowCycles(stored: Int, columns: Int) -> Int {
    let synapses = work.rows == .stored ? stored : columns
    return axonCycles + (synapses + synapsesPerCycle - 1) / synapsesPerCycle * work.synapseCycles
  }

  /// How ticks end where so many cores are used.
  public func tick(usedCores: Int) -> Tick {
    guard case .barrier(let cycles) = tick else { return tick }
    return .barrier(cycles: cycles + usedCores * work.barrierCyclesPerCore)
  }
}
