extension LadderParameters {
  /// Groups of neurons of a population whose codes have become the same (weights, threshold, leak, drive, reset) although
  /// the numbers that they stand for differ. Neurons that were alike from the beginning are no group of their own.
  public func duplicates(_ p: Int) -> [[Int]] {
    let population = populations[p]
    var coded = (0..<population.size).map { i in
      Signature(numbers: [
        population.codes.decay[i], population.codes.synapseDecay[i], population.codes.constant[i],
        population.threshold == nil ? 0 : population.codes.threshold[i], population.codes.reset[i],
        population.codes.initial[i], population.codes.initialCurrent[i], population.codes.gain[i],
        Double(population.refractory[i]),
      ])
    }
    var meant = (0..<population.size).map { i in
      Signature(numbers: [
        population.ideal.decay[i], population.synapseDecay[i], population.ideal.constant[i],
        population.threshold?[i] ?? 0, population.ideal.reset[i], population.initial[i],
        population.ideal.initialCurrent[i],
      ])
    }
    for poisson in population.poisson {
      for i in 0..<population.size {
        coded[i].numbers.append(poisson.code[i])
        meant[i].numbers.append(poisson.step[i])
      }
    }
    for (k, connection) in connections.enumerated() where connection.target == p {
      connection.codes.append(to: &coded, connection: k)
      connection.steps.append(to: &meant, connection: k)
    }
    var groups: [Signature: [Int]] = [:]
    for (i, signature) in coded.enumerated() { groups[signature, default: []].append(i) }
    return groups.values.filter { group in group.contains { meant[$0] != meant[group[0]] } }
      .sorted { $0[0] < $1[0] }
  }

  /// All that makes a neuron what it is.
  fileprivate struct Signature: Hashable {
    struct Synapse: Hashable {
      var connection: Int
      var source: Int
      var weight: Double
    }
    var numbers: [Double]
    var synapses: [Synapse] = []
  }
}

extension LadderParameters.Columns {
  fileprivate func append(to signatures: inout [LadderParameters.Signature], connection: Int) {
    for source in 0..<begin.count - 1 {
      for k in begin[source]..<begin[source + 1] {
        signatures[Int(row[k])].synapses.append(
          .init(connection: connection, source: source, weight: value[k]))
      }
    }
  }
}
