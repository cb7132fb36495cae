import Diagnostics
import HDF5Files
import NetworkIR
import Testing

@testable import NetworkFormats

/// What is wrong with a graph is found, all of it, under its own name.
@Suite struct NIRProblemsTests {
  struct Case: Sendable, CustomStringConvertible {
    var description: String
    var ids: [String]
    var change: @Sendable (inout NIRSketch) -> Void

    init(_ description: String, _ ids: String..., change: @escaping @Sendable (inout NIRSketch) -> Void) {
      self.description = description
      self.ids = ids
      self.change = change
    }
  }

  static let cases: [Case] = [
    Case("nothing") { _ in },
    Case("tau = 0", "nir.timeConstant") { $0.nodes["lif"] = NIRSketch.lif(2, tau: 0) },
    Case("tau < 0", "nir.timeConstant") { $0.nodes["lif"] = NIRSketch.lif(2, tau: -3211) },
    Case("NaN", "nir.notFinite") { $0.nodes["lif"] = NIRSketch.lif(2, r: .nan) },
    Case("infinity", "nir.notFinite") { $0.nodes["w"] = NIRSketch.linear([1, 0, .infinity, 1], 2, 2) },
    Case("missing parameter", "nir.missingParameter") { $0.nodes["lif"]?.datasets["tau"] = nil },
    Case("text for a number", "nir.parameterType") { $0.nodes["lif"]?.datasets["r"] = .scalar("10") },
    Case("no values", "nir.emptyParameter") { $0.nodes["lif"]?.datasets["r"] = HDF5Dataset([Double]()) },
    Case("parameters of two shapes", "nir.parameterShapes") {
      $0.nodes["lif"]?.datasets["r"] = HDF5Dataset([1.0, 2, 3])
    },
    Case("vector of weights", "nir.weightShape") {
      $0.nodes["w"]?.datasets["weight"] = HDF5Dataset([1.0, 2])
    },
    Case("transposed weights", "nir.shapeMismatch") {
      $0.nodes["input"] = NIRSketch.port("Input", [3])
      $0.nodes["w"] = NIRSketch.linear([1, 2, 3, 4, 5, 6], 3, 2)
    },
    Case("transposed weights with bias", "nir.biasShape") {
      $0.nodes["w"] = NIRSketch.linear([1, 2, 3, 4, 5, 6], 3, 2, bias: [1, 2])
    },
    Case("wrong population size", "nir.shapeMismatch") {
      $0.nodes["lif"] = NIRSketch.lif(3)
    },
    Case("batch dimension", "nir.shapeMismatch") { $0.nodes["input"] = NIRSketch.port("Input", [1, 2]) },
    Case("zero shape", "nir.shape") { $0.nodes["input"] = NIRSketch.port("Input", [0]) },
    Case("huge shape", "nir.shape") { $0.nodes["input"] = NIRSketch.port("Input", [1 << 40, 1 << 40]) },
    Case("dangling edge", "nir.danglingEdge") { $0.edges.append(("lif", "nobody")) },
    Case("duplicate edge", "nir.duplicateEdge") { $0.edges.append(("w", "lif")) },
    Case("no edges", "nir.noEdges") { $0.edges = [] },
    Case("unknown type", "nir.unknownType") { $0.nodes["w"] = NIRSketch.node("MaxPool2d") },
    Case("Input that is fed", "nir.inputFed") { $0.edges.append(("lif", "input")) },
    Case("Output that feeds", "nir.outputSends") { $0.edges.append(("output", "w")) },
    Case("Output without source", "nir.outputUnfed") { $0.nodes["other"] = NIRSketch.port("Output", [2]) },
    Case("readout as sender", "nir.readoutSends") {
      $0.nodes["lif"] = NIRSketch.node(
        "LI", ["tau": .scalar(1e-3), "r": .scalar(1.0), "v_leak": .scalar(0.0)])
      $0.edges.append(("lif", "w"))
    },
    Case("readout in an Output's sum", "nir.readoutSends") {
      $0.nodes["lif"] = NIRSketch.node(
        "LI", ["tau": .scalar(1e-3), "r": .scalar(1.0), "v_leak": .scalar(0.0)])
      $0.edges.append(("w", "output"))
    },
    Case("window larger than its input", "nir.shapeMismatch") {
      $0.nodes["input"] = NIRSketch.port("Input", [1, 2, 2])
      $0.nodes["w"] = NIRSketch.node(
        "SumPool2d",
        ["kernel_size": .scalar(Int64(3)), "stride": .scalar(Int64(1)), "padding": .scalar(Int64(0))])
    },
    Case("convolution of a vector", "nir.shapeMismatch") {
      $0.nodes["w"] = NIRSketch.conv2d([1], [1, 1, 1, 1])
    },
    Case("same padding with a stride", "nir.shapeMismatch") {
      $0.nodes["input"] = NIRSketch.port("Input", [1, 4, 4])
      $0.nodes["w"] = NIRSketch.conv2d(
        [1], [1, 1, 1, 1], ["padding": .scalar("same"), "stride": .scalar(Int64(2))])
    },
    Case("unknown padding", "nir.padding") {
      $0.nodes["w"] = NIRSketch.conv2d([1], [1, 1, 1, 1], ["padding": .scalar("reflect")])
    },
    Case("stride 0 and a negative dilation", "nir.window", "nir.window") {
      $0.nodes["w"] = NIRSketch.conv2d(
        [1], [1, 1, 1, 1], ["stride": .scalar(Int64(0)), "dilation": .scalar(Int64(-1))])
    },
    Case("groups that do not divide", "nir.groups") {
      $0.nodes["w"] = NIRSketch.conv2d([1, 1, 1], [3, 1, 1, 1], ["groups": .scalar(Int64(2))])
    },
    Case("negative delay", "nir.negativeDelay") {
      $0.nodes["w"] = NIRSketch.node("Delay", ["delay": HDF5Dataset([1e-3, -1e-3])])
    },
    Case("nested graph with two inputs", "nir.ambiguousPort") {
      $0.nodes["w"] = NIRSketch.nested(
        [
          "a": NIRSketch.port("Input", [2]), "b": NIRSketch.port("Input", [2]),
          "l": NIRSketch.linear([1, 0, 0, 1], 2, 2), "o": NIRSketch.port("Output", [2]),
        ],
        [("a", "l"), ("b", "l"), ("l", "o")])
    },
    Case("dangling edge inside", "nir.danglingEdge") {
      $0.nodes["w"] = NIRSketch.nested(
        ["i": NIRSketch.port("Input", [2]), "o": NIRSketch.port("Output", [2])],
        [("i", "o"), ("lif", "o")])
    },
    Case("unfed linear node", "nir.unfed") {
      $0.nodes["stray"] = NIRSketch.linear([1, 0, 0, 1], 2, 2)
      $0.edges.append(("stray", "lif"))
    },
    Case("cycle without neurons", "nir.linearCycle") { $0.edges.append(("w", "w")) },
    Case("three things", "nir.timeConstant", "nir.missingParameter", "nir.danglingEdge") {
      $0.nodes["lif"] = NIRSketch.lif(2, tau: 0)
      $0.nodes["w"] = NIRSketch.node("Conv2d")
      $0.edges.append(("nobody", "lif"))
    },
  ]

  @Test(arguments: cases) func problemHasItsName(_ test: Case) {
    var sketch = NIRSketch.chain
    test.change(&sketch)
    #expect(errorIDs { () throws(Failure) in try sketch.read() } == test.ids)
  }

  @Test func transposedWeightsAreNamed() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["input"] = NIRSketch.port("Input", [3])
    sketch.nodes["w"] = NIRSketch.linear([1, 2, 3, 4, 5, 6], 3, 2)
    do {
      _ = try sketch.read()
      Issue.record("transposed weights were read")
    } catch {
      let text = error.diagnostics.map(\.formatted).joined()
      #expect(text.contains("look transposed"))
      #expect(text.contains("[3] from input"))
    }
  }

  @Test func notAGraphIsRefused() {
    let empty = HDF5Group()
    #expect(
      errorIDs { () throws(Failure) in
        try NIRFile.importNetwork(empty, path: "x.nir", options: ImportOptions())
      } == ["nir.notNIR"])
  }

  /// A chain of diamonds has 2^n paths; refusing it must not take that long.
  @Test func exponentialPathsAreRefused() {
    var sketch = NIRSketch.chain
    sketch.edges = [("w", "a0"), ("input", "w"), ("lif", "output")]
    for k in 0..<60 {
      for name in ["a\(k)", "b\(k)", "c\(k)"] { sketch.nodes[name] = NIRSketch.linear([1, 0, 0, 1], 2, 2) }
      let next = k == 59 ? "lif" : "a\(k + 1)"
      sketch.edges += [("a\(k)", "b\(k)"), ("a\(k)", "c\(k)"), ("b\(k)", next), ("c\(k)", next)]
    }
    #expect(errorIDs { () throws(Failure) in try sketch.read() } == ["nir.tooManyPaths"])
  }
}
