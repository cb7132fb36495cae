import ChipModel
import Diagnostics
import NetworkIR

/// Puts neurons on cores so that the union of their sources fits a core's axons.
///
/// Neurons of a population are taken in order; a core is closed when the next neuron would need more axons or
/// columns than it has. A population with a neuron of more sources than axons is split: its sources are cut into
/// blocks (`SourceBlocks`), block 0 stays with the neurons, and each other block is summed exactly by partial neurons
/// on other cores, which send their sums one tick later. A core holds one population as long as there are cores enough;
/// otherwise cores are merged, first fit, with a free column where populations of different levels would
/// couple into each other.
///
/// Does not: decide where a core lies, or look at how many destinations a neuron has.
///
/// - Parameter splitterTicks: per connection, what `insertSplitters` needs; empty for nothing.
func partition(
  _ quantized: QuantizedNetwork, chip: Chip, options: CompileOptions, splitterTicks: [Int] = []
) -> PartitionedNetwork {
  let connections = quantized.connections
  let populations = quantized.legal.populations
  let split = populations.indices.map {
    SourceBlocks(population: $0, connections: connections, axons: chip.core.axons)
  }
  let levels = Levels(
    connections: connections, split: split, splitterTicks: splitterTicks, populations: populations.count,
    chip: chip, window: options.window)
  let numbering = SourceNumbering(quantized.legal)

  var cores: [PartitionedCore] = []
  for p in populations.indices {
    let incoming = connections.indices.filter { connections[$0].target == p }
    var fillers = [CoreFiller](
      repeating: CoreFiller(axons: chip.core.axons, columns: chip.core.neurons),
      count: split[p]?.count ?? 1)
    for i in 0..<populations[p].size {
      var sources = [[(axon: CoreFiller.Key, weight: Int16)]](repeating: [], count: fillers.count)
      for k in incoming {
        let matrix = connections[k].matrix
        for e in matrix.range(i) {
          let block = split[p]?.block(connection: k, column: matrix.column[e]) ?? 0
          // A partial sum travels for one of the ticks, never less than its own axon needs.
          let delay = levels.delay[k] - (block == 0 ? 0 : 1)
          let source = numbering.first(connections[k].source) + Int(matrix.column[e])
          sources[block].append(
            (CoreFiller.Key(source: source, delay: delay, connection: k), matrix.value[e]))
        }
      }
      for block in fillers.indices where block == 0 || !sources[block].isEmpty {
        fillers[block].add(
          PartitionedCore.Neuron(population: p, index: i, isPartial: block > 0, column: 0),
          sources[block])
      }
    }
    for block in fillers.indices { cores += fillers[block].finished() }
  }
  if cores.count > chip.mesh.width * chip.mesh.height {
    cores = merged(cores, chip: chip, levels: levels)
  }
  return PartitionedNetwork(
    quantized: quantized, levels: levels, blocks: split, cores: cores, numbering: numbering)
}

extension PartitionedNetwork {
  /// Every limit of the chip that the partition breaks.
  ///
  /// - Parameter cores: these cores, with the splitters that were added.
  func brokenLimits(with cores: [PartitionedCore], chip: Chip) -> [Diagnostic] {
    let connections = quantized.connections
    let populations = quantized.legal.populations
    var problems: [Diagnostic?] = []
    for (p, blocks) in blocks.enumerated() {
      guard let blocks else { continue }
      problems.append(
        Limits.fanIn(
          sources: largestFanIn(p, connections), population: populations[p].name, chip: chip))
      problems.append(
        Limits.partialSenders(
          blocks.count - 1, subject: "population \(populations[p].name)", chip: chip))
    }
    for (k, connection) in connections.enumerated() {
      let subject = "connection into population \(populations[connection.target].name)"
      if case .input = connection.source, chip.input == .direct {
        problems.append(Limits.inputDelay(levels.delay[k], subject: subject, chip: chip))
      } else {
        problems.append(Limits.delay(levels.delay[k], subject: subject, chip: chip))
      }
    }
    problems.append(Limits.cores(used: cores.count, chip: chip))
    // One destination per axon that a neuron feeds; a partial neuron has one, and a splitter no more than there may be.
    var destinations = [Int](repeating: 0, count: numbering.count)
    for core in cores {
      for axon in core.axons where axon.source < numbering.count { destinations[axon.source] += 1 }
    }
    for (p, population) in populations.enumerated() {
      let first = numbering.first(.population(p))
      problems.append(
        Limits.destinations(
          used: destinations[first..<first + population.size].max() ?? 0,
          subject: "population \(population.name)", chip: chip))
    }
    return problems.compactMap { $0 }
  }
}

private func largestFanIn(_ p: Int, _ connections: [Connection<Int16>]) -> Int {
  let incoming = connections.filter { $0.target == p }
  let size = incoming.first?.matrix.rows ?? 0
  return (0..<size).map { i in incoming.reduce(0) { $0 + $1.matrix.range(i).count } }.max() ?? 0
}

/// Fills cores with neurons in the order in which they come.
private struct CoreFiller {
  struct Key: Hashable {
    var source: Int
    var delay: Int
    /// Two connections never share an axon, so no neuron has two synapses on one.
    var connection: Int
  }
  let axons: Int
  let columns: Int
  private var done: [PartitionedCore] = []
  private var neurons: [(PartitionedCore.Neuron, [(axon: Key, weight: Int16)])] = []
  private var used: Set<Key> = []

  init(axons: Int, columns: Int) {
    self.axons = axons
    self.columns = columns
  }

  mutating func add(_ neuron: PartitionedCore.Neuron, _ sources: [(axon: Key, weight: Int16)]) {
    let new = sources.reduce(0) { $0 + (used.contains($1.axon) ? 0 : 1) }
    if neurons.count == columns || used.count + new > axons { close() }
    for source in sources { used.insert(source.axon) }
    neurons.append((neuron, sources))
  }

  private mutating func close() {
    guard !neurons.isEmpty else { return }
    let keys = used.sorted {
      ($0.source, $0.delay, $0.connection) < ($1.source, $1.delay, $1.connection)
    }
    let number = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    var core = PartitionedCore()
    core.axons = keys.map {
      PartitionedCore.Axon(source: $0.source, delay: $0.delay, connection: $0.connection)
    }
    core.synapses = [[(neuron: UInt16, weight: Int16)]](repeating: [], count: keys.count)
    for (n, (neuron, sources)) in neurons.enumerated() {
      var placed = neuron
      placed.column = n
      core.neurons.append(placed)
      for (key, weight) in sources {
        if let axon = number[key] { core.synapses[axon].append((UInt16(n), weight)) }
      }
    }
    done.append(core)
    neurons = []
    used = []
  }

  mutating func finished() -> [PartitionedCore] {
    close()
    return done
  }
}

/// First fit of whole cores into cores.
private func merged(
  _ cores: [PartitionedCore], chip: Chip, levels: Levels
) -> [PartitionedCore] {
  func start(_ neuron: PartitionedCore.Neuron) -> Int {
    levels.level[neuron.population] - (neuron.isPartial ? 1 : 0)
  }
  var result: [PartitionedCore] = []
  for core in cores {
    let fits = result.firstIndex { other in
      guard let last = other.neurons.last, let first = core.neurons.first else { return false }
      let gap = start(last) == start(first) ? 0 : 1
      return other.columns + gap + core.columns <= chip.core.neurons
        && other.axons.count + core.axons.count <= chip.core.axons
    }
    guard let at = fits, let last = result[at].neurons.last, let first = core.neurons.first else {
      result.append(core)
      continue
    }
    let gap = start(last) == start(first) ? 0 : 1
    let column = result[at].columns + gap
    let base = UInt16(result[at].neurons.count)
    result[at].neurons += core.neurons.map { neuron in
      var moved = neuron
      moved.column += column
      return moved
    }
    result[at].axons += core.axons
    result[at].synapses += core.synapses.map { $0.map { (neuron: $0.neuron + base, weight: $0.weight) } }
  }
  return result
}
