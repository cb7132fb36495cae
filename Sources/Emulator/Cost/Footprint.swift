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
  /// FIFOs, ports and queued packets; 0 with an ideal mesh.
  let mesh: Double
  /// Counters of cores, and the sums of the neurons that a core's spikes can reach, of the average core.
  let counters: Double
  let sums: Double

  /// Of caches, or what a sample gets of them; what matters is that they are the same wherever a model is fitted and used.
  private static let thirdCache = 8e6
  private static let secondCache = 1e6
  private static let firstCache = 32e3
  private static let bytesPerState = 34.0

  init(_ chip: ChipState) {
    let tables = chip.tables
    let blocks = chip.flat.map { $0.parts.map(\.blocks) } ?? chip.beforehand.map { [$0.value] } ?? []
    lists = Double(tables.synapses.listBytes)
    counts = Double(tables.axons * tables.slots)
    states = Double(tables.rows) * Self.bytesPerState
    let queues = tables.coreCount * tables.chip.timing.injectionQueue * (MemoryLayout<Packet>.stride + 8)
    mesh = chip.ideal == nil ? Double(chip.mesh.state.bytes + queues) : 0
    counters = Double(tables.coreCount * (MemoryLayout<RunRecord.CoreCounters>.stride + 8 * tables.slots))
    if let block = blocks.first {
      bytesPerStraightSynapse = Double(block.bytesPerSynapse)
      straightLists = Double(blocks.reduce(0) { $0 + $1.bytes })
    } else {
      bytesPerStraightSynapse = Double(chip.ideal?.value.routes.bytesPerSynapse ?? 0)
      straightLists = Double(chip.ideal?.value.routes.synapses ?? 0) * bytesPerStraightSynapse
    }
    let reached = chip.ideal?.value.rowsReached ?? tables.packets.rowsReached(tables.neuronBegin)
    sums = straightLists == 0 ? 0 : 4 * reached
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
    work[.farHop] =
      doublings(mesh, of: Self.firstCache)
      * (work[.packet] + work[.hop] + work[.treeHop] + work[.delivery])
    work[.farState] = doublings(states, of: Self.thirdCache) * work[.neuronUpdate]
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
    work[flat == nil ? .coreTick : .flatCoreTick] = ticks * Double(tables.coreCount)
    work[.inputEvent] = Double(totals.inputEvents)
    work[.spike] = Double(totals.spikes)
    if let ideal, flat != nil {
      addFlatWork(ideal.value, to: &work)
    } else {
      for core in 0..<tables.coreCount { addWork(of: core, ticks, to: &work) }
    }
    work[.neuronUpdate] -= Double(restingUpdates)
    guard ideal == nil else { return work }
    work[.packet] = Double(totals.packets)
    work[.delivery] = Double(totals.deliveries)
    work[tables.chip.mesh.multicast ? .treeHop : .hop] = Double(totals.hops)
    work[.meshCycle] = Double(visitedCycles)
    return work
  }

  /// The workers of a flat program keep the counts of cores until a sample is over; the sums over all cores are here.
  private func addFlatWork(_ ideal: IdealTables, to work: inout Work) {
    work[.neuronUpdate] = Double(totals.neuronUpdates)
    let axonWise = work.addStraight(
      reads: totals.rowReads, operations: totals.synapticOperations, inputs: totals.inputEvents)
    guard axonWise.reads > 0 else { return }
    work[.axonWord] = work[.tick] * Double(tables.places.count / 64)
    // Inputs are taken to be alike.
    let (share, width) = ideal.inputsIntoRows
    work[.rowRead] = axonWise.reads * share
    work[.rowCrosspoint] = axonWise.reads * share * width
    work[.listRead] = axonWise.reads * (1 - share)
    work[.listSynapse] = axonWise.operations * (1 - share)
  }

  private func addWork(of core: Int, _ ticks: Double, to work: inout Work) {
    let counted = coreCounters[core]
    var axonWise = (reads: Double(counted.rowReads), operations: Double(counted.synapticOperations))
    work[.neuronUpdate] += Double(counted.neuronUpdates)
    work[.axonWord] += ticks * Double((tables.axonBegin[core + 1] - tables.axonBegin[core] + 63) / 64)
    if beforehand != nil || ideal?.value.routes.isStraight[core] == true {
      axonWise = work.addStraight(
        reads: counted.rowReads, operations: counted.synapticOperations, inputs: counted.inputEvents)
    } else if ideal != nil {
      work[.ringDelivery] += Double(counted.deliveries)
    }
    if tables.synapses.hasRows(core: core) {
      work[.rowRead] += axonWise.reads
      work[.rowCrosspoint] +=
        axonWise.reads * Double(tables.neuronBegin[core + 1] - tables.neuronBegin[core])
    } else {
      work[.listRead] += axonWise.reads
      work[.listSynapse] += axonWise.operations
    }
  }
}

extension Work {
  /// Adds what spikes went straight to.
  ///
  /// - Returns: the rest: inputs go through the axons all the same.
  fileprivate mutating func addStraight(
    reads: UInt64, operations: UInt64, inputs: UInt64
  ) -> (reads: Double, operations: Double) {
    let (reads, operations) = (Double(reads), Double(operations))
    let share = reads > 0 ? 1 - min(1, Double(inputs) / reads) : 0
    self[.straightAxon] += reads * share
    self[.straightSynapse] += operations * share
    return (reads * (1 - share), operations * (1 - share))
  }
}
