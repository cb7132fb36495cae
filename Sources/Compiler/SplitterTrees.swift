import ChipModel

/// Gives every neuron with too many destinations a tree of splitters, on cores that have room for them.
///
/// A spike of one axon drives all splitters of that axon's row at once, so one packet can feed as many of them as a core
/// has free columns. Level by level, with L destinations per sender, the axons that a neuron feeds are given away in
/// order: first those that feedback makes urgent, then those that must act soonest. Where they are more than the
/// senders of a level can reach, splitters for the rest are put
/// 1. on rows that these senders reach anyhow, if the spike arrives there in the next tick and there are columns enough;
/// 2. otherwise on rows of their own, which cost one destination each and one tick like every level: on the core of
///    the neuron, on the first core with room, or on new cores. They take no destination from an urgent connection that
///    this level can serve whole.
///
/// The tree is the same for the same cores: nothing is drawn, and ties go to the lower core and axon.
struct SplitterTrees {
  private(set) var cores: [PartitionedCore]
  /// Sources, splitters included.
  private(set) var sources: Int
  /// Per connection: the ticks that the chip would need with these trees, 0 where there are enough. The trees are not
  /// exact then, and levels must be found again.
  private(set) var missingTransit: [Int]

  private let weight: Int16
  /// Destinations of a sender; axons and columns of a core; columns between a splitter and another neuron; routers.
  private let list: Int
  private let axons: Int
  private let columns: Int
  private let gap: Int
  private let routers: Int
  /// Per connection: whether a tick more cannot be made up for.
  private let isUrgent: [Bool]
  /// Per core: synapses of splitters that are not in its rows yet.
  private var added: [[(row: Int, synapse: CrossbarRows.Synapse)]]
  /// Cores before this one have no free axon or no free column, and never get one back.
  private var firstOpen = 0

  /// An axon that a neuron feeds.
  private struct Leaf {
    var core: Int
    var axon: Int
    var connection: Int
    /// Ticks from the neuron to the axon, and on to the accumulator that counts.
    var ticks: Int
    var onward: Int
  }
  private struct Row: Hashable {
    var core: Int
    var axon: Int
  }

  init(_ partitioned: PartitionedNetwork, weight: Int16, chip: Chip, options: CompileOptions) {
    self.weight = weight
    cores = partitioned.cores
    sources = partitioned.numbering.count
    list = chip.routing.destinationsPerNeuron
    axons = chip.core.axons
    columns = chip.core.neurons
    // A digital chip's columns do not couple.
    gap = chip.electrical == nil ? 0 : 1
    routers = chip.mesh.width * chip.mesh.height
    let connections = partitioned.quantized.axons.connections
    missingTransit = [Int](repeating: 0, count: connections.count)
    added = [[(row: Int, synapse: CrossbarRows.Synapse)]](repeating: [], count: cores.count)
    let inCycle = connectionsInCycles(connections, populations: partitioned.layouts.count)
    isUrgent = inCycle.map { $0 || !options.window }
    for (neuron, leaves) in neuronsWithTooMany(partitioned) { grow(neuron, leaves) }
    for (c, synapses) in added.enumerated() { cores[c].synapses.insert(synapses) }
    added = []
  }

  /// Core, neuron and axons, in the order of cores.
  private func neuronsWithTooMany(
    _ partitioned: PartitionedNetwork
  ) -> [(neuron: (core: Int, neuron: Int), leaves: [Leaf])] {
    let numbering = partitioned.numbering
    var counts = [Int32](repeating: 0, count: numbering.count)
    for core in cores {
      for axon in core.axons { counts[axon.source] += 1 }
    }
    // With one destination and one column a splitter would reach no more than its neuron does.
    guard list * columns > 1 else { return [] }
    var leaves: [Int: [Leaf]] = [:]
    for (c, core) in cores.enumerated() {
      for (a, axon) in core.axons.enumerated() where Int(counts[axon.source]) > list {
        guard let connection = axon.connection else { continue }
        let isPartial = core.synapses[a].first.map { core.neurons[Int($0.neuron)].isPartial } ?? false
        leaves[axon.source, default: []].append(
          Leaf(core: c, axon: a, connection: connection, ticks: axon.delay, onward: isPartial ? 1 : 0))
      }
    }
    if leaves.isEmpty { return [] }
    var result: [(neuron: (core: Int, neuron: Int), leaves: [Leaf])] = []
    for (c, core) in cores.enumerated() {
      for (n, neuron) in core.neurons.enumerated() where neuron.isMain {
        let own = leaves[numbering.first(.population(neuron.population)) + neuron.index] ?? []
        if own.count > list { result.append(((c, n), own)) }
      }
    }
    return result
  }

  private mutating func grow(_ home: (core: Int, neuron: Int), _ leaves: [Leaf]) {
    let neuron = cores[home.core].neurons[home.neuron]
    var rest = leaves.sorted { key($0) < key($1) }
    // All axons still have the neuron itself as their source.
    var senders = [cores[rest[0].core].axons[rest[0].axon].source]
    var ticks = 0
    while rest.count > senders.count * list {
      let slots = senders.count * list
      let rows = rowsAnyhow(rest.prefix(slots), ticks: ticks, splitters: needed(rest.count - slots))
      let direct: Int
      var grown: [Int] = []
      if let rows {
        direct = slots
        for (row, count) in rows { grown += addSplitters(count, to: row, of: neuron, ticks: ticks + 1) }
      } else {
        let urgent = urgentAxons(rest, ticks: ticks, atMost: slots - 1)
        var hubs: [Row] = []
        repeat {
          let missing = needed(rest.count - (slots - hubs.count - 1)) - grown.count
          let (core, count) = host(for: missing, home: home.core)
          let row = addRow(to: core)
          grown += addSplitters(count, to: row, of: neuron, ticks: ticks + 1)
          hubs.append(row)
        } while hubs.count < slots - urgent
          && grown.count < needed(rest.count - (slots - hubs.count))
        direct = slots - hubs.count
        for (i, row) in hubs.enumerated() {
          cores[row.core].axons[row.axon].source = senders[(direct + i) / list]
        }
      }
      feed(rest.prefix(direct), from: senders, ticks: ticks)
      rest.removeFirst(direct)
      senders = grown
      ticks += 1
    }
    feed(rest[...], from: senders, ticks: ticks)
  }

  /// Who is served first.
  private func key(_ leaf: Leaf) -> (Int, Int, Int, Int, Int) {
    (isUrgent[leaf.connection] ? 0 : 1, leaf.ticks, leaf.connection, leaf.core, leaf.axon)
  }

  /// How many of the first axons would make their connections late if they were served later: whole connections, since
  /// one late axon makes all of them late.
  private func urgentAxons(_ leaves: [Leaf], ticks: Int, atMost most: Int) -> Int {
    var count = 0
    var whole = 0
    for leaf in leaves {
      guard isUrgent[leaf.connection], leaf.ticks <= ticks + 1, count <= most else { break }
      if count > 0, leaf.connection != leaves[count - 1].connection { whole = count }
      count += 1
    }
    return count <= most ? count : whole
  }

  /// Senders that so many axons need.
  private func needed(_ axons: Int) -> Int { (axons + list - 1) / list }

  /// Makes `senders`, which fire `ticks` after the neuron, the sources of axons, each of as many as it can reach.
  private mutating func feed(_ leaves: ArraySlice<Leaf>, from senders: [Int], ticks: Int) {
    for (i, leaf) in leaves.enumerated() {
      cores[leaf.core].axons[leaf.axon].source = senders[i / list]
      cores[leaf.core].axons[leaf.axon].delay = max(leaf.ticks - ticks, 1)
      if leaf.ticks <= ticks {
        missingTransit[leaf.connection] = max(missingTransit[leaf.connection], ticks + 1 + leaf.onward)
      }
    }
  }

  // MARK: - Room

  /// Free columns of a core for splitters.
  private func room(_ core: Int) -> Int {
    let isBesideAnother = cores[core].neurons.last.map { $0.splitter == nil } ?? false
    return columns - cores[core].columns - (isBesideAnother ? gap : 0)
  }

  /// How many splitters to put on which of the rows that are fed anyhow; nil if all of them have too little room.
  private func rowsAnyhow(
    _ leaves: ArraySlice<Leaf>, ticks: Int, splitters: Int
  ) -> [(row: Row, count: Int)]? {
    var rows: [(row: Row, count: Int)] = []
    var left = splitters
    var taken: Set<Int> = []
    for leaf in leaves where left > 0 && leaf.ticks == ticks + 1 && taken.insert(leaf.core).inserted {
      let count = min(room(leaf.core), left)
      if count > 0 { rows.append((Row(core: leaf.core, axon: leaf.axon), count)) }
      left -= max(count, 0)
    }
    return left == 0 ? rows : nil
  }

  /// A core with a free axon, and how many of `splitters` it takes.
  private mutating func host(for splitters: Int, home: Int) -> (core: Int, count: Int) {
    func hasRoom(_ core: Int, _ count: Int) -> Bool {
      cores[core].axons.count < axons && room(core) >= count
    }
    if hasRoom(home, splitters) { return (home, splitters) }
    while firstOpen < cores.count, !hasRoom(firstOpen, 1) { firstOpen += 1 }
    if let core = (firstOpen..<cores.count).first(where: { hasRoom($0, splitters) }) {
      return (core, splitters)
    }
    if cores.count >= routers {
      // One splitter with one destination would lead nowhere.
      let roomiest = cores.indices.max { (room($0), $1) < (room($1), $0) }
      if let core = roomiest, hasRoom(core, list > 1 ? 1 : 2) { return (core, min(room(core), splitters)) }
    }
    cores.append(PartitionedCore())
    added.append([])
    return (cores.count - 1, min(columns, splitters))
  }

  private mutating func addRow(to core: Int) -> Row {
    cores[core].axons.append(PartitionedCore.Axon(source: 0, delay: 1, connection: nil))
    cores[core].synapses.appendEmptyRow()
    return Row(core: core, axon: cores[core].axons.count - 1)
  }

  /// - Returns: their numbers as sources.
  private mutating func addSplitters(
    _ count: Int, to row: Row, of neuron: PartitionedCore.Neuron, ticks: Int
  ) -> [Int] {
    var numbers: [Int] = []
    for _ in 0..<count {
      let column = columns - room(row.core)
      let synapse = CrossbarRows.Synapse(
        neuron: UInt16(cores[row.core].neurons.count), weight: weight)
      added[row.core].append((row.axon, synapse))
      cores[row.core].neurons.append(
        PartitionedCore.Neuron(
          population: neuron.population, index: neuron.index, isPartial: false, column: column,
          splitter: PartitionedCore.Splitter(number: sources, ticks: ticks)))
      numbers.append(sources)
      sources += 1
    }
    return numbers
  }
}

/// Per connection: whether its target leads back to its source, so that a tick more comes round.
private func connectionsInCycles(_ connections: [Connection<Int16>], populations: Int) -> [Bool] {
  var targets = [Set<Int>](repeating: [], count: populations)
  for connection in connections {
    if case .population(let p) = connection.source { targets[p].insert(connection.target) }
  }
  let reached = (0..<populations).map { start in
    var reached: Set<Int> = [start]
    var open = [start]
    while let p = open.popLast() {
      for next in targets[p] where reached.insert(next).inserted { open.append(next) }
    }
    return reached
  }
  return connections.map { connection in
    if case .population(let p) = connection.source { return reached[connection.target].contains(p) }
    return false
  }
}
