import Diagnostics
import HDF5Files
import NetworkIR
import Observations
import ReferenceModel
import Testing

@testable import NetworkFormats

/// Nodes without a place of their own in the network: delays, thresholds, nested graphs, outputs that read sums.
@Suite struct NIRNodeTests {
  private static let identity = NIRSketch.linear([1, 0, 0, 1], 2, 2)

  private func spikes(_ events: [(tick: Int32, channel: Int32)], ticks: Int = 12) -> SpikeTrains {
    SpikeTrains(
      samples: 1, ticks: ticks, channels: 2,
      events: events.map { .init(sample: 0, tick: $0.tick, channel: $0.channel) })
  }

  /// Ticks in which each neuron of the first population fires.
  private func ticks(_ network: Network, _ input: SpikeTrains) -> [[Int32]] {
    let events = FloatNetwork(network).run(input).spikes.events
    return (0..<2).map { neuron in events.filter { $0.channel == neuron }.map(\.tick) }
  }

  @Test func delaysPerElement() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["d"] = NIRSketch.node("Delay", ["delay": HDF5Dataset([3e-3, 0])])
    sketch.nodes["lif"] = NIRSketch.lif(2, tau: 1e-3, r: 2)
    sketch.edges = [("input", "d"), ("d", "w"), ("w", "lif"), ("lif", "output")]
    let imported = try sketch.read(ImportOptions(dt: 1e-3))
    #expect(imported.network.projections.map(\.delayTicks).sorted() == [0, 3])
    #expect(imported.manifest.entries.allSatisfy { $0.fidelity == .exact })
    let input = spikes([(1, 0), (1, 1), (6, 0)])
    #expect(ticks(imported.network, input) == [[4, 9], [1]])
    let rounded = try sketch.read(ImportOptions(dt: 0.8e-3))
    let entry = try #require(rounded.manifest.entries.first { $0.node == "d" })
    #expect(entry.fidelity == .approximated)
    #expect(entry.note?.contains("0.25 of a tick") == true)
  }

  /// A feedback edge carries the previous tick's spikes, and a Delay comes on top.
  @Test(arguments: [(0.0, 1), (1e-3, 2), (4e-3, 5)]) func delayInALoop(seconds: Double, ticks: Int) throws {
    var sketch = NIRSketch.chain
    sketch.nodes["d"] = NIRSketch.node("Delay", ["delay": .scalar(seconds)])
    sketch.edges += [("lif", "d"), ("d", "w")]
    let network = try sketch.read(ImportOptions(dt: 1e-3)).network
    #expect(network.projections.filter(\.isFeedback).map(\.delayTicks) == [ticks])
  }

  @Test func thresholdKeepsNothing() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["w"] = NIRSketch.linear([0.6, 0.6, 1.5, -1], 2, 2)
    sketch.nodes["lif"] = NIRSketch.node("Threshold", ["threshold": HDF5Dataset([1.0, 1.0])])
    let network = try sketch.read().network
    #expect(network.verify().isEmpty)
    // 0.6 twice in a row is never 1.2; 0.6 + 0.6 in one tick is. 1.5 − 1 is not above 1, 1.5 is.
    let input = spikes([(0, 0), (1, 0), (2, 0), (2, 1), (3, 1)])
    #expect(ticks(network, input) == [[2], [0, 1]])
    let exponential = try sketch.read(ImportOptions(integrator: .exponential)).network
    #expect(ticks(exponential, input) == [[2], [0, 1]])
  }

  @Test func nestedGraphsAreSpliced() throws {
    var sketch = NIRSketch.chain
    let inner = NIRSketch.nested(
      ["i": NIRSketch.port("Input", [2]), "w": Self.identity, "o": NIRSketch.port("Output", [2])],
      [("i", "w"), ("w", "o")])
    sketch.nodes["w"] = NIRSketch.nested(
      ["in": NIRSketch.port("Input", [2]), "deep": inner, "out": NIRSketch.port("Output", [2])],
      [("in", "deep"), ("deep", "out")])
    let network = try sketch.read().network
    #expect(
      network.projections.map(\.path) == [
        ["input", "w/in", "w/deep/i", "w/deep/w", "w/deep/o", "w/out", "lif"]
      ])
    var named = sketch
    named.edges = [("input", "w.in"), ("w.out", "lif"), ("lif", "output")]
    #expect(try named.read().network == network)
  }

  @Test func inputThroughRecurrentWeightsIsWarnedOf() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["w"] = NIRSketch.nested(
      [
        "input": NIRSketch.port("Input", [2]), "rec": Self.identity, "lif": NIRSketch.lif(2),
        "output": NIRSketch.port("Output", [2]),
      ],
      [("input", "rec"), ("rec", "lif"), ("lif", "rec"), ("lif", "output")])
    sketch.edges = [("input", "w"), ("w", "output")]
    sketch.nodes["lif"] = nil
    let imported = try sketch.read()
    #expect(imported.warnings.map(\.id) == ["nir.recurrentInput"])
    #expect(imported.network.populations.map(\.name) == ["w/lif"])
    #expect(imported.network.outputs.map(\.population) == [0])
  }

  @Test func outputOfASumIsAReadout() throws {
    var sketch = NIRSketch.chain
    sketch.edges.append(("w", "output"))
    let network = try sketch.read(ImportOptions(dt: 1e-4)).network
    #expect(network.populations.map(\.model) == ["LIF", "readout"])
    #expect(network.outputs.map(\.population) == [1])
    // r·dt/tau = 1 is at the threshold, not above it: the first spike of channel 0 only counts as input.
    let activity = FloatNetwork(network).run(spikes([(0, 0), (1, 0), (1, 1)]))
    let fired = activity.spikes.events.filter { $0.channel == 0 }.count
    #expect(fired == 1)
    #expect(activity.outputSums == [3, 1])
  }

  @Test func flattenedSpikesAreStillSpikes() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["flat"] = NIRSketch.node(
      "Flatten", ["start_dim": .scalar(Int64(0)), "end_dim": .scalar(Int64(-1))])
    sketch.edges = [("input", "w"), ("w", "lif"), ("lif", "flat"), ("flat", "output")]
    let network = try sketch.read().network
    #expect(network.populations.map(\.model) == ["LIF"])
    #expect(network.outputs.map(\.population) == [0])
  }

  @Test func batchDimensionIsStrippedOnRequest() throws {
    var sketch = NIRSketch.chain
    sketch.nodes["input"] = NIRSketch.port("Input", [1, 1, 1, 2])
    sketch.nodes["flat"] = NIRSketch.node(
      "Flatten", ["start_dim": .scalar(Int64(1)), "end_dim": .scalar(Int64(-1))])
    sketch.nodes["output"] = NIRSketch.port("Output", [1, 2])
    sketch.nodes["lif"] = NIRSketch.node(
      "LIF",
      [
        "tau": HDF5Dataset([1e-3, 1e-3], shape: [1, 2]), "r": .scalar(10.0), "v_leak": .scalar(0.0),
        "v_threshold": .scalar(1.0), "v_reset": .scalar(0.0),
      ])
    sketch.edges = [("input", "flat"), ("flat", "w"), ("w", "lif"), ("lif", "output")]
    #expect(errorIDs { () throws(Failure) in try sketch.read() }.contains("nir.shapeMismatch"))
    let imported = try sketch.read(ImportOptions(stripBatch: true))
    #expect(imported.network.inputs.map(\.shape) == [[1, 1, 2]])
    #expect(imported.network.populations.map(\.shape) == [[2]])
    #expect(imported.warnings.isEmpty)
    #expect(imported.manifest.readings.contains { $0.name == "stripBatch" })
  }
}
