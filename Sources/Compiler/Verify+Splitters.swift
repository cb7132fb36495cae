import ChipModel
import Diagnostics

/// Every axon still gets the spikes of its source, as many ticks later as it should, through splitters that repeat
/// nothing else; every list and core has room; no splitter stands beside a neuron that it would kick.
func verify(_ fanout: FanoutNetwork, chip: Chip) throws(Failure) {
  func bug(_ what: String) -> Failure { compilerBug("insertSplitters", what) }
  let homes = fanout.homes()
  let firstSplitter = fanout.partitioned.numbering.count
  // Which axon drives each splitter.
  var rows = [PartitionedCore.Axon?](repeating: nil, count: fanout.sources - firstSplitter)
  var destinations = [Int](repeating: 0, count: fanout.sources)
  for core in fanout.cores {
    if core.axons.count > chip.core.axons || core.columns > chip.core.neurons {
      throw bug("a core is too full")
    }
    for (a, axon) in core.axons.enumerated() {
      destinations[axon.source] += 1
      if fanout.sources == firstSplitter { continue }
      for synapse in core.synapses[a] {
        guard let splitter = core.neurons[Int(synapse.neuron)].splitter else { continue }
        let number = splitter.number - firstSplitter
        if rows[number] != nil || synapse.weight != fanout.codes?.weight {
          throw bug("a splitter has another synapse than its one")
        }
        rows[number] = axon
      }
    }
    for (before, after) in zip(core.neurons, core.neurons.dropFirst()) {
      let touches = after.column - before.column == 1 && chip.electrical != nil
      if after.column <= before.column || touches && (before.splitter == nil) != (after.splitter == nil) {
        throw bug("a splitter's column is not its own")
      }
    }
  }
  /// The source at the root of a tree, and the ticks from there to what `axon` feeds; nil where it does not end.
  func root(_ axon: PartitionedCore.Axon) -> (source: Int, ticks: Int)? {
    var axon = axon
    var ticks = axon.delay
    while axon.source >= firstSplitter {
      guard let row = rows[axon.source - firstSplitter], row.delay >= 1, ticks < 1 << 20 else { return nil }
      ticks += row.delay
      axon = row
    }
    return (axon.source, ticks)
  }
  for (c, core) in fanout.partitioned.cores.enumerated() {
    for (a, axon) in core.axons.enumerated() {
      guard let found = root(fanout.cores[c].axons[a]), found == (axon.source, axon.delay) else {
        throw bug("an axon does not get its source's spikes in time")
      }
    }
  }
  for number in firstSplitter..<fanout.sources {
    guard let home = homes[number], let row = rows[number - firstSplitter], let found = root(row) else {
      throw bug("a splitter is not driven")
    }
    let neuron = fanout.cores[home.core].neurons[home.neuron]
    if found.source != fanout.main(of: neuron) || found.ticks != neuron.splitter?.ticks {
      throw bug("a splitter repeats another neuron than it says")
    }
  }
  let inputs = fanout.partitioned.quantized.legal.network.channels
  if destinations.dropFirst(inputs).contains(where: { $0 > chip.routing.destinationsPerNeuron }) {
    throw bug("a list of destinations is too long")
  }
}
