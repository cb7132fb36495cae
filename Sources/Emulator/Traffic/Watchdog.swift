import Diagnostics

/// Turns a mesh that stands still into a diagnosis. Its rules exclude that, so it is a fault of this program.
struct Watchdog: Sendable {
  /// Cycles without a grant, injection, delivery or emission while packets are left. No chip file can ask for
  /// latencies that come near it.
  static let patience = 1 << 20

  private var lastMove: Int

  /// - Parameter cycle: the tick's first.
  init(_ cycle: Int) { lastMove = cycle }

  @inline(__always) mutating func moved(_ cycle: Int) { lastMove = cycle }

  /// - Parameter next: the next cycle in which anything can happen, `Int.max` if none.
  @inline(__always) func isStuck(next: Int) -> Bool { next &- lastMove > Watchdog.patience }
}

extension ChipState {
  /// What stands still: tick, cycle, the blocked link, and the first few packets with source, destination, router and
  /// port.
  func stall(tick: Int, cycle: Int) -> Failure {
    var waiting = (0..<tables.coreCount).map { core in
      (
        router: Int(tables.routerOf[core]), name: "injection queue", packets: traffic.contents(core: core)
      )
    }
    waiting.append((router: 0, name: "edge queue", packets: traffic.edgeContents))
    return Failure(
      .ourBug,
      Diagnostic(
        "emulator.stall", subject: "sample \(sample), tick \(tick), cycle \(cycle - clock)",
        problem: "the mesh stands still with packets in it",
        found: MeshStall(mesh: mesh, queues: waiting, name: name).text, expected: "every packet to arrive",
        remedy: "Report this with the program image"))
  }

  private func name(_ number: UInt32) -> String {
    let packet = traffic[number]
    let source = packet.source < 0 ? "channel \(-1 - packet.source)" : "row \(packet.source)"
    let names = cores(of: packet).map { core in "\(core)" }.joined(separator: ", ")
    return "packet \(number) from \(source) to core \(names)"
  }

  private func cores(of packet: Packet) -> [Int] {
    let first = Int(packet.begin)
    if packet.end - packet.begin > 1 {
      return Set(tables.targets[first..<Int(packet.end)].map { Int($0.core) }).sorted()
    }
    // One destination: the core that has the row, or the place in the ring.
    let begin = packet.isPartial ? tables.neuronBegin : tables.places.begin
    return begin.lastIndex { $0 <= first }.map { [$0] } ?? []
  }
}
