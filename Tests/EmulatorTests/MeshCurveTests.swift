import ChipModel
import Foundation
import Testing

@testable import Emulator

/// Latency and throughput against load, beside what BookSim2 measured: Golden/booksim_curves*.csv.
@Suite struct MeshCurveTests {
  /// A row of the tables.
  struct Point {
    var width: Int
    var depth: Int
    var traffic: String
    var rate: Double
    /// Load that BookSim2 measured; in throughput runs the nominal one.
    var offered: Double
    var isThroughput: Bool
    var isStable: Bool
    var accepted: Double
    /// Of the node at which most packets arrive.
    var mostAccepted: Double
    var latency: Double
    var meshHops: Double
  }

  static func points(_ name: String) throws -> [Point] {
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    return try lines.dropFirst().compactMap { cells in
      let row = Dictionary(uniqueKeysWithValues: zip(header, cells))
      guard row["pipe"] == "min" else { return nil }
      return Point(
        width: try #require(row["k"].flatMap { Int($0) }),
        depth: try #require(row["buf"].flatMap { Int($0) }),
        traffic: try #require(row["traffic"]), rate: try #require(row["rate"].flatMap { Double($0) }),
        offered: row["offered_measured"].flatMap { Double($0) } ?? .nan,
        isThroughput: row["mode"] == "throughput", isStable: row["stable"] == "1",
        accepted: row["accepted"].flatMap { Double($0) } ?? .nan,
        mostAccepted: row["acc_max_node"].flatMap { Double($0) } ?? .nan,
        latency: row["avg_pkt_lat"].flatMap { Double($0) } ?? .nan,
        meshHops: row["mesh_hops"].flatMap { Double($0) } ?? .nan)
    }
  }

  static func traffic(_ point: Point, cycles: Int) -> MeshTraffic {
    let mesh = Chip.Mesh(
      width: point.width, height: point.width, bufferDepth: point.depth, hopCycles: 3, creditCycles: 2,
      injectionCycles: 2, portOrder: [0, 1, 2, 3, 4])
    var traffic = MeshTraffic(mesh: mesh, pattern: .uniform, rate: point.rate, cycles: cycles)
    if let pattern = MeshTraffic.Pattern(rawValue: point.traffic) {
      traffic.pattern = pattern
    } else {
      // hotspot1_n5, hotspot1_n0corner: all to one node; hotmix_n5_w3: that node with weight 3, others with 1.
      let words = point.traffic.split(separator: "_")
      let node = Int(words[1].dropFirst().prefix { $0.isNumber }) ?? -1
      let weight = words.count > 2 ? Int(words[2].dropFirst()) ?? -1 : 1
      traffic.pattern = .hotspot
      traffic.hotSpots = [MeshTraffic.HotSpot(node: node, weight: weight)]
      traffic.backgroundWeight = words.count > 2 ? 1 : 0
    }
    return traffic
  }

  /// A curve of the tables: nodes in a dimension, FIFO depth, traffic.
  struct Curve: Sendable, CustomTestStringConvertible {
    var width: Int
    var depth: Int
    var traffic: String
    /// No stable point of it lies below 80 % of saturation; its throughput is compared all the same.
    var isSteep: Bool { width == 8 && depth == 2 && traffic == "hotspot1_n0corner" }
    var testDescription: String { "\(width)×\(width), depth \(depth), \(traffic)" }

    func points() throws -> [Point] {
      let file = traffic.hasPrefix("hotmix") ? "booksim_curves_hotmix.csv" : "booksim_curves.csv"
      return try MeshCurveTests.points(file).filter {
        $0.width == width && $0.depth == depth && $0.traffic == traffic && $0.isStable
      }
    }
  }

  static let curves = [4, 8].flatMap { width in
    [2, 4, 8, 16].flatMap { depth in
      let own = width == 4 ? ["hotspot1_n5", "hotmix_n5_w3"] : ["hotspot1_n27", "hotmix_n27_w8"]
      let measured =
        depth == 16
        ? ["uniform"] : ["uniform", "transpose", "neighbor", "hotspot1_n0corner"] + own
      return measured.map { Curve(width: width, depth: depth, traffic: $0) }
    }
  }

  /// Below 80 % of saturation the mean latency is BookSim2's within 1 %.
  ///
  /// Both are samples. Each run goes at the load that BookSim2 measured in its own run, and the difference of the mean
  /// distances that were drawn, D cycles a hop and known for both runs, is taken off; what is left is waiting.
  @Test(arguments: curves.filter { !$0.isSteep })
  func latencyIsBookSims(curve: Curve) throws {
    let points = try curve.points()
    let saturation = try #require(points.first { $0.isThroughput }).accepted
    var compared = 0
    // Of the long curves of neighbor traffic every third point is enough.
    let loads = points.filter { !$0.isThroughput }
    for (number, point) in loads.enumerated() where loads.count < 16 || number % 3 == 2 {
      var traffic = Self.traffic(point, cycles: curve.width == 4 ? 120_000 : 20_000)
      let bound = ChannelLoads(traffic.mesh, Destinations(traffic)).throughput(traffic.mesh)
      guard point.rate < 0.8 * min(saturation, bound) - 1e-9 else { continue }
      traffic.rate = point.offered
      let result = traffic.run()
      let latency = try #require(result.latency)
      let hops = try #require(result.hops)
      let difference = latency.mean - point.latency - 3 * (hops - point.meshHops)
      #expect(abs(difference) < 0.01 * point.latency, "load \(point.rate): \(difference) cycles")
      #expect(!result.saturated && result.unfinished == 0, "load \(point.rate)")
      compared += 1
    }
    #expect(compared > 0)
  }

  /// What arrives when every node makes a packet in every cycle is what arrives in BookSim2, within 2 %.
  ///
  /// With weighted hot spots the node that rules is compared: BookSim2's runs are short there, and the share of the
  /// packets that it drew for that node is up to 3 % off the weights.
  @Test(arguments: curves)
  func saturationIsBookSims(curve: Curve) throws {
    let point = try #require(try curve.points().first { $0.isThroughput })
    let result = Self.traffic(point, cycles: 8000).run()
    let isWeighted = curve.traffic.hasPrefix("hotmix")
    let (ours, theirs) =
      isWeighted ? (result.mostAccepted, point.mostAccepted) : (result.accepted, point.accepted)
    #expect(abs(ours / theirs - 1) < 0.02, "\(ours), \(theirs)")
    #expect(result.saturated || (curve.traffic == "neighbor" && curve.depth == 8))
  }
}
