/// A program of which nothing but sums and neurons has to be worked out, laid out for the threads that share its cores.
///
/// With an ideal mesh most programs need no rings, no queues and no order among packets: every spike goes straight into the
/// sums of its targets (`IdealRoutes`), and every neuron is updated by the lanes. Then the cores are sums and states that
/// lie next to each other, and a tick is two passes: over all rows, and over the rows that fired. Cores that belong to
/// different threads touch each other only through the list of who fired.
final class FlatProgram: Sendable {
  /// Cores of one thread.
  struct Part: Sendable {
    let cores: Range<Int>
    let rows: Range<Int>
    let blocks: FlatBlocks
  }

  /// At least one; all cores in ascending order.
  let parts: [Part]

  /// - Parameters:
  ///   - threads: how many at most share the cores.
  ///   - neuronsPerThread: so many at least.
  init(_ material: inout Material, _ tables: Tables, threads: Int, neuronsPerThread: Int) {
    let count = max(1, min(threads, tables.coreCount, tables.rows / neuronsPerThread))
    var parts: [Part] = []
    for cores in FlatProgram.split(tables, into: count) {
      parts.append(
        Part(
          cores: cores, rows: tables.neuronBegin[cores.lowerBound]..<tables.neuronBegin[cores.upperBound],
          blocks: FlatBlocks(&material, tables, cores: cores)))
    }
    self.parts = parts
  }

  /// Two threads gain from half of it on (docs/performance.md, Threads); the more there are, the longer they take to meet.
  static let neuronsPerThread = 512

  /// Ranges of cores with about the same number of neurons, the first one with fewer: its thread records the ticks as well,
  /// which takes a tenth of everything else.
  private static func split(_ tables: Tables, into count: Int) -> [Range<Int>] {
    var begins = [0]
    for part in 1..<count {
      let rows = tables.rows * (11 * part - count) / (10 * count)
      var core = begins[part - 1] + 1
      while core < tables.coreCount - (count - part),
        abs(tables.neuronBegin[core + 1] - rows) <= abs(tables.neuronBegin[core] - rows)
      { core += 1 }
      begins.append(core)
    }
    begins.append(tables.coreCount)
    return zip(begins, begins.dropFirst()).map { $0..<$1 }
  }

  /// Whether a program is one of these.
  static func canBeMade(_ material: Material, _ tables: Tables) -> Bool {
    tables.coreCount > 0 && tables.coreCount <= FlatBlocks.mostCores && material.isStraight.allSatisfy { $0 }
      && tables.lanes.segments.allSatisfy(\.isLane) && !tables.timesVary
      && tables.poisson.neuron.isEmpty && !tables.takesPartials.contains(true)
      && !tables.hasKicks.contains(true) && material.largestSum <= tables.rules.accumulator.high
  }
}
