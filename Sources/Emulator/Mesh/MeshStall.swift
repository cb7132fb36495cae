import Diagnostics

/// Packets that do not arrive: where the mesh is blocked, and where they stand. For a chip's mesh and a mesh alone.
struct MeshStall {
  let mesh: Mesh
  /// What stands before the mesh: the router, the queue's name, and its packets, next one first.
  let queues: [(router: Int, name: String, packets: [UInt32])]
  /// How a packet is called.
  let name: (UInt32) -> String

  /// The blocked link, then the first five packets with router and port, and how many there are besides.
  var text: String {
    var places: [String] = []
    var count = 0
    func note(_ packet: UInt32, _ place: String) {
      count += 1
      if count <= 5 { places.append("\(name(packet)) \(place)") }
    }
    for router in 0..<mesh.routers {
      for port in 0..<Mesh.outputs {
        for flit in mesh.waitingFlits(router: router, port: port) {
          note(flit.packet, "in router \(router), port \(port)")
        }
      }
    }
    for travelling in mesh.travellingFlits {
      note(travelling.flit.packet, "on its way to router \(travelling.router), port \(travelling.port)")
    }
    for queue in queues {
      for packet in queue.packets { note(packet, "in the \(queue.name) of router \(queue.router)") }
    }
    let rest = count > 5 ? ["and \(count - 5) more"] : []
    return ((blockedLink.map { [$0] } ?? []) + places + rest).joined(separator: "; ")
  }

  /// The output that has been wanted for longest without a credit; without one, an injection port that something waits
  /// for and that has none; without either, the fullest FIFO. The lowest router and port of equal ones.
  private var blockedLink: String? {
    var longest: (since: Int, router: Int, output: Int)?
    var fullest: (flits: Int, router: Int, port: Int)?
    for router in 0..<mesh.routers {
      for port in 0..<Mesh.outputs {
        let since = mesh.state.stalledSince[router * Mesh.stride + port]
        if mesh.isWanted(router: router, output: port), !mesh.hasCredit(router: router, output: port),
          longest.map({ since < $0.since }) ?? true
        {
          longest = (since, router, port)
        }
        let flits = mesh.fill(router: router, port: port)
        if flits > fullest?.flits ?? 0 { fullest = (flits, router, port) }
      }
    }
    if let (_, router, output) = longest {
      let next = Int(mesh.state.ports[router * Mesh.stride + output].feeds)
      let fill =
        output == 4
        ? "" : ", the FIFO that it feeds holds \(mesh.state.ports[next].occupancy) of \(mesh.depth) flits"
      return "output \(Mesh.portNames[output]) of \(place(router)) has no credit\(fill)"
    }
    if let queue = queues.first(where: { !$0.packets.isEmpty && !mesh.canInject(at: $0.router) }) {
      return "the injection port of \(place(queue.router)) has no credit"
    }
    return fullest.map {
      "the fullest FIFO holds \($0.flits) of \(mesh.depth) flits, input \(Mesh.portNames[$0.port]) of \(place($0.router))"
    }
  }

  private func place(_ router: Int) -> String {
    "router \(router) (\(router % mesh.width),\(router / mesh.width))"
  }
}

extension Mesh {
  /// Ports by number: inputs come from there, outputs lead there.
  static let portNames = ["+x", "-x", "+y", "-y", "local"]
}
