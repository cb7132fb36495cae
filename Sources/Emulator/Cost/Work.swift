/// What ticks did, in the terms of which their time is a sum (docs/performance.md, Scaling).
///
/// Terms are what a run counts in any case, and how far from the processor the memory lies that they touch, so that a model
/// of a run's time can be held against it.
public struct Work: Sendable, Equatable {
  public enum Term: Int, Sendable, CaseIterable {
    /// Ticks, and ticks of every core; of the cores of flat programs apart.
    case tick
    case coreTick
    case flatCoreTick
    /// Words of 64 axons that are looked through for spikes.
    case axonWord
    /// Neurons that were updated, not only counted.
    case neuronUpdate
    /// Spikes: noted, recorded, and their packets looked up.
    case spike
    case inputEvent
    /// Axons of cores with full rows that held a spike, and crosspoints of these rows, programmed or not.
    case rowRead
    case rowCrosspoint
    /// Axons of cores with lists that held a spike, and synapses of these lists.
    case listRead
    case listSynapse
    // With the chip's mesh; a hop of a packet of several destinations is a `treeHop`.
    case packet
    case delivery
    case hop
    case treeHop
    /// Cycles that were looked at because something could happen in them.
    case meshCycle
    // With an ideal mesh: axons and synapses that spikes went straight to, and deliveries that took the way through the ring.
    case straightAxon
    case straightSynapse
    case ringDelivery
    // Memory beyond the near caches; each counts by how many times it doubles their size (`Footprint`).
    /// Lines of lists of synapses, and of axons' counts.
    case farLine
    /// Packets, their hops and their deliveries.
    case farHop
    /// States of neurons, which are read in turn.
    case farState
    /// Sums of neurons, and counters of cores, that straight spikes are spread over.
    case farSum
  }

  /// By term.
  public private(set) var counts = [Double](repeating: 0, count: Term.allCases.count)

  public init() {}

  public subscript(_ term: Term) -> Double {
    get { counts[term.rawValue] }
    set { counts[term.rawValue] = newValue }
  }

  public static func + (a: Work, b: Work) -> Work {
    var sum = a
    for i in sum.counts.indices { sum.counts[i] += b.counts[i] }
    return sum
  }

  public static func - (a: Work, b: Work) -> Work { a + b * -1 }

  public static func * (a: Work, factor: Double) -> Work {
    var product = a
    for i in product.counts.indices { product.counts[i] *= factor }
    return product
  }
}
