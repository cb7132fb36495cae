import Diagnostics
import Foundation
import NetworkFormats
import Testing

/// One file per node type and edge case, written by NIR 1.0.8: which are read, and why the others are not.
@Suite struct GalleryTests {
  struct Case: Sendable, CustomStringConvertible {
    var name: String
    /// Ids of the errors; empty when the file is read.
    var refusals: [String] = []
    /// Ids of the warnings when the file is read.
    var warnings: [String] = []
    var description: String { name }

    static func refused(_ name: String, _ ids: String...) -> Case { Case(name: name, refusals: ids) }
  }

  static let cases: [Case] = [
    // Node types without neurons cannot stand alone: an Output takes spikes or potentials.
    .refused("affine", "nir.outputNotNeurons"),
    .refused("linear", "nir.outputNotNeurons"),
    .refused("scale", "nir.outputNotNeurons"),
    .refused("flatten", "nir.outputNotNeurons"),
    .refused("flatten_none", "nir.outputNotNeurons"),
    .refused("slash", "nir.outputNotNeurons"),
    .refused("torch_tensors", "nir.outputNotNeurons"),
    // Types that are not read yet.
    .refused("conv1d", "nir.refusedType"),
    .refused("conv1d_same", "nir.refusedType"),
    .refused("conv2d_int", "nir.refusedType"),
    .refused("conv2d_noshape", "nir.refusedType"),
    .refused("conv2d_same", "nir.refusedType"),
    .refused("conv2d_valid", "nir.refusedType"),
    .refused("sumpool", "nir.refusedType"),
    .refused("avgpool", "nir.refusedType"),
    .refused("avgpool_int", "nir.refusedType"),
    .refused("delay", "nir.refusedType"),
    .refused("threshold", "nir.refusedType"),
    .refused("subgraph", "nir.refusedType"),
    // Neurons.
    Case(name: "i", warnings: ["nir.ifGain"]),
    Case(name: "if", warnings: ["nir.ifGain"]),
    Case(name: "li"),
    Case(name: "lif"),
    Case(name: "lif_vreset"),
    Case(name: "cubali"),
    Case(name: "cubalif"),
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
      #expect(imported.network.populations.map(\.shape) == [[3]])
      #expect(imported.manifest.entries.map(\.node) == ["input", "n", "output"])
    } catch {
      #expect(error.reason == .badInput)
      #expect(error.diagnostics.map(\.id) == test.refusals)
    }
  }

  @Test func everyFileIsInTheTable() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Fixtures.golden("gallery"))
    #expect(Set(files) == Set(Self.cases.map { "\($0.name).nir" }))
  }

  @Test func refusalNamesNodeTypeAndNeed() throws {
    let path = try Fixtures.golden("digits_rec_subgraph.nir")
    do {
      _ = try NetworkFile.read(path)
      Issue.record("the nested graph was read")
    } catch {
      let diagnostic = try #require(error.diagnostics.first)
      #expect(diagnostic.subject == "node l1 (NIRGraph)")
      #expect(diagnostic.problem.contains("it would need a nested graph spliced into its parent"))
    }
  }
}
