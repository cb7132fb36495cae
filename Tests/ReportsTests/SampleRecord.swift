import Observations

/// A small run, written by hand: 2 samples of 4 ticks on two cores; populations "hidden" (2 neurons, one of
/// them split, so with a partial row) and "out" (1 neuron).
func sampleRecord() -> RunRecord {
  let layout = NeuronLayout(
    populations: [
      NeuronLayout.Population(name: "hidden", model: "LIF", size: 2),
      NeuronLayout.Population(name: "out", model: "LIF", size: 1),
    ],
    population: [0, 0, 0, 1], index: [0, 1, 1, 0], kind: [0, 1, 0, 0], core: [0, 0, 0, 1],
    start: [0, 0, 1, 2],
    outputRow: [3], outputKind: [0], coreX: [0, 1], coreY: [0, 0])
  var counters = RunRecord.Counters()
  counters.spikes = 6
  counters.inputEvents = 10
  counters.packets = 5
  counters.partialPackets = 1
  counters.delivered = 5
  counters.hops = 3
  counters.axonSaturations = 2
  counters.stateOverflows = 1
  counters.floorClamps = 7
  counters.cycles = 1000
  var core0 = RunRecord.CoreCounters()
  core0.rowReads = 10
  core0.spikes = 4
  core0.busyCycles = 400
  var core1 = RunRecord.CoreCounters()
  core1.rowReads = 30
  core1.spikes = 2
  core1.busyCycles = 600
  core1.frozenCycles = 5
  var links = [UInt64](repeating: 0, count: 10)
  links[0] = 3
  links[9] = 5
  func event(_ sample: Int32, _ tick: Int32, _ row: Int32) -> SpikeTrains.Event {
    SpikeTrains.Event(sample: sample, tick: tick, channel: row)
  }
  return RunRecord(
    layout: layout, samples: 2, inputTicks: 4, chipTicks: 6, dt: 1e-3, clock: 1e6,
    spikes: SpikeTrains(
      samples: 2, ticks: 6, channels: 4,
      events: [
        event(0, 0, 0), event(0, 1, 2), event(0, 3, 3), event(1, 2, 0), event(1, 3, 0), event(1, 5, 3),
      ]),
    tickCycles: [80, 90, 70, 60, 100, 100, 100, 80, 80, 80, 80, 80], tickJoules: [], tickPackets: [],
    linkFlits: links, meshWidth: 2, meshHeight: 1, counters: counters, coreCounters: [core0, core1],
    latencyHistogram: [0, 0, 3, 1, 0, 1], outputSums: [1, 1], outputCount: 1, probes: [], potentials: [],
    energy: [
      RunRecord.EnergyItem(
        component: "rowRead", events: 40, perEvent: 2e-12, joules: 80e-12, source: "row capacitance"),
      RunRecord.EnergyItem(
        component: "spikeReset", events: 6, perEvent: 1e-12, joules: 6e-12, source: "reset"),
      RunRecord.EnergyItem(component: "hop", events: 3, perEvent: nil, joules: nil, source: "not published"),
      RunRecord.EnergyItem(
        component: "staticPower", events: 1000, perEvent: 1e-6, joules: 1e-9, source: "leakage"),
    ])
}
