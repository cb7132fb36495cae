import Testing

@testable import Emulator

/// BookSim2's own traces, replayed: not one packet and not one switch grant may differ in its cycle.
@Suite struct GoldenReplayTests {
  static let names = ["k4_d4_uniform_r0.05", "k4_d2_uniform_r0.2", "k4_d4_hotspot5_r0.1"]

  /// What a mutant changes in the mesh that replays.
  struct Profile: Sendable {
    var addedDepth = 0
    var creditCycles = 2
    var hopCycles = 3
    var injectionCycles = 2
    var portOrder = [0, 1, 2, 3, 4]
    var pointerStaysAtWinner = false
    var yFirst = false
  }

  struct Difference {
    var packets: Int
    var grants: Int
  }

  /// Replays a trace; counts packets and grants that differ.
  static func replay(_ name: String, _ profile: Profile) throws -> Difference {
    let golden = try GoldenTrace(name)
    let width = golden.width
    // Y first is x first on the mesh turned over its diagonal.
    let turn = { (node: Int) in profile.yFirst ? node % width * width + node / width : node }
    let turnOutput = { (output: Int) in profile.yFirst && output < 4 ? output ^ 2 : output }
    var mesh = Mesh(
      width: width, height: width, bufferDepth: golden.depth + profile.addedDepth,
      hopCycles: profile.hopCycles, creditCycles: profile.creditCycles,
      injectionCycles: profile.injectionCycles, portOrder: profile.portOrder.map(turnOutput))
    mesh.recordsGrants = true
    var driver = MeshDriver(
      mesh,
      golden.packets.map {
        var packet = $0
        packet.source = turn(packet.source)
        packet.destination = turn(packet.destination)
        packet.injected = -1
        packet.arrived = -1
        return packet
      })
    if profile.pointerStaysAtWinner {
      var seen = 0
      driver.afterCycle = { mesh, _ in
        for grant in mesh.grants[seen...] {
          let shift = UInt64(8 * grant.output + 5)
          let arbiters = mesh.own().arbiters
          let pointer = arbiters[grant.router] >> shift & 7
          arbiters[grant.router] ^= (pointer ^ (pointer + 4) % 5) << shift
        }
        seen = mesh.grants.count
      }
    }
    driver.run()
    let packets = zip(driver.packets, golden.packets).count {
      $0.injected != $1.injected || $0.arrived != $1.arrived
    }
    let grants = driver.mesh.grants.map {
      Mesh.Grant(
        cycle: $0.cycle, router: turn($0.router), output: turnOutput($0.output), packet: $0.packet)
    }.sorted(by: inOrder)
    let different =
      zip(grants, golden.grants).count { $0 != $1 } + abs(grants.count - golden.grants.count)
    return Difference(packets: packets, grants: different)
  }

  @Test(arguments: names)
  func everyPacketAndGrantIsBookSims(name: String) throws {
    let golden = try GoldenTrace(name)
    #expect(golden.packets.count > 2000 && golden.grants.count > 8000)
    let difference = try Self.replay(name, Profile())
    #expect(difference.packets == 0)
    #expect(difference.grants == 0)
  }

  struct Mutant: Sendable, CustomTestStringConvertible {
    var name: String
    var profile: Profile
    var testDescription: String { name }
  }

  static let mutants = [
    Mutant(name: "pointer stays at the winner", profile: Profile(pointerStaysAtWinner: true)),
    Mutant(name: "FIFO one entry deeper", profile: Profile(addedDepth: 1)),
    Mutant(name: "credits one cycle later", profile: Profile(creditCycles: 3)),
    Mutant(name: "credits one cycle earlier", profile: Profile(creditCycles: 1)),
    Mutant(name: "hops one cycle shorter", profile: Profile(hopCycles: 2)),
    Mutant(name: "injection one cycle shorter", profile: Profile(injectionCycles: 1)),
    Mutant(name: "port order reversed", profile: Profile(portOrder: [4, 3, 2, 1, 0])),
    Mutant(name: "y before x", profile: Profile(yFirst: true)),
  ]

  /// Every wrong rule shows as a packet with another cycle in at least one of the traces.
  @Test(arguments: mutants)
  func mutantIsCaught(mutant: Mutant) throws {
    let caught = try Self.names.contains { try Self.replay($0, mutant.profile).packets > 0 }
    #expect(caught)
  }
}
