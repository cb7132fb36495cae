import ProgramImage

/// What leaves `route`: every spike, partial sum and input event knows where it goes.
struct RoutedNetwork: Sendable {
  var placed: PlacedNetwork
  /// Per source of spikes, input channels first.
  var spikes: Destinations
  /// Where the neurons are whose partial sums others send.
  var homes: FanoutNetwork.Homes

  /// Destination lists in one array each: source i has entries begin[i] ..< begin[i+1].
  struct Destinations: Sendable {
    /// [sources + 1]
    var begin: [Int]
    var core: [Int32]
    /// Axon within the core.
    var axon: [UInt16]
    var delay: [UInt8]

    func range(_ source: Int) -> Range<Int> { begin[source]..<begin[source + 1] }
  }
}

/// Turns axons into destination lists of their sources, ascending by core and axon.
///
/// A source that feeds several axons of several cores sends one packet to each. With multicast one packet goes to all
/// that have the same delay, which the mesh sees from the same lists: no source has two axons of one delay in one core.
func route(_ placed: PlacedNetwork) -> RoutedNetwork {
  let fanout = placed.fanout
  var begin = [Int](repeating: 0, count: fanout.sources + 1)
  for core in fanout.cores {
    for axon in core.axons { begin[axon.source + 1] += 1 }
  }
  for source in 0..<fanout.sources { begin[source + 1] += begin[source] }
  let count = begin[fanout.sources]
  var next = begin
  var spikes = RoutedNetwork.Destinations(
    begin: begin, core: [Int32](repeating: 0, count: count), axon: [UInt16](repeating: 0, count: count),
    delay: [UInt8](repeating: 0, count: count))
  for (c, core) in fanout.cores.enumerated() {
    for (a, axon) in core.axons.enumerated() {
      let place = next[axon.source]
      next[axon.source] += 1
      spikes.core[place] = Int32(c)
      spikes.axon[place] = UInt16(a)
      spikes.delay[place] = UInt8(axon.delay)
    }
  }
  return RoutedNetwork(placed: placed, spikes: spikes, homes: fanout.homes())
}

extension RoutedNetwork {
  /// Packets that one spike makes, per population: the mean over its neurons, those of its splitters included, partial
  /// sums left out. 0 for a population without neurons.
  func packetsPerSpike(multicast: Bool) -> [Double] {
    let fanout = placed.fanout
    let count = fanout.partitioned.quantized.populations.count
    var packets = [Int](repeating: 0, count: count)
    var neurons = [Int](repeating: 0, count: count)
    /// Per delay: the source that it was seen for last.
    var seen = [Int](repeating: -1, count: Int(UInt8.max) + 1)
    for core in fanout.cores {
      for neuron in core.neurons {
        guard let source = fanout.source(neuron) else { continue }
        if multicast {
          for k in spikes.range(source) where seen[Int(spikes.delay[k])] != source {
            seen[Int(spikes.delay[k])] = source
            packets[neuron.population] += 1
          }
        } else {
          packets[neuron.population] += spikes.range(source).count
        }
        if neuron.isMain { neurons[neuron.population] += 1 }
      }
    }
    return zip(packets, neurons).map { $1 == 0 ? 0 : Double($0) / Double($1) }
  }
}
