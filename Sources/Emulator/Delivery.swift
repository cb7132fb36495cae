import ChipModel

/// A packet reaches its core: docs/emulator-semantics.md §5.4.
extension ChipState {
  mutating func deliver(_ number: UInt32, tick: Int, cycle: Int) {
    let packet = packets[number]
    packets.remove(number)
    let core = Int(packet.core)
    events.deliveries += 1
    coreCounters[core].deliveries += 1
    trace(.delivered, number, at: core, cycle)
    count(latency: cycle - packet.born)
    var target = Int(packet.targetTick)
    if target <= tick {
      counters.latePackets += 1
      if case .period(_, .drop) = tables.tick {
        counters.droppedPackets += 1
        return
      }
      target = tick + 1
    }
    let slot = target % tables.slots
    if packet.isPartial {
      ring.addPartial(Int64(packet.value), row: Int(packet.target), slot: slot)
    } else {
      ring.addSpikes(1, axon: Int(packet.target), core: core, slot: slot)
    }
  }

  private mutating func count(latency: Int) {
    while latencyHistogram.count <= latency { latencyHistogram.append(0) }
    latencyHistogram[latency] += 1
  }
}
