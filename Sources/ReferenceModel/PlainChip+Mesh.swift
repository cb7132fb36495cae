import ChipModel
import ProgramImage

/// §5: the four steps of a cycle, for every router.
extension PlainChip.SampleRun {
  /// One cycle of tick `tick`; `cycle` counts from the start of the tick.
  mutating func runCycle(_ cycle: Int, tick: Int) {
    arrive(tick: tick)
    for core in cores.indices { offer(core: core, cycle: cycle) }
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
      case .flit(let packet, let router, let input):
        routers[router].inputs[input].append(packet)
      case .delivery(let packet, let router):
        deliver(packet, tick: tick)
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
  private mutating func deliver(_ packet: PlainChip.Packet, tick: Int) {
    counters.delivered += 1
    coreCounters[packet.core].deliveries += 1
    let latency = elapsed - packet.since
    while latencies.count <= latency { latencies.append(0) }
    latencies[latency] += 1

    var targetTick = packet.targetTick
    if targetTick <= tick {
      counters.latePackets += 1
      if lateRule == .drop {
        counters.droppedPackets += 1
        return
      }
      targetTick = tick + 1
    }
    if packet.isPartial {
      let slot = targetTick % image.chip.core.delaySlots
      cores[packet.core].neurons[packet.target].partialSum[slot] += packet.value
    } else {
      addSpike(core: packet.core, axon: packet.target, tick: targetTick)
    }
  }

  private var lateRule: Chip.Timing.LatePacket? {
    if case .period(_, let late) = image.chip.timing.tick { return rules.latePacket(late) }
    return nil
  }

  // MARK: - Step 3

  /// The output that a packet wants in a router.
  private func route(_ packet: PlainChip.Packet, at router: Int) -> Int {
    let width = image.chip.mesh.width
    let x = router % width
    let y = router / width
    let toX = Int(image.cores.x[packet.core])
    let toY = Int(image.cores.y[packet.core])
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

  private mutating func grant() {
    let order = rules.portOrderApplies ? image.chip.mesh.portOrder : [0, 1, 2, 3, 4]
    let before = routers
    for router in before.indices {
      for output in 0..<5 where before[router].outputCredits[output] > 0 {
        for step in 0..<5 {
          let position = (before[router].pointers[output] + step) % 5
          let input = order[position]
          guard let head = before[router].inputs[input].first,
            route(head, at: router) == output
          else { continue }
          routers[router].pointers[output] = (position + rules.pointerStep) % 5
          send(head, router: router, input: input, output: output)
          break
        }
      }
    }
  }

  private mutating func send(_ packet: PlainChip.Packet, router: Int, input: Int, output: Int) {
    routers[router].inputs[input].removeFirst()
    routers[router].outputCredits[output] -= 1
    linkFlits[router][output] += 1

    let arrival = elapsed + image.chip.mesh.hopCycles
    if output == 4 {
      pending.append(PlainChip.Pending(due: arrival, event: .delivery(packet, router: router)))
    } else {
      counters.hops += 1
      let next = neighbour(of: router, output: output)
      pending.append(
        PlainChip.Pending(
          due: arrival, event: .flit(packet, router: next.router, input: next.input)))
    }

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
      let packet: PlainChip.Packet
      if router == 0, !edgeQueue.isEmpty {
        packet = edgeQueue.removeFirst()
      } else if let core, !cores[core].queue.isEmpty {
        packet = cores[core].queue.removeFirst()
      } else {
        continue
      }
      routers[router].injectionCredits -= 1
      pending.append(
        PlainChip.Pending(
          due: elapsed + image.chip.mesh.injectionCycles,
          event: .flit(packet, router: router, input: 4)))
    }
  }
}
