import Diagnostics
import HDF5Files

// The record as a file: docs/program-image.md, "Run record".

extension RunRecord {
  static let format = "rheobase-record"
  static let version: UInt32 = 5
  static let seal = Seal(magic: "RHEORECD", version: version, kind: "Rheobase run record")

  /// Writes the record, whole or not at all. The bytes depend on the record only: no date, host or thread count.
  public func write(to path: String) throws(Failure) {
    try HDF5File.write(fileContent, to: path, seal: Self.seal)
  }

  /// The record in the file at `path`, after its seal and its layout have been checked.
  public static func read(from path: String) throws(Failure) -> RunRecord {
    try HDF5File.checkSeal(path, seal)
    return try RunRecord(fileContent: try HDF5File.read(path), path: path)
  }

  /// Whether the file at `path` is a record, by its first bytes.
  public static func isRecord(_ path: String) throws(Failure) -> Bool { try HDF5File.hasSeal(path, seal) }

  /// What stands in the file.
  var fileContent: HDF5Group {
    var root = HDF5Group(attributes: [
      "format": .scalar(Self.format), "version": .scalar(Self.version), "samples": .scalar(Int64(samples)),
      "input_ticks": .scalar(Int64(inputTicks)), "chip_ticks": .scalar(Int64(chipTicks)), "dt": .scalar(dt),
      "clock": .scalar(clock),
    ])
    root.groups["counters"] = HDF5Group(
      attributes: Dictionary(
        uniqueKeysWithValues: Counters.fields.map { ($0.name, .scalar(counters[keyPath: $0.path])) }))
    for field in CoreCounters.fields {
      root.set(HDF5Dataset(coreCounters.map { $0[keyPath: field.path] }), at: "core/\(field.name)")
    }
    let shape = [samples, chipTicks]
    root.set(HDF5Dataset(spikes.events.map(\.sample)), at: "spikes/sample")
    root.set(HDF5Dataset(spikes.events.map(\.tick)), at: "spikes/tick")
    root.set(HDF5Dataset(spikes.events.map(\.channel)), at: "spikes/neuron")
    if let labels = spikes.labels { root.set(HDF5Dataset(labels.map(Int64.init)), at: "spikes/label") }
    root.set(HDF5Dataset(tickCycles, shape: shape), at: "tick/cycles")
    root.set(HDF5Dataset(tickJoules, shape: shape), at: "tick/joules")
    root.set(HDF5Dataset(tickPackets, shape: shape), at: "tick/packets")
    root.set(HDF5Dataset(linkFlits, shape: [linkFlits.count / 5, 5]), at: "mesh/flits")
    root.set(HDF5Dataset(linkStalls, shape: [linkStalls.count / 5, 5]), at: "mesh/stalls")
    root.set(HDF5Dataset(fifoPeaks, shape: [fifoPeaks.count / 5, 5]), at: "mesh/peaks")
    root.groups["mesh"]?.attributes = [
      "width": .scalar(Int64(meshWidth)), "height": .scalar(Int64(meshHeight)),
      "ideal": .scalar(Int64(isMeshIdeal ? 1 : 0)),
    ]
    root.set(HDF5Dataset(latencyHistogram), at: "mesh/latency")
    root.set(HDF5Dataset(probes), at: "potential/neuron")
    root.set(HDF5Dataset(potentials, shape: shape + [probes.count]), at: "potential/value")
    root.set(HDF5Dataset(outputSums, shape: [samples, outputCount]), at: "output/sum")
    writeLate(into: &root)
    writeEnergy(into: &root)
    writeLayout(into: &root)
    return root
  }

  private func writeEnergy(into root: inout HDF5Group) {
    root.set(HDF5Dataset(energy.map(\.component)), at: "energy/component")
    root.set(HDF5Dataset(energy.map(\.events)), at: "energy/events")
    root.set(HDF5Dataset(energy.map { $0.perEvent ?? 0 }), at: "energy/per_event")
    root.set(HDF5Dataset(energy.map { UInt8($0.perEvent == nil ? 0 : 1) }), at: "energy/per_event_known")
    root.set(HDF5Dataset(energy.map { $0.joules ?? 0 }), at: "energy/joules")
    root.set(HDF5Dataset(energy.map { UInt8($0.joules == nil ? 0 : 1) }), at: "energy/joules_known")
    root.set(HDF5Dataset(energy.map(\.source)), at: "energy/source")
  }

  private func writeLayout(into root: inout HDF5Group) {
    root.set(HDF5Dataset(layout.populations.map(\.name)), at: "layout/populations/name")
    root.set(HDF5Dataset(layout.populations.map(\.model)), at: "layout/populations/model")
    root.set(HDF5Dataset(layout.populations.map { Int64($0.size) }), at: "layout/populations/size")
    root.set(HDF5Dataset(layout.population), at: "layout/neuron/population")
    root.set(HDF5Dataset(layout.index), at: "layout/neuron/index")
    root.set(HDF5Dataset(layout.kind), at: "layout/neuron/kind")
    root.set(HDF5Dataset(layout.core), at: "layout/neuron/core")
    root.set(HDF5Dataset(layout.start), at: "layout/neuron/start")
    root.set(HDF5Dataset(layout.outputRow), at: "layout/output/neuron")
    root.set(HDF5Dataset(layout.outputKind), at: "layout/output/kind")
    root.set(HDF5Dataset(layout.coreX), at: "layout/core/x")
    root.set(HDF5Dataset(layout.coreY), at: "layout/core/y")
  }
}
