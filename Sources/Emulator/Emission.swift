/// When each core's groups are complete, and which packets it still has to offer: docs/emulator-semantics.md
/// §4.
///
/// A core is visited only in the cycles in which a group with packets is complete, or in which its full queue
/// has room again; groups without packets are arithmetic.
struct Emission: Sendable {
  /// [cores] what is left to offer: the next sender, one past the last, and the next packet of the sender
  /// (−1: its first).
  var next: [Int]
  var end: [Int]
  var send: [Int]
  /// [cores] cycle in which group 0 began, cycles frozen since, and the cycle in which the current group was
  /// complete.
  var updateBegin: [Int]
  var frozen: [Int]
  var complete: [Int]
  /// [cores] waits for room in its queue.
  var isFrozen: [Bool]
  /// Cores that have packets left, and the first cycle in which all the others are idle.
  var unfinished = 0
  var idle = 0
  /// When cores offer next: a binary heap of (cycle, core), earliest first.
  private var heap: [(cycle: Int, core: Int)] = []

  init(cores: Int) {
    next = [Int](repeating: 0, count: cores)
    end = next
    send = next
    updateBegin = next
    frozen = next
    complete = next
    isFrozen = [Bool](repeating: false, count: cores)
  }

  mutating func reset() {
    unfinished = 0
    idle = 0
    heap.removeAll(keepingCapacity: true)
  }

  /// Cycle of the earliest offer, `Int.max` if none is scheduled.
  var nextCycle: Int { heap.first?.cycle ?? Int.max }

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
    emission.next[core] = range.lowerBound
    emission.end[core] = range.upperBound
    emission.send[core] = -1
    emission.updateBegin[core] = clock + integrateCycles
    emission.frozen[core] = 0
    emission.isFrozen[core] = false
    emission.unfinished += 1
    scheduleGroup(core: core)
  }

  /// Offers the packets of the core's complete group until they have all entered or the queue is full (§5.2,
  /// step 2).
  mutating func offer(core: Int, tick: Int, cycle: Int) {
    let group = senders[emission.next[core]].group
    while emission.next[core] < emission.end[core], senders[emission.next[core]].group == group {
      let sender = senders[emission.next[core]]
      let row = Int(sender.row)
      let sends = Int(tables.sends.begin[row])..<Int(tables.sends.begin[row + 1])
      var send = max(emission.send[core], sends.lowerBound)
      while send < sends.upperBound {
        guard queues.hasRoom(core: core) else {
          emission.send[core] = send
          emission.isFrozen[core] = true
          return
        }
        enter(tables.sends.sends[send], sender, core: core, tick: tick, cycle: cycle)
        send += 1
      }
      emission.next[core] += 1
      emission.send[core] = -1
    }
    emission.frozen[core] += cycle - emission.complete[core]
    scheduleGroup(core: core)
  }

  /// The next group that has packets, or the cycle in which the core is idle.
  private mutating func scheduleGroup(core: Int) {
    let begin = emission.updateBegin[core] + emission.frozen[core]
    if emission.next[core] < emission.end[core] {
      let group = Int(senders[emission.next[core]].group)
      let complete =
        begin
        + (tables.perEvent == nil ? groups.complete(group, core: core) : visits.spikeTimes[group])
      emission.complete[core] = complete
      emission.schedule(core: core, complete)
    } else {
      let idle =
        begin + (tables.perEvent == nil ? groups.all(core: core) : visits.duration[core])
      emission.unfinished -= 1
      emission.idle = max(emission.idle, idle)
      coreCounters[core].busyCycles += UInt64(idle - clock)
      coreCounters[core].frozenCycles += UInt64(emission.frozen[core])
    }
  }

  private mutating func enter(
    _ send: Send, _ sender: Sender, core: Int, tick: Int, cycle: Int
  ) {
    let number = packets.add(
      Packet(
        send, value: sender.value, tick: tick, source: sender.row, born: emission.complete[core]))
    queues.append(number, core: core)
    trace(.enteredQueue, number, at: core, cycle)
    events.packets += 1
    coreCounters[core].packets += 1
    if send.isPartial { counters.partialPackets += 1 }
  }
}
