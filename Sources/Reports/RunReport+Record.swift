import ChipModel
import Diagnostics
import Observations

extension RunReport {
  /// The report of a recorded run.
  ///
  /// - Parameters:
  ///   - classes: argmax of the outputs per sample; `labels` one per sample, or nil. Accuracy needs both.
  ///   - predictions: rates that theory gives, by population name.
  public init(
    record: RunRecord, program: String, input: String?, chip: String?, classes: [Int], labels: [Int]?,
    predictions: [String: RatePrediction] = [:], diagnostics: [Diagnostic]
  ) {
    self.program = program
    self.input = input
    self.chip = chip
    samples = record.samples
    ticks = record.inputTicks
    chipTicks = record.chipTicks
    dtSeconds = record.dt
    if let labels, labels.count == classes.count, !classes.isEmpty {
      let right = zip(classes, labels).count { $0 == $1 }
      correct = right
      accuracy = Double(right) / Double(classes.count)
    }
    spikes = Spikes(
      total: record.counters.spikes, inputEvents: record.counters.inputEvents,
      output: record.spikeOutputTotal,
      splitters: record.counters.splitterSpikes > 0 ? record.counters.splitterSpikes : nil,
      poissonEvents: record.counters.poissonEvents > 0 ? record.counters.poissonEvents : nil)
    rates = Rates(populations: record.populationRates(predictions))
    energy = EnergyReport(record)
    time = TimeReport(record)
    mesh = MeshReport(record)
    overflow = OverflowReport(record.counters)
    self.diagnostics = diagnostics
  }
}

/// Rates that theory gives for a population; hertz, nil where a form does not apply.
public struct RatePrediction: Sendable, Equatable {
  public var closedFormHz: Double?
  public var withParasiticsHz: Double?
  public var quantizedHz: Double?

  public init(closedFormHz: Double? = nil, withParasiticsHz: Double? = nil, quantizedHz: Double? = nil) {
    self.closedFormHz = closedFormHz
    self.withParasiticsHz = withParasiticsHz
    self.quantizedHz = quantizedHz
  }
}

extension RunRecord {
  /// Spikes counted at the outputs, nil when there are none or one of them is a potential.
  var spikeOutputTotal: Int64? {
    guard outputCount > 0, layout.outputKind.allSatisfy({ $0 == 0 }) else { return nil }
    return outputSums.reduce(0, +)
  }

  /// Rates of the populations that have a neuron that can fire.
  func populationRates(_ predictions: [String: RatePrediction]) -> [PopulationRate] {
    var spikeCounts = [UInt64](repeating: 0, count: layout.populations.count)
    for event in spikes.events {
      spikeCounts[Int(layout.population[Int(event.channel)])] += UInt64(event.count)
    }
    var fires = [Bool](repeating: false, count: layout.populations.count)
    for row in layout.kind.indices where layout.kind[row] == 0 { fires[Int(layout.population[row])] = true }
    let seconds = Double(samples) * Double(inputTicks) * dt
    return layout.populations.indices.filter { fires[$0] }.map { index in
      let population = layout.populations[index]
      let prediction = predictions[population.name] ?? RatePrediction()
      let neuronSeconds = Double(population.size) * seconds
      return PopulationRate(
        name: population.name, model: population.model, neurons: population.size, spikes: spikeCounts[index],
        meanHz: neuronSeconds > 0 ? Double(spikeCounts[index]) / neuronSeconds : 0,
        closedFormHz: prediction.closedFormHz, withParasiticsHz: prediction.withParasiticsHz,
        quantizedHz: prediction.quantizedHz)
    }
  }
}

extension EnergyReport {
  /// Energy by component from the record; by core from the core's counters and the same constants.
  public init(_ record: RunRecord) {
    breakdown = record.energy.map { item in
      let isStatic = item.component == Chip.Energy.Component.staticPower.rawValue
      return Component(
        component: item.component, events: item.events, perEventJoules: isStatic ? nil : item.perEvent,
        staticWatts: isStatic ? item.perEvent : nil, joules: item.joules, source: item.source)
    }
    totalJoules = breakdown.reduce(0) { $0 + ($1.joules ?? 0) }
    perSampleJoules = record.samples > 0 ? totalJoules / Double(record.samples) : 0
    isComplete = breakdown.allSatisfy { $0.joules != nil || $0.events == 0 }
    var constants: [Chip.Energy.Component: Double] = [:]
    for item in record.energy {
      if let component = Chip.Energy.Component(rawValue: item.component) {
        constants[component] = item.perEvent
      }
    }
    perCore = record.coreCounters.enumerated().map { core, counters in
      let events = counters.energyEvents
      let joules = Chip.Energy.Component.allCases.reduce(0.0) { sum, component in
        sum + Double(events.count(of: component)) * (constants[component] ?? 0)
      }
      return Core(x: record.layout.coreX[core], y: record.layout.coreY[core], joules: joules)
    }
  }
}

extension RunRecord.CoreCounters {
  /// What this core did, as energy components count it; hops and static power belong to no core.
  fileprivate var energyEvents: Chip.Energy.Events {
    var events = Chip.Energy.Events(
      rowReads: rowReads, synapticOperations: synapticOperations, neuronUpdates: neuronUpdates,
      spikes: spikes, packets: packets, deliveries: deliveries, inputEvents: inputEvents, coreTicks: ticks)
    events.neuronActivities = neuronActivities
    events.operations.adds = microAdds
    events.operations.multiplies = microMultiplies
    events.operations.compares = microCompares
    events.operations.lookUps = microLookUps
    return events
  }
}

extension TimeReport {
  public init(_ record: RunRecord) {
    clockHertz = record.clock
    cycles = record.counters.cycles
    seconds = record.clock > 0 ? Double(cycles) / record.clock : 0
    perSampleSeconds = record.samples > 0 ? seconds / Double(record.samples) : 0
    slowestTickCycles = record.tickCycles.max() ?? 0
    let cores = record.coreCounters
    slowestCore = cores.indices.max { (cores[$0].busyCycles, $1) < (cores[$1].busyCycles, $0) }.map { core in
      Core(
        x: record.layout.coreX[core], y: record.layout.coreY[core], busyCycles: cores[core].busyCycles,
        frozenCycles: cores[core].frozenCycles,
        utilization: record.counters.cycles > 0
          ? Double(cores[core].busyCycles) / Double(record.counters.cycles) : 0)
    }
    overrunTicks = record.counters.overrunTicks > 0 ? record.counters.overrunTicks : nil
    overrunCycles = record.counters.overrunCycles > 0 ? record.counters.overrunCycles : nil
  }
}

extension MeshReport {
  public init(_ record: RunRecord) {
    isIdeal = record.isMeshIdeal ? true : nil
    packets = record.counters.packets
    partialPackets = record.counters.partialPackets
    flitHops = record.counters.hops
    latencyCycles = Latency(histogram: record.latencyHistogram)
    func place(_ index: Int) -> MeshPlace {
      MeshPlace(router: index / 5, port: index % 5, width: record.meshWidth)
    }
    if let busiest = Self.largest(record.linkFlits) {
      let at = place(busiest)
      busiestLink = Link(x: at.x, y: at.y, port: at.port, flits: record.linkFlits[busiest])
    }
    latePackets = record.counters.latePackets > 0 ? record.counters.latePackets : nil
    droppedPackets = record.counters.droppedPackets > 0 ? record.counters.droppedPackets : nil
    let lateness = LateReport(record)
    late = lateness?.packets
    latePlaces = lateness?.places
    routerFlits =
      HeatMap(
        linkFlits: record.linkFlits, width: record.meshWidth, height: record.meshHeight)?.flits
    if !record.linkStalls.isEmpty { stallCycles = record.linkStalls.reduce(0, +) }
    if let worst = Self.largest(record.linkStalls) {
      let at = place(worst)
      worstStall = Stall(x: at.x, y: at.y, port: at.port, cycles: record.linkStalls[worst])
    }
    if let peak = Self.largest(record.fifoPeaks) {
      let at = place(peak)
      fifoPeak = Peak(x: at.x, y: at.y, port: at.port, flits: record.fifoPeaks[peak])
    }
  }

  /// Index of the largest value, the first of equal ones; nil when all are 0.
  private static func largest<Count: UnsignedInteger>(_ values: [Count]) -> Int? {
    guard let most = values.max(), most > 0 else { return nil }
    return values.firstIndex(of: most)
  }
}

extension MeshReport.Latency {
  /// Mean, nearest-rank percentiles and maximum of packets by latency; nil without packets.
  public init?(histogram: [UInt64]) {
    let packets = histogram.reduce(0, +)
    guard packets > 0 else { return nil }
    /// Smallest latency that at least `percent` of a hundred packets do not exceed.
    func rank(_ percent: UInt64) -> Int {
      let needed = (packets * percent + 99) / 100
      var seen: UInt64 = 0
      for (latency, count) in histogram.enumerated() {
        seen += count
        if seen >= needed { return latency }
      }
      return histogram.count - 1
    }
    let sum = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
    mean = sum / Double(packets)
    p50 = rank(50)
    p99 = rank(99)
    max = rank(100)
  }
}

extension OverflowReport {
  public init(_ counters: RunRecord.Counters) {
    axon = counters.axonSaturations
    accumulator = counters.accumulatorSaturations
    synapse = counters.synapseOverflows
    state = counters.stateOverflows
    register = counters.registerSaturations
    lostSpikes = counters.lostSpikes
    saturations = axon + accumulator + synapse + state + register + lostSpikes
    floorClamps = counters.floorClamps
  }
}
