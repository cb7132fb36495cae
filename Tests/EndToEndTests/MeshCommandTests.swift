import Foundation
import TestSupport
import Testing

/// The mesh alone, driven from the command line.
@Suite struct MeshCommandTests {
  /// Constants that make the mesh the one of BookSim2's traces.
  static let bookSim = ["--hop-cycles", "3", "--credit-cycles", "2", "--injection-cycles", "2"]

  static func size(_ width: Int, _ height: Int) -> [String] {
    ["--width", "\(width)", "--height", "\(height)"]
  }

  // MARK: - Replay

  static let plain = "Tests/EmulatorTests/Golden"
  static let compressed = "Tests/NetworkFormatsTests/Golden/traces"

  /// All that BookSim2 wrote: the tables that come out are its own, byte for byte. `k8_d4_…`: 8×8 nodes, depth 4.
  @Test(arguments: [
    "\(plain)/k4_d4_uniform_r0.05.packets.csv", "\(plain)/k4_d2_uniform_r0.2.packets.csv",
    "\(plain)/k4_d4_hotspot5_r0.1.packets.csv", "\(compressed)/k4_d4_neighbor_r0.5.packets.csv.gz",
    "\(compressed)/k4_d4_uniform_r0.9.packets.csv.gz", "\(compressed)/k4_d8_uniform_r0.6.packets.csv.gz",
    "\(compressed)/k8_d4_uniform_r0.1.packets.csv.gz",
  ])
  func replayIsBookSims(trace: String) throws {
    let packets = Repository.path(trace)
    let name = try #require(trace.split(separator: "/").last)
    let width = try #require(Int(name.dropFirst(1).prefix(1)))
    let depth = String(name.dropFirst(4).prefix(1))
    try withScratch { scratch in
      let (times, grants) = (scratch.path("times.csv"), scratch.path("grants.csv"))
      let result = try CommandLineProgram.run(
        ["mesh", "replay", packets, "-o", times, "--grants", grants, "--buffer-depth", depth]
          + Self.size(width, width) + Self.bookSim)
      #expect(result.status == 0, "\(result.errors)")
      let golden = try Self.contents(packets)
      #expect(golden.count > 50_000)
      #expect(try Self.contents(times) == golden)
      let goldenGrants = try Self.contents(packets.replacingOccurrences(of: ".packets.", with: ".grants."))
      #expect(goldenGrants.count > 100_000)
      #expect(try Self.contents(grants) == goldenGrants)
    }
  }

  /// A file, decompressed by gzip if it is compressed.
  static func contents(_ path: String) throws -> Data {
    guard path.hasSuffix(".gz") else { return try Data(contentsOf: URL(filePath: path)) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try CommandLineProgram.launch(process)
    let data = try #require(try pipe.fileHandleForReading.readToEnd())
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return data
  }

  /// Columns by name, lines in any order: two packets alone and one that waits for the credit of the first.
  @Test func replayReadsColumnsByName() throws {
    try withScratch { scratch in
      let packets = scratch.path("packets.csv")
      try Data("ctime,note,dest,pid,src\n9,a,0,30,3\n\n5,b,2,20,0\n5,c,1,10,0\n".utf8)
        .write(to: URL(filePath: packets))
      let times = scratch.path("times.csv")
      let result = try CommandLineProgram.run(
        ["mesh", "replay", packets, "-o", times, "--buffer-depth", "1", "--json", "-"] + Self.size(2, 2))
      #expect(result.status == 0, "\(result.errors)")
      // T0 = INJ + D (H + 1) = 3. Packet 10 is injected in 5 and granted in 6, so its credit is back in 7.
      #expect(
        String(decoding: try Self.contents(times), as: UTF8.self)
          == "pid,src,dest,ctime,itime,atime\n30,3,0,9,9,13\n20,0,2,5,7,10\n10,0,1,5,5,8\n")
      let report = try result.json()
      #expect(report["count"] as? Int == 3 && report["lastCycle"] as? Int == 13)
      #expect(report["maxLatencyCycles"] as? Int == 5)
      #expect(try scratch.names() == ["packets.csv", "times.csv"])
    }
  }

  /// Everything that is wrong with a table is said at once, by line, and nothing is written.
  @Test func damagedTablesAreRefused() throws {
    try withScratch { scratch in
      let packets = scratch.path("packets.csv")
      try Data("pid,src,dest,ctime\n1,0,4,0\n2,x,0,0\n1,0,0,0\n1,0,0,5\n7,0,0\n".utf8)
        .write(to: URL(filePath: packets))
      let result = try CommandLineProgram.run(
        ["mesh", "replay", packets, "-o", scratch.path("times.csv"), "--json", scratch.path("r.json")]
          + Self.size(2, 2))
      #expect(result.status == 65)
      for place in ["csv:2: error: dest", "csv:3: error: src", "csv:5: error: pid", "csv:6: error"] {
        #expect(result.errors.contains(place), "\(result.errors)")
      }
      #expect(!result.errors.contains("csv:4"))
      #expect(try scratch.names() == ["packets.csv", "r.json"])
    }
  }

  // MARK: - Traffic

  @Test func trafficReportsWhatIsKnownExactly() throws {
    let arguments =
      ["mesh", "traffic", "--pattern", "neighbor", "--rate", "1", "--buffer-depth", "2", "--json", "-"]
      + Self.size(4, 4) + Self.bookSim
    let result = try CommandLineProgram.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    let report = try result.json()
    // A link carries B / (D + C) = 2/5 of a flit per cycle, and no two flows share one.
    let accepted = try #require(report["accepted"] as? [String: Double])
    #expect(accepted == ["mean": 0.4, "min": 0.4, "max": 0.4])
    #expect(report["creditBound"] as? Double == 0.4 && report["channelBound"] as? Double == 1)
    #expect(report["zeroLoadCycles"] as? Double == 14)
    #expect(report["saturated"] as? Bool == true)
    #expect(report["warmUpCycles"] as? Int == 5000 && report["hotSpots"] == nil)
    #expect(try CommandLineProgram.run(arguments).output == result.output)
    #expect(try CommandLineProgram.run(arguments + ["--seed", "2"]).output != result.output)
  }

  @Test func trafficTextNamesTheFigures() throws {
    let result = try CommandLineProgram.run(
      ["mesh", "traffic", "--pattern", "hotspot", "--hot-spots", "5:3,6", "--background-weight", "1"]
        + ["--rate", "0.01", "--cycles", "4000"] + Self.size(4, 4))
    #expect(result.status == 0, "\(result.errors)")
    for words in ["4 × 4", "hot spots 5:3,6:1, others 1", "cycles 1000 to 3999", "p99", "saturated  no"] {
      #expect(result.text.contains(words), "\(result.text)")
    }
  }

  // MARK: - Usage

  @Test(arguments: [
    (["traffic", "--width", "4", "--rate", "0.1"], "--height"),
    (["traffic"] + size(4, 4), "--rate"),
    (["traffic", "--rate", "1.1"] + size(4, 4), "a number from"),
    (["traffic", "--rate", "0.1", "--pattern", "transpose"] + size(4, 3), "not square"),
    (["traffic", "--rate", "0.1", "--pattern", "shuffle"] + size(4, 3), "power of two"),
    (["traffic", "--rate", "0.1", "--pattern", "hotspot", "--hot-spots", "16"] + size(4, 4), "no such node"),
    (
      ["traffic", "--rate", "0.1", "--pattern", "hotspot", "--hot-spots", "1:0"] + size(4, 4),
      "weights from 1"
    ),
    (["traffic", "--rate", "0.1", "--hot-spots", "1"] + size(4, 4), "has no hot spots"),
    (["traffic", "--rate", "0.1", "--port-order", "0,1,2,3,3"] + size(4, 4), "an order of"),
    (["traffic", "--rate", "0.1", "--buffer-depth", "1024"] + size(256, 256), "too large together"),
    (["replay", "p.csv"] + size(4, 4), "-o OUT.csv"),
    (["replay", "p.csv", "-o", "o.csv.gz"] + size(4, 4), "uncompressed"),
    (["replay", "p.csv", "-o", "o.csv", "--grants", "o.csv"] + size(4, 4), "names the same file"),
    (["replay", "p.csv", "-o", "o.csv", "--rate", "0.1"] + size(4, 4), "unknown option"),
    (["replya"], "Did you mean mesh replay"), ([], "mesh traffic, mesh replay"),
  ])
  func usageErrorsExit64(arguments: [String], sentence: String) throws {
    let result = try CommandLineProgram.run(["mesh"] + arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains(sentence), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test func missingFilesExit66() throws {
    let result = try CommandLineProgram.run(
      ["mesh", "replay", "missing.csv.gz", "-o", "o.csv"] + Self.size(4, 4))
    #expect(result.status == 66 && result.errors.contains("missing.csv.gz"))
  }

  @Test(arguments: [["mesh", "--help"], ["help", "mesh"]])
  func helpOfTheFamilyHasBoth(arguments: [String]) throws {
    let result = try CommandLineProgram.run(arguments)
    #expect(result.status == 0)
    for name in ["traffic", "replay"] {
      #expect(result.text.contains("Usage: rheobase mesh \(name)"))
      let one = try CommandLineProgram.run(["mesh", name, "--help"])
      #expect(one.status == 0 && one.text.contains("Example:\n  rheobase mesh \(name)"))
      #expect(result.text.contains(one.text))
    }
  }
}
