import TestSupport
import Testing

@testable import Emulator

/// Facts that any cycle-accurate mesh with x-first routing, one FIFO per input and credits must satisfy.
@Suite struct MeshFactTests {
  static func mesh(
    _ width: Int, depth: Int, hop: Int = 3, credit: Int = 2, injection: Int = 2
  ) -> Mesh {
    Mesh(
      width: width, height: width, bufferDepth: depth, hopCycles: hop, creditCycles: credit,
      injectionCycles: injection, portOrder: [0, 1, 2, 3, 4])
  }

  static func hops(_ a: Int, _ b: Int, width: Int) -> Int {
    abs(a % width - b % width) + abs(a / width - b / width)
  }

  /// A packet alone takes INJ + D(H + 1) cycles, for every pair of nodes.
  @Test(arguments: [(3, 2), (1, 1), (2, 3)])
  func zeroLoadLatency(hop: Int, injection: Int) {
    let width = 4
    var packets: [TracedPacket] = []
    for pair in 0..<256 {
      packets.append(
        TracedPacket(source: pair / 16, destination: pair % 16, made: pair * 40, injected: -1, arrived: -1))
    }
    var driver = MeshDriver(Self.mesh(width, depth: 4, hop: hop, credit: 1, injection: injection), packets)
    driver.run()
    for packet in driver.packets {
      let hops = Self.hops(packet.source, packet.destination, width: width)
      #expect(packet.injected == packet.made)
      #expect(packet.arrived - packet.injected == injection + hop * (hops + 1))
    }
  }

  /// Never faster than an empty mesh, at any load.
  @Test func loadNeverMakesFaster() {
    var driver = MeshDriver(
      Self.mesh(4, depth: 4), uniformTraffic(routers: 16, rate: 0.6, cycles: 800, seed: 7))
    driver.run()
    let waits = driver.packets.map {
      $0.arrived - $0.injected - 2 - 3 * (Self.hops($0.source, $0.destination, width: 4) + 1)
    }
    #expect(waits.min() == 0)
    #expect((waits.max() ?? 0) > 50)
  }

  /// Without contention a link carries min(1, B / (D + C)) flits per cycle: neighbour traffic, (x + 1, y + 1).
  @Test(arguments: [(2, 400), (4, 800), (8, 1000)])
  func neighbourTrafficRunsAtTheCreditLoop(depth: Int, expected: Int) {
    let width = 4
    var packets: [TracedPacket] = []
    for node in 0..<16 {
      let destination = (node / 4 + 1) % 4 * 4 + (node % 4 + 1) % 4
      for _ in 0..<4000 {
        packets.append(
          TracedPacket(source: node, destination: destination, made: 0, injected: -1, arrived: -1))
      }
    }
    var driver = MeshDriver(Self.mesh(width, depth: depth), packets)
    driver.run(until: 3000)
    var arrivals = [Int](repeating: 0, count: 16)
    for packet in driver.packets where (1000..<2000).contains(packet.arrived) {
      arrivals[packet.destination] += 1
    }
    #expect(arrivals == [Int](repeating: expected, count: 16))
  }

  /// One destination: its local output is the bottleneck and carries min(1, B / (D + C)).
  @Test(arguments: [(2, 400), (4, 800), (8, 1000)])
  func hotSpotRunsAtTheCreditLoop(depth: Int, expected: Int) {
    let packets = (0..<16 * 600).map {
      TracedPacket(source: $0 % 16, destination: 5, made: 0, injected: -1, arrived: -1)
    }
    var driver = MeshDriver(Self.mesh(4, depth: depth), packets)
    driver.run(until: 3000)
    #expect(driver.packets.count { (1000..<2000).contains($0.arrived) } == expected)
  }

  /// Each merge halves the share of what comes from behind: an arbiter is fair, a mesh of them is not. Shares of
  /// BookSim2 at the hot spot (1, 1), in flits per cycle, to within 0.003.
  @Test func hotSpotSharesAreBookSims() {
    let shares = [
      0.0670, 0.0670, 0.0334, 0.0336, 0.0994, 0.0978, 0.1002, 0.1008, 0.0502, 0.0502, 0.0252,
      0.0250, 0.0166, 0.0168, 0.0084, 0.0084,
    ]
    var random = SeededGenerator(state: 3)
    var packets: [TracedPacket] = []
    for cycle in 0..<24_000 {
      for node in 0..<16 where random.int(0...9) == 0 {
        packets.append(
          TracedPacket(source: node, destination: 5, made: cycle, injected: -1, arrived: -1))
      }
    }
    var driver = MeshDriver(Self.mesh(4, depth: 4), packets)
    driver.run(until: 24_000)
    var arrivals = [Int](repeating: 0, count: 16)
    for packet in driver.packets where packet.arrived >= 4000 { arrivals[packet.source] += 1 }
    for node in 0..<16 {
      #expect(abs(Double(arrivals[node]) / 20_000 - shares[node]) < 0.003, "node \(node)")
    }
  }

  /// Flits and credits are conserved in every cycle, over saturation too.
  @Test(arguments: [(1, 1, 1, 2), (3, 2, 2, 4), (2, 3, 1, 1)])
  func flitsAndCreditsAreConserved(hop: Int, credit: Int, injection: Int, depth: Int) {
    var driver = MeshDriver(
      Self.mesh(4, depth: depth, hop: hop, credit: credit, injection: injection),
      uniformTraffic(routers: 16, rate: 0.7, cycles: 300, seed: 11))
    driver.afterCycle = { mesh, cycle in
      let violation = mesh.violatedInvariant(after: cycle)
      #expect(violation == nil, "cycle \(cycle)")
    }
    driver.run()
    driver.mesh.settleCredits(at: driver.cycle)
    #expect(driver.mesh.flits == 0)
    #expect(driver.mesh.violatedInvariant(after: driver.cycle) == nil)
    let hops = driver.packets.reduce(0) {
      $0 + Self.hops($1.source, $1.destination, width: 4)
    }
    #expect(driver.mesh.hops == UInt64(hops))
    #expect(driver.mesh.linkFlits.reduce(0, +) == UInt64(hops + driver.packets.count))
  }

  /// Packets of one source to one destination arrive in the order in which they were injected.
  @Test func orderPerPairIsKept() {
    var driver = MeshDriver(
      Self.mesh(4, depth: 2), uniformTraffic(routers: 16, rate: 0.5, cycles: 2000, seed: 5))
    driver.run()
    var last = [Int](repeating: -1, count: 256)
    for packet in driver.packets {
      let pair = packet.source * 16 + packet.destination
      #expect(packet.arrived > last[pair])
      last[pair] = packet.arrived
    }
  }

  /// The same grants, whatever the order in which routers are visited, though it changes in every cycle.
  @Test func visitingOrderDoesNotMatter() {
    let traffic = uniformTraffic(routers: 16, rate: 0.45, cycles: 1500, seed: 23)
    var mesh = Self.mesh(4, depth: 3, hop: 1, credit: 1, injection: 1)
    mesh.recordsGrants = true
    var ascending = MeshDriver(mesh, traffic)
    ascending.run()
    mesh.visitingOrder = Array((0..<16).reversed())
    var shuffled = MeshDriver(mesh, traffic)
    var random = SeededGenerator(state: 99)
    shuffled.afterCycle = { mesh, _ in mesh.visitingOrder = random.shuffled(Array(0..<16)) }
    shuffled.run()
    #expect(ascending.mesh.grants != shuffled.mesh.grants)  // visited in another order indeed
    #expect(ascending.mesh.grants.sorted(by: inOrder) == shuffled.mesh.grants.sorted(by: inOrder))
    #expect(ascending.packets == shuffled.packets)
  }

  /// Cycles that `nextCycle` leaves out change nothing.
  @Test func jumpingChangesNothing() {
    let width = 4
    let packets = uniformTraffic(routers: 16, rate: 0.004, cycles: 3000, seed: 41)
    var every = MeshDriver(Self.mesh(width, depth: 2), packets)
    every.run()

    var mesh = Self.mesh(width, depth: 2)
    var arrived = [Int](repeating: -1, count: packets.count)
    var next = 0
    var cycle = 0
    var visited = 0
    while next < packets.count || mesh.flits > 0 {
      visited += 1
      mesh.arrive(cycle)
      for delivery in mesh.delivered { arrived[Int(delivery.packet)] = cycle }
      mesh.grant(cycle)
      while next < packets.count, packets[next].made == cycle {
        let packet = packets[next]
        #expect(mesh.canInject(at: packet.source))
        mesh.inject(
          Mesh.Flit(
            packet: UInt32(next), x: UInt16(packet.destination % width),
            y: UInt16(packet.destination / width)), at: packet.source, cycle)
        next += 1
      }
      cycle = min(mesh.nextCycle(after: cycle), next < packets.count ? packets[next].made : Int.max)
    }
    #expect(arrived == every.packets.map(\.arrived))
    #expect(visited < every.cycle * 3 / 4)
  }
}
