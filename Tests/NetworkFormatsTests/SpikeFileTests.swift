import Diagnostics
import Foundation
import NetworkFormats
import Observations
import Testing

@Suite struct SpikeFileTests {
  private func extents(_ trains: SpikeTrains) -> [Int] { [trains.samples, trains.ticks, trains.channels] }

  @Test func allFormsOfOneArrayAreTheSame() throws {
    let archive = try SpikeFile.read(Fixtures.golden("deflated.npz"), dt: 1e-4)
    #expect(extents(archive) == [2, 12, 20])
    #expect(archive.labels == [1, 0])
    #expect(archive.total > 0)
    #expect(archive.events == archive.events.sorted())
    for name in ["stored.npz", "writestr.npz", "single.npz", "spikes.npy", "fortran.npy"] {
      let other = try SpikeFile.read(Fixtures.golden(name), dt: 1e-4)
      #expect(other.events == archive.events, "\(name)")
    }
    let first = try SpikeFile.read(Fixtures.golden("bool.npy"), dt: 1e-4)
    #expect(extents(first) == [1, 12, 20])
    #expect(first.events == archive.events.filter { $0.sample == 0 })
  }

  @Test func tableRoundTrip() throws {
    let trains = try SpikeFile.read(Fixtures.golden("single.npz"), dt: 1e-4)
    try Fixtures.withFile("spikes.csv", []) { path in
      try SpikeFile.write(trains, to: path)
      #expect(try SpikeFile.read(path, dt: 1e-4) == trains)
    }
  }

  private func table(_ text: String, dt: Double = 1e-3, channels: Int? = nil) throws -> SpikeTrains {
    try Fixtures.withFile("t.csv", Array(text.utf8)) { try SpikeFile.read($0, dt: dt, channels: channels) }
  }

  @Test func tables() throws {
    let simple = try table("tick,channel\n3,1\n0,2\n3,1\n")
    #expect(
      simple.events == [
        .init(sample: 0, tick: 0, channel: 2), .init(sample: 0, tick: 3, channel: 1, count: 2),
      ])
    #expect(extents(simple) == [1, 4, 3])
    // 0.003 / 0.001 is a rounding below 3.
    let timed = try table("channel, time_s, sample\r\n0, 0.003, 1\r\n1, 0.0009, 0\r\n", channels: 8)
    #expect(timed.events == [.init(sample: 0, tick: 0, channel: 1), .init(sample: 1, tick: 3, channel: 0)])
    #expect(timed.channels == 8)
    let declared = try table("# samples=2 ticks=10 channels=5\ntick,channel,count\n1,1,7\n")
    #expect(extents(declared) == [2, 10, 5])
    #expect(declared.total == 7)
  }

  @Test(arguments: [
    ("", "spikes.table"), ("a,b\n", "spikes.columns"), ("tick,time_s,channel\n", "spikes.columns"),
    ("tick,channel\n-1,2\n", "spikes.line"), ("tick,channel\n1\n", "spikes.line"),
    ("tick,channel\n1,x\n", "spikes.line"), ("time_s,channel\nnan,1\n", "spikes.line"),
    ("tick,channel\n99999999999,1\n", "spikes.line"), ("tick,channel,count\n1,1,0\n", "spikes.line"),
    ("tick,channel,count\n1,1,200\n1,1,100\n", "spikes.count"),
    ("# ticks=2\ntick,channel\n2,0\n", "spikes.extents"),
  ])
  func badTablesAreRefused(text: String, id: String) throws {
    try Fixtures.withFile("t.csv", Array(text.utf8)) { path in
      #expect(errorIDs { () throws(Failure) in try SpikeFile.read(path, dt: 1e-3) } == [id])
    }
  }

  @Test func badArraysAreRefused() throws {
    let half = try Fixtures.golden("half.npy")
    let complex = try Fixtures.golden("complex.npy")
    #expect(errorIDs { () throws(Failure) in try SpikeFile.read(half, dt: 1e-3) } == ["spikes.values"])
    #expect(errorIDs { () throws(Failure) in try SpikeFile.read(complex, dt: 1e-3) } == ["numpy.format"])
    let whole = try Fixtures.bytes(Fixtures.golden("spikes.npy"))
    for count in [0, 5, 9, 60, 127, whole.count - 1] {
      try Fixtures.withFile("t.npy", Array(whole[..<count])) { path in
        #expect(errorIDs { () throws(Failure) in try SpikeFile.read(path, dt: 1e-3) } == ["numpy.format"])
      }
    }
  }

  @Test func headersThatDeclareTooMuchAreRefused() throws {
    func file(_ shape: String) -> [UInt8] {
      var header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }"
      header += String(repeating: " ", count: 117 - header.count) + "\n"
      return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + [1, 0]
    }
    let good = try Fixtures.withFile("t.npy", file("(1, 2)")) { try SpikeFile.read($0, dt: 1e-3) }
    #expect(good.events.count == 1)
    for shape in ["(1000000000000, 1000000000000)", "(9223372036854775807, 2)", "(1, 3)", "(-1, 2)", "(1 2)"]
    {
      try Fixtures.withFile("t.npy", file(shape)) { path in
        #expect(errorIDs { () throws(Failure) in try SpikeFile.read(path, dt: 1e-3) } == ["numpy.format"])
      }
    }
  }

  @Test func missingFilesAndFolders() throws {
    func reason(_ path: String) -> Failure.Reason? {
      do {
        _ = try SpikeFile.read(path, dt: 1e-3)
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(reason("/nowhere/x.npz") == .noSuchFile)
    #expect(reason("/nowhere/x.csv") == .noSuchFile)
    #expect(reason("spikes.txt") == .usage)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).npy")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(reason(folder.path) == .badInput)
  }
}
