import Diagnostics
import Foundation
import Observations
import Testing

@testable import NetworkFormats

/// Tables of packets: docs/mesh.md.
@Suite struct PacketTraceTests {
  static func golden(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
      .appendingPathComponent("traces/\(name)").path
  }

  static func read(_ text: String, nodes: Int = 64) throws -> [PacketTrace.Packet] {
    try PacketTable.read(Array(text.utf8), place: "p.csv", nodes: nodes)
  }

  static func diagnostics(_ text: String, nodes: Int = 64) throws -> [Diagnostic] {
    try #require(throws: Failure.self) { try read(text, nodes: nodes) }.diagnostics
  }

  /// What gzip compressed, in one member or in two, is what stands in the plain file.
  @Test(arguments: ["small.packets.csv.gz", "two_members.packets.csv.gz"])
  func compressedTablesAreThePlainOnes(name: String) throws {
    let plain = try PacketTable.read(Self.golden("small.packets.csv"), nodes: 64)
    #expect(plain.count > 50)
    #expect(plain[1] == PacketTrace.Packet(id: 1, source: 5, destination: 25, made: 0))
    #expect(try PacketTable.read(Self.golden(name), nodes: 64) == plain)
  }

  /// The traces of BookSim2 have as many packets as lines, and cycles that do not decrease at any source.
  @Test(arguments: [
    ("k4_d4_neighbor_r0.5", 16, 13_006), ("k4_d4_uniform_r0.9", 16, 16_470),
    ("k4_d8_uniform_r0.6", 16, 15_813), ("k8_d4_uniform_r0.1", 64, 6739),
  ])
  func bookSimsTracesAreRead(name: String, nodes: Int, packets: Int) throws {
    let read = try PacketTable.read(Self.golden("\(name).packets.csv.gz"), nodes: nodes)
    #expect(read.count == packets)
    var latest = [Int](repeating: -1, count: nodes)
    for packet in read {
      #expect(packet.made > latest[packet.source])
      latest[packet.source] = packet.made
    }
  }

  /// A compressed file with one changed byte is refused or has the same contents (a name, a date).
  @Test func everyChangedByteIsRefusedOrHarmless() throws {
    let file = Array(try Data(contentsOf: URL(filePath: Self.golden("small.packets.csv.gz"))))
    let contents = try Gzip.contents(file, place: "", limit: 1 << 20)
    var refused = 0
    for place in file.indices {
      var changed = file
      changed[place] ^= 0x55
      do {
        #expect(try Gzip.contents(changed, place: "", limit: 1 << 20) == contents, "byte \(place)")
      } catch {
        refused += 1
      }
    }
    #expect(refused > file.count - 10)
    for length in file.indices {
      #expect(throws: Failure.self, "\(length) bytes") {
        try Gzip.contents(Array(file[..<length]), place: "", limit: 1 << 20)
      }
    }
    #expect(throws: Failure.self) { try Gzip.contents(file + [0], place: "", limit: 1 << 20) }
    #expect(throws: Failure.self) { try Gzip.contents(file, place: "", limit: contents.count - 1) }
    #expect(try Gzip.contents(file, place: "", limit: contents.count) == contents)
  }

  @Test func columnsAreFoundByName() throws {
    let expected = [
      PacketTrace.Packet(id: 3, source: 1, destination: 2, made: 9),
      PacketTrace.Packet(id: 0, source: 63, destination: 0, made: 1_000_000_000_000_000),
    ]
    #expect(try Self.read("pid,src,dest,ctime\n3,1,2,9\n0,63,0,1000000000000000\n") == expected)
    #expect(
      try Self.read(
        "\r\n ctime ,\tdest,x,src,y,pid\r\n9,2,,1,b,3\r\n\r\n1000000000000000,0,a,63,,0") == expected)
    #expect(try Self.read("pid,src,dest,ctime").isEmpty)
  }

  @Test(arguments: [
    "", "\n\n", "1,2,3,4\n", "pid,src,dest\n", "pid,src,dest,ctime,src\n", "PID,src,dest,ctime\n",
  ])
  func tablesWithoutTheColumnsAreRefused(text: String) throws {
    #expect(try Self.diagnostics(text).count == 1)
  }

  @Test(arguments: [
    ("pid", "-1"), ("pid", ""), ("pid", "1.0"), ("pid", "9223372036854775808"), ("pid", "0x1"),
    ("src", "64"), ("src", "+1"), ("dest", "64"), ("dest", "a"), ("ctime", "1000000000000001"),
    ("ctime", "1 2"),
  ])
  func badValuesAreNamed(column: String, value: String) throws {
    let cells = ["pid", "src", "dest", "ctime"].map { $0 == column ? value : "0" }
    let found = try Self.diagnostics("pid,src,dest,ctime\n\(cells.joined(separator: ","))\n")
    #expect(found.map(\.subject) == [column])
    #expect(found.map(\.place) == ["p.csv:2"])
    #expect(found.first?.found == "\"\(value)\"")
  }

  /// All at once, by line; of very many the first twenty.
  @Test func allProblemsAreFound() throws {
    let found = try Self.diagnostics("pid,src,dest,ctime\n1,64,64,0\n1,2,3\n5,0,0,0\n6,0,0,0\n5,1,1,1\n")
    #expect(found.map(\.place) == ["p.csv:2", "p.csv:2", "p.csv:3", "p.csv:6"])
    #expect(found.last?.problem.contains("line 4") == true)
    let many = String(repeating: "1,0,0,x\n", count: 1000)
    #expect(try Self.diagnostics("pid,src,dest,ctime\n" + many).count == 20)
    let repeated = String(repeating: "1,0,0,0\n", count: 1000)
    let lines = try Self.diagnostics("pid,src,dest,ctime\n" + repeated).map(\.place)
    #expect(lines == (3...22).map { "p.csv:\($0)" })
  }

  @Test func writtenTablesAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "packets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let trace = PacketTrace(
      packets: [
        PacketTrace.Packet(id: 7, source: 1, destination: 2, made: 3),
        PacketTrace.Packet(id: 4, source: 0, destination: 0, made: 0),
      ],
      times: [.init(injected: 4, arrived: 11), .init(injected: 0, arrived: 5)],
      grants: [.init(cycle: 2, router: 0, output: 4, packet: 4)])
    let (packets, grants) = (folder.appending(path: "p.csv"), folder.appending(path: "g.csv"))
    try PacketTable.writePackets(trace, to: packets.path)
    try PacketTable.writeGrants(trace, to: grants.path)
    #expect(
      try String(contentsOf: packets, encoding: .utf8)
        == "pid,src,dest,ctime,itime,atime\n7,1,2,3,4,11\n4,0,0,0,0,5\n")
    #expect(try String(contentsOf: grants, encoding: .utf8) == "cycle,router,output,pid\n2,0,4,4\n")
    #expect(try PacketTable.read(packets.path, nodes: 3) == trace.packets)
  }
}
