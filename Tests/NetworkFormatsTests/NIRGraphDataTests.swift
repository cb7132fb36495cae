import Diagnostics
import FixedPoint
import Foundation
import HDF5Files
import Observations
import Testing

@testable import NetworkFormats

/// NIRGraphData: files that nir 1.0.8 wrote, compared with tables of what they hold, and files that say something else.
@Suite struct NIRGraphDataTests {
  private func table(_ name: String) throws -> SpikeTrains {
    try SpikeFile.read(Fixtures.golden("nir_data_\(name).csv"), dt: 1e-3)
  }

  @Test(arguments: [("gridded", "first"), ("events", "first"), ("valued", "counts")])
  func singleNode(file: String, content: String) throws {
    let path = try Fixtures.golden("nir_data_\(file).h5")
    #expect(try SpikeFile.read(path, dt: 1e-3, nodes: ["in", "out"]) == table(content))
    #expect(try NIRGraphData.read(path).dt(of: "input") == (file == "gridded" ? 1e-3 : nil))
    // Half as long ticks, where times say it; a grid has its own.
    if file == "gridded" {
      #expect(errorIDs { () throws(Failure) in try SpikeFile.read(path, dt: 5e-4) } == ["nirData.dt"])
    } else {
      let finer = try SpikeFile.read(path, dt: 5e-4)
      #expect(finer.ticks == 24)
      // The writer put spikes at the middle of their tick, which is where the second half begins.
      #expect(finer.events.map(\.tick) == (try table(content).events.map { 2 * $0.tick + 1 }))
    }
  }

  @Test func severalNodes() throws {
    let path = try Fixtures.golden("nir_data_nodes.h5")
    let data = try NIRGraphData.read(path)
    #expect(data.nodes == ["first", "second", "sub/inner", "traces"])
    #expect(try data.spikes(of: ["first"], dt: 1e-3) == table("first"))
    #expect(try data.spikes(of: ["sub/inner"], dt: 1e-3) == table("counts"))
    // A network with two inputs takes them in its own order.
    #expect(try SpikeFile.read(path, dt: 1e-3, nodes: ["second", "first"]) == table("joined"))
    for nodes in [[], ["third"], ["first", "third"]] {
      let refusal = #expect(throws: Failure.self) { try SpikeFile.read(path, dt: 1e-3, nodes: nodes) }
      let diagnostic = try #require(refusal?.diagnostics.first)
      #expect(diagnostic.id == "nirData.node" && diagnostic.found == "first, second, sub/inner, traces")
      #expect(diagnostic.expected?.hasPrefix(nodes.isEmpty ? "a single" : nodes[0]) == true)
    }
    #expect(
      errorIDs { () throws(Failure) in try data.spikes(of: ["traces"], dt: 1e-3) } == ["nirData.observable"])
  }

  /// One node with one observable of this type.
  private func file(
    _ type: String, _ datasets: [String: HDF5Dataset], _ attributes: [String: HDF5Dataset] = [:]
  ) -> HDF5Group {
    func group(_ type: String, _ groups: [String: HDF5Group]) -> HDF5Group {
      HDF5Group(groups: groups, attributes: ["__type__": .scalar(type)])
    }
    let observable = HDF5Group(
      datasets: datasets, attributes: attributes.merging(["__type__": .scalar(type)]) { $1 })
    let node = group("NIRNodeData", ["observables": HDF5Group(groups: ["spikes": observable])])
    return group("NIRGraphData", ["nodes": HDF5Group(groups: ["n": node])])
  }

  private func read(_ root: HDF5Group) throws(Failure) -> SpikeTrains {
    try NIRGraphData(root, path: "d.h5").spikes(of: ["n"], dt: 1e-3)
  }

  @Test func numbersOfAnyWidth() throws {
    let grid = HDF5Dataset([Float](arrayLiteral: 0, 2, 1, 0), shape: [1, 2, 2])
    let trains = try read(file("TimeGriddedData", ["data": grid], ["dt": .scalar(Float(1e-3))]))
    #expect(trains.events.map(\.count) == [2, 1] && trains.ticks == 2)
    // Two events of a neuron in a tick; a recording that ends within its last tick.
    let events = try read(
      file(
        "EventData",
        [
          "idx": HDF5Dataset([Int8](arrayLiteral: 4, -1, 4), shape: [1, 3]),
          "time": HDF5Dataset([0.002, .infinity, 0.0021], shape: [1, 3]),
        ], ["n_neurons": .scalar(UInt16(5)), "t_max": .scalar(0.0024)]))
    #expect(
      events
        == SpikeTrains(
          samples: 1, ticks: 3, channels: 5, events: [.init(sample: 0, tick: 2, channel: 4, count: 2)]))
  }

  /// What is wrong with a grid.
  @Test(arguments: [
    (HDF5Dataset([UInt8](arrayLiteral: 0, 1), shape: [1, 2]), 1e-3, "nirData.shape"),
    (HDF5Dataset([0.25], shape: [1, 1, 1]), 1e-3, "spikes.values"),
    (HDF5Dataset([Double.nan], shape: [1, 1, 1]), 1e-3, "spikes.values"),
    (HDF5Dataset([Int64](arrayLiteral: -1), shape: [1, 1, 1]), 1e-3, "spikes.values"),
    (HDF5Dataset(["x"], shape: [1, 1, 1]), 1e-3, "nirData.field"),
    (HDF5Dataset([UInt8](arrayLiteral: 1), shape: [1, 1, 1]), 2e-3, "nirData.dt"),
    (HDF5Dataset([UInt8](arrayLiteral: 1), shape: [1, 1, 1]), 0, "nirData.field"),
    (HDF5Dataset([UInt8](), shape: [0, 1 << 40, 1]), 1e-3, "spikes.shape"),
  ])
  func gridsThatAreRefused(data: HDF5Dataset, dt: Double, id: String) {
    let root = file("TimeGriddedData", ["data": data], ["dt": .scalar(dt)])
    #expect(errorIDs { () throws(Failure) in try read(root) } == [id])
  }

  /// What is wrong with events: neuron, time, value, neurons in all, end of the recording.
  @Test(arguments: [
    (3, 0.001, 1.0, 3.0, 0.01, "nirData.event"), (-2, 0.001, 1, 3, 0.01, "nirData.event"),
    (0, 0.01, 1, 3, 0.01, "nirData.event"), (0, -0.001, 1, 3, 0.01, "nirData.event"),
    (0, .nan, 1, 3, 0.01, "nirData.event"), (0, .infinity, 1, 3, 0.01, "nirData.event"),
    (0, 0.001, 0.5, 3, 0.01, "nirData.event"), (0, 0.001, 256, 3, 0.01, "nirData.event"),
    (0, 0.001, 1, 2.5, 0.01, "nirData.field"), (0, 0.001, 1, -3, 0.01, "nirData.field"),
    (0, 0.001, 1, 3, 1e9, "nirData.field"), (0, 0.001, 1, 3, .nan, "nirData.field"),
  ])
  func eventsThatAreRefused(
    neuron: Int, time: Double, value: Double, neurons: Double, end: Double, id: String
  ) {
    let root = file(
      "ValuedEventData",
      [
        "idx": HDF5Dataset([Int64(neuron)], shape: [1, 1]), "time": HDF5Dataset([time], shape: [1, 1]),
        "value": HDF5Dataset([value], shape: [1, 1]),
      ], ["n_neurons": .scalar(neurons), "t_max": .scalar(end)])
    #expect(errorIDs { () throws(Failure) in try read(root) } == [id])
  }

  @Test func layoutsThatAreRefused() throws {
    func ids(_ root: HDF5Group) -> [String] { errorIDs { () throws(Failure) in try read(root) } }
    let index = HDF5Dataset([Int64](arrayLiteral: 0), shape: [1, 1])
    let ends: [String: HDF5Dataset] = ["n_neurons": .scalar(Int64(1)), "t_max": .scalar(0.01)]
    #expect(ids(HDF5Group()) == ["nirData.type"])
    #expect(ids(file("SpikeData", [:])) == ["nirData.type"])
    #expect(ids(file("TimeGriddedData", [:], ["dt": .scalar(1e-3)])) == ["nirData.field"])
    #expect(ids(file("EventData", ["idx": index], ends)) == ["nirData.field"])
    #expect(ids(file("EventData", ["idx": index, "time": HDF5Dataset([0.0])], ends)) == ["nirData.shape"])
    #expect(ids(file("ValuedEventData", ["idx": index, "time": index], ends)) == ["nirData.field"])
    #expect(
      ids(file("EventData", ["idx": HDF5Dataset([0.0], shape: [1, 1]), "time": index], ends)) == [
        "nirData.field"
      ])
    var unknown = file("EventData", [:])
    unknown.groups["nodes"]?.groups["n"]?.attributes["__type__"] = nil
    unknown.groups["nodes"]?.groups["m"] = HDF5Group(attributes: ["__type__": .scalar(Int64(3))])
    #expect(ids(unknown) == ["nirData.type", "nirData.type"])
    // A network, a table named as HDF5, an empty list of nodes.
    let network = try Fixtures.golden("digits_r1.nir")
    let refusal = #expect(throws: Failure.self) { try SpikeFile.read(network, dt: 1e-3) }
    #expect(refusal?.diagnostics.first?.found == "a NIR network")
    let text = try Fixtures.bytes(Fixtures.golden("nir_data_first.csv"))
    try Fixtures.withFile("t.h5", text) { path in
      #expect(errorIDs { () throws(Failure) in try SpikeFile.read(path, dt: 1e-3) } == ["hdf5.notHDF5"])
    }
    let empty = try NIRGraphData(HDF5Group(attributes: ["__type__": .scalar("NIRGraphData")]), path: "d.h5")
    #expect(errorIDs { () throws(Failure) in try empty.choose([], remedy: "") } == ["nirData.node"])
  }

  @Test func damagedFiles() throws {
    var refused = 0
    for name in ["events", "gridded"] {
      let bytes = try Fixtures.bytes(Fixtures.golden("nir_data_\(name).h5"))
      for seed in 0..<40 {
        try Fixtures.withFile("d.h5", DamageTests.mutant(bytes, UInt64(seed))) { path in
          do throws(Failure) {
            _ = try SpikeFile.read(path, dt: 1e-3)
          } catch {
            refused += 1
            #expect(error.reason == .badInput, "\(name), seed \(seed)")
            #expect(error.diagnostics.contains { $0.severity == .error }, "\(name), seed \(seed)")
          }
        }
      }
    }
    print("damaged NIRGraphData: \(80 - refused) of 80 accepted, \(refused) refused")
    // Most of so small a file is room that HDF5 keeps free.
    #expect((10..<80).contains(refused))
  }
}
