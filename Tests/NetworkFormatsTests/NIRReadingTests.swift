import HDF5Files
import NetworkIR
import Observations
import ReferenceModel
import Testing

@testable import NetworkFormats

/// How a graph becomes populations and projections.
@Suite struct NIRReadingTests {
  @Test func scalarParametersTakeTheProducersShape() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["lif"] = NIRSketch.lif(nil)
    sketch.nodes["lif"]?.datasets["v_threshold"] = HDF5Dataset([Int64(1)])
    let network = try sketch.read().network
    #expect(network.populations[0].shape == [2])
    #expect(network.populations[0].tau == [1e-3, 1e-3])
    #expect(network.populations[0].firing?.threshold == [1, 1])
    #expect(network.verify().isEmpty)
  }

  @Test func defaultsAreWarnedOfAndNoted() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["lif"] = NIRSketch.lif(2, reset: nil)
    let zero = try sketch.read()
    #expect(zero.warnings.map(\.id) == ["nir.missingReset"])
    #expect(zero.manifest.entries.first { $0.node == "lif" }?.note == "v_reset is not in the file: 0")
    #expect(try sketch.read(ImportOptions(reset: .subtract)).warnings.isEmpty)
  }

  private struct Gain: Equatable {
    var r: [Double]
    var warnings: [String] = []
  }

  @Test func ifGainRule() throws {
    func gain(_ r: Double, _ rule: ImportOptions.IFGain) throws -> Gain {
      var sketch = NIRSketch.chain
      sketch.nodes["lif"] = NIRSketch.node(
        "IF", ["r": HDF5Dataset([r, r]), "v_threshold": .scalar(1.0), "v_reset": .scalar(0.0)])
      let imported = try sketch.read(ImportOptions(dt: 1e-3, ifGain: rule))
      return Gain(r: imported.network.populations[0].r, warnings: imported.warnings.map(\.id))
    }
    #expect(try gain(1, .auto) == Gain(r: [1, 1], warnings: ["nir.ifGain"]))
    #expect(try gain(1000, .auto) == Gain(r: [1, 1], warnings: ["nir.ifGain"]))
    #expect(try gain(1, .ode) == Gain(r: [1e-3, 1e-3]))
    #expect(try gain(1000, .perTick) == Gain(r: [1000, 1000]))
  }

  /// Two inputs and a direct edge lead into one Affine node: its bias counts once for each signal leaving it.
  @Test func biasIsAddedOncePerSignal() throws {
    let sketch = NIRSketch(
      nodes: [
        "x": NIRSketch.port("Input", [2]), "y": NIRSketch.port("Input", [2]),
        "a": NIRSketch.linear([1, 2, 3, 4], 2, 2, bias: [0.5, 0.25]),
        "b": NIRSketch.linear([1, 0, 0, 1], 2, 2, bias: [8, 16]),
        "c": NIRSketch.linear([2, 0, 0, 2], 2, 2),
        "v": NIRSketch.node("I", ["r": HDF5Dataset([1.0, 1])]), "out": NIRSketch.port("Output", [2]),
      ],
      // v sees b(a(x + y)) + c(a(x + y)) + x.
      edges: [
        ("x", "a"), ("y", "a"), ("a", "b"), ("a", "c"), ("b", "v"), ("c", "v"), ("x", "v"), ("v", "out"),
      ])
    let network = try sketch.read(ImportOptions(ifGain: .perTick)).network
    #expect(network.inputs.map(\.name) == ["x", "y"])
    #expect(
      network.projections.map(\.path) == [
        ["x", "a", "b", "v"], ["y", "a", "b", "v"], ["x", "a", "c", "v"], ["y", "a", "c", "v"], ["x", "v"],
      ])
    let input = SpikeTrains(
      samples: 1, ticks: 1, channels: 4,
      events: [.init(sample: 0, tick: 0, channel: 0), .init(sample: 0, tick: 0, channel: 3)])
    let x = [1.0, 0]
    let y = [0.0, 1]
    let a = [x[0] + y[0] + 2 * (x[1] + y[1]) + 0.5, 3 * (x[0] + y[0]) + 4 * (x[1] + y[1]) + 0.25]
    let expected = [a[0] + 8 + 2 * a[0] + x[0], a[1] + 16 + 2 * a[1] + x[1]]
    #expect(FloatNetwork(network).run(input).outputSums == expected)
  }

  @Test func flattenAndScaleOnAPath() throws {
    let sketch = NIRSketch(
      nodes: [
        "x": NIRSketch.port("Input", [2, 2, 3]),
        "flat": NIRSketch.node("Flatten", ["start_dim": .scalar(Int64(1)), "end_dim": .scalar(Int64(-1))]),
        "scale": NIRSketch.node("Scale", ["scale": .scalar(0.5)]),
        "lif": NIRSketch.lif(nil), "out": NIRSketch.port("Output", [2, 6]),
      ],
      edges: [("x", "flat"), ("flat", "scale"), ("scale", "lif"), ("lif", "out")])
    let network = try sketch.read().network
    #expect(network.populations[0].shape == [2, 6])
    #expect(network.projections[0].maps == [.diagonal([Double](repeating: 0.5, count: 12))])
  }

  @Test func missingPortsAreAdded() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["input"] = nil
    sketch.nodes["output"] = nil
    sketch.edges = [("w", "lif")]
    let imported = try sketch.read()
    #expect(imported.network.inputs.map(\.name) == ["input_w"])
    #expect(imported.network.outputs.map(\.name) == ["output_lif"])
    #expect(imported.warnings.map(\.id) == ["nir.addedPort", "nir.addedPort"])
  }

  @Test func idleNodesAreWarnedOf() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["dead"] = NIRSketch.lif(2)
    sketch.edges.append(("w", "dead"))
    let imported = try sketch.read()
    #expect(imported.warnings.map(\.subject) == ["node dead (LIF)"])
    #expect(imported.network.populations.map(\.name) == ["lif", "dead"])
  }

  @Test func shortTimeConstantsAreWarnedOf() throws {
    let options = ImportOptions(dt: 2e-3)
    #expect(try NIRSketch.chain.read(options).warnings.map(\.id) == ["import.timeStep"])
    #expect(try NIRSketch.chain.read(ImportOptions(dt: 2e-3, integrator: .exponential)).warnings.isEmpty)
  }

  @Test func impossibleTimeStepIsAUsageError() throws {
    for dt in [0, -1, .nan, .infinity] {
      do {
        _ = try NetworkFile.read("unread.nir", options: ImportOptions(dt: dt))
        Issue.record("dt \(dt) was taken")
      } catch {
        #expect(error.reason == .usage)
        #expect(error.diagnostics.map(\.id) == ["import.dt"])
      }
    }
  }
}
