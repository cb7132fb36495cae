import ChipModel
import Observations

/// A packet reaches a core: docs/emulator-semantics.md §5.4.
extension ChipState {
  /// Everything that the mesh delivers in this cycle.
  mutating func deliverAll(tick: Int, cycle: Int, _ mesh: MeshState, _ traffic: TrafficState) {
    if tables.perEvent != nil || recordsTrace {
      for arrival in 0..<mesh.counts.pointee.delivered {
        deliver(arrival, tick: tick, cycle: cycle, mesh, traffic)
      }
    } else {
      deliverPlain(tick: tick, cycle: cycle, mesh, traffic)
    }
  }

  /// Spikes in time are noted, and enter the ring all together at the end of the tick: no spike of it acts before the next
  /// one, and places in the ring are far apart, so that one access should not wait for the one before. What is anything else
  /// is delivered one by one.
  private mutating func deliverPlain(tick: Int, cycle: Int, _ mesh: MeshState, _ traffic: TrafficState) {
    let slots = tables.slots
    let now = tick % slots
    let count = mesh.counts.pointee.delivered
    traffic.reserve(arrivals: count)
    let packets = traffic.pool.pointee.packets
    let arrived = traffic.arrived.pointee
    var (placeCount, targetCount) = (arrived.placeCount, arrived.targetCount)
    var others = 0
    for i in 0..<count {
      let delivery = mesh.delivery(i)
      let number = delivery.flit.packet
      let packet = packets + Int(number)
      let ahead = Int(packet.pointee.targetTick) &- tick
      let latency = cycle &- packet.pointee.born
      let isPlain = packet.pointee.isOneEach && !packet.pointee.isPartial
      guard isPlain, ahead > 0, latency < arrived.latencyCount else {
        traffic.others[others] = Int32(truncatingIfNeeded: i)
        others &+= 1
        continue
      }
      let slot = Int32(truncatingIfNeeded: now &+ ahead >= slots ? now &+ ahead &- slots : now &+ ahead)
      if packet.pointee.place == Packet.done {
        // Counted below.
      } else if delivery.flit.to >= 0 {
        arrived.places[placeCount] = SIMD2(packet.pointee.place, slot)
        placeCount &+= 1
      } else {
        let rank = mesh.trees[Int(-1 &- delivery.flit.to)].rank
        arrived.targets[targetCount] = SIMD2(packet.pointee.begin &+ rank, slot)
        targetCount &+= 1
      }
      traffic.reach(number, 1)
      arrived.latencies[latency] &+= 1
      traffic.deliveries[Int(tables.coreAt[Int(delivery.router)])] &+= 1
    }
    traffic.arrived.pointee.placeCount = placeCount
    traffic.arrived.pointee.targetCount = targetCount
    events.deliveries &+= UInt64(truncatingIfNeeded: count &- others)
    for i in 0..<others { deliver(Int(traffic.others[i]), tick: tick, cycle: cycle, mesh, traffic) }
  }

  /// The spikes that `deliverPlain` noted enter the ring.
  mutating func enterArrived(_ traffic: TrafficState) {
    let arrived = traffic.arrived.pointee
    let count = arrived.placeCount + arrived.targetCount
    if count == 0 { return }
    for i in 0..<arrived.targetCount {
      let destination = tables.targets[Int(arrived.targets[i].x)]
      let place = tables.places.place(axon: Int(destination.target), core: Int(destination.core))
      arrived.places[arrived.placeCount + i] = SIMD2(place, arrived.targets[i].y)
    }
    ring.addSpikes(UnsafeBufferPointer(start: arrived.places, count: count))
    traffic.arrived.pointee.placeCount = 0
    traffic.arrived.pointee.targetCount = 0
  }

  /// - Parameter arrival: which of the cycle's deliveries.
  private mutating func deliver(
    _ arrival: Int, tick: Int, cycle: Int, _ mesh: MeshState, _ traffic: TrafficState
  ) {
    let delivery = mesh.delivery(arrival)
    let number = delivery.flit.packet
    let core = Int(tables.coreAt[Int(delivery.router)])
    let packet = traffic.pool.pointee.packets[Int(number)]
    let targets = tables.targets(of: packet, delivery.flit, at: Int(delivery.router))
    traffic.reach(number, Int32(targets.count))
    events.deliveries += UInt64(targets.count)
    traffic.deliveries[core] += UInt64(targets.count)
    trace(.delivered, number, at: core, cycle, times: targets.count)
    let latency = cycle - packet.born
    traffic.reserve(latency: latency)
    traffic.arrived.pointee.latencies[latency] += UInt64(targets.count)
    var acts = Int(packet.targetTick)
    if acts <= tick {
      noteLate(packet, targets.count, core: core, tick: tick, mesh.wait(ofDelivery: arrival))
      if case .period(_, .drop) = tables.tick {
        counters.droppedPackets += UInt64(targets.count)
        return
      }
      acts = tick + 1
    }
    if packet.place == Packet.done { return }
    let slot = acts % tables.slots
    for i in targets {
      if packet.isPartial {
        ring.addPartial(Int64(packet.value), row: i, slot: slot)
      } else if packet.place >= 0 {
        ring.addSpikes(1, at: packet.place, core: core, slot: slot)
      } else {
        ring.addSpikes(1, axon: Int(tables.targets[i].target), core: core, slot: slot)
      }
    }
  }

  /// Takes the numbers of deliveries and latencies that the traffic has counted.
  mutating func countDeliveries() {
    let traffic = traffic.own()
    for core in coreCounters.indices {
      coreCounters[core].deliveries += traffic.deliveries[core]
      traffic.deliveries[core] = 0
    }
    let arrived = traffic.arrived.pointee
    for latency in 0..<arrived.latencyCount where arrived.latencies[latency] > 0 {
      while latencyHistogram.count <= latency { latencyHistogram.append(0) }
      latencyHistogram[latency] += arrived.latencies[latency]
      arrived.latencies[latency] = 0
    }
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
