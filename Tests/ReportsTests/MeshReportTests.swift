import Foundation
import Observations
import Reports
import Testing

/// What the report says about congestion: heat map, stalls, late packets.
@Suite struct MeshReportTests {
  /// The sample record, on a mesh of 2 × 1, with stalls and late packets.
  func record() -> RunRecord {
    var record = sampleRecord()
    record.linkStalls = [4, 0, 0, 0, 0, 0, 0, 0, 0, 9]
    record.fifoPeaks = [0, 0, 0, 0, 2, 0, 3, 0, 0, 0]
    record.counters.latePackets = 4
    record.counters.droppedPackets = 4
    func late(_ source: Int32, _ core: Int32, _ waited: UInt32, _ router: Int32, _ output: Int8)
      -> RunRecord.LateDelivery
    {
      RunRecord.LateDelivery(
        sample: 1, tick: 3, source: source, core: core, ticksLate: waited > 20 ? 2 : 1,
        waitedCycles: waited, router: router, output: output)
    }
    record.lateDeliveries = [
      late(0, 1, 7, 0, 0), late(2, 1, 30, 0, 5), late(-4, 0, 7, 1, 4), late(0, 1, 12, 0, 0),
    ]
    return record
  }

  func report(_ record: RunRecord) -> RunReport {
    RunReport(
      record: record, program: "a.rbx", input: nil, chip: nil, classes: [], labels: nil, diagnostics: [])
  }

  @Test func heatMapShowsNinths() throws {
    // Three rows of two routers; flits of one router may be on any of its outputs.
    var links = [UInt64](repeating: 0, count: 30)
    links[0] = 60
    links[4] = 30  // router 0: 90, the busiest
    links[8] = 10  // router 1: a ninth
    links[10] = 11  // router 2: a little more
    links[29] = 1  // router 5
    let map = try #require(HeatMap(linkFlits: links, width: 2, height: 3))
    #expect(map.flits == [[90, 10], [11, 0], [0, 1]])
    #expect(
      map.text == """
        flits per router: 9 is the busiest with 90, . is none
           x 0 1
         y 0 9 1
           1 2 .
           2 . 1

        """)
  }

  @Test func heatMapKeepsItsShapeOnLargeMeshes() throws {
    let map = try #require(
      HeatMap(linkFlits: [UInt64](repeating: 1, count: 32 * 32 * 5), width: 32, height: 32))
    let lines = map.text.split(separator: "\n")
    #expect(lines.count == 34)
    #expect(Set(lines.dropFirst().map(\.count)) == [4 + 2 * 32])
  }

  @Test func heatMapNeedsFlitsAndRoom() {
    #expect(HeatMap(linkFlits: [0, 0, 0, 0, 0], width: 1, height: 1) == nil)
    #expect(HeatMap(linkFlits: [1, 0, 0, 0], width: 1, height: 1) == nil)
    #expect(HeatMap(linkFlits: [UInt64](repeating: 1, count: 33 * 5), width: 33, height: 1) == nil)
    var silent = sampleRecord()
    silent.linkFlits = silent.linkFlits.map { _ in 0 }
    #expect(!report(silent).text.contains("flits per router"))
    #expect(report(sampleRecord()).text.contains("flits per router: 9 is the busiest with 5"))
  }

  /// The largest counter there is does not overflow on its way to a digit.
  @Test func heatMapOfHugeCounts() throws {
    let links: [UInt64] = [UInt64.max, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    #expect(try #require(HeatMap(linkFlits: links, width: 2, height: 1)).text.hasSuffix(" y 0 9 1\n"))
  }

  @Test func stallsAndPeaksNameTheWorst() throws {
    let mesh = report(record()).mesh
    #expect(mesh.stallCycles == 13)
    let stall = try #require(mesh.worstStall)
    #expect((stall.x, stall.y, stall.port, stall.cycles) == (1, 0, "local", 9))
    let peak = try #require(mesh.fifoPeak)
    #expect((peak.x, peak.y, peak.port, peak.flits) == (1, 0, "-x", 3))
    #expect(
      report(record()).text.contains(
        "fullest FIFO 3 flits at (1,0) -x; 13 cycles stalled without a credit, most at (1,0) local: 9"))
    // A record without these counters says nothing about them.
    #expect(report(sampleRecord()).mesh.stallCycles == nil)
    #expect(!report(sampleRecord()).text.contains("fullest FIFO"))
  }

  @Test func noStallIsSaid() {
    var record = record()
    record.linkStalls = record.linkStalls.map { _ in 0 }
    #expect(report(record).mesh.stallCycles == 0)
    #expect(report(record).mesh.worstStall == nil)
    #expect(report(record).text.contains("fullest FIFO 3 flits at (1,0) -x; never stalled for a credit"))
  }

  @Test func latePacketsAreSortedAndGrouped() throws {
    let mesh = report(record()).mesh
    let late = try #require(mesh.late)
    #expect(late.map(\.waitedCycles) == [30, 12, 7, 7])
    #expect(late.map(\.population) == ["hidden", "hidden", "hidden", nil])
    #expect(late.map(\.neuron) == [1, 0, 0, nil])
    #expect(late.map(\.channel) == [nil, nil, nil, 3])
    #expect(late.map(\.coreX) == [1, 1, 1, 0])
    let places = try #require(mesh.latePlaces)
    #expect(places.map(\.packets) == [2, 1, 1])
    #expect(
      places.map { "\($0.place.x) \($0.place.y) \($0.place.port)" } == ["0 0 +x", "0 0 queue", "1 0 local"])
    #expect(places.map(\.longestWaitCycles) == [12, 30, 7])
    #expect(places.map(\.mostTicksLate) == [1, 2, 1])
  }

  @Test func lateTextNamesCauses() {
    let text = report(record()).text
    #expect(text.contains("4 late, 4 dropped"))
    #expect(text.contains("late packets by the place where they waited longest\n"))
    #expect(text.contains("(0,0) +x           2     12 cycles           1\n"))
    #expect(text.contains("hidden[1]        (1,0)    30 cycles  (0,0) queue           2       1     3\n"))
    #expect(text.contains("input channel 3  (0,0)     7 cycles  (1,0) local           1       1     3\n"))
    #expect(!report(sampleRecord()).text.contains("late packets"))
  }

  /// Ten lines, and how many more; and that the record does not hold them all.
  @Test func manyLatePacketsAreCutShort() {
    var record = record()
    record.lateDeliveries = Array(repeating: record.lateDeliveries[0], count: 13)
    record.counters.latePackets = 99
    let text = report(record).text
    #expect(text.contains("waited longest, the first 13 of 99\n"))
    #expect(text.contains("and 3 more packets\n"))
    #expect(report(record).mesh.late?.count == 13)
  }

  @Test func documentHasTheMeshKeysAndIsReadBack() throws {
    let report = report(record())
    let text = try jsonDocument(report)
    #expect(try JSONDecoder().decode(RunReport.self, from: Data(text.utf8)) == report)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let mesh = try #require(document["mesh"] as? [String: Any])
    #expect(mesh["routerFlits"] as? [[Int]] == [[3, 5]])
    #expect((mesh["worstStall"] as? [String: Any])?["cycles"] as? Int == 9)
    let late = try #require(mesh["late"] as? [[String: Any]])
    #expect(late[0]["population"] as? String == "hidden")
    #expect((late[0]["place"] as? [String: Any])?["port"] as? String == "queue")
  }
}
