import ProgramImage

/// What leaves `route`: every spike, partial sum and input event knows where it goes.
struct RoutedNetwork: Sendable {
  struct Destination: Sendable {
    var kind: ProgramImage.RouteKind
    var core: Int
    /// Axon (spike) or neuron (partial) within the core.
    var target: Int
    var delay: Int
  }
  var placed: PlacedNetwork
  /// Per core and neuron of it.
  var routes: [[[Destination]]]
  /// Per input channel.
  var inputs: [[Destination]]
}

/// Turns axons into destination lists of their sources, ascending by core and axon.
///
/// A source that feeds several axons of several cores sends one packet to each. With multicast one packet goes to all
/// that have the same delay, which the mesh sees from the same lists: no source has two axons of one delay in one core.
func route(_ placed: PlacedNetwork) -> RoutedNetwork {
  let fanout = placed.fanout
  let network = fanout.partitioned.quantized.legal
  var destinations = [[RoutedNetwork.Destination]](repeating: [], count: fanout.sources)
  for (c, core) in fanout.cores.enumerated() {
    for (a, axon) in core.axons.enumerated() {
      destinations[axon.source].append(
        RoutedNetwork.Destination(kind: .spike, core: c, target: a, delay: axon.delay))
    }
  }
  let homes = fanout.homes()
  let routes = fanout.cores.map { core in
    core.neurons.map { neuron -> [RoutedNetwork.Destination] in
      if let source = fanout.source(neuron) { return destinations[source] }
      guard let main = homes[fanout.main(of: neuron)] else { return [] }
      return [RoutedNetwork.Destination(kind: .partial, core: main.core, target: main.neuron, delay: 1)]
    }
  }
  return RoutedNetwork(
    placed: placed, routes: routes, inputs: Array(destinations[..<network.network.channels]))
}

extension RoutedNetwork {
  /// Packets that one spike makes, per population: the mean over its neurons, those of its splitters included, partial
  /// sums left out. 0 for a population without neurons.
  func packetsPerSpike(multicast: Bool) -> [Double] {
    let fanout = placed.fanout
    let count = fanout.partitioned.quantized.populations.count
    var packets = [Int](repeating: 0, count: count)
    var neurons = [Int](repeating: 0, count: count)
    for (core, lists) in zip(fanout.cores, routes) {
      for (neuron, destinations) in zip(core.neurons, lists) where !neuron.isPartial {
        packets[neuron.population] += multicast ? Set(destinations.map(\.delay)).count : destinations.count
        if neuron.isMain { neurons[neuron.population] += 1 }
      }
    }
    return zip(packets, neurons).map { $1 == 0 ? 0 : Double($0) / Double($1) }
  }
}
