import Diagnostics
import Foundation
import HDF5Files
import TestSupport
import Testing

@testable import Observations

/// A record of two samples of three ticks on a 2 × 1 mesh, with something in every field.
private func sampleRecord() -> RunRecord {
  let layout = NeuronLayout(
    populations: [.init(name: "a", model: "lif", size: 2), .init(name: "b", model: "li", size: 1)],
    population: [0, 0, 0, 1], index: [0, 1, 1, 0], kind: [0, 1, 0, 2], core: [0, 0, 1, 1],
    start: [0, 0, 1, 1],
    outputRow: [2, 3], outputKind: [0, 1], coreX: [0, 1], coreY: [0, 0])
  let events = [(0, 0, 0), (0, 2, 2), (1, 1, 0), (1, 1, 2)].map {
    SpikeTrains.Event(sample: Int32($0.0), tick: Int32($0.1), channel: Int32($0.2))
  }
  var counters = RunRecord.Counters()
  for (number, field) in RunRecord.Counters.fields.enumerated() {
    counters[keyPath: field.path] = UInt64(number) + UInt64.max / 2
  }
  var cores = [RunRecord.CoreCounters](repeating: .init(), count: 2)
  for (number, field) in RunRecord.CoreCounters.fields.enumerated() {
    cores[0][keyPath: field.path] = UInt64(number)
    cores[1][keyPath: field.path] = UInt64(100 + number)
  }
  var record = RunRecord(
    layout: layout, samples: 2, inputTicks: 2, chipTicks: 3, dt: 1e-3, clock: 1e8,
    spikes: SpikeTrains(samples: 2, ticks: 3, channels: 4, events: events, labels: [7, -1]),
    tickCycles: [1, 2, 3, 4, 5, 6], tickJoules: [1e-9, 2e-9, 3e-9, 4e-9, 5e-9, 6e-9],
    tickPackets: [0, 0, 1, 0, 2, 0], linkFlits: (0..<10).map { UInt64($0) }, meshWidth: 2, meshHeight: 1,
    counters: counters, coreCounters: cores, latencyHistogram: [0, 3, 1], outputSums: [1, -5, 0, 9],
    outputCount: 2, probes: [3, 0], potentials: (0..<12).map { Int32($0 * $0 - 50) },
    energy: [
      .init(component: "packet", events: 3, perEvent: 1e-12, joules: 3e-12, source: "a paper"),
      .init(component: "hop", events: 1, perEvent: nil, joules: nil, source: "nobody says"),
    ])
  record.linkStalls = (0..<10).map { UInt64.max - UInt64($0) }
  record.fifoPeaks = (0..<10).map { UInt32.max - UInt32($0) }
  record.lateDeliveries = [
    .init(
      sample: 0, tick: 2, source: 1, core: 1, ticksLate: 2, waitedCycles: .max, router: 1, output: 4),
    .init(
      sample: 1, tick: 1, source: -7, core: 0, ticksLate: 1, waitedCycles: 0, router: 0, output: 5),
  ]
  return record
}

private func refusal(_ root: HDF5Group) -> Failure? {
  do throws(Failure) { _ = try RunRecord(fileContent: root, path: "r") } catch { return error }
  return nil
}

@Suite("Record file")
struct RecordFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "rheobase-record-\(UUID().uuidString)")

  @Test("a record comes back as it was written, and the same record gives the same bytes")
  func roundTrip() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = folder.appending(path: "a.h5")
    let second = folder.appending(path: "b.h5")
    try sampleRecord().write(to: first.path)
    try sampleRecord().write(to: second.path)
    #expect(try RunRecord.read(from: first.path) == sampleRecord())
    let bytes = try Data(contentsOf: first)
    #expect(try Data(contentsOf: second) == bytes)
    var accepted = 0
    for index in stride(from: 0, to: bytes.count, by: 101) {
      var bad = bytes
      bad[index] ^= 0x10
      try bad.write(to: second)
      do throws(Failure) { _ = try RunRecord.read(from: second.path); accepted += 1 } catch {}
    }
    #expect(accepted == 0)
  }

  @Test("the documented names hold the documented shapes")
  func layout() throws {
    let root = sampleRecord().fileContent
    #expect(root.dataset(at: "spikes/neuron") == HDF5Dataset([Int32(0), 2, 0, 2]))
    #expect(root.dataset(at: "tick/cycles") == HDF5Dataset([UInt32(1), 2, 3, 4, 5, 6], shape: [2, 3]))
    #expect(root.dataset(at: "mesh/flits")?.shape == [2, 5])
    #expect(root.dataset(at: "mesh/stalls")?.shape == [2, 5])
    #expect(root.dataset(at: "mesh/peaks")?.shape == [2, 5])
    #expect(root.dataset(at: "late/source") == HDF5Dataset([Int32(1), -7]))
    #expect(root.dataset(at: "late/output") == HDF5Dataset([Int8(4), 5]))
    #expect(root.dataset(at: "potential/value")?.shape == [2, 3, 2])
    #expect(root.dataset(at: "energy/per_event_known") == HDF5Dataset([UInt8(1), 0]))
    let page = try Repository.text("docs/program-image.md")
    func visit(_ group: HDF5Group, _ path: String) {
      for (name, dataset) in group.datasets {
        let row = page.split(separator: "\n").first { $0.hasPrefix("| `\(path)/\(name)`") }
        #expect(row?.contains("| \(dataset.typeName) |") == true, "\(path)/\(name) \(dataset.typeName)")
      }
      for name in group.attributes.keys { #expect(page.contains("`\(name)`"), "\(path) \(name)") }
      for (name, child) in group.groups { visit(child, "\(path)/\(name)") }
    }
    visit(root, "")
  }

  @Test(
    "a record that another part could stumble over is refused where it is wrong",
    arguments: [
      ("spikes/neuron", HDF5Dataset([Int32(0), 2, 0, 4]), "/spikes/neuron[3]"),
      ("spikes/tick", HDF5Dataset([Int32(0), 3, 1, 1]), "/spikes/tick[1]"),
      ("spikes/sample", HDF5Dataset([Int32(-1), 0, 1, 1]), "/spikes/sample[0]"),
      ("spikes/sample", HDF5Dataset([Int32(1), 0, 1, 1]), "/spikes"),
      ("spikes/label", HDF5Dataset([Int64(1)]), "/spikes/label"),
      ("layout/neuron/population", HDF5Dataset([Int32(0), 0, 2, 1]), "/layout/neuron/population[2]"),
      ("layout/neuron/index", HDF5Dataset([Int32(0), 1, 1, 1]), "/layout/neuron/index[3]"),
      ("layout/neuron/core", HDF5Dataset([Int32(0), 0, 1, 2]), "/layout/neuron/core[3]"),
      ("layout/neuron/kind", HDF5Dataset([UInt8(4), 0, 0, 0]), "/layout/neuron/kind[0]"),
      ("layout/neuron/start", HDF5Dataset([Int32(0), 0, -1, 0]), "/layout/neuron/start[2]"),
      ("layout/output/neuron", HDF5Dataset([Int32(2), 4]), "/layout/output/neuron[1]"),
      ("layout/populations/size", HDF5Dataset([Int64(2), -1]), "/layout/populations/size[1]"),
      ("potential/neuron", HDF5Dataset([Int32(0), 9]), "/potential/neuron[1]"),
      ("tick/joules", HDF5Dataset([1.0, 2.0]), "/tick/joules"),
      ("mesh/flits", HDF5Dataset([UInt64(1)], shape: [1, 1]), "/mesh/flits"),
      ("mesh/stalls", HDF5Dataset([UInt64(1)], shape: [1, 1]), "/mesh/stalls"),
      ("mesh/peaks", HDF5Dataset([UInt32](repeating: 1, count: 10), shape: [5, 2]), "/mesh/peaks"),
      ("late/tick", HDF5Dataset([Int32(2)]), "/late/tick"),
      ("late/tick", HDF5Dataset([Int32(2), 3]), "/late/tick[1]"),
      ("late/sample", HDF5Dataset([Int32(0), 2]), "/late/sample[1]"),
      ("late/sample", HDF5Dataset([Int32(1), 0]), "/late/tick[1]"),
      ("late/source", HDF5Dataset([Int32(4), -7]), "/late/source[0]"),
      ("late/core", HDF5Dataset([Int32(0), -1]), "/late/core[1]"),
      ("late/ticks_late", HDF5Dataset([Int32(1), 0]), "/late/ticks_late[1]"),
      ("late/ticks_late", HDF5Dataset([Int32(3), 1]), "/late/ticks_late[0]"),
      ("late/waited", HDF5Dataset([UInt32(3), 1, 1]), "/late/waited"),
      ("late/router", HDF5Dataset([Int32(2), 1]), "/late/router[0]"),
      ("late/output", HDF5Dataset([Int8(4), 6]), "/late/output[1]"),
      ("output/sum", HDF5Dataset([Int64(1), 2], shape: [2, 1]), "/output/sum"),
      ("core/ticks", HDF5Dataset([UInt64(1)]), "/core/ticks"),
      ("energy/source", HDF5Dataset(["one"]), "/energy/source"),
    ])
  func refuses(place: String, dataset: HDF5Dataset, expected: String) throws {
    var root = sampleRecord().fileContent
    #expect(refusal(root) == nil)
    root.set(dataset, at: place)
    let refused = try #require(refusal(root))
    #expect(refused.diagnostics.map(\.place) == ["r: \(expected)"])
  }

  @Test("sizes and constants are checked before they are used")
  func attributes() throws {
    for (name, value) in [
      ("samples", HDF5Dataset.scalar(Int64.max)), ("chip_ticks", .scalar(Int64(-1))),
      ("dt", .scalar(Double.nan)),
      ("clock", .scalar(0.0)), ("version", .scalar(UInt32(9))), ("format", .scalar("other")),
    ] {
      var root = sampleRecord().fileContent
      root.attributes[name] = value
      #expect(refusal(root)?.diagnostics.map(\.place) == ["r: / attribute \(name)"], "\(name)")
    }
  }
}
