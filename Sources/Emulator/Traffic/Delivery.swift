import ChipModel
import Observations

/// A packet reaches a core: docs/emulator-semantics.md §5.4.
extension ChipState {
  /// Everything that the mesh delivers in this cycle.
  mutating func deliverAll(tick: Int, cycle: Int, _ mesh: MeshState, _ traffic: TrafficState) {
    if tables.perEvent != nil || recordsTrace {
      for arrival in 0..<mesh.counts.pointee.delivered { deliver(arrival, tick: tick, cycle: cycle, mesh, traffic) }
    } else {
      deliverPlain(tick: tick, cycle: cycle, mesh, traffic)
    }
  }

  /// Spikes in time, all at once; what is anything else one by one.
  private mutating func deliverPlain(tick: Int, cycle: Int, _ mesh: MeshState, _ traffic: TrafficState) {
    let slots = tables.slots
    let now = tick % slots
    let packets = traffic.pool.pointee.packets
    let branches = tables.trees.branches
    let targets = tables.targets
    let coreAt = tables.coreAt
    let places = tables.places
    var deliveries: UInt64 = 0
    var others = 0
    coreCounters.withUnsafeMutableBufferPointer { coreCounters in
      latencyHistogram.withUnsafeMutableBufferPointer { histogram in
        ring.addManySpikes { add in
          for i in 0..<mesh.counts.pointee.delivered {
            let delivery = mesh.delivered[i]
            let number = delivery.flit.packet
            let packet = packets + Int(number)
            let ahead = Int(packet.pointee.targetTick) &- tick
            let latency = cycle &- packet.pointee.born
            let core = Int(coreAt[Int(delivery.router)])
            var place = Int(packet.pointee.place)
            if place < 0, delivery.flit.to < 0, packet.pointee.isOneEach {
              let rank = branches[Int(-1 &- delivery.flit.to)].rank
              let target = targets[Int(packet.pointee.begin &+ rank)].target
              place = Int(places.place(axon: Int(target), core: core))
            }
            guard place >= 0, ahead > 0, latency < histogram.count else {
              mesh.delivered[others] = delivery
              if mesh.tracksWaits { mesh.deliveredWaits[others] = mesh.deliveredWaits[i] }
              others &+= 1
              continue
            }
            traffic.reach(number, 1)
            add(place, now &+ ahead >= slots ? now &+ ahead &- slots : now &+ ahead)
            histogram[latency] &+= 1
            coreCounters[core].deliveries &+= 1
            deliveries &+= 1
          }
        }
      }
    }
    events.deliveries &+= deliveries
    for arrival in 0..<others { deliver(arrival, tick: tick, cycle: cycle, mesh, traffic) }
  }

  /// - Parameter arrival: which of `mesh.delivered`.
  private mutating func deliver(
    _ arrival: Int, tick: Int, cycle: Int, _ mesh: MeshState, _ traffic: TrafficState
  ) {
    let delivery = mesh.delivered[arrival]
    let number = delivery.flit.packet
    let core = Int(tables.coreAt[Int(delivery.router)])
    let packet = traffic.pool.pointee.packets[Int(number)]
    let targets = tables.targets(of: packet, delivery.flit, at: Int(delivery.router))
    traffic.reach(number, Int32(targets.count))
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
