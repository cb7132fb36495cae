import Diagnostics
import Foundation
import NetworkFormats
import Testing

/// One file per node type and edge case, written by NIR 1.0.8: which are read, and why the others are not.
@Suite struct GalleryTests {
  struct Case: Sendable, CustomStringConvertible {
    var name: String
    /// Shape of the population that the file describes.
    var shape: [Int] = []
    /// Ids of the errors; empty when the file is read.
    var refusals: [String] = []
    /// Ids of the warnings when the file is read.
    var warnings: [String] = []
    var description: String { name }

    static func refused(_ name: String, _ ids: String...) -> Case { Case(name: name, refusals: ids) }
  }

  static let cases: [Case] = [
    // Linear nodes that an Output reads directly: a readout without memory computes them.
    Case(name: "affine", shape: [3]),
    Case(name: "linear", shape: [3]),
    Case(name: "scale", shape: [3]),
    Case(name: "slash", shape: [3]),
    Case(name: "torch_tensors", shape: [3]),
    Case(name: "flatten", shape: [32]),
    Case(name: "flatten_none", shape: [32]),
    Case(name: "delay", shape: [3]),
    Case(name: "conv1d", shape: [2, 5]),
    Case(name: "conv1d_same", shape: [2, 10]),
    Case(name: "conv2d_int", shape: [4, 8, 8]),
    Case(name: "conv2d_noshape", shape: [4, 6, 6]),
    Case(name: "conv2d_valid", shape: [4, 3, 3]),
    Case(name: "sumpool", shape: [2, 4, 4]),
    Case(name: "avgpool", shape: [2, 4, 4]),
    Case(name: "avgpool_int", shape: [2, 4, 4]),
    // Its weights are for two groups of one channel each, and its Input has one channel.
    .refused("conv2d_same", "nir.shapeMismatch"),
    // Neurons.
    Case(name: "threshold", shape: [3]),
    Case(name: "subgraph", shape: [3]),
    Case(name: "i", shape: [3], warnings: ["nir.ifGain"]),
    Case(name: "if", shape: [3], warnings: ["nir.ifGain"]),
    Case(name: "li", shape: [3]),
    Case(name: "lif", shape: [3]),
    Case(name: "lif_vreset", shape: [3]),
    Case(name: "cubali", shape: [3]),
    Case(name: "cubalif", shape: [3]),
    // Files that are wrong.
    .refused("noedges", "nir.noEdges"),
    .refused("single", "nir.bareNode"),
    .refused("slashname", "nir.noType", "nir.danglingEdge", "nir.danglingEdge"),
    .refused("lif_np0d", "nir.noType"),
    .refused("none_bias", "nir.noType"),
  ]

  @Test(arguments: cases) func fileIsReadOrRefused(_ test: Case) throws {
    let path = try Fixtures.golden("gallery/\(test.name).nir")
    do {
      let imported = try NetworkFile.read(path)
      #expect(test.refusals.isEmpty)
      #expect(imported.warnings.map(\.id) == test.warnings)
      #expect(imported.network.populations.map(\.shape) == [test.shape])
      #expect(
        imported.manifest.entries.map(\.node)
          == (test.name == "subgraph"
            ? ["input", "output", "sg/input", "sg/lif", "sg/output", "sg/w_rec"] : ["input", "n", "output"]))
    } catch {
      #expect(error.reason == .badInput)
      #expect(error.diagnostics.map(\.id) == test.refusals)
    }
  }

  @Test func everyFileIsInTheTable() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Fixtures.golden("gallery"))
    #expect(Set(files) == Set(Self.cases.map { "\($0.name).nir" }))
  }
}
