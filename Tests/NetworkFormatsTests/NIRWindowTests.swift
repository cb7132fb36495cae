import Foundation
import HDF5Files
import NetworkIR
import Testing

@testable import NetworkFormats

/// Convolutions and pools against `scipy.signal.correlate` (Golden/make_windows.py), through files of every layout.
@Suite struct NIRWindowTests {
  struct Case: Sendable, Decodable, CustomStringConvertible {
    var kind: String
    var shape: [Int]
    var weightShape: [Int]
    var weight: [Double]
    var bias: [Double]
    var stride: [Int]
    var padding: String
    var pads: [Int]
    var dilation: [Int]
    var groups: Int
    var x: [Double]
    var outShape: [Int]
    var y: [Double]

    var description: String { "\(kind) \(weightShape) over \(shape) by \(stride), \(padding)\(pads)" }

    var node: HDF5Group {
      func numbers(_ values: [Int]) -> HDF5Dataset { HDF5Dataset(values.map(Int64.init)) }
      let padding = padding.isEmpty ? numbers(pads) : .scalar(padding)
      if kind != "conv" {
        return NIRSketch.node(
          kind == "avg" ? "AvgPool2d" : "SumPool2d",
          ["kernel_size": numbers(weightShape), "stride": numbers(stride), "padding": padding])
      }
      var parameters = [
        "weight": HDF5Dataset(weight, shape: weightShape), "stride": numbers(stride), "padding": padding,
        "dilation": numbers(dilation), "groups": .scalar(Int64(groups)),
        "input_shape": shape.count == 2 ? .scalar(Int64(shape[1])) : numbers(Array(shape[1...])),
      ]
      if !bias.isEmpty { parameters["bias"] = HDF5Dataset(bias) }
      return NIRSketch.node(shape.count == 2 ? "Conv1d" : "Conv2d", parameters)
    }

    static let all: [Case] =
      (try? JSONDecoder().decode(
        [Case].self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.golden("windows.json"))))) ?? []
  }

  @Test func tableIsThere() { #expect(Case.all.count == 15) }

  @Test(arguments: Case.all) func equalsScipy(_ test: Case) throws {
    let sketch = NIRSketch(
      nodes: [
        "x": NIRSketch.port("Input", test.shape.map(Int64.init)), "n": test.node,
        "y": NIRSketch.port("Output", test.outShape.map(Int64.init)),
      ], edges: [("x", "n"), ("n", "y")])
    let network = try sketch.read().network
    #expect(network.verify().isEmpty)
    #expect(network.populations.map(\.shape) == [test.outShape])
    let map = try #require(network.projections.first?.maps.first)
    let y = map.apply(test.x)
    #expect(y.count == test.y.count)
    for (mine, theirs) in zip(y, test.y) { #expect(abs(mine - theirs) <= 1e-12) }
  }

  /// One number for both axes, as older writers have it.
  @Test func scalarsServeBothAxes() throws {
    let test = try #require(Case.all.first)
    func read(_ node: HDF5Group) throws -> Network {
      try NIRSketch(
        nodes: [
          "x": NIRSketch.port("Input", [1, 8, 8]), "n": node, "y": NIRSketch.port("Output", [8, 8, 8]),
        ],
        edges: [("x", "n"), ("n", "y")]
      ).read().network
    }
    var scalar = test.node
    for name in ["stride", "padding", "dilation"] { scalar.datasets[name] = .scalar(Int64(1)) }
    #expect(try read(scalar) == read(test.node))
    scalar.datasets["input_shape"] = nil
    scalar.datasets["groups"] = HDF5Dataset([Int64(1)])
    #expect(try read(scalar) == read(test.node))
  }

  @Test func manifestCountsUnrolledWeights() throws {
    let imported = try NetworkFile.read(Fixtures.golden("digits_conv_avgpool.nir"))
    // 8 kernels of 9 weights over 64 places; 22 of 24 rows, and columns, of windows lie inside.
    #expect(
      imported.manifest.entries.first { $0.node == "conv" }?.note
        == "72 shared weights unrolled to \(8 * 22 * 22) synapses")
  }
}
