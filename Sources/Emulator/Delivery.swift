import ChipModel
import Observations

/// A packet reaches a core: docs/emulator-semantics.md §5.4.
extension ChipState {
  /// - Parameter arrival: which of `mesh.delivered`.
  mutating func deliver(_ arrival: Int, tick: Int, cycle: Int) {
    let number = mesh.delivered[arrival].packet
    let core = Int(tables.coreAt[mesh.delivered[arrival].router])
    let packet = packets[number]
    let targets = tables.targets(of: packet, on: core)
    packets.reach(number, targets.count)
    events.deliveries += UInt64(targets.count)
    coreCounters[core].deliveries += UInt64(targets.count)
    trace(.delivered, number, at: core, cycle, times: targets.count)
    count(targets.count, latency: cycle - packet.born)
    var acts = Int(packet.targetTick)
    if acts <= tick {
      noteLate(packet, targets.count, core: core, tick: tick, mesh.deliveredWaits[arrival])
      if case .period(_, .drop) = tables.tick {
        counters.droppedPackets += UInt64(targets.count)
        return
      }
      acts = tick + 1
    }
    let slot = acts % tables.slots
    for i in targets {
      let target = Int(tables.targets[i].target)
      if packet.isPartial {
        ring.addPartial(Int64(packet.value), row: target, slot: slot)
      } else {
        ring.addSpikes(1, axon: target, core: core, slot: slot)
      }
    }
  }

  private mutating func count(_ deliveries: Int, latency: Int) {
    while latencyHistogram.count <= latency { latencyHistogram.append(0) }
    latencyHistogram[latency] += UInt64(deliveries)
  }

  /// Counts late deliveries and keeps the first of the sample with their cause (§6).
  private mutating func noteLate(
    _ packet: Packet, _ count: Int, core: Int, tick: Int, _ wait: Mesh.Wait
  ) {
    counters.latePackets += UInt64(count)
    for _ in 0..<min(count, ChipState.lateDeliveriesKept - lateDeliveries.count) {
      lateDeliveries.append(
        RunRecord.LateDelivery(
          sample: Int32(sample), tick: Int32(tick), source: packet.source, core: Int32(core),
          ticksLate: Int32(tick) - packet.targetTick + 1, waitedCycles: wait.cycles, router: wait.router,
          output: wait.output))
    }
  }

  /// Late deliveries that a run keeps, so no sample needs to keep more.
  static let lateDeliveriesKept = 10_000
}
