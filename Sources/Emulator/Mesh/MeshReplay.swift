import ChipModel
import Diagnostics
import Observations

/// Carries given packets through a mesh alone, cycle by cycle: docs/mesh.md.
public enum MeshReplay {
  /// When each packet is injected and when it arrives, and every grant.
  ///
  /// Every node has a queue without a bound, in the order of `made`, packets of one cycle by `id`; in cycle t it
  /// injects its head if that was made by t and the injection port has a credit. The order of `packets` does not
  /// matter for the times.
  ///
  /// - Parameters:
  ///   - packets: ids unique, nodes within the mesh, cycles from 0; at most 2³² − 1.
  ///   - recordsGrants: whether the trace has grants.
  ///
  /// **Cost:** cycles in which nothing can happen are not visited.
  public static func run(
    _ packets: [PacketTrace.Packet], on constants: Chip.Mesh, recordsGrants: Bool = false
  ) throws(Failure) -> PacketTrace {
    try run(packets, on: constants, recordsGrants: recordsGrants, until: bound(packets, constants))
  }

  /// No replay lasts longer. A packet moves at most width + height times (injection, hops, delivery), and in
  /// D + C + INJ cycles at least one of those that wait moves, since x-first routing cannot deadlock.
  static func bound(_ packets: [PacketTrace.Packet], _ constants: Chip.Mesh) -> Int {
    let moves = packets.count * (constants.width + constants.height)
    let latest = packets.map(\.made).max() ?? 0
    return latest + moves * (constants.hopCycles + constants.creditCycles + constants.injectionCycles)
  }

  /// - Parameter end: the cycle by which everything has arrived; a mesh that is still busy then has stalled.
  static func run(
    _ packets: [PacketTrace.Packet], on constants: Chip.Mesh, recordsGrants: Bool, until end: Int
  ) throws(Failure) -> PacketTrace {
    var mesh = Mesh(constants)
    mesh.recordsGrants = recordsGrants
    var queues = ReplayQueues(packets, mesh: mesh)
    var cycle = packets.map(\.made).min() ?? 0
    while queues.left > 0 {
      guard cycle <= end else {
        throw Failure(
          .ourBug,
          Diagnostic(
            "mesh.stalled", subject: "the mesh, cycle \(end)",
            problem: "\(queues.left) of \(packets.count) packets have not arrived, and should have",
            found: queues.stall(mesh).text, expected: "every packet to arrive",
            remedy: "Report this with the table of packets and the options"))
      }
      cycle = mesh.step(cycle, &queues)
    }
    var grants = mesh.grants.map { grant in
      PacketTrace.Grant(
        cycle: grant.cycle, router: grant.router, output: grant.output, packet: packets[Int(grant.packet)].id)
    }
    grants.sort { ($0.cycle, $0.router, $0.output) < ($1.cycle, $1.router, $1.output) }
    return PacketTrace(packets: packets, times: queues.times, grants: grants)
  }
}

/// The packets of a trace in the queues of their sources. A flit's number is its packet's place in the trace.
private struct ReplayQueues: MeshUser {
  private let packets: [PacketTrace.Packet]
  private let width: Int
  /// Packets sorted by source, then in the order of injection; where each source's ones end.
  private let order: [UInt32]
  private let end: [Int]
  private var head: [Int]
  private(set) var times: [PacketTrace.Times]
  private(set) var left: Int

  init(_ packets: [PacketTrace.Packet], mesh: Mesh) {
    precondition(packets.count < Int(UInt32.max), "packets are numbered with 32 bits")
    self.packets = packets
    width = mesh.width
    order = (0..<UInt32(packets.count)).sorted { a, b in
      let (a, b) = (packets[Int(a)], packets[Int(b)])
      return (a.source, a.made, a.id) < (b.source, b.made, b.id)
    }
    var end = [Int](repeating: 0, count: mesh.routers)
    for packet in packets { end[packet.source] += 1 }
    for node in 1..<max(mesh.routers, 1) { end[node] += end[node - 1] }
    self.end = end
    head = [0] + end.dropLast()
    times = [PacketTrace.Times](
      repeating: PacketTrace.Times(injected: -1, arrived: -1), count: packets.count)
    left = packets.count
  }

  /// What has not arrived, and where it stands.
  func stall(_ mesh: Mesh) -> MeshStall {
    MeshStall(
      mesh: mesh,
      queues: head.indices.map { node in
        (router: node, name: "queue", packets: Array(order[head[node]..<end[node]]))
      },
      name: { number in
        let packet = packets[Int(number)]
        return "packet \(packet.id) from node \(packet.source) to node \(packet.destination)"
      })
  }

  func due(_ node: Int) -> Int {
    head[node] < end[node] ? packets[Int(order[head[node]])].made : Int.max
  }

  mutating func take(_ node: Int, _ cycle: Int) -> Mesh.Flit {
    let number = order[head[node]]
    head[node] += 1
    times[Int(number)].injected = cycle
    return Mesh.Flit(number, to: packets[Int(number)].destination, width: width)
  }

  mutating func receive(_ packet: UInt32, at node: Int, _ cycle: Int) {
    precondition(packets[Int(packet)].destination == node, "a packet arrives where it was sent")
    times[Int(packet)].arrived = cycle
    left -= 1
  }
}
