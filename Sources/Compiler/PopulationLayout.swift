import ChipModel
import NetworkIR

/// Everything that feeds one population, each source and delay under one number.
///
/// Feedback has the lowest numbers, so that it is in the first block where sources are cut into blocks: a partial sum
/// costs it a tick that cannot be balanced.
struct Incoming: Sendable {
  /// Connections into the population, feedback first, with the number of their first column.
  let connections: [(index: Int, matrix: SparseMatrix<Int16>, first: Int)]
  /// Numbers in use.
  let count: Int
  let size: Int

  init(population p: Int, size: Int, connections: [Connection<Int16>]) {
    let order = connections.indices.filter { connections[$0].target == p }.sorted {
      (connections[$0].isFeedback ? 0 : 1, $0) < (connections[$1].isFeedback ? 0 : 1, $1)
    }
    var next = 0
    var numbered: [(index: Int, matrix: SparseMatrix<Int16>, first: Int)] = []
    for k in order {
      numbered.append((k, connections[k].matrix, next))
      next += connections[k].matrix.columns
    }
    self.connections = numbered
    self.size = size
    count = next
  }

  var synapses: Int { connections.reduce(0) { $0 + $1.matrix.value.count } }

  func fanIn(_ neuron: Int) -> Int { connections.reduce(0) { $0 + $1.matrix.range(neuron).count } }

  /// Calls `body` with the number of every source of a neuron.
  func forEachSource(_ neuron: Int, _ body: (Int) -> Void) {
    for (_, matrix, first) in connections {
      for e in matrix.range(neuron) { body(first + Int(matrix.column[e])) }
    }
  }
}

/// How one population is divided over cores.
struct PopulationLayout: Sendable {
  /// Neurons that share a core. Where all their sources do not fit its axons, the sources are cut into blocks of a core's
  /// axons; block 0 stays with the neurons, and each other block is summed by partial neurons on another core.
  struct Group: Sendable {
    var neurons: [Int]
    /// Numbers of all sources (`Incoming`), ascending; empty where they need no blocks.
    var sources: [Int] = []

    /// The block of a source.
    func block(_ source: Int, axons: Int) -> Int {
      if sources.isEmpty { return 0 }
      var low = 0
      var high = sources.count
      while low < high {
        let middle = (low + high) / 2
        if sources[middle] < source { low = middle + 1 } else { high = middle }
      }
      return low / axons
    }
    func blocks(axons: Int) -> Int { max(1, (sources.count + axons - 1) / axons) }
  }
  var groups: [Group] = []
  /// Neurons that only forward a partial sum.
  var partials = 0
  /// Cores, before any are shared between populations.
  var cores = 0

  /// What to choose a layout for.
  enum Goal {
    /// Little work per tick: partial sums are packets, and a core costs as much as `coreWorth` of them. Only neurons of
    /// more sources than axons are split.
    case littleWork
    /// As few cores as possible; then few partial sums.
    case fewCores
  }

  func isBetter(than other: PopulationLayout, for goal: Goal) -> Bool {
    switch goal {
    case .littleWork: work < other.work
    case .fewCores: (cores, partials) < (other.cores, other.partials)
    }
  }

  private var work: Int { partials + Self.coreWorth * cores }

  /// On Tessera a core's tick costs what four partial packets over one hop do (162 pJ, 48 pJ), and a partial sum is sent in
  /// about half of the ticks.
  private static let coreWorth = 8

  var isSplit: Bool { groups.contains { !$0.sources.isEmpty } }

  /// Whether no source of a connection passes a partial sum.
  func isDirect(_ connection: Int, incoming: Incoming, axons: Int) -> Bool {
    guard let own = incoming.connections.first(where: { $0.index == connection }) else { return true }
    let numbers = own.first..<own.first + own.matrix.columns
    return !groups.contains { $0.sources.dropFirst(axons).contains { numbers.contains($0) } }
  }
}

extension PopulationLayout {
  /// Synapses to be looked at while tilings are compared, some seconds; only planes of millions of synapses have more
  /// tilings than that allows. A count and not a clock, so that the layout is the same everywhere.
  private static let layoutWork = 2_000_000_000

  /// The best layout among the population in order, and its tilings: the fullest ones where trying all takes too long.
  init(_ incoming: Incoming, shape: [Int], chip: Chip, goal: Goal) {
    let fits = (0..<incoming.size).allSatisfy { incoming.fanIn($0) <= chip.core.axons }
    let maySplit = chip.routing.partialPackets
    var scan = SourceScan(incoming, chip: chip)
    self = scan.inOrder()
    // A chip without partial sums keeps the neurons that are too wide together; the limit on fan-in then names them.
    if !fits && !maySplit { return }
    // In order, a population without a plane that needs no blocks is as dense as any tiling of it.
    if fits && goal == .littleWork && shape.count < 2 { return }
    let tiling = Tiling(shape: shape, columns: chip.core.neurons)
    let splits = maySplit && !(fits && goal == .littleWork)
    var best: PopulationLayout? = fits ? self : nil
    for tile in tiling.candidates(atMost: Self.layoutWork / max(incoming.synapses, 1)) {
      guard let layout = scan.layout(tiling.groups(of: tile), maySplit: splits) else { continue }
      // What the chip cannot add up is worse than anything that it can.
      if let known = best {
        let (breaks, knownBreaks) = (layout.breaksSenders(chip), known.breaksSenders(chip))
        guard breaks == knownBreaks ? layout.isBetter(than: known, for: goal) : knownBreaks else { continue }
      }
      best = layout
    }
    if let best { self = best }
  }

  private func breaksSenders(_ chip: Chip) -> Bool {
    Limits.partialSenders(largestSenders(axons: chip.core.axons), subject: "", chip: chip) != nil
  }

  /// Partial sums that can reach one neuron in one tick, at most.
  func largestSenders(axons: Int) -> Int { (groups.map { $0.blocks(axons: axons) }.max() ?? 1) - 1 }
}

/// Counts the sources that groups of neurons have together.
private struct SourceScan {
  private let incoming: Incoming
  private let axons: Int
  private let columns: Int
  /// Per source: the last group that it was seen in.
  private var seen: [Int]
  private var group = 0

  init(_ incoming: Incoming, chip: Chip) {
    self.incoming = incoming
    axons = chip.core.axons
    columns = chip.core.neurons
    seen = [Int](repeating: 0, count: incoming.count)
  }

  /// Neurons in order; a group is closed when the next neuron would need more axons or columns than there are.
  mutating func inOrder() -> PopulationLayout {
    var layout = PopulationLayout()
    var neurons: [Int] = []
    var used = 0
    func close() {
      if !neurons.isEmpty { layout.groups.append(PopulationLayout.Group(neurons: neurons)) }
      neurons = []
      used = 0
    }
    group += 1
    for i in 0..<incoming.size {
      var new = 0
      incoming.forEachSource(i) { if seen[$0] != group { new += 1 } }
      if neurons.count == columns || used + new > axons {
        close()
        group += 1
        new = incoming.fanIn(i)
      }
      incoming.forEachSource(i) { seen[$0] = group }
      used += new
      neurons.append(i)
    }
    close()
    layout.cores = layout.groups.count
    return layout
  }

  /// These groups as a layout; nil where one of them would need blocks and may not have them.
  mutating func layout(_ groups: [[Int]], maySplit: Bool) -> PopulationLayout? {
    var layout = PopulationLayout()
    for neurons in groups {
      group += 1
      var sources: [Int] = []
      for i in neurons {
        incoming.forEachSource(i) { source in
          if seen[source] != group {
            seen[source] = group
            sources.append(source)
          }
        }
      }
      var result = PopulationLayout.Group(neurons: neurons)
      if sources.count > axons {
        guard maySplit else { return nil }
        result.sources = sources.sorted()
        layout.partials += partials(result)
      }
      layout.cores += result.blocks(axons: axons)
      layout.groups.append(result)
    }
    return layout
  }

  /// Pairs of a neuron and a block beyond the first that holds a source of it.
  private func partials(_ group: PopulationLayout.Group) -> Int {
    var count = 0
    var touched = [Int](repeating: -1, count: group.blocks(axons: axons))
    for i in group.neurons {
      incoming.forEachSource(i) { source in
        let block = group.block(source, axons: axons)
        if block > 0, touched[block] != i {
          touched[block] = i
          count += 1
        }
      }
    }
    return count
  }
}
