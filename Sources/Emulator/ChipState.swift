import ChipModel
import Observations
import ProgramImage

/// A neuron that sends packets in this tick.
struct Sender: Sendable {
  var row: Int32
  /// Group of the update in which it is (§4).
  var group: Int32
  /// A partial neuron's sum.
  var value: Int32
}

/// Everything of one emulated chip that changes. Each worker has one of its own.
struct ChipState: Sendable {
  let tables: Tables
  /// Nil with the mesh of the chip.
  let ideal: PerChip<IdealTables>?
  let noise: PerChip<NoiseTables>?
  let additive: PerChip<AdditiveTables>?
  let perEvent: PerChip<PerEventTables>?
  let stochastic: PerChip<StochasticSynapses>?
  /// With an ideal mesh and a program that is one; then the workers of `team` do the ticks.
  var flat: FlatProgram? { ideal?.value.flat }
  private var team: FlatTeam?
  /// With the mesh of the chip, where no packet can be late and all of them go straight: what spikes do is done when they are
  /// sent, and the mesh decides how long it takes.
  let beforehand: PerChip<FlatBlocks>?
  /// Room for as many is made beforehand.
  var spikesOfLastSample = 0
  /// The sample that runs.
  var sample: UInt32 = 0
  /// Cycles that were not left out, of all samples.
  var visitedCycles = 0
  /// Cycles since the sample began, at the start of the tick.
  var clock = 0

  var cores: CoreState
  var ring: Ring
  /// The first tick of the sample for which no input can wait.
  var inputEnd = 0
  /// With an ideal mesh.
  var straight: StraightSums
  var mesh: Mesh
  var traffic: Traffic
  var emission: Emission
  /// When groups are complete: those of `tables`, or, where times vary, those of the tick.
  var groups: GroupTimes
  /// Cycles of the neurons of the core at work; empty where times do not vary.
  var neuronTimes: [Int] = []
  /// [cores] noise registers; empty without noise.
  var noiseRegisters: [UInt32] = []

  /// Rows that fired in this tick, ascending, and neurons that send, ascending.
  var fired: [Int32] = []
  var senders: [Sender] = []
  /// What is needed while events visit neurons.
  var visits: VisitState
  /// Axons of the core at work that hold a spike, and what is noted while their rows are added.
  var taken: TakenAxons
  var rowScratch = Synapses.Scratch()

  /// Records what happens to packets in `traceEvents`, and how full queues and FIFOs are in `fillTrace`.
  var recordsTrace = false
  var traceEvents: [TraceEvent] = []
  var fillTrace: FillTrace

  var phases = PhaseClock()

  /// Events of the tick that runs.
  var events = Chip.Energy.Events()
  // Sums over all samples that this chip ran.
  var totals = Chip.Energy.Events()
  /// Of the neurons' updates, those that this machine left out.
  var restingUpdates: UInt64 = 0
  var counters = RunRecord.Counters()
  var coreCounters: [RunRecord.CoreCounters]
  var linkFlits: [UInt64]
  var linkStalls: [UInt64]
  var fifoPeaks: [UInt32]
  var latencyHistogram: [UInt64] = []
  /// The first late deliveries of the sample that runs.
  var lateDeliveries: [RunRecord.LateDelivery] = []

  init(
    _ tables: Tables, _ image: ProgramImage, ideal: IdealTables? = nil, beforehand: FlatBlocks? = nil
  ) {
    let flat = ideal?.flat
    self.tables = tables
    self.ideal = ideal.map { PerChip($0) }
    noise = tables.noise.map { PerChip($0) }
    additive = tables.additive.map { PerChip($0) }
    perEvent = tables.perEvent.map { PerChip($0) }
    stochastic = tables.stochastic.map { PerChip($0) }
    self.beforehand = beforehand.map { PerChip($0) }
    cores = CoreState(image, tables)
    visits = VisitState(tables)
    ring = Ring(tables, isUsed: flat == nil)
    straight = StraightSums(tables, isUsed: (ideal != nil && flat == nil) || beforehand != nil)
    taken = TakenAxons(axons: zip(tables.axonBegin, tables.axonBegin.dropFirst()).map { $1 - $0 }.max() ?? 0)
    let mesh = tables.chip.mesh
    self.mesh = Mesh(
      width: mesh.width, height: mesh.height, bufferDepth: mesh.bufferDepth, hopCycles: mesh.hopCycles,
      creditCycles: mesh.creditCycles, injectionCycles: mesh.injectionCycles, portOrder: mesh.portOrder,
      trees: tables.trees, tracksWaits: tables.isPeriodic)
    traffic = Traffic(tables)
    emission = Emission()
    groups = tables.groups
    if tables.timesVary { neuronTimes = [Int](repeating: 0, count: cores.crossbarSum.count) }
    fillTrace = FillTrace(cores: tables.coreCount, routers: mesh.width * mesh.height)
    coreCounters = [RunRecord.CoreCounters](repeating: .init(), count: tables.coreCount)
    if tables.noise != nil { noiseRegisters = [UInt32](repeating: 0, count: tables.coreCount) }
    linkFlits = [UInt64](repeating: 0, count: self.mesh.routers * Mesh.outputs)
    linkStalls = linkFlits
    fifoPeaks = [UInt32](repeating: 0, count: linkFlits.count)
  }

  /// The state before the first tick of `sample`: nothing carries over from another one.
  mutating func begin(sample: Int) {
    self.sample = UInt32(sample)
    clock = 0
    cores.reset()
    if let noise {
      for core in noiseRegisters.indices {
        noiseRegisters[core] = noise.value.start(core: core, sample: self.sample)
      }
    }
    ring.reset()
    inputEnd = 0
    straight.reset()
    mesh.reset()
    traffic.removeAll()
    emission.reset()
    visits.begin(coreCounters)
    lateDeliveries.removeAll(keepingCapacity: true)
  }

  /// The workers of a flat program, which this chip keeps; nil for other programs.
  mutating func flatTeam(probes: [Int32]) -> FlatTeam? {
    if team == nil, let flat, let ideal { team = FlatTeam(tables, ideal, flat, probes: probes) }
    return team
  }

  /// Adds what the mesh, the traffic and the ring counted in the sample to the sums.
  mutating func endSample() {
    countDeliveries()
    mesh.closeStalls(at: clock)
    for i in linkFlits.indices {
      linkFlits[i] += mesh.state.linkFlits[Mesh.key(ofLink: i)]
      linkStalls[i] += mesh.state.linkStalls[Mesh.key(ofLink: i)]
      let peak = mesh.fifoPeak(router: i / Mesh.outputs, port: i % Mesh.outputs)
      fifoPeaks[i] = max(fifoPeaks[i], UInt32(peak))
    }
    counters.axonSaturations += ring.saturations
    ring.saturations = 0
  }
}
