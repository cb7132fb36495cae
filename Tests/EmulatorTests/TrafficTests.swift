import ChipModel
import Foundation
import Diagnostics
import FixedPoint
import Observations
import Testing

@testable import Emulator

/// Random traffic on a mesh alone, and the replay of given packets.
@Suite struct TrafficTests {
  static func mesh(
    _ width: Int, _ height: Int, depth: Int = 4, hop: Int = 1, credit: Int = 1, injection: Int = 1
  ) -> Chip.Mesh {
    Chip.Mesh(
      width: width, height: height, bufferDepth: depth, hopCycles: hop, creditCycles: credit,
      injectionCycles: injection, portOrder: [0, 1, 2, 3, 4])
  }

  static func traffic(
    _ mesh: Chip.Mesh, _ pattern: MeshTraffic.Pattern, rate: Double = 0.1, cycles: Int = 4000,
    hotSpots: [MeshTraffic.HotSpot] = [], background: Int = 0, seed: UInt64 = 1
  ) -> MeshTraffic {
    MeshTraffic(
      mesh: mesh, pattern: pattern, hotSpots: hotSpots, backgroundWeight: background, rate: rate,
      cycles: cycles, seed: seed)
  }

  // MARK: - Patterns

  /// BookSim2's definitions, written out for 16 nodes.
  @Test(arguments: [
    (MeshTraffic.Pattern.transpose, [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]),
    (.neighbor, [5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12, 1, 2, 3, 0]),
    (.tornado, [5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12, 1, 2, 3, 0]),
    (.bitcomp, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
    (.bitrev, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]),
    (.shuffle, [0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15]),
  ])
  func permutations(pattern: MeshTraffic.Pattern, expected: [Int]) {
    let destinations = Destinations(Self.traffic(Self.mesh(4, 4), pattern))
    #expect((0..<16).map { destinations($0, 7) } == expected)
  }

  /// On eight columns a tornado goes three on; on a mesh that is not square each dimension has its own k.
  @Test func permutationsOfOtherMeshes() {
    let tornado = Destinations(Self.traffic(Self.mesh(8, 4), .tornado))
    #expect(tornado(0, 0) == 8 + 3 && tornado(31, 0) == 2)
    let neighbor = Destinations(Self.traffic(Self.mesh(3, 2), .neighbor))
    #expect((0..<6).map { neighbor($0, 0) } == [4, 5, 3, 1, 2, 0])
  }

  /// Draws share the 32 bits out by weight, to one part in 2³².
  @Test func drawnDestinationsFollowTheWeights() {
    let spots = [MeshTraffic.HotSpot(node: 5, weight: 3), MeshTraffic.HotSpot(node: 0, weight: 0)]
    let drawn = Destinations(
      Self.traffic(Self.mesh(4, 4), .hotspot, hotSpots: spots, background: 1))
    // 17 parts: none for node 0, three for node 5, one for each other.
    var counts = [Int](repeating: 0, count: 16)
    for part in 0..<17 {
      let first = ((UInt64(part) << 32) + 16) / 17
      counts[drawn(9, UInt32(first))] += 1
      counts[drawn(9, UInt32(((UInt64(part + 1) << 32) - 1) / 17))] += 1
    }
    var expected = [Int](repeating: 2, count: 16)
    expected[0] = 0
    expected[5] = 6
    #expect(counts == expected)
    let uniform = Destinations(Self.traffic(Self.mesh(4, 4), .uniform))
    #expect((0..<16).map { uniform(3, UInt32($0) << 28) } == Array(0..<16))
    let middle = Destinations(Self.traffic(Self.mesh(8, 8), .hotspot))
    #expect(middle(0, 0) == 27 && middle(63, UInt32.max) == 27)
  }

  @Test func problemsAreFound() {
    #expect(Self.traffic(Self.mesh(4, 3), .transpose).problems.map(\.id) == ["traffic.square"])
    for pattern in [MeshTraffic.Pattern.bitcomp, .bitrev, .shuffle] {
      #expect(Self.traffic(Self.mesh(4, 3), pattern).problems.map(\.id) == ["traffic.powerOfTwo"])
      #expect(Self.traffic(Self.mesh(8, 4), pattern).problems.isEmpty)
    }
    let twice = [12, 5, 5].map { MeshTraffic.HotSpot(node: $0, weight: 1) }
    #expect(Self.traffic(Self.mesh(4, 3), .hotspot, hotSpots: twice).problems.count == 2)
    #expect(Self.traffic(Self.mesh(4, 3), .uniform, background: 1).problems.count == 1)
  }

  // MARK: - Bounds

  /// A pattern on a square mesh, its θ, and the mean number of hops.
  struct Bound: Sendable {
    var width: Int
    var pattern: MeshTraffic.Pattern
    var channel: Double
    var hops: Double
  }

  static let bounds: [Bound] = [
    Bound(width: 4, pattern: .uniform, channel: 1, hops: 2.5),
    Bound(width: 8, pattern: .uniform, channel: 0.5, hops: 5.25),
    Bound(width: 4, pattern: .transpose, channel: 1.0 / 3, hops: 2.5),
    Bound(width: 8, pattern: .transpose, channel: 1.0 / 7, hops: 5.25),
    Bound(width: 4, pattern: .neighbor, channel: 1, hops: 3),
    Bound(width: 8, pattern: .neighbor, channel: 1, hops: 3.5),
    Bound(width: 4, pattern: .hotspot, channel: 1.0 / 16, hops: 2),
    Bound(width: 8, pattern: .hotspot, channel: 1.0 / 64, hops: 4),
  ]

  /// θ in closed form, and with the credit loop of D = 3, C = 2, INJ = 2, B = 4, which carries 4/5.
  @Test(arguments: bounds)
  func boundsAreTheClosedForms(bound: Bound) {
    let mesh = Self.mesh(bound.width, bound.width, hop: 3, credit: 2, injection: 2)
    let loads = ChannelLoads(mesh, Destinations(Self.traffic(mesh, bound.pattern)))
    #expect(abs(loads.throughput - bound.channel) < 1e-12)
    #expect(abs(loads.throughput(mesh) - 0.8 * bound.channel) < 1e-12)
    #expect(abs(loads.meanHops - bound.hops) < 1e-12)
    #expect(abs(loads.latency(mesh) - (2 + 3 * (bound.hops + 1))) < 1e-12)
  }

  /// The sums over marginals are those over all pairs, on a mesh without symmetry.
  @Test func drawnLoadsAreTheSumsOverAllPairs() {
    let (width, height) = (5, 3)
    let mesh = Self.mesh(width, height)
    let spots = [(3, 9), (11, 4), (14, 2)].map { MeshTraffic.HotSpot(node: $0.0, weight: $0.1) }
    for background in [0, 1] {
      let drawn = Destinations(Self.traffic(mesh, .hotspot, hotSpots: spots, background: background))
      var weights = [Double](repeating: Double(background), count: 15)
      for spot in spots { weights[spot.node] = Double(spot.weight) }
      var loads = [Double](repeating: 0, count: 75)
      var hops = 0.0
      for source in 0..<15 {
        for (destination, weight) in weights.enumerated() {
          let share = weight / weights.reduce(0, +)
          var (x, y) = (source % width, source / width)
          while x != destination % width {
            loads[(y * width + x) * 5 + (x < destination % width ? 0 : 1)] += share
            x += x < destination % width ? 1 : -1
            hops += share
          }
          while y != destination / width {
            loads[(y * width + x) * 5 + (y < destination / width ? 2 : 3)] += share
            y += y < destination / width ? 1 : -1
            hops += share
          }
          loads[destination * 5 + 4] += share
        }
      }
      let found = ChannelLoads(mesh, drawn)
      #expect(abs(found.largest - (loads.max() ?? 0)) < 1e-9)
      #expect(abs(found.meanHops - hops / 15) < 1e-9)
    }
  }

  // MARK: - Traffic against replay

  /// The packets of uniform traffic, drawn cycle by cycle as the documentation says and not with the code under test.
  static func drawnPackets(nodes: Int, rate: Double, cycles: Int, seed: UInt64) -> [PacketTrace.Packet] {
    var packets: [PacketTrace.Packet] = []
    for cycle in 0..<cycles {
      for node in 0..<nodes {
        let block = CounterRandom.philox(UInt32(cycle / 4), 0, 4, UInt32(node), key: seed)
        let word = [block.0, block.1, block.2, block.3][cycle % 4]
        guard Double(word) < (rate * 0x1p32).rounded() else { continue }
        let draw = CounterRandom.philox(UInt32(cycle), 0, 5, UInt32(node), key: seed).0
        packets.append(
          PacketTrace.Packet(
            id: packets.count, source: node, destination: Int((UInt64(draw) * UInt64(nodes)) >> 32),
            made: cycle))
      }
    }
    return packets
  }

  /// Queues that are drawn again carry the packets that queues in memory carry, below and above saturation.
  @Test(arguments: [0.002, 0.1, 0.3, 0.45, 1])
  func trafficIsTheReplayOfItsPackets(rate: Double) throws {
    let mesh = Self.mesh(5, 3, depth: 2, hop: 2, credit: 1, injection: 1)
    let traffic = Self.traffic(mesh, .uniform, rate: rate, cycles: 1200, seed: 77)
    let result = traffic.run()
    let packets = Self.drawnPackets(nodes: 15, rate: rate, cycles: 2400, seed: 77)
    let trace = try MeshReplay.run(packets, on: mesh)
    var latencies: [Int] = []
    var hops = 0
    var accepted = [Int](repeating: 0, count: 15)
    var unfinished = 0
    for (packet, times) in zip(packets, trace.times) {
      if (300..<1200).contains(times.arrived) { accepted[packet.destination] += 1 }
      guard (300..<1200).contains(packet.made) else { continue }
      if times.arrived >= 2400 {
        unfinished += 1
        continue
      }
      latencies.append(times.arrived - packet.made)
      hops += MeshFactTests.hops(packet.source, packet.destination, width: 5)
    }
    latencies.sort()
    let count = latencies.count
    let latency = try #require(result.latency)
    #expect(result.packets == count && result.unfinished == unfinished)
    #expect(abs(latency.mean - Double(latencies.reduce(0, +)) / Double(count)) < 1e-9)
    #expect(latency.p50 == latencies[(count + 1) / 2 - 1])
    #expect(latency.p99 == latencies[(count * 99 + 99) / 100 - 1])
    #expect(latency.max == latencies.last)
    #expect(abs((result.hops ?? 0) - Double(hops) / Double(count)) < 1e-9)
    #expect(abs(result.accepted - Double(accepted.reduce(0, +)) / 13_500) < 1e-12)
    #expect(abs(result.leastAccepted - Double(accepted.min() ?? 0) / 900) < 1e-12)
    #expect(abs(result.mostAccepted - Double(accepted.max() ?? 0) / 900) < 1e-12)
    #expect(result.saturated == (rate > 0.4))
    #expect((unfinished > 0) == (rate == 1))
  }

  /// No packet at all in a run that is too short for its rate.
  @Test func trafficWithoutPackets() {
    let result = Self.traffic(Self.mesh(2, 2), .uniform, rate: 1e-6, cycles: 100).run()
    #expect(result.packets == 0 && result.latency == nil && result.hops == nil)
    #expect(!result.saturated && result.offered == 0)
  }

  /// Where the last stable and the first unstable load of BookSim2 are, the rule says so.
  @Test(arguments: [
    (8, 8, MeshTraffic.Pattern.transpose, 0.13, false), (8, 8, .transpose, 0.16, true),
    (4, 4, .uniform, 0.45, false), (4, 4, .uniform, 0.55, true), (4, 2, .hotspot, 0.02, false),
    (4, 2, .hotspot, 0.03, true), (4, 8, .neighbor, 0.95, false), (4, 4, .neighbor, 0.85, true),
  ])
  func saturationIsSeen(width: Int, depth: Int, pattern: MeshTraffic.Pattern, rate: Double, saturated: Bool) {
    let mesh = Self.mesh(width, width, depth: depth, hop: 3, credit: 2, injection: 2)
    #expect(Self.traffic(mesh, pattern, rate: rate, cycles: 20_000).run().saturated == saturated)
  }

  // MARK: - Replay

  /// The replay visits few cycles; a driver that visits all of them finds the same times.
  @Test(arguments: [(1, 1, 1, 2, 0.01), (3, 2, 2, 4, 0.3), (2, 3, 1, 1, 0.7)])
  func replayIsTheDriverThatVisitsEveryCycle(
    hop: Int, credit: Int, injection: Int, depth: Int, rate: Double
  ) throws {
    let packets = uniformTraffic(routers: 16, rate: rate, cycles: 600, seed: 9)
    let constants = Self.mesh(4, 4, depth: depth, hop: hop, credit: credit, injection: injection)
    var mesh = Mesh(constants)
    mesh.recordsGrants = true
    var driver = MeshDriver(mesh, packets)
    driver.run()
    // Other numbers, and the lines in another order.
    let lines = packets.enumerated().map {
      PacketTrace.Packet(
        id: 3 * $0.offset, source: $0.element.source, destination: $0.element.destination,
        made: $0.element.made)
    }
    let trace = try MeshReplay.run(Array(lines.reversed()), on: constants, recordsGrants: true)
    #expect(trace.times.reversed().map(\.injected) == driver.packets.map(\.injected))
    #expect(trace.times.reversed().map(\.arrived) == driver.packets.map(\.arrived))
    let grants = driver.mesh.grants.sorted(by: inOrder).map {
      PacketTrace.Grant(cycle: $0.cycle, router: $0.router, output: $0.output, packet: 3 * Int($0.packet))
    }
    #expect(trace.grants == grants)
    #expect(try MeshReplay.run(lines, on: constants).grants.isEmpty)
  }

  /// Nothing is ever later than the bound, which a burst onto one node comes near to; what is later has stalled.
  @Test func aStallIsDiagnosed() throws {
    let constants = Self.mesh(4, 4, depth: 1, hop: 3, credit: 2, injection: 2)
    let packets = (0..<400).map {
      PacketTrace.Packet(id: $0, source: $0 % 16, destination: 0, made: 1_000_000_000_000)
    }
    let trace = try MeshReplay.run(packets, on: constants)
    let last = try #require(trace.times.map(\.arrived).max())
    #expect(last <= MeshReplay.bound(packets, constants))
    let end = last - 1000
    let failure = #expect(throws: Failure.self) {
      try MeshReplay.run(packets, on: constants, recordsGrants: false, until: end)
    }
    let diagnostic = try #require(failure?.diagnostics.first)
    #expect(failure?.reason == .ourBug && diagnostic.id == "mesh.stalled")
    #expect(diagnostic.subject == "the mesh, cycle \(end)")
    let late = trace.times.count { $0.arrived > end }
    #expect(late > 100)
    #expect(diagnostic.problem == "\(late) of 400 packets have not arrived, and should have")
    // Everything backs up behind the way into node 0: some output waits for a credit in every cycle.
    let parts = try #require(diagnostic.found).components(separatedBy: "; ")
    #expect(parts[0].hasPrefix("output ") && parts[0].contains(" has no credit"), "\(parts[0])")
    #expect(parts.count == 7 && parts[6] == "and \(late - 5) more", "\(parts)")
    #expect(try MeshReplay.run([], on: constants).times.isEmpty)
  }

  /// All to node 0 of a row of four, from node 3.
  @Test func aStallNamesLinksQueuesAndFIFOs() throws {
    let packets = (0..<12).map { PacketTrace.Packet(id: $0, source: 3, destination: 0, made: 5) }
    func found(_ mesh: Chip.Mesh, _ packets: [PacketTrace.Packet], after end: Int) throws -> [String] {
      let failure = #expect(throws: Failure.self) {
        try MeshReplay.run(packets, on: mesh, recordsGrants: false, until: end)
      }
      let text = try #require(failure?.diagnostics.first?.found)
      return text.components(separatedBy: "; ")
    }
    // Injected in cycles 5 and 6, so the port's two credits are gone, and one comes back in cycle 8; the first was
    // granted in cycle 6 and is to be at router 2 in cycle 7.
    let quick = Self.mesh(4, 1, depth: 2, hop: 1, credit: 2, injection: 1)
    #expect(
      try found(quick, packets, after: 6) == [
        "the injection port of router 3 (3,0) has no credit",
        "packet 0 from node 3 to node 0 on its way to router 2, port 0",
        "packet 1 from node 3 to node 0 on its way to router 3, port 4",
        "packet 2 from node 3 to node 0 in the queue of router 3",
        "packet 3 from node 3 to node 0 in the queue of router 3",
        "packet 4 from node 3 to node 0 in the queue of router 3", "and 7 more",
      ])
    // Both are at router 1 in cycle 7 and want output -x, which goes to the one from router 2.
    let meeting = [
      PacketTrace.Packet(id: 8, source: 2, destination: 0, made: 5),
      PacketTrace.Packet(id: 9, source: 1, destination: 0, made: 6),
    ]
    #expect(
      try found(quick, meeting, after: 7) == [
        "the fullest FIFO holds 1 of 2 flits, input local of router 1 (1,0)",
        "packet 9 from node 1 to node 0 in router 1, port 4",
        "packet 8 from node 2 to node 0 on its way to router 0, port 0",
      ])
    // One flit of buffer: the second packet is in router 3 in cycle 16, when output -x waits for the first one's credit,
    // which leaves router 2 in cycle 9, until cycle 18.
    let tight = Self.mesh(4, 1, depth: 1, hop: 3, credit: 9, injection: 1)
    #expect(
      try found(tight, packets, after: 16)[0]
        == "output -x of router 3 (3,0) has no credit, the FIFO that it feeds holds 0 of 1 flits")
  }
}
