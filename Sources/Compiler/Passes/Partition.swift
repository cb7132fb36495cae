import ChipModel
import Diagnostics
import NetworkIR

/// Puts neurons on cores so that the union of their sources fits a core's axons.
///
/// A population is divided into groups (`PopulationLayout`): in order, or by tiles of its plane over all channels,
/// whichever needs fewer cores. A group whose sources no core can hold has them cut into blocks: block 0 stays with the
/// neurons, and each other block is summed exactly by partial neurons on another core, which send their sums one tick
/// later. Neurons of few sources are split only where the mesh is too small otherwise. A core holds one population as long
/// as there are cores enough; otherwise cores are merged, first fit, with a free column where populations of different
/// levels would couple into each other.
///
/// Does not: decide where a core lies, or look at how many destinations a neuron has.
func partition(_ quantized: QuantizedNetwork, chip: Chip, options: CompileOptions) -> PartitionedNetwork {
  let legal = quantized.legal
  let incoming = legal.populations.indices.map {
    Incoming(population: $0, size: legal.populations[$0].size, connections: quantized.axons.connections)
  }
  func partitioned(_ goal: PopulationLayout.Goal) -> PartitionedNetwork {
    let layouts = zip(incoming, legal.network.populations).map {
      PopulationLayout($0, shape: $1.shape, chip: chip, goal: goal)
    }
    return PartitionedNetwork(
      quantized, incoming: incoming, layouts: layouts, splitterTicks: [], chip: chip, options: options)
  }
  let result = partitioned(.littleWork)
  if result.cores.count <= chip.mesh.width * chip.mesh.height { return result }
  let denser = partitioned(.fewCores)
  return denser.cores.count < result.cores.count ? denser : result
}

extension PartitionedNetwork {
  /// The populations on cores, as their layouts divide them.
  ///
  /// - Parameter splitterTicks: per connection, what `insertSplitters` needs; empty for nothing.
  init(
    _ quantized: QuantizedNetwork, incoming: [Incoming], layouts: [PopulationLayout], splitterTicks: [Int],
    chip: Chip, options: CompileOptions
  ) {
    self.init(
      quantized: quantized,
      levels: Levels(
        axons: quantized.axons, layouts: layouts, incoming: incoming,
        splitterTicks: splitterTicks, chip: chip, window: options.window),
      incoming: incoming, layouts: layouts, cores: [], numbering: SourceNumbering(quantized.legal))
    for (p, layout) in layouts.enumerated() { add(layout, population: p, axons: chip.core.axons) }
    if cores.count > chip.mesh.width * chip.mesh.height {
      cores = merged(cores, chip: chip, levels: levels)
    }
  }

  /// Adds the cores of one population.
  fileprivate mutating func add(
    _ layout: PopulationLayout, population p: Int, axons: Int
  ) {
    let own = incoming[p].connections.map(\.index)
    var filler = CoreFiller(
      population: p, incoming: incoming[p],
      sources: own.map { numbering.first(quantized.axons.connections[$0].source) },
      delays: own.map { levels.delay[$0] }, axons: axons)
    for group in layout.groups { cores += filler.cores(of: group) }
  }

  /// Every limit of the chip that the partition breaks.
  ///
  /// - Parameter cores: these cores, with the splitters that were added.
  func brokenLimits(with cores: [PartitionedCore], chip: Chip) -> [Diagnostic] {
    let connections = quantized.axons.connections
    let populations = quantized.legal.populations
    var problems: [Diagnostic?] = []
    for (p, layout) in layouts.enumerated() {
      let fanIn = (0..<populations[p].size).map { incoming[p].fanIn($0) }.max() ?? 0
      problems.append(Limits.fanIn(sources: fanIn, population: populations[p].name, chip: chip))
      problems.append(
        Limits.synapses(ofNeuron: fanIn, subject: "population \(populations[p].name)", chip: chip))
      problems.append(
        Limits.partialSenders(
          layout.largestSenders(axons: chip.core.axons), subject: "population \(populations[p].name)",
          chip: chip))
    }
    // A splitter on the way takes some of a connection's ticks. Where a ring holds one delay only, what counts is what is left
    // to the axons.
    var held = [Int?](repeating: nil, count: connections.count)
    for axon in cores.flatMap(\.axons) where chip.core.delaySlots == 2 {
      if let k = axon.connection { held[k] = max(held[k] ?? axon.delay, axon.delay) }
    }
    for (k, connection) in connections.enumerated() {
      let delay = held[k] ?? levels.delay[k]
      let subject = "connection into population \(populations[connection.target].name)"
      if case .input = connection.source, chip.input == .direct {
        problems.append(Limits.inputDelay(delay, subject: subject, chip: chip))
      } else {
        problems.append(Limits.delay(delay, subject: subject, chip: chip))
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
    result[at].synapses.append(core.synapses, base: base)
  }
  return result
}
