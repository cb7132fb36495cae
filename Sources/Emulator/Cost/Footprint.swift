import Foundation
import Observations

/// Bytes of what the ticks of a program go through, and how far away that makes it.
struct Footprint: Sendable {
  /// Synapses in lists, and those that spikes go straight to.
  let lists: Double
  let straightLists: Double
  let bytesPerStraightSynapse: Double
  /// Counts of axons in all slots.
  let counts: Double
  let states: Double
  /// Counters of cores, and the sums of the neurons that a core's spikes can reach, of the average core.
  let counters: Double
  let sums: Double

  /// Of the second and of the first cache; what matters is that they are the same wherever a model is fitted and used.
  private static let secondCache = 1e6
  private static let firstCache = 32e3
  private static let bytesPerState = 34.0

  init(_ chip: ChipState) {
    let tables = chip.tables
    let blocks = chip.flat.map { $0.parts.map(\.blocks) } ?? chip.beforehand.map { [$0] } ?? []
    lists = Double(tables.synapses.listBytes)
    counts = Double(tables.axons * tables.slots)
    states = Double(tables.rows) * Self.bytesPerState
    counters = Double(tables.coreCount * (MemoryLayout<RunRecord.CoreCounters>.stride + 8 * tables.slots))
    if let block = blocks.first {
      bytesPerStraightSynapse = Double(block.bytesPerSynapse)
      straightLists = Double(blocks.reduce(0) { $0 + $1.bytes })
    } else {
      bytesPerStraightSynapse = Double(chip.ideal?.routes.bytesPerSynapse ?? 0)
      straightLists = Double(chip.ideal?.routes.synapses ?? 0) * bytesPerStraightSynapse
    }
    sums = straightLists == 0 ? 0 : 4 * Self.rowsReached(tables)
  }

  private static func rowsReached(_ tables: Tables) -> Double {
    var lastCore = [Int](repeating: -1, count: tables.coreCount)
    var rows = 0
    for core in 0..<tables.coreCount {
      for row in tables.neuronBegin[core]..<tables.neuronBegin[core + 1] {
        for send in Int(tables.sends.begin[row])..<Int(tables.sends.begin[row + 1]) {
          let send = tables.sends.sends[send]
          for place in Int(send.begin)..<Int(send.end) {
            let target = Int(tables.targets[place].core)
            if lastCore[target] == core { continue }
            lastCore[target] = core
            rows += tables.neuronBegin[target + 1] - tables.neuronBegin[target]
          }
        }
      }
    }
    return Double(rows) / Double(max(tables.coreCount, 1))
  }

  /// Adds the far terms to work of which the others are known.
  ///
  /// Time to a place in memory grows about evenly with each doubling of what it is one of: more caches and pages miss.
  func addDistances(to work: inout Work) {
    work[.farLine] =
      doublings(lists, of: Self.secondCache) * (2 * work[.listRead] + work[.listSynapse] * 4 / 64)
      + doublings(counts, of: Self.secondCache) * (work[.delivery] + work[.ringDelivery])
      + doublings(straightLists, of: Self.secondCache)
      * (2 * work[.spike] + (work[.straightSynapse] * bytesPerStraightSynapse + work[.straightAxon] * 8) / 64)
    work[.farState] = doublings(states, of: Self.secondCache) * work[.neuronUpdate]
    work[.farSum] =
      doublings(sums, of: Self.firstCache) * work[.straightSynapse]
      + doublings(counters, of: Self.firstCache) * work[.straightAxon]
  }
}

/// log2(bytes / cache), and 0 where that is negative: how many times a cache would have to double to hold so much.
private func doublings(_ bytes: Double, of cache: Double) -> Double { max(0, log2(max(bytes, 1) / cache)) }

extension ChipState {
  /// What all ticks did since this chip was made, without the far terms.
  func work() -> Work {
    var work = Work()
    let ticks = Double(phases.profile.ticks)
    work[.tick] = ticks
    work[.coreTick] = ticks * Double(tables.coreCount)
    work[.inputEvent] = Double(totals.inputEvents)
    work[.spike] = Double(totals.spikes)
    if flat != nil {
      addFlatWork(to: &work)
    } else {
      for core in 0..<tables.coreCount { addWork(of: core, ticks, to: &work) }
    }
    work[.neuronUpdate] -= Double(restingUpdates)
    guard ideal == nil else { return work }
    work[.packet] = Double(totals.packets)
    work[.delivery] = Double(totals.deliveries)
    work[tables.chip.mesh.multicast ? .treeHop : .hop] = Double(totals.hops)
    // A packet is injected, granted at each router on its way and delivered, each in one cycle.
    work[.meshCycle] = Double(min(totals.cycles, totals.packets + totals.hops + 2 * totals.deliveries))
    return work
  }

  /// The workers of a flat program keep the counts of cores until a sample is over; the sums over all cores are here.
  private func addFlatWork(to work: inout Work) {
    work[.neuronUpdate] = Double(totals.neuronUpdates)
    let inputs = min(Double(totals.inputEvents), Double(totals.rowReads))
    let share = totals.rowReads > 0 ? 1 - inputs / Double(totals.rowReads) : 0
    work[.straightAxon] = Double(totals.rowReads) * share
    work[.straightSynapse] = Double(totals.synapticOperations) * share
    work[.listRead] = Double(totals.rowReads) * (1 - share)
    work[.listSynapse] = Double(totals.synapticOperations) * (1 - share)
    if inputs > 0 { work[.axonWord] = work[.tick] * Double(tables.places.count / 64) }
  }

  private func addWork(of core: Int, _ ticks: Double, to work: inout Work) {
    let counted = coreCounters[core]
    var reads = Double(counted.rowReads)
    var operations = Double(counted.synapticOperations)
    work[.neuronUpdate] += Double(counted.neuronUpdates)
    work[.axonWord] += ticks * Double((tables.axonBegin[core + 1] - tables.axonBegin[core] + 63) / 64)
    if beforehand != nil || ideal?.routes.isStraight[core] == true {
      // Inputs go through the axons all the same.
      let share = reads > 0 ? 1 - min(1, Double(counted.inputEvents) / reads) : 0
      work[.straightAxon] += reads * share
      work[.straightSynapse] += operations * share
      reads *= 1 - share
      operations *= 1 - share
    } else if ideal != nil {
      work[.ringDelivery] += Double(counted.deliveries)
    }
    if tables.synapses.hasRows(core: core) {
      work[.rowRead] += reads
      work[.rowCrosspoint] += reads * Double(tables.neuronBegin[core + 1] - tables.neuronBegin[core])
    } else {
      work[.listRead] += reads
      work[.listSynapse] += operations
    }
  }
}
