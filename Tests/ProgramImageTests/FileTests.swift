import ChipModel
import Diagnostics
import Foundation
import HDF5Files
import TestSupport
import Testing

@testable import ProgramImage

@Suite("Program file")
struct FileTests {
  @Test("a program comes back as it was written")
  func roundTrip() throws {
    let scratch = try Scratch()
    let image = try sampleImage()
    try #require(image.verify() == [])
    try image.write(to: scratch.path("a.rbx"))
    #expect(try ProgramImage.read(from: scratch.path("a.rbx")) == image)
  }

  @Test("an empty program is a program")
  func empty() throws {
    let scratch = try Scratch()
    let image = ProgramImage(
      chip: try tessera(), dt: 1, seed: 0, drainTicks: 0, cores: .init(), crossbar: .init(), neurons: .init(),
      routes: .init(), inputs: .init(), poisson: .init(), outputs: .init(), populations: [], networkText: "",
      manifestText: "")
    try image.write(to: scratch.path("a.rbx"))
    #expect(try ProgramImage.read(from: scratch.path("a.rbx")) == image)
  }

  @Test("the same program gives the same bytes")
  func deterministic() throws {
    let scratch = try Scratch()
    try sampleImage().write(to: scratch.path("a.rbx"))
    try sampleImage().write(to: scratch.path("b.rbx"))
    #expect(
      try Data(contentsOf: URL(filePath: scratch.path("a.rbx")))
        == Data(contentsOf: URL(filePath: scratch.path("b.rbx"))))
  }

  @Test("HDF5 holds what the documentation says, under the names it says")
  func layout() throws {
    let scratch = try Scratch()
    try sampleImage().write(to: scratch.path("a.rbx"))
    let root = try HDF5File.read(scratch.path("a.rbx"))
    #expect(root.attributes["format"] == .scalar("rheobase-program"))
    #expect(root.attributes["version"] == .scalar(UInt32(4)))
    #expect(root.attributes["datapath"] == .scalar("leaky"))
    #expect(root.attributes["seed"] == .scalar(UInt64.max))
    #expect(root.attributes["dt"] == .scalar(1e-4))
    #expect(root.dataset(at: "crossbar/weight") == HDF5Dataset([Int16(1), -127, 127, 3, 4]))
    #expect(root.dataset(at: "core/axon_begin") == HDF5Dataset([Int64(0), 3, 4]))
    #expect(root.dataset(at: "poisson_table/threshold") == HDF5Dataset([UInt32(10), 20, .max, 5]))
    #expect(root.group(at: "rules/datapath")?.attributes["decay_of"]?.strings?.count == 1)
    #expect(root.group(at: "rules/mesh")?.attributes["port_order"]?.int64s?.sorted() == [0, 1, 2, 3, 4])
  }

  @Test("docs/program-image.md names every dataset and attribute with its type")
  func documented() throws {
    let page = try Repository.text("docs/program-image.md")
    var image = try sampleImage()
    image.neurons.additive.stochasticTypes = [0]  // left out where it is empty
    let root = image.fileContent
    for field in ProgramImage.fields {
      let type = try #require(root.dataset(at: field.place)).typeName
      let row = page.split(separator: "\n").first { $0.hasPrefix("| `/\(field.place)`") }
      #expect(row?.contains("| \(type) |") == true, "\(field.place) \(type)")
    }
    for (name, part) in try #require(root.groups["rules"]).groups where name != "energy" {
      for key in part.attributes.keys { #expect(page.contains("`\(key)`"), "/rules/\(name) \(key)") }
    }
    for key in root.attributes.keys { #expect(page.contains("`\(key)`"), "\(key)") }
  }

  @Test("a changed byte is noticed wherever it stands")
  func flipped() throws {
    let scratch = try Scratch()
    try sampleImage().write(to: scratch.path("a.rbx"))
    let good = [UInt8](try Data(contentsOf: URL(filePath: scratch.path("a.rbx"))))
    var accepted = 0
    for index in stride(from: 0, to: good.count, by: 97) {
      var bad = good
      bad[index] ^= 1 << UInt8(index % 8)
      try Data(bad).write(to: URL(filePath: scratch.path("bad.rbx")))
      let refused = failure { () throws(Failure) in _ = try ProgramImage.read(from: scratch.path("bad.rbx")) }
      if refused?.reason != .badInput { accepted += 1 }
    }
    #expect(accepted == 0)
  }

  @Test("everything missing is named at once")
  func missing() throws {
    var root = try sampleImage().fileContent
    root.groups["route"] = nil
    root.groups["core"]?.datasets["x"] = HDF5Dataset([1.0, 2.0])
    root.attributes["dt"] = nil
    let early = try #require(
      failure { () throws(Failure) in _ = try ProgramImage(fileContent: root, path: "p") })
    #expect(early.diagnostics.map(\.place) == ["p: / attribute dt"])
    root.attributes["dt"] = .scalar(1e-4)
    let late = try #require(
      failure { () throws(Failure) in _ = try ProgramImage(fileContent: root, path: "p") })
    #expect(late.reason == .badInput)
    #expect(
      Set(late.diagnostics.compactMap(\.place)) == [
        "p: /core/x", "p: /route/begin", "p: /route/kind", "p: /route/core", "p: /route/axon",
        "p: /route/delay",
      ])
  }

  @Test("rules that disagree with the chip are refused")
  func rules() throws {
    var root = try sampleImage().fileContent
    root.groups["rules"]?.groups["datapath"]?.attributes["state_bits"] = .scalar(Int64(23))
    root.groups["rules"]?.groups["mesh"]?.attributes["port_order"] = nil
    root.attributes["chip"] = .scalar("other")
    let refused = try #require(
      failure { () throws(Failure) in _ = try ProgramImage(fileContent: root, path: "p") })
    #expect(
      Set(refused.diagnostics.compactMap(\.place)) == [
        "p: / attribute chip", "p: /rules/datapath attribute state_bits",
        "p: /rules/mesh attribute port_order",
      ])
  }

  @Test("another version is refused by name")
  func version() throws {
    var root = try sampleImage().fileContent
    root.attributes["version"] = .scalar(UInt32(1))
    let refused = failure { () throws(Failure) in _ = try ProgramImage(fileContent: root, path: "p") }
    #expect(refused?.diagnostics.map(\.id) == ["image.version"])
  }
}
