import ChipModel

/// What ticks did, in the terms of which their time is a sum (docs/performance.md, Scaling).
///
/// Terms are counts that a run makes in any case, so that a model of its time can be held against it.
public struct Work: Sendable, Equatable {
  public enum Term: Int, Sendable, CaseIterable {
    /// Ticks, and ticks of every core.
    case tick
    case coreTick
    /// Words of 64 axons that are looked through for spikes.
    case axonWord
    case neuronUpdate
    /// Spikes: noted, recorded, and their packets looked up.
    case spike
    case inputEvent
    /// Axons of cores with full rows that held a spike, and crosspoints of these rows, programmed or not.
    case rowRead
    case rowCrosspoint
    /// Axons of cores with lists that held a spike, and the synapses of these lists.
    case listRead
    case listSynapse
    // With the chip's mesh.
    case packet
    case delivery
    case hop
    /// Cycles in which the mesh can have had something to do: those of the tick, of which no more than its events.
    case meshCycle
    // With an ideal mesh: axons and synapses that spikes went straight to, and deliveries that took the way through the ring.
    case straightAxon
    case straightSynapse
    case ringDelivery
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

extension ChipState {
  /// What all ticks did since this chip was made.
  func work() -> Work {
    var work = Work()
    let ticks = Double(phases.profile.ticks)
    work[.tick] = ticks
    work[.coreTick] = ticks * Double(tables.coreCount)
    work[.inputEvent] = Double(totals.inputEvents)
    work[.spike] = Double(totals.spikes)
    for core in 0..<tables.coreCount {
      let counted = coreCounters[core]
      let reads = Double(counted.rowReads)
      let operations = Double(counted.synapticOperations)
      work[.neuronUpdate] += Double(counted.neuronUpdates)
      work[.axonWord] += ticks * Double((tables.axonBegin[core + 1] - tables.axonBegin[core] + 63) / 64)
      if let ideal, ideal.routes.isStraight[core] {
        work[.straightAxon] += reads
        work[.straightSynapse] += operations
        continue
      }
      if ideal != nil { work[.ringDelivery] += Double(counted.deliveries) }
      if tables.synapses.hasRows(core: core) {
        work[.rowRead] += reads
        work[.rowCrosspoint] += reads * Double(tables.neuronBegin[core + 1] - tables.neuronBegin[core])
      } else {
        work[.listRead] += reads
        work[.listSynapse] += operations
      }
    }
    guard ideal == nil else { return work }
    work[.packet] = Double(totals.packets)
    work[.delivery] = Double(totals.deliveries)
    work[.hop] = Double(totals.hops)
    // A packet is injected, granted at each router on its way and delivered, each in one cycle.
    work[.meshCycle] = Double(min(totals.cycles, totals.packets + totals.hops + 2 * totals.deliveries))
    return work
  }
}
