/// Step 3 of a cycle: docs/emulator-semantics.md §5.2.
extension MeshState {
  /// - Parameters:
  ///   - logs: whether grants are written to `grantLog`.
  ///   - order: in which routers are visited; empty: ascending.
  func grant(_ cycle: Int, logs: Bool, order: [Int]) -> Bool {
    var granted = false
    if order.isEmpty {
      for w in 0..<(words &+ 63) / 64 where busy[w] != 0 {
        grant(in: busy[w], from: w &* 64, ~0, cycle, logs: logs)
        granted = true
      }
    } else {
      for router in order
      where wanted[router / 8] & credited[router / 8] & (0xFF << UInt64(router % 8 * 8)) != 0 {
        grant(in: 1, from: router / 8, 0xFF << UInt64(router % 8 * 8), cycle, logs: logs)
        granted = true
      }
    }
    if granted { counts.pointee.lastFree = cycle &+ hopCycles &+ creditCycles }
    return granted
  }

  /// The outputs of `mask` that can grant do so, in the words `first` + i for the bits i of `some`; each decides from the state
  /// before any of them.
  private func grant(in some: UInt64, from first: Int, _ mask: UInt64, _ cycle: Int, logs: Bool) {
    if treeCount == 0 {
      grant(in: some, from: first, mask, cycle, logs: logs, isMulticast: false)
    } else {
      grant(in: some, from: first, mask, cycle, logs: logs, isMulticast: true)
    }
  }

  /// - Parameter isMulticast: whether there are flits that branch; a constant, for each of which there is a loop.
  @inline(__always) private func grant(
    in some: UInt64, from first: Int, _ mask: UInt64, _ cycle: Int, logs: Bool, isMulticast: Bool
  ) {
    var some = some
    while some != 0 {
      let word = first &+ some.trailingZeroBitCount
      some &= some &- 1
      var step = Step(
        cycle: cycle, firstKey: word &* 64, wanted: wanted[word], credited: credited[word],
        isMulticast: isMulticast)
      let granting = step.wanted & step.credited & mask
      if logs { log(granting, step) }
      let hops = granting & 0x0F0F_0F0F_0F0F_0F0F
      let vertical = granting & 0x0C0C_0C0C_0C0C_0C0C
      moveOn(arbitrate(hops, &step), &step)
      deliver(arbitrate(granting & ~hops, &step), &step)
      // New heads ask only now.
      while step.popped != 0 {
        let key = step.firstKey &+ step.popped.trailingZeroBitCount
        step.popped &= step.popped &- 1
        // All bits where it is not empty.
        let mask = UInt8(truncatingIfNeeded: (0 &- ports[key].occupancy) >> 31)
        ask(key, mask: mask, cycle &+ 1, &step.wanted, step.credited)
      }
      wanted[word] = step.wanted
      credited[word] = step.credited
      counts.pointee.hops &+= UInt64(truncatingIfNeeded: hops.nonzeroBitCount)
      counts.pointee.verticalHops &+= UInt64(truncatingIfNeeded: vertical.nonzeroBitCount)
      if step.wanted & step.credited == 0 {
        busy[word >> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: word & 63))
      }
    }
  }

  /// What the outputs of one word grant in one cycle.
  private struct Step {
    let cycle: Int
    let firstKey: Int
    /// The word's, which change.
    var wanted: UInt64
    var credited: UInt64
    let isMulticast: Bool
    /// Inputs whose heads have left.
    var popped: UInt64 = 0
  }

  /// Every one of `outputs` chooses the input that it serves; what is left of the word's requests stays in `wanted`.
  ///
  /// By itself, because each choice is a chain of look-ups, and many of these short ones run beside each other.
  ///
  /// - Returns: how many there are in `granting`.
  @inline(__always) private func arbitrate(_ outputs: UInt64, _ step: inout Step) -> Int {
    var outputs = outputs
    var count = 0
    while outputs != 0 {
      let place = outputs.trailingZeroBitCount
      outputs &= outputs &- 1
      let key = step.firstKey &+ place
      let shift = UInt64(truncatingIfNeeded: (place & (Mesh.stride - 1)) &* 8)
      let all = arbiters[key >> 3]
      let arbiter = all &>> shift & 0xFF
      let choice = choices[Int(truncatingIfNeeded: arbiter)]
      arbiters[key >> 3] = all ^ (arbiter ^ UInt64(choice.arbiter)) &<< shift
      let isServedOut: UInt64 = choice.arbiter & 31 == 0 ? 1 : 0
      step.wanted &= ~(isServedOut &<< UInt64(truncatingIfNeeded: place))
      let input = key & ~(Mesh.stride - 1) &+ Int(choice.input)
      granting[count] = Granting(
        key: Int32(truncatingIfNeeded: key), input: Int32(truncatingIfNeeded: input), head: ports[input].head)
      count &+= 1
    }
    return count
  }

  /// The first `count` of `granting`, outputs 0 to 3, send the heads of their inputs to the next router.
  @inline(__always) private func moveOn(_ count: Int, _ step: inout Step) {
    var tail = links.places.pointee.tail
    for i in 0..<count {
      let key = Int(granting[i].key)
      let head = Int(granting[i].head)
      var flit = slots[head].flit
      if step.isMulticast, flit.to < 0 {
        flit.to = -1 &- trees[Int(-1 &- flit.to)].child(key & (Mesh.stride - 1))
      }
      let target = Int(ports[key].feeds)
      let next = Int(ports[key].next)
      slots[next] = Slot(flit: flit, free: Slot.taken)
      ways[next] = route(to: flit.to, from: ports[target].here)
      if tracksWaits { passOn(from: head, to: next, key, step.cycle) }
      links[tail] = Int32(truncatingIfNeeded: target)
      tail &+= 1
      leave(i, key, next, target, &step)
    }
    links.send(upTo: tail, due: step.cycle &+ hopCycles)
  }

  /// The first `count` of `granting`, outputs 4, send the heads of their inputs to the core, which takes what comes.
  @inline(__always) private func deliver(_ count: Int, _ step: inout Step) {
    var tail = cores.places.pointee.tail
    for i in 0..<count {
      let key = Int(granting[i].key)
      let head = Int(granting[i].head)
      let next = Int(ports[key].next)
      slots[next].free = step.cycle &+ hopCycles &+ creditCycles
      // A copy keeps the branch, which says which of the destinations it is for.
      cores[tail] = Mesh.Delivery(router: Int32(truncatingIfNeeded: key >> 3), flit: slots[head].flit)
      if tracksWaits {
        passOn(from: head, to: next, key, step.cycle)
        coreWaits[tail & cores.mask] = waits[next].longest
      }
      tail &+= 1
      leave(i, key, next, Int(ports[key].feeds), &step)
    }
    cores.send(upTo: tail, due: step.cycle &+ hopCycles)
  }

  /// What follows a grant of output `key` into slot `next` of FIFO `target`, in the output and in the input.
  @inline(__always) private func leave(_ i: Int, _ key: Int, _ next: Int, _ target: Int, _ step: inout Step) {
    linkFlits[key] &+= 1
    let following = slot(after: next, of: target)
    ports[key].next = Int32(truncatingIfNeeded: following)
    if slots[following].free > step.cycle &+ 1 {
      let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: key & 63)
      step.credited &= ~bit
      if step.wanted & bit != 0 { stalledSince[key] = step.cycle &+ 1 }
      awaitCredit(key, following)
    }

    // Whether all outputs that the head asked for have served it now; a number, because no one could predict a branch.
    let inputKey = Int(granting[i].input)
    let head = Int(granting[i].head)
    var served = 1
    if step.isMulticast {
      let unserved = ways[head] & ~UInt8(truncatingIfNeeded: 1 &<< (key & (Mesh.stride - 1)))
      ways[head] = unserved
      served = unserved == 0 ? 1 : 0
      counts.pointee.flits &+= 1 &- served
    }
    let input = ports + inputKey
    step.popped |= UInt64(truncatingIfNeeded: served) &<< UInt64(truncatingIfNeeded: inputKey & 63)
    let left = slot(after: head, of: inputKey)
    input.pointee.head = Int32(truncatingIfNeeded: served != 0 ? left : head)
    input.pointee.occupancy &-= Int32(truncatingIfNeeded: served)  // a FIFO that asks is not empty
    let before = slots[head].free
    let freed = step.cycle &+ creditCycles
    slots[head].free = served != 0 ? freed : before
    if before == Slot.awaited, served != 0 { wakes.add(Int(input.pointee.filledBy), at: freed) }
  }

  /// Logs the grants of `outputs`, ascending, before they are made.
  private func log(_ outputs: UInt64, _ step: Step) {
    var outputs = outputs
    while outputs != 0 {
      let key = step.firstKey + outputs.trailingZeroBitCount
      outputs &= outputs - 1
      let choice = choices[Int(arbiters[key / Mesh.stride] >> UInt64(key % Mesh.stride * 8) & 0xFF)]
      let input = ports[key / Mesh.stride * Mesh.stride + Int(choice.input)]
      grantLog[counts.pointee.logged] = Mesh.Grant(
        cycle: step.cycle, router: key / Mesh.stride, output: key % Mesh.stride,
        packet: slots[Int(input.head)].flit.packet)
      counts.pointee.logged += 1
    }
  }

  /// The copy that leaves by output `key` carries its longest wait; of equal waits the earliest counts.
  private func passOn(from: Int, to: Int, _ key: Int, _ cycle: Int) {
    let waiting = waits[from]
    var longest = waiting.longest
    let here = UInt32(clamping: cycle &- waiting.since)
    if here > longest.cycles {
      longest = Mesh.Wait(
        cycles: here, router: Int32(truncatingIfNeeded: key / Mesh.stride), output: Int8(key % Mesh.stride))
    }
    waits[to] = Waiting(since: cycle &+ hopCycles, longest: longest)
  }
}
