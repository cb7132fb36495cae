import ChipModel
import Observations
import ProgramImage

/// What a chip that takes event by event knows beside `Tables`: docs/emulator-semantics.md §3.7.
struct PerEventTables: Sendable {
  let timing: Chip.Timing.PerEvent
  /// [cores] N, the columns that an event visits.
  let visited: [Int]
  /// [cores] whether a neuron leaks, so that there is a time reference.
  let leaks: [Bool]
  /// Whether leaks go towards 0 and stop there.
  let leaksTowardZero: Bool
  /// The register of a potential.
  let lowest: Int32
  let highest: Int32
  /// [rows] −β.
  let floor: [Int32]

  /// Nil on other chips.
  init?(_ image: ProgramImage) {
    let chip = image.chip
    guard let timing = chip.timing.perEvent, let additive = chip.additive else { return nil }
    self.timing = timing
    let begin = image.cores.neuronBegin.map { Int($0) }
    let rows = zip(begin, begin.dropFirst()).map { $0..<$1 }
    visited = rows.map { timing.visited(chip.core, last: $0.last.map { Int(image.neurons.column[$0]) }) }
    leaks = rows.map { $0.contains { image.neurons.bias[$0] != 0 } }
    leaksTowardZero = additive.leakReversal
    // Potentials have at most 30 bits.
    highest = (1 << Int32(chip.datapath.stateBits - 1)) - 1
    lowest = chip.datapath.stateOverflow == .saturateSymmetric ? -highest : -highest - 1
    floor = image.neurons.additive.negativeThreshold.map { -$0 }
  }
}

/// The core at work, laid out for the loop over its neurons, and what it leaves to the emission.
struct VisitState: Sendable {
  /// [cores] cycles from the end of its inputs to the end of its last access.
  var duration: [Int]
  /// By number of the sender in this tick: when its access was complete, counted likewise.
  var spikeTimes: [Int] = []
  /// [cores] inputs that have entered before this tick.
  var inputsBefore: [UInt64]

  // [neurons of the largest core] By neuron within the core.
  var v: [Int32]
  /// What the visit adds.
  var step: [Int32]
  var bounds: VisitBounds
  var firings: [UInt16]

  init(_ tables: Tables) {
    let width =
      tables.perEvent == nil
      ? 0 : zip(tables.neuronBegin, tables.neuronBegin.dropFirst()).map { $1 - $0 }.max() ?? 0
    let cores = tables.perEvent == nil ? 0 : tables.coreCount
    duration = [Int](repeating: 0, count: cores)
    inputsBefore = [UInt64](repeating: 0, count: cores)
    v = [Int32](repeating: 0, count: width)
    step = v
    bounds = VisitBounds(mask: v, limit: v, lowest: v, floor: v)
    firings = [UInt16](repeating: 0, count: width)
  }

  /// A sample begins.
  mutating func begin(_ counters: [RunRecord.CoreCounters]) {
    for core in inputsBefore.indices { inputsBefore[core] = counters[core].inputEvents }
  }
}

/// [neurons of the largest core] What bounds the potentials of the core at work in this tick.
struct VisitBounds: Sendable {
  /// −1, or 0 where the neuron is inactive: it takes nothing.
  var mask: [Int32]
  /// A neuron fires above it.
  var limit: [Int32]
  /// What v cannot be below: its register's end, and −β.
  var lowest: [Int32]
  var floor: [Int32]
}
