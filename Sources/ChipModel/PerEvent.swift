extension Chip.Timing {
  /// `timing.kind` perEvent: a core takes its spikes one after the other, and each of them to every neuron, which is charged
  /// and compared with its threshold at once. So this kind says what a core computes too: docs/emulator-semantics.md §3.7.
  ///
  /// With N columns that are visited, a core takes per tick
  /// ```
  /// inputs · inputCycles + events · (eventCycles + N · accessCycles) + spikes · spikeCycles
  ///   + timeReferenceCycles + N · accessCycles      where a neuron of the core leaks
  /// ```
  /// cycles.
  public struct PerEvent: Sendable, Equatable {
    /// Which columns an event visits.
    public enum Visits: String, Sendable, Codable, CaseIterable {
      case all
      /// Those up to the last one that holds a neuron.
      case used
    }

    /// Per spike that an input sends to the core.
    public var inputCycles: Int
    /// Per event, before its first access.
    public var eventCycles: Int
    /// To read a neuron, update it and write it back.
    public var accessCycles: Int
    /// Per time reference, before its first access.
    public var timeReferenceCycles: Int
    /// Per spike of the core, after its access.
    public var spikeCycles: Int
    public var visits: Visits

    public init(
      inputCycles: Int, eventCycles: Int, accessCycles: Int, timeReferenceCycles: Int, spikeCycles: Int,
      visits: Visits
    ) {
      self.inputCycles = inputCycles
      self.eventCycles = eventCycles
      self.accessCycles = accessCycles
      self.timeReferenceCycles = timeReferenceCycles
      self.spikeCycles = spikeCycles
      self.visits = visits
    }

    /// N of a core whose last neuron is in column `last`; nil for a core without neurons.
    public func visited(_ core: Chip.Core, last: Int?) -> Int {
      switch visits {
      case .all: core.neurons
      case .used: last.map { $0 + 1 } ?? 0
      }
    }
  }
}
