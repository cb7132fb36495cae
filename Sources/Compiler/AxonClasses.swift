import NetworkIR

/// The axons that a source has on a core: one per class of its synapses there.
///
/// On most chips a synapse has its own weight, and all synapses of a source share one axon: one class. Where an axon carries
/// what a synapse lacks (the type that picks a neuron's weight, the sign), a source takes an axon of each class that one of its
/// synapses on that core belongs to, and a synapse may be the sum of several:
/// ```
/// w[i][j] = Σ_classes part[class][i][j]
/// ```
/// Every class of a connection is a connection of its own from here on, with the same source, target, delay and level. So
/// axons, fan-in, splitters and destinations count what is really there.
struct AxonClasses: Sendable {
  /// The synapses of one class of a connection; zeros are not stored.
  struct Part: Sendable, Equatable {
    /// What the axon says: its type, or its sign.
    var number: Int
    var matrix: SparseMatrix<Int16>
  }

  /// Parts of the network's connections, in their order.
  private(set) var connections: [Connection<Int16>] = []
  /// Per part: the connection that it is of, and the number of its class.
  private(set) var whole: [Int] = []
  private(set) var number: [Int] = []

  /// - Parameter parts: per connection, at least one each; parts without synapses are left out but for the first.
  init(_ wholes: [Connection<Int16>], parts: [[Part]]) {
    for (k, connection) in wholes.enumerated() {
      for (n, part) in parts[k].enumerated() where n == 0 || !part.matrix.value.isEmpty {
        connections.append(connection.replacing(part.matrix))
        whole.append(k)
        number.append(part.number)
      }
    }
  }

  /// The first part of a connection: what holds for one holds for all.
  func first(of connection: Int) -> Int { whole.firstIndex(of: connection) ?? 0 }

  /// Largest of the values of all parts of a connection, for each of them.
  func largest(_ values: [Int]) -> [Int] {
    var largest: [Int: Int] = [:]
    for (part, value) in zip(whole, values) { largest[part] = max(largest[part] ?? value, value) }
    return zip(whole, values).map { largest[$0] ?? $1 }
  }
}

extension PartitionedNetwork {
  /// Ticks by which a connection of the network is later than it should be.
  func lateness(_ connection: Int) -> Int { levels.lateness[quantized.axons.first(of: connection)] }
}
