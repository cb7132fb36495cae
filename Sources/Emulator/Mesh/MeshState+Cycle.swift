/// Steps 1 and 4 of a cycle: docs/emulator-semantics.md §5.2.
extension MeshState {
  // MARK: - Step 1

  func arrive(_ cycle: Int) {
    let delivered = cores.take(cycle)
    counts.pointee.firstDelivered = delivered.lowerBound
    counts.pointee.delivered = delivered.count
    counts.pointee.flits &-= delivered.count
    var changed: UInt64 = 0
    for place in links.take(cycle) { enter(Int(links[place]), cycle, &changed) }
    for place in injections.take(cycle) { enter(Int(injections[place]), cycle, &changed) }
    while changed != 0 {
      var word = changed.trailingZeroBitCount
      changed &= changed &- 1
      while word < words {
        let canGrant: UInt64 = wanted[word] & credited[word] != 0 ? 1 : 0
        busy[word >> 6] |= canGrant &<< UInt64(truncatingIfNeeded: word & 63)
        word &+= 64
      }
    }
    if wakes.count.pointee == 0 { return }
    while case let key = wakes.take(cycle), key >= 0 { regainCredit(key, cycle) }
  }

  /// A flit is eligible in FIFO `key`; it asks if it is alone.
  ///
  /// - Parameter changed: the words in which something is wanted from now on, one bit for all that are equal modulo 64.
  @inline(__always) private func enter(_ key: Int, _ cycle: Int, _ changed: inout UInt64) {
    let occupancy = ports[key].occupancy &+ 1
    ports[key].occupancy = occupancy
    ports[key].peak = max(ports[key].peak, occupancy)
    let word = key >> 6
    changed |= 1 &<< UInt64(truncatingIfNeeded: word & 63)
    // All bits where it was empty.
    let mask = UInt8(truncatingIfNeeded: (occupancy &- 2) >> 31)
    ask(key, mask: mask, cycle, &wanted[word], credited[word])
  }

  /// If `mask` has all bits set, the head of FIFO `key` asks for its outputs; they see it from `cycle` on. If it has none,
  /// nothing happens: a condition that cannot be predicted masks bits instead of being branched on.
  ///
  /// `wanted` and `credited` are the key's words, which whoever calls has at hand.
  @inline(__always) func ask(
    _ key: Int, mask: UInt8, _ cycle: Int, _ wanted: inout UInt64, _ credited: UInt64
  ) {
    let port = ports + key
    let ways = ways[Int(port.pointee.head)]
    // A bit for each output, moved to its byte: bit i to 7 i + i.
    let bytes = UInt64(ways) &* 0x1020_4081 & 0x01_0101_0101
    arbiters[key >> 3] |= bytes &* UInt64(port.pointee.bit & mask)
    let outputs = UInt64(ways & mask) &<< UInt64(truncatingIfNeeded: key & 63 & ~(Mesh.stride &- 1))
    let stalled = outputs & ~(wanted | credited)
    if stalled != 0 { beginStalls(stalled, key >> 6, cycle) }
    wanted |= outputs
  }

  /// The outputs, as bits, by which a flit to `to` leaves the router `here` (x + y · 2¹⁶).
  @inline(__always) func route(to: Int32, from here: Int32) -> UInt8 {
    if to < 0 { return trees[Int(-1 &- to)].outputs }
    // One table look-up from the signs of four differences: a branch on where the flit goes could not be predicted.
    let dx = UInt32(bitPattern: (to & 0xFFFF) &- (here & 0xFFFF))
    let dy = UInt32(bitPattern: (to >> 16) &- (here >> 16))
    let signs = (0 &- dx) >> 31 | (dx >> 31) << 1 | ((0 &- dy) >> 31) << 2 | (dy >> 31) << 3
    return 1 &<< UInt8(truncatingIfNeeded: MeshState.routes &>> UInt64(signs &* 4) & 15)
  }

  /// The output by where the destination lies: 1 at larger x, 2 at smaller x, plus 4 at larger y, 8 at
  /// smaller y.
  ///
  /// Digits from the right: here 4; x decides (0, 1) in all entries but 0, 4 and 8, which hold 4, 2 and 3.
  private static var routes: UInt64 { 0x0103_0102_0104 }

  // MARK: - Step 4

  @inline(__always) func inject(_ flit: Mesh.Flit, at router: Int, _ cycle: Int, waited: Int) {
    let key = router &* Mesh.stride &+ Mesh.injectionKey
    let local = router &* Mesh.stride &+ 4
    let next = Int(ports[key].next)
    precondition(flit.to >= 0 || Int(-1 &- flit.to) < treeCount, "a flit's branch is one of the mesh's trees")
    slots[next] = Slot(flit: flit, free: Slot.taken)
    ways[next] = route(to: flit.to, from: ports[local].here)
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
    injections.send(Int32(truncatingIfNeeded: local), due: cycle &+ injectionCycles)
  }
}
