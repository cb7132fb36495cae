/// One cycle of the mesh, step by step: docs/emulator-semantics.md §5.2.
extension MeshState {
  // MARK: - Step 1

  func arrive(_ cycle: Int) {
    counts.pointee.delivered = 0
    for place in cores.take(cycle) { deliver(cores.key(place)) }
    for place in links.take(cycle) { enter(links.key(place), cycle) }
    for place in injections.take(cycle) { enter(injections.key(place), cycle) }
    if wakes.count.pointee == 0 { return }
    while case let key = wakes.take(cycle), key >= 0 { regainCredit(key, cycle) }
  }

  /// The flit at the head of core `key` is there. Its slot was free again when it was sent.
  @inline(__always) private func deliver(_ key: Int) {
    let head = Int(ports[key].head)
    let i = counts.pointee.delivered
    delivered[i] = Mesh.Delivery(
      router: Int32(truncatingIfNeeded: key / Mesh.stride), flit: slots[head].flit)
    if tracksWaits { deliveredWaits[i] = waits[head].longest }
    ports[key].head = Int32(truncatingIfNeeded: slot(after: head, of: key))
    counts.pointee.delivered = i &+ 1
    counts.pointee.flits &-= 1
  }

  /// A flit is eligible in FIFO `key`; it asks if it is alone.
  @inline(__always) private func enter(_ key: Int, _ cycle: Int) {
    let occupancy = ports[key].occupancy &+ 1
    ports[key].occupancy = occupancy
    ports[key].peak = max(ports[key].peak, occupancy)
    let word = key >> 6
    var wantedHere = wanted[word]
    ask(key, if: occupancy == 1, cycle, &wantedHere, credited[word])
    wanted[word] = wantedHere
    let canGrant: UInt64 = wantedHere & credited[word] != 0 ? 1 : 0
    busy[word >> 6] |= canGrant &<< UInt64(truncatingIfNeeded: word & 63)
  }

  /// If `condition` holds, the head of FIFO `key` asks for its outputs; they see it from `cycle` on.
  ///
  /// `wanted` and `credited` are the key's words, which whoever calls has at hand.
  ///
  /// A condition that cannot be predicted masks bits instead of being branched on.
  @inline(__always) private func ask(
    _ key: Int, if condition: Bool, _ cycle: Int, _ wanted: inout UInt64, _ credited: UInt64
  ) {
    let port = ports[key]
    let to = slots[Int(port.head)].flit.to
    let asking = UInt8(truncatingIfNeeded: 1 &<< MeshState.entry(positions, key & (Mesh.stride - 1)))
    let base = key & ~(Mesh.stride - 1)
    var outputs: UInt64
    if to >= 0 {
      // One table look-up from the signs of four differences: a branch on where the flit goes could not be predicted.
      let dx = UInt32(bitPattern: (to & 0xFFFF) &- (port.here & 0xFFFF))
      let dy = UInt32(bitPattern: (to >> 16) &- (port.here >> 16))
      let signs = (0 &- dx) >> 31 | (dx >> 31) << 1 | ((0 &- dy) >> 31) << 2 | (dy >> 31) << 3
      let way = Int(truncatingIfNeeded: signs)
      let output = MeshState.entry(MeshState.routes, way)
      outputs = UInt64(condition ? 1 : 0) &<< UInt64(truncatingIfNeeded: output)
      ports[base &+ output].requests |= condition ? asking : 0
    } else {
      if !condition { return }
      let bits = trees[Int(-1 &- to)].outputs
      outputs = UInt64(bits)
      ports[key].unserved = bits
      var rest = bits
      while rest != 0 {
        ports[base &+ rest.trailingZeroBitCount].requests |= asking
        rest &= rest &- 1
      }
    }
    outputs = outputs &<< UInt64(truncatingIfNeeded: base & 63)
    let stalled = outputs & ~(wanted | credited)
    if stalled != 0 { beginStalls(stalled, key >> 6, cycle) }
    wanted |= outputs
  }

  /// The output by where the destination lies: 1 at larger x, 2 at smaller x, plus 4 at larger y, 8 at
  /// smaller y.
  ///
  /// Digits from the right: here 4; x decides (0, 1) in all entries but 0, 4 and 8, which hold 4, 2 and 3.
  private static var routes: UInt64 { 0x0103_0102_0104 }

  // MARK: - Step 3

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
    if granted {
      links.send(upTo: counts.pointee.linkTail, due: cycle &+ hopCycles)
      cores.send(upTo: counts.pointee.coreTail, due: cycle &+ hopCycles)
      counts.pointee.lastFree = cycle &+ hopCycles &+ creditCycles
    }
    return granted
  }

  /// The outputs of `mask` that can grant do so, in the words `first` + i for the bits i of `some`; each decides from the state
  /// before any of them.
  private func grant(in some: UInt64, from first: Int, _ mask: UInt64, _ cycle: Int, logs: Bool) {
    var some = some
    var linkTail = counts.pointee.linkTail
    var coreTail = counts.pointee.coreTail
    while some != 0 {
      let word = first &+ some.trailingZeroBitCount
      some &= some &- 1
      var wantedHere = wanted[word]
      var creditedHere = credited[word]
      let granting = wantedHere & creditedHere & mask
      var outputs = granting
      var popped: UInt64 = 0
      let firstKey = word &* 64
      while outputs != 0 {
        let place = outputs.trailingZeroBitCount
        outputs &= outputs &- 1
        let key = firstKey &+ place
        let base = key & ~(Mesh.stride - 1)
        let output = ports + key

        let asked = output.pointee.requests
        let choice = choices[Int(output.pointee.pointer) &<< 5 | Int(asked)]
        output.pointee.pointer = choice.pointer
        let others = asked & ~choice.bit
        output.pointee.requests = others
        let isServedOut: UInt64 = others == 0 ? 1 : 0
        wantedHere &= ~(isServedOut &<< UInt64(truncatingIfNeeded: place))

        // The head of the input that asked, and where it goes.
        let inputKey = base &+ Int(choice.input)
        let input = ports + inputKey
        let head = Int(input.pointee.head)
        var flit = slots[head].flit
        var isServed = true
        if flit.to < 0 {
          let bit = UInt8(truncatingIfNeeded: 1 &<< (key & (Mesh.stride - 1)))
          let unserved = input.pointee.unserved & ~bit
          input.pointee.unserved = unserved
          isServed = unserved == 0
          counts.pointee.flits &+= isServed ? 0 : 1
          // The copy for the core keeps the branch, which says which of the destinations it is for.
          let child = trees[Int(-1 &- flit.to)].child(key & (Mesh.stride - 1))
          flit.to = key & (Mesh.stride - 1) == 4 ? flit.to : -1 &- child
        }
        let isCore = key & (Mesh.stride - 1) == 4
        let target = Int(output.pointee.feeds)
        let next = Int(output.pointee.next)
        slots[next] = Slot(flit: flit, free: isCore ? cycle &+ hopCycles &+ creditCycles : Slot.taken)
        if tracksWaits { passOn(from: head, to: next, key, cycle) }
        let following = slot(after: next, of: target)
        output.pointee.next = Int32(truncatingIfNeeded: following)
        // Both are written; one of them counts.
        links.keys[linkTail & links.keyMask] = Int32(truncatingIfNeeded: target)
        cores.keys[coreTail & cores.keyMask] = Int32(truncatingIfNeeded: target)
        linkTail &+= isCore ? 0 : 1
        coreTail &+= isCore ? 1 : 0
        linkFlits[key] &+= 1
        if logs {
          grantLog[counts.pointee.logged] = Mesh.Grant(
            cycle: cycle, router: key / Mesh.stride, output: key % Mesh.stride, packet: flit.packet)
          counts.pointee.logged &+= 1
        }
        if slots[following].free > cycle &+ 1 {
          creditedHere &= ~(1 &<< UInt64(truncatingIfNeeded: place))
          if isServedOut == 0 { stalledSince[key] = cycle &+ 1 }
          awaitCredit(key, following)
        }

        if isServed {
          popped |= 1 &<< UInt64(truncatingIfNeeded: inputKey & 63)
          input.pointee.head = Int32(truncatingIfNeeded: slot(after: head, of: inputKey))
          input.pointee.occupancy &-= 1  // a FIFO that asks is not empty
          if slots[head].free == Slot.awaited {
            wakes.add(Int(input.pointee.filledBy), at: cycle &+ creditCycles)
          }
          slots[head].free = cycle &+ creditCycles
        }
      }
      // New heads ask only now.
      while popped != 0 {
        let key = firstKey &+ popped.trailingZeroBitCount
        popped &= popped &- 1
        ask(key, if: ports[key].occupancy > 0, cycle &+ 1, &wantedHere, creditedHere)
      }
      wanted[word] = wantedHere
      credited[word] = creditedHere
      counts.pointee.hops &+= UInt64(truncatingIfNeeded: (granting & 0x0F0F_0F0F_0F0F_0F0F).nonzeroBitCount)
      counts.pointee.verticalHops &+= UInt64(
        truncatingIfNeeded: (granting & 0x0C0C_0C0C_0C0C_0C0C).nonzeroBitCount)
      if wantedHere & creditedHere == 0 { busy[word >> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: word & 63)) }
    }
    counts.pointee.linkTail = linkTail
    counts.pointee.coreTail = coreTail
  }

  // MARK: - Step 4

  @inline(__always) func inject(_ flit: Mesh.Flit, at router: Int, _ cycle: Int, waited: Int) {
    let key = router &* Mesh.stride &+ Mesh.injectionKey
    let local = router &* Mesh.stride &+ 4
    let next = Int(ports[key].next)
    slots[next] = Slot(flit: flit, free: Slot.taken)
    if tracksWaits {
      waits[next] = Waiting(
        since: cycle &+ injectionCycles,
        longest: Mesh.Wait(
          cycles: UInt32(clamping: waited), router: Int32(truncatingIfNeeded: router), output: 5))
    }
    let following = slot(after: next, of: local)
    ports[key].next = Int32(truncatingIfNeeded: following)
    if slots[following].free > cycle &+ 1 {
      injectable[router >> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: router & 63))
      awaitCredit(key, following)
    }
    counts.pointee.flits &+= 1
    injections.send(local, due: cycle &+ injectionCycles)
  }

  // MARK: - Waits

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
