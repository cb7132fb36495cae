/// Uniform random packets on a mesh alone, prepared beforehand so that running them costs next to nothing besides
/// the mesh: for measuring its speed.
///
/// A node's packets wait in a queue without a bound; in each cycle the head is injected if the port has a credit.
package struct MeshLoad: Sendable {
  private let empty: Mesh
  private let cycles: Int
  /// By cycle, then node: when and where each packet is made, and its flit.
  private let made: [Int32]
  private let source: [Int32]
  private let flits: [Mesh.Flit]

  package var routers: Int { empty.routers }
  package var packets: Int { flits.count }

  /// A square mesh of the given side and FIFO depth with BookSim2's latencies (hop 3, credit 2, injection 2 cycles), and
  /// `rate` packets per node and cycle for `cycles` cycles.
  package init(side: Int, bufferDepth: Int, rate: Double, cycles: Int, seed: UInt64) {
    empty = Mesh(
      width: side, height: side, bufferDepth: bufferDepth, hopCycles: 3, creditCycles: 2,
      injectionCycles: 2, portOrder: [0, 1, 2, 3, 4])
    self.cycles = cycles
    // SplitMix64 (Steele, Lea, Flood 2014).
    var state = seed
    func draw() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    var made: [Int32] = []
    var source: [Int32] = []
    var flits: [Mesh.Flit] = []
    let limit = UInt64(rate * 4_294_967_296)
    for cycle in 0..<cycles {
      for node in 0..<side * side where draw() >> 32 < limit {
        let destination = Int(draw() % UInt64(side * side))
        made.append(Int32(cycle))
        source.append(Int32(node))
        flits.append(Mesh.Flit(UInt32(flits.count), to: destination, width: side))
      }
    }
    self.made = made
    self.source = source
    self.flits = flits
  }

  /// Runs all cycles on an empty mesh.
  ///
  /// - Returns: packets that arrived within them.
  package func run() -> Int {
    var mesh = empty
    var waiting = Bitset(count: mesh.routers)
    // Queues as chains of packet numbers; −1 ends one.
    var head = [Int32](repeating: -1, count: mesh.routers)
    var tail = head
    var following = [Int32](repeating: -1, count: flits.count)
    var next = 0
    var cycle = 0
    var arrived = 0
    while cycle < cycles {
      while next < made.count, Int(made[next]) == cycle {
        let node = Int(source[next])
        let number = Int32(truncatingIfNeeded: next)
        if head[node] < 0 { head[node] = number } else { following[Int(tail[node])] = number }
        tail[node] = number
        waiting.insert(node)
        next += 1
      }
      mesh.arrive(cycle)
      arrived += mesh.deliveredCount
      mesh.grant(cycle)
      var waits = false
      for w in 0..<waiting.wordCount {
        var bits = waiting.word(w) & mesh.state.injectable[w]
        while bits != 0 {
          let node = w &* 64 &+ bits.trailingZeroBitCount
          bits &= bits &- 1
          let packet = Int(head[node])
          mesh.inject(flits[packet], at: node, cycle)
          head[node] = following[packet]
          if head[node] < 0 { waiting.remove(node) }
        }
        waits = waits || waiting.word(w) & mesh.state.injectable[w] != 0
      }
      let due = next < made.count ? Int(made[next]) : cycles
      cycle = waits ? cycle + 1 : min(due, mesh.nextCycle(after: cycle))
    }
    return arrived
  }
}
