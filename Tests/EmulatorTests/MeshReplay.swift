import Foundation
import TestSupport
import Testing

@testable import Emulator

/// A packet of a trace: which nodes, when it was made, when it was injected and when it arrived.
struct TracedPacket: Equatable {
  var source: Int
  var destination: Int
  var made: Int
  var injected: Int
  var arrived: Int
}

/// A trace that BookSim2 wrote: Golden/README.md.
struct GoldenTrace {
  var width: Int
  var depth: Int
  var packets: [TracedPacket]
  /// Sorted by cycle, router, output.
  var grants: [Mesh.Grant]

  /// - Parameter name: `k4_d4_…`: 4×4 routers, FIFO depth 4.
  init(_ name: String) throws {
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    width = try #require(Int(name.dropFirst(1).prefix(1)))
    depth = try #require(Int(name.dropFirst(4).prefix(1)))
    packets = try Self.rows(folder.appendingPathComponent("\(name).packets.csv")).map {
      TracedPacket(source: $0[1], destination: $0[2], made: $0[3], injected: $0[4], arrived: $0[5])
    }
    grants = try Self.rows(folder.appendingPathComponent("\(name).grants.csv")).map {
      Mesh.Grant(cycle: $0[0], router: $0[1], output: $0[2], packet: UInt32($0[3]))
    }.sorted(by: inOrder)
  }

  /// The numbers of a CSV file, without its header.
  private static func rows(_ url: URL) throws -> [[Int]] {
    let data = try Data(contentsOf: url)
    var rows: [[Int]] = []
    var row: [Int] = []
    var number = 0
    var isHeader = true
    for byte in data {
      switch byte {
      case UInt8(ascii: "\n"):
        row.append(number)
        if !isHeader { rows.append(row) }
        isHeader = false
        row = []
        number = 0
      case UInt8(ascii: ","):
        row.append(number)
        number = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number * 10 + Int(byte - UInt8(ascii: "0"))
      default: break
      }
    }
    return rows
  }
}

func inOrder(_ a: Mesh.Grant, _ b: Mesh.Grant) -> Bool {
  (a.cycle, a.router, a.output) < (b.cycle, b.router, b.output)
}

/// The mesh alone, driven as BookSim2 drives its own: every node has a queue without a bound, and in each cycle
/// injects the head if it has been made by then and the port has a credit.
struct MeshDriver {
  var mesh: Mesh
  var packets: [TracedPacket]
  var cycle = 0
  /// Called with the mesh after every cycle.
  var afterCycle: ((inout Mesh, Int) -> Void)?
  private var waiting: [[UInt32]]
  private var head: [Int]
  private var left: Int

  init(_ mesh: Mesh, _ packets: [TracedPacket]) {
    self.mesh = mesh
    self.packets = packets
    waiting = [[UInt32]](repeating: [], count: mesh.routers)
    head = [Int](repeating: 0, count: mesh.routers)
    left = packets.count
    for (number, packet) in packets.enumerated() { waiting[packet.source].append(UInt32(number)) }
  }

  /// Runs until every packet has arrived, or to `end`; injection and arrival cycles replace those in `packets`.
  mutating func run(until end: Int = 1_000_000) {
    while left > 0, cycle < end {
      mesh.arrive(cycle)
      for delivery in mesh.delivered {
        #expect(Int(delivery.router) == packets[Int(delivery.packet)].destination)
        packets[Int(delivery.packet)].arrived = cycle
        left -= 1
      }
      mesh.grant(cycle)
      for node in 0..<mesh.routers where head[node] < waiting[node].count && mesh.canInject(at: node) {
        let number = waiting[node][head[node]]
        let packet = packets[Int(number)]
        guard packet.made <= cycle else { continue }
        head[node] += 1
        packets[Int(number)].injected = cycle
        mesh.inject(
          Mesh.Flit(
            packet: number, x: UInt16(packet.destination % mesh.width),
            y: UInt16(packet.destination / mesh.width)), at: node, cycle)
      }
      afterCycle?(&mesh, cycle)
      cycle += 1
    }
    #expect(left == 0 || cycle == end, "packets that never arrived: \(left)")
  }
}

/// Uniform random traffic from a seed: `rate` packets per node and cycle for `cycles` cycles.
func uniformTraffic(routers: Int, rate: Double, cycles: Int, seed: UInt64) -> [TracedPacket] {
  var random = SeededGenerator(state: seed)
  var packets: [TracedPacket] = []
  for cycle in 0..<cycles {
    for node in 0..<routers where random.int(0...9999) < Int(rate * 10_000) {
      packets.append(
        TracedPacket(
          source: node, destination: random.int(0...routers - 1), made: cycle, injected: -1,
          arrived: -1))
    }
  }
  return packets
}
