/// When each core's groups are complete, and which packets it still has to offer: docs/emulator-semantics.md
/// §4.
///
/// A core is visited only in the cycles in which a group with packets is complete, or in which its full queue
/// has room again; groups without packets are arithmetic.
struct Emission: Sendable {
  /// One core's work on its packets, kept in `TrafficState`.
  struct Core: Sendable {
    /// What is left to offer: the next sender, one past the last, the next packet of the sender (−1: its first), and one past
    /// its last.
    var next = 0
    var end = 0
    var send = -1
    var lastSend = 0
    /// Cycle in which group 0 began, cycles frozen since, and the cycle in which the current group was complete.
    var updateBegin = 0
    var frozen = 0
    var complete = 0
  }

  /// Cores that have packets left, and the first cycle in which all the others are idle.
  var unfinished = 0
  var idle = 0
  /// What reading packets ahead came to, of no meaning; kept so that it is not left out (docs/performance.md, Mesh).
  var seen: UInt8 = 0
  /// When cores offer next: a binary heap of (cycle, core), earliest first.
  private var heap: [(cycle: Int, core: Int)] = []

  mutating func reset() {
    unfinished = 0
    idle = 0
    heap.removeAll(keepingCapacity: true)
  }

  /// Cycle of the earliest offer of a core that is not frozen, `Int.max` if none is scheduled.
  var nextCycle: Int { heap.isEmpty ? Int.max : heap[0].cycle }

  mutating func schedule(core: Int, _ cycle: Int) {
    heap.append((cycle, core))
    var i = heap.count - 1
    while i > 0, heap[(i - 1) / 2].cycle > heap[i].cycle {
      heap.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  /// Takes the core of the earliest offer out.
  mutating func takeNext() -> Int {
    let core = heap[0].core
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var i = 0
    while true {
      var least = i
      for child in [2 * i + 1, 2 * i + 2] where child < heap.count && heap[child].cycle < heap[least].cycle {
        least = child
      }
      if least == i { return core }
      heap.swapAt(i, least)
      i = least
    }
  }
}

extension ChipState {
  /// The core's update begins `integrateCycles` after the tick; its senders are `range`.
  mutating func beginEmission(core: Int, senders range: Range<Int>, integrateCycles: Int) {
    emission.unfinished += 1
    var packets = 0
    for i in range {
      let row = Int(senders[i].row)
      emission.seen ^= tables.sends.touch(list: row)
      packets &+= Int(tables.sends.begin[row &+ 1] &- tables.sends.begin[row])
    }
    // They all enter the queue in this tick, which does not end before.
    events.packets &+= UInt64(packets)
    coreCounters[core].packets &+= UInt64(packets)
    let work = traffic.own().emitting + core
    work.pointee = Emission.Core(
      next: range.lowerBound, end: range.upperBound, updateBegin: clock + integrateCycles)
    scheduleGroup(core, work)
  }

  /// Step 2 of a cycle (§5.2): cores whose group is complete in this cycle, or whose full queue had room since the last one,
  /// offer their packets.
  ///
  /// - Returns: whether any did.
  mutating func offer(tick: Int, cycle: Int, _ traffic: TrafficState) -> Bool {
    var offered = false
    if traffic.pool.pointee.resumes {
      traffic.pool.pointee.resumes = false
      for w in 0..<(traffic.cores &+ 63) / 64 {
        var bits = traffic.resuming[w]
        traffic.resuming[w] = 0
        while bits != 0 {
          offer(core: w &* 64 &+ bits.trailingZeroBitCount, tick: tick, cycle: cycle, traffic)
          bits &= bits &- 1
        }
      }
      offered = true
    }
    while emission.nextCycle == cycle {
      offer(core: emission.takeNext(), tick: tick, cycle: cycle, traffic)
      offered = true
    }
    return offered
  }

  /// Offers the packets of the core's complete group until they have all entered or the queue is full.
  private mutating func offer(core: Int, tick: Int, cycle: Int, _ traffic: TrafficState) {
    let work = traffic.emitting + core
    let group = senders[work.pointee.next].group
    while work.pointee.next < work.pointee.end, senders[work.pointee.next].group == group {
      let sender = senders[work.pointee.next]
      if work.pointee.send < 0 {
        work.pointee.send = Int(tables.sends.begin[Int(sender.row)])
        work.pointee.lastSend = Int(tables.sends.begin[Int(sender.row) &+ 1])
      }
      enter(core: core, work, sender, tick: tick, cycle: cycle, traffic)
      if work.pointee.send < work.pointee.lastSend {
        traffic.queues[core].isFrozen = true
        return
      }
      work.pointee.next &+= 1
      work.pointee.send = -1
    }
    traffic.queues[core].isFrozen = false
    work.pointee.frozen &+= cycle &- work.pointee.complete
    scheduleGroup(core, work)
  }

  /// The sender's next packets enter the queue, as many as there is room for.
  @inline(__always) private mutating func enter(
    core: Int, _ work: UnsafeMutablePointer<Emission.Core>, _ sender: Sender, tick: Int, cycle: Int,
    _ traffic: TrafficState
  ) {
    let first = work.pointee.send
    let born = work.pointee.complete
    let isDone = beforehand != nil
    var partials: UInt64 = 0
    let entered = traffic.append(count: work.pointee.lastSend &- first, core: core) { i in
      let send = tables.sends.sends[first &+ i]
      var packet = Packet(send, value: sender.value, tick: tick, source: sender.row, born: born)
      if isDone { packet.place = Packet.done }
      partials &+= send.isPartial ? 1 : 0
      return (packet, send.to)
    }
    work.pointee.send = first &+ entered
    counters.partialPackets &+= partials
    if recordsTrace {
      for number in self.traffic.contents(core: core).suffix(entered) {
        trace(.enteredQueue, number, at: core, cycle)
      }
    }
  }

  /// The next group that has packets, or the cycle in which the core is idle.
  private mutating func scheduleGroup(_ core: Int, _ work: UnsafeMutablePointer<Emission.Core>) {
    let begin = work.pointee.updateBegin + work.pointee.frozen
    if work.pointee.next < work.pointee.end {
      let group = Int(senders[work.pointee.next].group)
      work.pointee.complete =
        begin
        + (tables.perEvent == nil ? groups.complete(group, core: core) : visits.spikeTimes[group])
      emission.schedule(core: core, work.pointee.complete)
    } else {
      let idle = begin + updateCycles(core: core)
      emission.unfinished -= 1
      emission.idle = max(emission.idle, idle)
      coreCounters[core].busyCycles += UInt64(idle - clock)
      coreCounters[core].frozenCycles += UInt64(work.pointee.frozen)
    }
  }

  /// Cycles of a core's update without those in which it was frozen.
  @inline(__always) func updateCycles(core: Int) -> Int {
    tables.perEvent == nil ? groups.all(core: core) : visits.duration[core]
  }
}
