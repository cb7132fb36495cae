import ChipModel
import Diagnostics

/// Puts splitters behind neurons that have more destinations than the chip's lists hold. A splitter is a neuron that
/// fires one tick after each spike of its source, and never else (`SplitterCodes`).
///
/// ```
/// spike at tick t ─▶ axon ─▶ splitters of its row fire at t + 1 ─▶ L axons each, from t + 2 on
/// ```
/// An axon that is to act D ticks after the spike can lie behind up to D − 1 splitters, and its own delay makes up for
/// the rest, so most of them cost nothing where paths are balanced anyhow. Otherwise the connection's transit grows,
/// levels are found again (`Levels`), cores filled again, and trees grown again, until all of it fits. Transits only
/// grow and trees are no deeper than they have axons, so this ends. Ticks that no level makes up for, in loops, come out
/// as lateness.
///
/// A chip with `mesh.multicast` gets none: its lists are its limit.
///
/// Does not: count spikes, or look at distances on the mesh.
func insertSplitters(
  _ partitioned: PartitionedNetwork, chip: Chip, options: CompileOptions, problems: inout DiagnosticCollector
) -> FanoutNetwork {
  let budget = partitioned.quantized.physical.membranes.first?.capacitance
  let codes =
    chip.mesh.multicast
    ? nil : SplitterCodes(gain: budget.map { $0.membrane / $0.total } ?? 1, chip: chip)
  var result = FanoutNetwork(
    partitioned: partitioned, cores: partitioned.cores, sources: partitioned.numbering.count, codes: codes,
    splitterLateness: [Int](repeating: 0, count: partitioned.levels.lateness.count))
  if let codes {
    var splitterTicks = [Int](repeating: 0, count: partitioned.levels.transit.count)
    while true {
      let trees = SplitterTrees(result.partitioned, weight: codes.weight, chip: chip, options: options)
      result.cores = trees.cores
      result.sources = trees.sources
      if !trees.missingTransit.contains(where: { $0 > 0 }) { break }
      let grown = partitioned.quantized.axons.largest(
        zip(trees.missingTransit, result.partitioned.levels.transit).map { max(0, $0 - $1) })
      for k in grown.indices { splitterTicks[k] += grown[k] }
      result.partitioned = PartitionedNetwork(
        partitioned.quantized, incoming: partitioned.incoming, layouts: partitioned.layouts,
        splitterTicks: splitterTicks, chip: chip, options: options)
    }
  }
  for (k, late) in result.partitioned.levels.lateness.enumerated() {
    result.splitterLateness[k] = late - partitioned.levels.lateness[k]
  }
  problems.add(result.partitioned.brokenLimits(with: result.cores, chip: chip))
  return result
}
