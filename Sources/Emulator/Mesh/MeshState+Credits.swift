/// Outputs and injection ports without a credit: the rare part of a cycle.
extension MeshState {
  /// What writes to slot `slot` next, `key`, waits until it is free.
  @inline(never) func awaitCredit(_ key: Int, _ slot: Int) {
    if slots[slot].free == Slot.taken {
      slots[slot].free = Slot.awaited
    } else {
      wakes.add(key, at: slots[slot].free)
    }
  }

  /// The slot that `key` waited for is free from `cycle` on.
  @inline(never) func regainCredit(_ key: Int, _ cycle: Int) {
    if key & (Mesh.stride - 1) == Mesh.injectionKey {
      let router = key / Mesh.stride
      injectable[router >> 6] |= 1 &<< UInt64(truncatingIfNeeded: router & 63)
      return
    }
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: key & 63)
    let word = key >> 6
    credited[word] |= bit
    if wanted[word] & bit != 0 {
      linkStalls[key] &+= UInt64(cycle &- stalledSince[key])
      busy[word >> 6] |= 1 &<< UInt64(truncatingIfNeeded: word & 63)
    }
  }

  /// The outputs of word `word` in `stalled` are wanted and have no credit, from `cycle` on.
  @inline(never) func beginStalls(_ stalled: UInt64, _ word: Int, _ cycle: Int) {
    var stalled = stalled
    while stalled != 0 {
      stalledSince[word &* 64 &+ stalled.trailingZeroBitCount] = cycle
      stalled &= stalled &- 1
    }
  }

  /// Counts the stalls that still last, up to but without `cycle`.
  func closeStalls(at cycle: Int) {
    for word in 0..<words {
      var stalled = wanted[word] & ~credited[word]
      while stalled != 0 {
        let key = word * 64 + stalled.trailingZeroBitCount
        stalled &= stalled - 1
        linkStalls[key] += UInt64(cycle - stalledSince[key])
        stalledSince[key] = cycle
      }
    }
  }

  /// All credits have arrived in `cycle`; nothing is in the mesh, so no output is wanted and no slot is taken.
  func settleCredits(at cycle: Int) {
    precondition(counts.pointee.flits == 0, "no output is wanted, so no stall ends")
    if wakes.count.pointee > 0 {
      for i in 0...wakes.mask {
        while case let key = wakes.take(i), key >= 0 { regainCredit(key, cycle) }
      }
    }
    if counts.pointee.lastFree > cycle {
      for slot in 0..<routers * Mesh.stride << slotBits { slots[slot].free = min(slots[slot].free, cycle) }
      counts.pointee.lastFree = cycle
    }
  }
}
