import ChipModel

/// What stands at the nodes of a mesh that runs alone: a queue without a bound at each, and someone who counts.
protocol MeshUser {
  /// The cycle in which the head of the node's queue was made, `Int.max` when nothing is left.
  func due(_ node: Int) -> Int
  /// Takes the head out of the queue of `node`; it is injected in `cycle`.
  mutating func take(_ node: Int, _ cycle: Int) -> Mesh.Flit
  /// A packet reached `node`.
  mutating func receive(_ packet: UInt32, at node: Int, _ cycle: Int)
}

extension Mesh {
  /// A mesh of its own with a chip's constants.
  init(_ constants: Chip.Mesh) {
    self.init(
      width: constants.width, height: constants.height, bufferDepth: constants.bufferDepth,
      hopCycles: constants.hopCycles, creditCycles: constants.creditCycles,
      injectionCycles: constants.injectionCycles, portOrder: constants.portOrder)
  }

  /// One cycle. At each node the head of the queue is injected if it has been made by now and the injection port
  /// has a credit: BookSim2's rule.
  ///
  /// - Returns: the next cycle in which anything can happen, `Int.max` if nothing ever will.
  mutating func step<User: MeshUser>(_ cycle: Int, _ user: inout User) -> Int {
    arrive(cycle)
    for i in 0..<deliveredCount {
      let delivery = delivery(i)
      user.receive(delivery.packet, at: Int(delivery.router), cycle)
    }
    grant(cycle)
    var soonest = Int.max
    for node in 0..<routers {
      var due = user.due(node)
      if due <= cycle {
        // Without a credit it waits for one, and `nextCycle` knows when one can come.
        guard canInject(at: node) else { continue }
        inject(user.take(node, cycle), at: node, cycle)
        due = user.due(node)
      }
      soonest = min(soonest, due)
    }
    return min(max(soonest, cycle &+ 1), nextCycle(after: cycle))
  }
}

extension Mesh.Flit {
  /// The flit of `packet` to node `destination` of a mesh `width` routers wide.
  init(_ packet: UInt32, to destination: Int, width: Int) {
    self.init(
      packet: packet, x: UInt16(truncatingIfNeeded: destination % width),
      y: UInt16(truncatingIfNeeded: destination / width))
  }
}
