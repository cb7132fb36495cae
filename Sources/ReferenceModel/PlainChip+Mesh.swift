import ChipModel
import Observations
import ProgramImage

/// §5: the four steps of a cycle, for every router.
extension PlainChip.SampleRun {
  /// One cycle of tick `tick`; `cycle` counts from the start of the tick.
  mutating func runCycle(_ cycle: Int, tick: Int) {
    arrive(tick: tick)
    for core in cores.indices { offer(core: core, cycle: cycle) }
    observe()
    grant()
    inject()
    elapsed += 1
  }

  // MARK: - Step 1

  private mutating func arrive(tick: Int) {
    let due = pending.filter { $0.due == elapsed }
    pending.removeAll { $0.due == elapsed }
    for item in due {
      switch item.event {
      case .flit(var packet, let router, let input):
        packet.eligible = elapsed
        routers[router].inputs[input].append(packet)
      case .delivery(let packet, let router):
        for destination in packet.destinations.prefix(rules.everyAxonIsDelivered ? .max : 1) {
          deliver(packet, to: destination, tick: tick)
        }
        pending.append(
          PlainChip.Pending(
            due: elapsed + creditCycles, event: .outputCredit(router: router, output: 4)))
      case .outputCredit(let router, let output):
        routers[router].outputCredits[output] += 1
      case .injectionCredit(let router):
        routers[router].injectionCredits += 1
      }
    }
  }

  private var creditCycles: Int { image.chip.mesh.creditCycles + rules.addedCreditCycles }

  /// §5.4.
  private mutating func deliver(
    _ packet: PlainChip.Packet, to destination: PlainChip.Destination, tick: Int
  ) {
    counters.delivered += 1
    coreCounters[destination.core].deliveries += 1
    let latency = elapsed - packet.since
    while latencies.count <= latency { latencies.append(0) }
    latencies[latency] += 1

    var targetTick = packet.targetTick
    if targetTick <= tick {
      counters.latePackets += 1
      noteLate(packet, to: destination, tick: tick)
      if lateRule == .drop {
        counters.droppedPackets += 1
        return
      }
      targetTick = tick + 1
    }
    if packet.isPartial {
      let slot = targetTick % image.chip.core.delaySlots
      cores[destination.core].neurons[destination.target].partialSum[slot] += packet.value
    } else {
      addSpike(core: destination.core, axon: destination.target, tick: targetTick)
    }
  }

  /// §6, cause of lateness.
  private mutating func noteLate(
    _ packet: PlainChip.Packet, to destination: PlainChip.Destination, tick: Int
  ) {
    guard let wait = packet.longestWait else { preconditionFailure("a packet that was never injected") }
    lateDeliveries.append(
      RunRecord.LateDelivery(
        sample: Int32(sample), tick: Int32(tick), source: Int32(packet.source),
        core: Int32(destination.core), ticksLate: Int32(tick - packet.targetTick + 1),
        waitedCycles: UInt32(clamping: wait.cycles), router: Int32(wait.router),
        output: Int8(wait.output)))
  }

  private var lateRule: Chip.Timing.LatePacket? {
    if case .period(_, let late) = image.chip.timing.tick { return rules.latePacket(late) }
    return nil
  }

  // MARK: - Step 3

  /// Outputs that a packet still wants in a router.
  private func wanted(_ packet: PlainChip.Packet, at router: Int) -> Set<Int> {
    Set(packet.destinations.map { route($0, at: router) }).subtracting(packet.served)
  }

  /// The output that leads from a router to a destination.
  private func route(_ destination: PlainChip.Destination, at router: Int) -> Int {
    let width = image.chip.mesh.width
    let x = router % width
    let y = router / width
    let toX = Int(image.cores.x[destination.core])
    let toY = Int(image.cores.y[destination.core])
    let alongX: Int? = toX > x ? 0 : toX < x ? 1 : nil
    let alongY: Int? = toY > y ? 2 : toY < y ? 3 : nil
    return (rules.yBeforeX ? alongY ?? alongX : alongX ?? alongY) ?? 4
  }

  /// The router beyond an output, and the input by which it is entered.
  private func neighbour(of router: Int, output: Int) -> (router: Int, input: Int) {
    let width = image.chip.mesh.width
    switch output {
    case 0: return (router + 1, 1)
    case 1: return (router - 1, 0)
    case 2: return (router + width, 3)
    default: return (router - width, 2)
    }
  }

  /// §5.2, observation: after step 1 and before step 3.
  private mutating func observe() {
    for router in routers.indices {
      for port in 0..<5 {
        let fill = UInt32(routers[router].inputs[port].count)
        fifoPeaks[router][port] = max(fifoPeaks[router][port], fill)
      }
      for output in 0..<5 {
        let isWanted = routers[router].inputs.contains { fifo in
          fifo.first.map { wanted($0, at: router).contains(output) } ?? false
        }
        let lacksCredit = routers[router].outputCredits[output] == 0 || !rules.stallsNeedMissingCredit
        if isWanted && lacksCredit { linkStalls[router][output] += 1 }
      }
    }
  }

  private mutating func grant() {
    let order = rules.portOrderApplies ? image.chip.mesh.portOrder : [0, 1, 2, 3, 4]
    let before = routers
    for router in before.indices {
      for output in 0..<5 where before[router].outputCredits[output] > 0 {
        for step in 0..<5 {
          let position = (before[router].pointers[output] + step) % 5
          let input = order[position]
          guard let head = before[router].inputs[input].first,
            wanted(head, at: router).contains(output)
          else { continue }
          routers[router].pointers[output] = (position + rules.pointerStep) % 5
          send(router: router, input: input, output: output)
          break
        }
      }
    }
  }

  /// An output sends on a copy of the head of an input; when it is the last to do so, the head leaves.
  private mutating func send(router: Int, input: Int, output: Int) {
    var head = routers[router].inputs[input].removeFirst()
    var copy = head
    copy.destinations = head.destinations.filter { route($0, at: router) == output }
    copy.served = []
    copy.note(PlainChip.Wait(cycles: elapsed - head.eligible, router: router, output: output))
    let isFirst = head.served.isEmpty
    head.served.append(output)
    let isLast = wanted(head, at: router).isEmpty
    if !isLast { routers[router].inputs[input].insert(head, at: 0) }
    routers[router].outputCredits[output] -= 1
    linkFlits[router][output] += 1

    let arrival = elapsed + image.chip.mesh.hopCycles
    if output == 4 {
      pending.append(PlainChip.Pending(due: arrival, event: .delivery(copy, router: router)))
    } else {
      counters.hops += 1
      let next = neighbour(of: router, output: output)
      pending.append(
        PlainChip.Pending(
          due: arrival, event: .flit(copy, router: next.router, input: next.input)))
    }

    if rules.slotIsFreeAtLastGrant ? !isLast : !isFirst { return }
    // The slot that became free is known to whoever fills this FIFO: the router it is fed from, or the port.
    let credit: PlainChip.Pending.Event
    if input == 4 {
      credit = .injectionCredit(router: router)
    } else {
      let upstream = neighbour(of: router, output: input)
      credit = .outputCredit(router: upstream.router, output: upstream.input)
    }
    pending.append(PlainChip.Pending(due: elapsed + creditCycles, event: credit))
  }

  // MARK: - Step 4

  private mutating func inject() {
    for router in routers.indices where routers[router].injectionCredits > 0 {
      let core = cores.indices.first { core in
        Int(image.cores.y[core]) * image.chip.mesh.width + Int(image.cores.x[core]) == router
      }
      var packet: PlainChip.Packet
      if router == 0, !edgeQueue.isEmpty {
        packet = edgeQueue.removeFirst()
      } else if let core, !cores[core].queue.isEmpty {
        packet = cores[core].queue.removeFirst()
      } else {
        continue
      }
      packet.note(PlainChip.Wait(cycles: elapsed - packet.since, router: router, output: 5))
      routers[router].injectionCredits -= 1
      pending.append(
        PlainChip.Pending(
          due: elapsed + image.chip.mesh.injectionCycles,
          event: .flit(packet, router: router, input: 4)))
    }
  }
}
