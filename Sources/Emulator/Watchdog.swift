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
  /// Whether packets wait in queues or FIFOs or are on their way.
  var packetsAreLeft: Bool { mesh.flits > 0 || queues.total > 0 }

  /// What stands still: tick, cycle, and the first few packets with source, destination, router and port.
  func stall(tick: Int, cycle: Int) -> Failure {
    var texts: [String] = []
    for router in 0..<mesh.routers {
      for port in 0..<Mesh.outputs {
        for flit in mesh.waitingFlits(router: router, port: port) {
          texts.append("\(name(flit.packet)) in router \(router), port \(port)")
        }
      }
    }
    for transit in mesh.hopsInFlight.contents + mesh.injectionsInFlight.contents {
      let key = Int(transit.target)
      texts.append(
        "\(name(transit.flit.packet)) on its way to router \(key / Mesh.stride), port \(key % Mesh.stride)")
    }
    for core in 0..<tables.coreCount {
      for number in queues.contents(core: core) {
        texts.append("\(name(number)) in the injection queue of router \(tables.routerOf[core])")
      }
    }
    for number in queues.edgeContents { texts.append("\(name(number)) in the edge queue of router 0") }
    let shown = texts.prefix(5).joined(separator: "; ")
    let rest = texts.count > 5 ? "; and \(texts.count - 5) more" : ""
    return Failure(
      .ourBug,
      Diagnostic(
        "emulator.stall", subject: "sample \(sample), tick \(tick), cycle \(cycle - clock)",
        problem: "the mesh stands still with packets in it",
        found: "\(shown)\(rest)", expected: "every packet to arrive",
        remedy: "Report this with the program image"))
  }

  private func name(_ number: UInt32) -> String {
    let packet = packets[number]
    let source = packet.source < 0 ? "channel \(-1 - packet.source)" : "row \(packet.source)"
    let cores = Set(tables.targets[Int(packet.begin)..<Int(packet.end)].map(\.core)).sorted()
    let names = cores.map { core in "\(core)" }.joined(separator: ", ")
    return "packet \(number) from \(source) to core \(names)"
  }
}
