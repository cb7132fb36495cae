import Diagnostics
import Foundation
import HDF5Files
import NetworkIR
import TestSupport
import Testing

@testable import NetworkFormats

/// Where the files of these tests are.
enum Fixtures {
  static func repository(_ path: String) -> String { Repository.path(path) }

  static func golden(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Golden", withExtension: nil)).appendingPathComponent(name)
      .path
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// The rows of a CSV file below its heading.
  static func table(_ path: String) throws -> [[Double]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
      .map { line in line.split(separator: ",").compactMap { Double($0) } }
  }

  /// Runs `body` with the path of a temporary file of this content.
  static func withFile<Result>(
    _ name: String, _ bytes: [UInt8], _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return try body(file.path)
  }
}

/// The ids of the errors that `body` throws; empty when it does not throw.
func errorIDs<Result>(_ body: () throws(Failure) -> Result) -> [String] {
  do {
    _ = try body()
    return []
  } catch {
    return error.diagnostics.filter { $0.severity == .error }.map(\.id)
  }
}

/// Builds NIR files in memory, in the layout of NIR 1.0.8.
struct NIRSketch {
  var nodes: [String: HDF5Group] = [:]
  var edges: [(String, String)] = []

  static func node(_ type: String, _ parameters: [String: HDF5Dataset] = [:]) -> HDF5Group {
    HDF5Group(datasets: parameters.merging(["type": .scalar(type)]) { a, _ in a })
  }

  static func port(_ type: String, _ shape: [Int64]) -> HDF5Group {
    node(type, ["shape": HDF5Dataset(shape)])
  }

  static func linear(_ weight: [Double], _ rows: Int, _ columns: Int, bias: [Double]? = nil) -> HDF5Group {
    var parameters = ["weight": HDF5Dataset(weight, shape: [rows, columns])]
    parameters["bias"] = bias.map { HDF5Dataset($0) }
    return node(bias == nil ? "Linear" : "Affine", parameters)
  }

  /// A LIF layer; parameters are scalars when `size` is nil.
  static func lif(
    _ size: Int?, tau: Double = 1e-3, r: Double = 10, threshold: Double = 1, reset: Double? = 0
  ) -> HDF5Group {
    func parameter(_ value: Double) -> HDF5Dataset {
      size.map { HDF5Dataset([Double](repeating: value, count: $0)) } ?? .scalar(value)
    }
    var parameters = [
      "tau": parameter(tau), "r": parameter(r), "v_leak": parameter(0), "v_threshold": parameter(threshold),
    ]
    parameters["v_reset"] = reset.map(parameter)
    return node("LIF", parameters)
  }

  /// A Conv2d without bias; what `parameters` leaves out has its default.
  static func conv2d(
    _ weight: [Double], _ shape: [Int], _ parameters: [String: HDF5Dataset] = [:]
  ) -> HDF5Group {
    node("Conv2d", parameters.merging(["weight": HDF5Dataset(weight, shape: shape)]) { own, _ in own })
  }

  static func nested(_ nodes: [String: HDF5Group], _ edges: [(String, String)]) -> HDF5Group {
    let names = edges.flatMap { [$0.0, $0.1] }
    return HDF5Group(
      datasets: ["type": .scalar("NIRGraph"), "edges": HDF5Dataset(names, shape: [edges.count, 2])],
      groups: ["nodes": HDF5Group(groups: nodes)])
  }

  var root: HDF5Group {
    HDF5Group(
      datasets: ["version": .scalar("1.0.8")], groups: ["node": NIRSketch.nested(nodes, edges)])
  }

  func read(_ options: ImportOptions = ImportOptions()) throws(Failure) -> ImportedNetwork {
    try NIRFile.importNetwork(root, path: "sketch.nir", options: options)
  }

  /// input → w → lif → output, all of size 2.
  static let chain = NIRSketch(
    nodes: [
      "input": port("Input", [2]), "w": linear([1, 0, 0, 1], 2, 2), "lif": lif(2),
      "output": port("Output", [2]),
    ],
    edges: [("input", "w"), ("w", "lif"), ("lif", "output")])
}
