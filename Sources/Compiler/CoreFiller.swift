import NetworkIR

/// Puts groups of one population's neurons on cores, with their synapses by axons.
///
/// Axons of a core ascend by (source, delay, connection). Two connections never share an axon, so no neuron has two synapses
/// on one. Synapses are counted per axon and then written to their places, so that a core is two arrays whatever it holds.
struct CoreFiller {
  private let population: Int
  private let incoming: Incoming
  /// Axons of a core.
  private let axons: Int
  /// Per connection of `incoming`.
  private let sources: [Int]
  private let delays: [Int]
  /// Per number of `incoming`: the connection that it belongs to, as an index into `incoming.connections`.
  private let owner: [Int32]
  /// Numbers of `incoming` in the order of axons, and the place of each in it.
  private let order: [Int32]
  private let rank: [Int32]
  /// Per number, for the group at work: synapses, then the place of the next one; and its block. 0 between groups.
  private var next: [Int32]
  private var block: [Int32]

  /// - Parameters:
  ///   - sources: of every connection of `incoming`, the number of its first source.
  ///   - delays: of every connection of `incoming`, the ticks from a source to the neuron.
  init(population: Int, incoming: Incoming, sources: [Int], delays: [Int], axons: Int) {
    self.population = population
    self.incoming = incoming
    self.axons = axons
    self.sources = sources
    self.delays = delays
    var owner: [Int32] = []
    owner.reserveCapacity(incoming.count)
    for (c, connection) in incoming.connections.enumerated() {
      owner += repeatElement(Int32(c), count: connection.matrix.columns)
    }
    self.owner = owner
    order = Self.order(incoming, sources: sources, delays: delays)
    var rank = [Int32](repeating: 0, count: incoming.count)
    for (place, number) in order.enumerated() { rank[Int(number)] = Int32(place) }
    self.rank = rank
    next = [Int32](repeating: 0, count: incoming.count)
    block = next
  }

  /// Numbers by (source, delay, connection): by source those that come in the order of the other two.
  private static func order(_ incoming: Incoming, sources: [Int], delays: [Int]) -> [Int32] {
    let connections = incoming.connections
    let byDelay = connections.indices.sorted {
      (delays[$0], connections[$0].index) < (delays[$1], connections[$1].index)
    }
    let first = sources.min() ?? 0
    let end = connections.indices.map { sources[$0] + connections[$0].matrix.columns }.max() ?? 0
    var begin = [Int](repeating: 0, count: end - first + 1)
    for c in byDelay {
      for column in 0..<connections[c].matrix.columns { begin[sources[c] + column - first + 1] += 1 }
    }
    for source in 0..<end - first { begin[source + 1] += begin[source] }
    var order = [Int32](repeating: 0, count: incoming.count)
    for c in byDelay {
      for column in 0..<connections[c].matrix.columns {
        let source = sources[c] + column - first
        order[begin[source]] = Int32(connections[c].first + column)
        begin[source] += 1
      }
    }
    return order
  }

  /// The cores of one group: its neurons with block 0 of their sources, and one core of partial neurons per other block.
  mutating func cores(of group: PopulationLayout.Group) -> [PartitionedCore] {
    let used = countSynapses(of: group)
    var cores = used.map { numbers in
      var core = PartitionedCore()
      core.axons.reserveCapacity(numbers.count)
      return core
    }
    var begins: [[Int32]] = []
    var total: Int32 = 0
    for (b, numbers) in used.enumerated() {
      let first = total
      var begin: [Int32] = [0]
      begin.reserveCapacity(numbers.count + 1)
      for number in numbers {
        let own = Int(owner[Int(number)])
        let connection = incoming.connections[own]
        // A partial sum travels for one of the ticks, never less than its own axon needs.
        cores[b].axons.append(
          PartitionedCore.Axon(
            source: sources[own] + Int(number) - connection.first, delay: delays[own] - (b == 0 ? 0 : 1),
            connection: connection.index))
        let synapses = next[Int(number)]
        next[Int(number)] = total
        total += synapses
        begin.append(total - first)
      }
      begins.append(begin)
    }
    let entries = place(group, into: &cores, count: Int(total))
    if cores.count == 1 {
      cores[0].synapses = CrossbarRows(entries: entries, begin: begins[0])
    } else {
      var first = 0
      for (b, begin) in begins.enumerated() {
        let end = first + Int(begin[begin.count - 1])
        cores[b].synapses = CrossbarRows(entries: Array(entries[first..<end]), begin: begin)
        first = end
      }
    }
    for numbers in used {
      for number in numbers { next[Int(number)] = 0 }
    }
    return cores
  }

  /// Per block: the numbers that its neurons have synapses from, in the order of axons; `next` then holds how many.
  private mutating func countSynapses(of group: PopulationLayout.Group) -> [[Int32]] {
    var used = [[Int32]](repeating: [], count: group.blocks(axons: axons))
    for i in group.neurons {
      for (_, matrix, first) in incoming.connections {
        for e in matrix.range(i) {
          let number = first + Int(matrix.column[e])
          if next[number] == 0 {
            let own = group.block(number, axons: axons)
            block[number] = Int32(own)
            used[own].append(rank[number])
          }
          next[number] += 1
        }
      }
    }
    for b in used.indices {
      used[b].sort()
      for k in used[b].indices { used[b][k] = order[Int(used[b][k])] }
    }
    return used
  }

  /// Adds the group's neurons to the cores, and gives the synapses of all of them, core by core; `next` holds where each goes.
  private mutating func place(
    _ group: PopulationLayout.Group, into cores: inout [PartitionedCore], count: Int
  ) -> [CrossbarRows.Synapse] {
    var entries = [CrossbarRows.Synapse](repeating: .init(neuron: 0, weight: 0), count: count)
    /// Per core: the neuron that its last one works for, and that one's index.
    var last = [Int](repeating: -1, count: cores.count)
    var neuron = [UInt16](repeating: 0, count: cores.count)
    func begin(_ i: Int, block: Int) {
      last[block] = i
      neuron[block] = UInt16(cores[block].neurons.count)
      cores[block].neurons.append(
        PartitionedCore.Neuron(
          population: population, index: i, isPartial: block > 0, column: cores[block].neurons.count))
    }
    for i in group.neurons {
      begin(i, block: 0)
      for (_, matrix, first) in incoming.connections {
        for e in matrix.range(i) {
          let number = first + Int(matrix.column[e])
          let own = Int(block[number])
          if last[own] != i { begin(i, block: own) }
          entries[Int(next[number])] = CrossbarRows.Synapse(neuron: neuron[own], weight: matrix.value[e])
          next[number] += 1
        }
      }
    }
    return entries
  }
}
