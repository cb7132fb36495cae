import Diagnostics
import HDF5Files

extension RunRecord {
  /// The record that `root` holds; `path` is named in diagnostics. Every number that another part of the program
  /// uses as an index or a size is checked.
  init(fileContent root: HDF5Group, path: String) throws(Failure) {
    var fields = HDF5Fields(root, path: path)
    fields.require("format", Self.format, id: "record.format")
    fields.requireVersion(Self.version, id: "record.version")
    let samples = fields.size("", "samples")
    let inputTicks = fields.size("", "input_ticks")
    let chipTicks = fields.size("", "chip_ticks")
    let width = fields.size("mesh", "width")
    let height = fields.size("mesh", "height")
    let dt = fields.positive("", "dt")
    let clock = fields.positive("", "clock")
    try fields.throwIfProblems()

    let layout = NeuronLayout(&fields)
    let shape = [samples, chipTicks]
    let probes: [Int32] = fields.array("potential/neuron")
    let outputCount = layout.outputRow.count
    self.init(
      layout: layout, samples: samples, inputTicks: inputTicks, chipTicks: chipTicks, dt: dt, clock: clock,
      spikes: SpikeTrains(&fields, root, samples, chipTicks, layout.kind.count),
      tickCycles: fields.array("tick/cycles", shape: shape),
      tickJoules: fields.array("tick/joules", shape: shape),
      tickPackets: fields.array("tick/packets", shape: shape),
      linkFlits: fields.array("mesh/flits", shape: [width * height, 5]), meshWidth: width, meshHeight: height,
      counters: Counters(), coreCounters: [], latencyHistogram: fields.array("mesh/latency"),
      outputSums: fields.array("output/sum", shape: [samples, outputCount]), outputCount: outputCount,
      probes: probes, potentials: fields.array("potential/value", shape: shape + [probes.count]),
      energy: EnergyItem.read(&fields))
    linkStalls = fields.array("mesh/stalls", shape: [width * height, 5])
    fifoPeaks = fields.array("mesh/peaks", shape: [width * height, 5])
    isMeshIdeal = fields.attribute("mesh", "ideal") ?? Int64(0) != 0
    lateDeliveries = Self.readLate(&fields, of: self)
    fields.inRange("potential/neuron", probes, below: layout.kind.count)
    for field in Counters.fields {
      counters[keyPath: field.path] = fields.attribute("counters", field.name) ?? 0
    }
    coreCounters = [CoreCounters](repeating: CoreCounters(), count: layout.coreX.count)
    for field in CoreCounters.fields {
      let values: [UInt64] = fields.array("core/\(field.name)")
      guard fields.sameLength("core/\(field.name)", values.count, coreCounters.count) else { continue }
      for core in coreCounters.indices { coreCounters[core][keyPath: field.path] = values[core] }
    }
    try fields.throwIfProblems()
  }
}

extension SpikeTrains {
  /// Spikes of a record: `ticks` are the chip's, channels are neuron rows.
  fileprivate init(_ fields: inout HDF5Fields, _ root: HDF5Group, _ samples: Int, _ ticks: Int, _ rows: Int) {
    let sample: [Int32] = fields.array("spikes/sample")
    let tick: [Int32] = fields.array("spikes/tick")
    let neuron: [Int32] = fields.array("spikes/neuron")
    self.init(samples: samples, ticks: ticks, channels: rows, events: [])
    let fits = [
      fields.sameLength("spikes/tick", tick.count, sample.count),
      fields.sameLength("spikes/neuron", neuron.count, sample.count),
      fields.inRange("spikes/sample", sample, below: samples),
      fields.inRange("spikes/tick", tick, below: ticks),
      fields.inRange("spikes/neuron", neuron, below: rows),
    ]
    if !fits.contains(false) {
      events = sample.indices.map { Event(sample: sample[$0], tick: tick[$0], channel: neuron[$0]) }
      // A neuron may fire more than once in a tick where its chip lets it.
      if !zip(events, events.dropFirst()).allSatisfy({ $0 <= $1 }) {
        fields.wrong(
          "record.order", at: "/spikes", "spikes are not in ascending order of sample, tick, neuron")
      }
    }
    guard root.dataset(at: "spikes/label") != nil else { return }
    let values: [Int64] = fields.array("spikes/label")
    if fields.sameLength("spikes/label", values.count, samples) { labels = values.map { Int($0) } }
  }
}

extension RunRecord.EnergyItem {
  fileprivate static func read(_ fields: inout HDF5Fields) -> [RunRecord.EnergyItem] {
    let component: [String] = fields.array("energy/component")
    let events: [UInt64] = fields.array("energy/events")
    let perEvent: [Double] = fields.array("energy/per_event")
    let perEventKnown: [UInt8] = fields.array("energy/per_event_known")
    let joules: [Double] = fields.array("energy/joules")
    let joulesKnown: [UInt8] = fields.array("energy/joules_known")
    let source: [String] = fields.array("energy/source")
    for (name, count) in [
      ("events", events.count), ("per_event", perEvent.count), ("per_event_known", perEventKnown.count),
      ("joules", joules.count), ("joules_known", joulesKnown.count), ("source", source.count),
    ] where !fields.sameLength("energy/\(name)", count, component.count) { return [] }
    return component.indices.map {
      RunRecord.EnergyItem(
        component: component[$0], events: events[$0], perEvent: perEventKnown[$0] == 1 ? perEvent[$0] : nil,
        joules: joulesKnown[$0] == 1 ? joules[$0] : nil, source: source[$0])
    }
  }
}
