import Diagnostics
import Foundation
import Observations

/// Spike trains in files: `.npz` and `.npy` (dense), `.csv` (one spike per line), `.h5` (NIRGraphData).
public enum SpikeFile {
  /// Reads `path` by its extension.
  ///
  /// - `.npz`: array `spikes`, [samples, ticks, channels] or [ticks, channels], whole numbers 0…255 of any
  ///   type; optional `labels` [samples].
  /// - `.npy`: the array `spikes` alone.
  /// - `.csv`: see `SpikeTable`.
  /// - `.h5`, `.hdf5`, `.nir`: see `NIRGraphData`.
  ///
  /// - Parameters:
  ///   - dt: seconds per tick, for tables that give times.
  ///   - channels: channels that the network has, if known: a table need not have spikes in the last of them.
  ///   - nodes: the network's inputs by name, for files that hold several nodes; see `NIRGraphData.choose`.
  public static func read(
    _ path: String, dt: Double, channels: Int? = nil, nodes: [String] = []
  ) throws(Failure) -> SpikeTrains {
    switch fileExtension(path) {
    case "npz":
      let arrays = try NumpyArchive.read(path)
      guard let spikes = arrays["spikes"] else {
        throw refusal(
          path, "the archive has no array named spikes",
          found: arrays.keys.sorted().joined(separator: ", "), remedy: "numpy.savez(path, spikes=…, labels=…)"
        )
      }
      return try dense(spikes, labels: arrays["labels"], place: path)
    case "npy":
      let bytes = try InputBytes.read(path, limit: NumpyArchive.maximumBytes)
      return try dense(try NumpyArray(npy: bytes, place: path), labels: nil, place: path)
    case "csv":
      let bytes = try InputBytes.read(path, limit: SpikeTable.maximumBytes)
      return try SpikeTable.read(bytes, place: path, dt: dt, channels: channels)
    case "h5", "hdf5", "nir":
      let data = try NIRGraphData.read(path)
      let chosen = try data.choose(nodes, remedy: "Name the node of the input as the network names it")
      return try data.spikes(of: chosen, dt: dt)
    case let other:
      throw Failure(
        .usage,
        Diagnostic(
          "spikes.unknownKind", place: path, problem: "not a kind of spike file",
          found: other.isEmpty ? "no file extension" : ".\(other)",
          expected: ".npz, .npy, .csv, or .h5 with NIRGraphData"))
    }
  }

  /// Writes a table (`.csv`) that `read` gives back; labels are not kept. The file is whole or not there at all.
  public static func write(_ trains: SpikeTrains, to path: String) throws(Failure) {
    do {
      try Data(SpikeTable.text(trains).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw Failure(
        .cannotWrite, Diagnostic("file.cannotWrite", place: path, problem: "cannot be written"))
    }
  }

  private static func dense(_ array: NumpyArray, labels: NumpyArray?, place: String) throws(Failure)
    -> SpikeTrains
  {
    var problems = DiagnosticCollector()
    let shape = array.shape.count == 2 ? [1] + array.shape : array.shape
    guard shape.count == 3 else {
      throw refusal(
        place, "the spikes have the wrong number of dimensions", found: "shape \(array.shape)",
        expected: "[samples, ticks, channels] or [ticks, channels]",
        remedy: "Reshape images to one row of channels per tick")
    }
    var trains: SpikeTrains?
    do {
      trains = try SpikeGrid.trains(
        shape: shape, place: "\(place): spikes", integer: { array.integer($0) }, double: { array.double($0) })
    } catch {
      problems.add(error.diagnostics)
    }
    let values = labels?.integers
    if let labels,
      values?.count != shape[0] || labels.shape != [shape[0]] || values?.contains(where: { $0 < 0 }) == true
    {
      problems.add(
        Diagnostic(
          "spikes.labels", place: "\(place): labels", problem: "not one class per sample",
          found: "shape \(labels.shape)", expected: "shape [\(shape[0])], whole numbers from 0"))
    }
    try problems.throwIfErrors()
    trains?.labels = values
    return trains ?? SpikeTrains(samples: 0, ticks: 0, channels: 0, events: [])
  }

  private static func refusal(
    _ place: String, _ problem: String, found: String? = nil, expected: String? = nil, remedy: String? = nil
  ) -> Failure {
    Failure(
      .badInput,
      Diagnostic(
        "spikes.shape", place: place, problem: problem, found: found, expected: expected, remedy: remedy))
  }
}
