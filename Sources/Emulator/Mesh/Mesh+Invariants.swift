/// What is in the mesh, and what must hold after every step.
extension Mesh {
  /// The first fact of any credit-based mesh that does not hold after `cycle`, or nil.
  ///
  /// - Every FIFO holds 0 … depth flits, and all FIFOs and links together hold `flits`.
  /// - The slots that are taken follow each other from a FIFO's head on: first those of the flits in it, then those of the
  ///   flits on their way to it. Whoever fills it fills the next one.
  /// - An output or injection port has a credit when that next slot is free in the next cycle; if it is not, whoever frees it
  ///   knows that somebody waits.
  func violatedInvariant(after cycle: Int) -> String? {
    let onTheWay = onTheWay
    var held = 0
    for key in 0..<routers * Mesh.stride where state.ports[key].filledBy >= 0 {
      let port = state.ports[key]
      let writer = Int(port.filledBy)
      if port.occupancy < 0 || port.occupancy > depth { return "FIFO \(key) holds \(port.occupancy) flits" }
      let flits = Int(port.occupancy) + onTheWay[key]
      held += flits
      var slot = Int(port.head)
      for i in 0..<depth {
        let isTaken = state.slots[slot].free >= MeshState.Slot.awaited
        if isTaken != (i < flits) { return "slot \(slot) of FIFO \(key) is \(isTaken ? "taken" : "free")" }
        if i == flits, Int(state.ports[writer].next) != slot {
          return "\(writer) fills another slot than \(slot)"
        }
        slot = state.slot(after: slot, of: key)
      }
      let hasCredit =
        writer % Mesh.stride == Mesh.injectionKey
        ? canInject(at: writer / Mesh.stride)
        : hasCredit(router: writer / Mesh.stride, output: writer % Mesh.stride)
      let free = state.slots[Int(state.ports[writer].next)].free
      if hasCredit, free > cycle + 1 {
        return "\(writer) has a credit for FIFO \(key), whose next slot is not free"
      }
      // Free from the next cycle on: the credit comes with it.
      if !hasCredit, free <= cycle {
        return "\(writer) has no credit for FIFO \(key), whose next slot is free"
      }
      if !hasCredit, free == MeshState.Slot.taken {
        return "\(writer) waits for FIFO \(key), and nobody knows"
      }
    }
    held += state.cores.contents.count
    return held == flits ? nil : "\(held) flits are in the mesh, \(flits) were counted"
  }

  /// [routers · 8] flits on their way to each FIFO.
  private var onTheWay: [Int] {
    var onTheWay = [Int](repeating: 0, count: routers * Mesh.stride)
    for key in state.links.contents + state.injections.contents { onTheWay[Int(key)] += 1 }
    return onTheWay
  }

  func hasCredit(router: Int, output: Int) -> Bool {
    let key = router * Mesh.stride + output
    return state.credited[key / 64] >> UInt64(key % 64) & 1 != 0
  }

  /// Whether the head of some input wants `output`.
  func isWanted(router: Int, output: Int) -> Bool { state.requests(of: router * Mesh.stride + output) != 0 }

  /// The flits in the input FIFO of a port, head first.
  func waitingFlits(router: Int, port: Int) -> [Flit] {
    let key = router * Mesh.stride + port
    return flits(of: key, after: 0, count: fill(router: router, port: port))
  }

  /// Flits on their way, and where to.
  var travellingFlits: [(flit: Flit, router: Int, port: Int)] {
    onTheWay.enumerated().flatMap { key, count in
      flits(of: key, after: Int(state.ports[key].occupancy), count: count)
        .map { ($0, key / Mesh.stride, key % Mesh.stride) }
    } + state.cores.contents.map { ($0.flit, Int($0.router), Mesh.coreKey) }
  }

  private func flits(of key: Int, after skipped: Int, count: Int) -> [Flit] {
    let base = key << state.slotBits
    let first = Int(state.ports[key].head) - base + skipped
    return (0..<count).map { state.slots[base + (first + $0) % depth].flit }
  }
}
