import Observations
import ProgramImage
import TestSupport
import Testing

@testable import Emulator

/// Multicast in the mesh alone, and in programs: docs/emulator-semantics.md §4 and §5.2.
@Suite struct MulticastTests {
  struct Constants: Sendable, CustomTestStringConvertible {
    var hop: Int
    var credit: Int
    var injection: Int
    var depth: Int
    var testDescription: String { "D \(hop), C \(credit), J \(injection), B \(depth)" }
  }
  static let constants = [
    Constants(hop: 1, credit: 1, injection: 1, depth: 1),
    Constants(hop: 3, credit: 2, injection: 2, depth: 4),
    Constants(hop: 2, credit: 3, injection: 1, depth: 2),
    Constants(hop: 1, credit: 1, injection: 1, depth: 8),
  ]

  static func mesh(_ width: Int, _ height: Int, _ constants: Constants, _ trees: MulticastTrees) -> Mesh {
    var mesh = Mesh(
      width: width, height: height, bufferDepth: constants.depth, hopCycles: constants.hop,
      creditCycles: constants.credit, injectionCycles: constants.injection, portOrder: [0, 1, 2, 3, 4],
      trees: trees)
    mesh.recordsGrants = true
    return mesh
  }

  struct Arrival: Equatable {
    var cycle: Int
    var router: Int
    var packet: UInt32
  }

  /// Packets of each node are injected in order, as soon as they are made and the port has a credit.
  struct Driver {
    var mesh: Mesh
    var arrivals: [Arrival] = []
    var injected: [Int]
    /// The first cycle after the run.
    var end = 0
    var afterCycle: ((Mesh, Int) -> Void)?

    init(_ mesh: Mesh, packets: Int) {
      self.mesh = mesh
      injected = [Int](repeating: -1, count: packets)
    }

    mutating func run(_ packets: [(made: Int, source: Int, flit: Mesh.Flit)], limit: Int = 200_000) {
      var waiting = [[Int]](repeating: [], count: mesh.routers)
      for (number, packet) in packets.enumerated().reversed() { waiting[packet.source].append(number) }
      var left = packets.count
      var cycle = 0
      while left > 0 || mesh.flits > 0, cycle < limit {
        mesh.arrive(cycle)
        for delivery in mesh.delivered {
          arrivals.append(Arrival(cycle: cycle, router: Int(delivery.router), packet: delivery.packet))
        }
        mesh.grant(cycle)
        for node in 0..<mesh.routers where mesh.canInject(at: node) {
          guard let number = waiting[node].last, packets[number].made <= cycle else { continue }
          waiting[node].removeLast()
          injected[number] = cycle
          mesh.inject(packets[number].flit, at: node, cycle)
          left -= 1
        }
        afterCycle?(mesh, cycle)
        cycle += 1
      }
      end = cycle
      #expect(cycle < limit, "\(left) packets wait, \(mesh.flits) copies are in the mesh")
    }
  }

  /// Flits that carry a tree with one destination: every injection, grant and arrival as with x and y.
  @Test(arguments: constants)
  func oneDestinationIsUnicast(constants: Constants) {
    let traffic = uniformTraffic(routers: 16, rate: 0.4, cycles: 600, seed: 31)
    var trees = MulticastTrees()
    var plain: [(made: Int, source: Int, flit: Mesh.Flit)] = []
    var multi = plain
    for (number, packet) in traffic.enumerated() {
      let x = UInt16(packet.destination % 4)
      let y = UInt16(packet.destination / 4)
      let root = trees.root(from: packet.source, to: [packet.destination], width: 4)
      plain.append((packet.made, packet.source, Mesh.Flit(packet: UInt32(number), x: x, y: y)))
      multi.append(
        (packet.made, packet.source, Mesh.Flit(packet: UInt32(number), x: 0, y: 0, branch: root)))
    }
    var one = Driver(Self.mesh(4, 4, constants, trees), packets: plain.count)
    one.run(plain)
    var two = Driver(Self.mesh(4, 4, constants, trees), packets: multi.count)
    two.run(multi)
    #expect(one.arrivals.count == traffic.count && one.mesh.grants.count > 5000)
    #expect(one.injected == two.injected)
    #expect(one.arrivals == two.arrivals)
    #expect(one.mesh.grants == two.mesh.grants)
    #expect(one.mesh.linkStalls == two.mesh.linkStalls)
  }

  /// Random sets at a load far over saturation: each copy arrives, once, and flits and credits are conserved.
  @Test(arguments: constants)
  func requestedSetIsDeliveredOnce(constants: Constants) {
    let (width, height) = (5, 4)
    var random = SeededGenerator(state: 77)
    var trees = MulticastTrees()
    var packets: [(made: Int, source: Int, flit: Mesh.Flit)] = []
    var requested: [Set<Int>] = []
    var links = 0
    for number in 0..<1500 {
      let source = random.int(0...19)
      let set = Set((0..<random.int(1...20)).map { _ in random.int(0...19) })
      requested.append(set)
      links += Self.links(from: source, to: set, width: width).count
      let root = trees.root(from: source, to: set.shuffled(), width: width)
      packets.append((number / 20, source, Mesh.Flit(packet: UInt32(number), x: 0, y: 0, branch: root)))
    }
    var driver = Driver(Self.mesh(width, height, constants, trees), packets: packets.count)
    driver.afterCycle = { mesh, cycle in
      if cycle % 7 == 0 { #expect(mesh.violatedInvariant(after: cycle) == nil, "cycle \(cycle)") }
    }
    driver.run(packets)
    var delivered = [Set<Int>](repeating: [], count: packets.count)
    for arrival in driver.arrivals { delivered[Int(arrival.packet)].insert(arrival.router) }
    #expect(delivered == requested)
    #expect(driver.arrivals.count == requested.reduce(0) { $0 + $1.count })
    // Each link of a packet's tree carries it once: as few hops as the routes of its destinations allow.
    #expect(driver.mesh.hops == UInt64(links))
    driver.mesh.settleCredits(at: driver.end)
    #expect(driver.mesh.violatedInvariant(after: driver.end) == nil)
  }

  /// The links of all routes, x first, walked step by step.
  static func links(from source: Int, to destinations: Set<Int>, width: Int) -> Set<[Int]> {
    var links: Set<[Int]> = []
    for destination in destinations {
      var at = source
      while at != destination {
        var next = at
        if at % width != destination % width {
          next += at % width < destination % width ? 1 : -1
        } else {
          next += at < destination ? width : -width
        }
        links.insert([at, next])
        at = next
      }
    }
    return links
  }

  /// By hand, D = C = J = 1, three routers in a row; router 0 sends to itself, 1 and 2. Injected in cycle 0,
  /// the flit is eligible in 1, where outputs +x and local grant at once; eligible in router 1 in 2, both
  /// again; in router 2 in 3.
  @Test func copiesOfOneCycle() {
    var trees = MulticastTrees()
    let root = trees.root(from: 0, to: [2, 0, 1], width: 3)
    var driver = Driver(Self.mesh(3, 1, Self.constants[0], trees), packets: 1)
    driver.run([(made: 0, source: 0, flit: Mesh.Flit(packet: 0, x: 0, y: 0, branch: root))])
    #expect(
      driver.arrivals == [
        Arrival(cycle: 2, router: 0, packet: 0), Arrival(cycle: 3, router: 1, packet: 0),
        Arrival(cycle: 4, router: 2, packet: 0),
      ])
    #expect(
      driver.mesh.grants.map { [$0.cycle, $0.router, $0.output] } == [
        [1, 0, 0], [1, 0, 4], [2, 1, 0], [2, 1, 4], [3, 2, 4],
      ])
  }

  /// A slot is free only after the last output has served its flit. One slot per FIFO, credits after 4
  /// cycles: router 0 sends P to itself and to 1, before that Q to itself.
  @Test func slotWaitsForTheLastOutput() {
    var trees = MulticastTrees()
    let both = trees.root(from: 0, to: [0, 1], width: 2)
    let constants = Constants(hop: 2, credit: 4, injection: 1, depth: 1)
    var driver = Driver(Self.mesh(2, 1, constants, trees), packets: 3)
    let here = Mesh.Flit(packet: 0, x: 0, y: 0)
    driver.run([
      (made: 0, source: 0, flit: here),
      (made: 0, source: 0, flit: Mesh.Flit(packet: 1, x: 0, y: 0, branch: both)),
      (made: 0, source: 0, flit: Mesh.Flit(packet: 2, x: 0, y: 0)),
    ])
    // Q: injected 0, granted 1, its slot's credit is back in 5; delivered 3, local's credit is back in 7.
    // P: injected 5, eligible 6: +x grants in 6, local in 7, so the slot is back in 11.
    // R: injected 11, eligible 12; P was delivered in 9, local's credit is back in 13.
    #expect(driver.injected == [0, 5, 11])
    #expect(
      driver.mesh.grants.map { [$0.cycle, $0.output, Int($0.packet)] } == [
        [1, 4, 0], [6, 0, 1], [7, 4, 1], [8, 4, 1], [13, 4, 2],
      ])
  }

  /// Trees are shared by set and source, whatever the order; no router has two branches.
  @Test func treesAreShared() {
    var trees = MulticastTrees()
    let one = trees.root(from: 5, to: [0, 3, 15, 5], width: 4)
    let count = trees.branches.count
    #expect(trees.root(from: 5, to: [15, 5, 0, 3, 3], width: 4) == one)
    #expect(trees.branches.count == count)
    // 5; 4, 0; 6, 7, 3, 11, 15.
    #expect(count == 8)
    #expect(trees.root(from: 6, to: [0, 3, 15, 5], width: 4) != one)
  }

  /// With a barrier, multicast changes cycles and packets, and nothing that a neuron sees.
  @Test func multicastGivesTheSameSpikes() throws {
    var compared = 0
    var fewer = 0
    for seed in 5000..<UInt64(5150) {
      var program = RandomProgram.make(seed)
      guard case .barrier = program.image.chip.timing.tick else { continue }
      program.image.chip.mesh.multicast = true
      guard program.image.verify().isEmpty else { continue }
      let multi = try emulate(program, threads: 1)
      program.image.chip.mesh.multicast = false
      let single = try emulate(program, threads: 1)
      #expect(multi.spikes == single.spikes, "seed \(seed)")
      #expect(multi.potentials == single.potentials && multi.outputSums == single.outputSums)
      #expect(multi.counters.delivered == single.counters.delivered)
      #expect(multi.counters.hops <= single.counters.hops)
      compared += 1
      if multi.counters.packets < single.counters.packets { fewer += 1 }
    }
    #expect(compared > 30 && fewer > 10)
  }
}
