import ChipModel
import Observations

/// Spikes that have been delivered in this tick and are not in the ring yet.
struct ArrivedSpikes: Sendable {
  /// A place (x) and its slot (y).
  typealias Note = SIMD2<Int32>

  /// Places in the ring, of which `placeCount` count.
  var places: [Note] = []
  var placeCount = 0
  /// Destinations of multicast packets, in `Tables.targets`.
  var targets: [Note] = []
  var targetCount = 0
  /// Deliveries of the tick, noted or not.
  private var deliveries = 0

  /// Makes room for `more` deliveries of either kind, and for the second kind among the first.
  @inline(__always) mutating func reserve(_ more: Int) {
    deliveries &+= more
    while deliveries > places.count {
      places.append(.zero)
      targets.append(.zero)
    }
  }

  mutating func removeAll() {
    placeCount = 0
    targetCount = 0
    deliveries = 0
  }

  /// Writes the places of the targets behind the other places.
  mutating func resolveTargets(_ tables: Tables) {
    let (targets, count, first) = (targets, targetCount, placeCount)
    places.withUnsafeMutableBufferPointer { places in
      for i in 0..<count {
        let destination = tables.targets[Int(targets[i].x)]
        let place = tables.places.place(axon: Int(destination.target), core: Int(destination.core))
        places[first &+ i] = SIMD2(place, targets[i].y)
      }
    }
  }
}

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
    let packets = traffic.pool.pointee.packets
    var deliveries: UInt64 = 0
    var others = 0
    arrived.reserve(mesh.counts.pointee.delivered)
    var (placeCount, targetCount) = (arrived.placeCount, arrived.targetCount)
    arrived.places.withUnsafeMutableBufferPointer { places in
      arrived.targets.withUnsafeMutableBufferPointer { targets in
        coreCounters.withUnsafeMutableBufferPointer { coreCounters in
          latencyHistogram.withUnsafeMutableBufferPointer { histogram in
            for i in 0..<mesh.counts.pointee.delivered {
              let delivery = mesh.delivered[i]
              let number = delivery.flit.packet
              let packet = packets + Int(number)
              let ahead = Int(packet.pointee.targetTick) &- tick
              let latency = cycle &- packet.pointee.born
              let isPlain = packet.pointee.isOneEach && !packet.pointee.isPartial
              guard isPlain, ahead > 0, latency < histogram.count else {
                mesh.delivered[others] = delivery
                if mesh.tracksWaits { mesh.deliveredWaits[others] = mesh.deliveredWaits[i] }
                others &+= 1
                continue
              }
              let slot = Int32(
                truncatingIfNeeded: now &+ ahead >= slots ? now &+ ahead &- slots : now &+ ahead)
              if packet.pointee.place == Packet.done {
                // Counted below.
              } else if delivery.flit.to >= 0 {
                places[placeCount] = SIMD2(packet.pointee.place, slot)
                placeCount &+= 1
              } else {
                let rank = mesh.trees[Int(-1 &- delivery.flit.to)].rank
                targets[targetCount] = SIMD2(packet.pointee.begin &+ rank, slot)
                targetCount &+= 1
              }
              traffic.reach(number, 1)
              histogram[latency] &+= 1
              coreCounters[Int(tables.coreAt[Int(delivery.router)])].deliveries &+= 1
              deliveries &+= 1
            }
          }
        }
      }
    }
    (arrived.placeCount, arrived.targetCount) = (placeCount, targetCount)
    events.deliveries &+= deliveries
    for arrival in 0..<others { deliver(arrival, tick: tick, cycle: cycle, mesh, traffic) }
  }

  /// The spikes that `deliverPlain` noted enter the ring.
  mutating func enterArrived() {
    arrived.resolveTargets(tables)
    ring.addSpikes(arrived.places, arrived.placeCount + arrived.targetCount)
    arrived.removeAll()
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
