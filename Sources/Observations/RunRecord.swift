/// What a run did, as data; the same bits for any number of threads.
public struct RunRecord: Sendable, Equatable {
  public var layout: NeuronLayout
  public var samples: Int
  /// Input ticks T, and ticks that the chip ran per sample (T + drain).
  public var inputTicks: Int
  public var chipTicks: Int
  /// Seconds per tick of the network; hertz of the clock.
  public var dt: Double
  public var clock: Double
  /// Every spike of a spiking neuron, `channel` = neuron row, count 1, sorted.
  public var spikes: SpikeTrains
  /// [samples · chipTicks] each.
  public var tickCycles: [UInt32]
  /// Energy of known components, joule.
  public var tickJoules: [Double]
  public var tickPackets: [UInt32]
  /// Flits granted, [routers · 5], router = y·width + x, output port order 0 +x, 1 −x, 2 +y, 3 −y, 4 local.
  public var linkFlits: [UInt64]
  /// Cycles in which an output was wanted and had no credit, and the largest fill of each input FIFO; laid out as `linkFlits`.
  public var linkStalls: [UInt64] = []
  public var fifoPeaks: [UInt32] = []
  /// The first 10 000 late deliveries, by sample and delivery; `counters.latePackets` counts all.
  public var lateDeliveries: [LateDelivery] = []
  /// Whether packets were where they go to at once: then nothing above but `linkFlits`, all 0, says anything of the mesh, and
  /// cycles are those of the cores.
  public var isMeshIdeal = false
  public var meshWidth: Int
  public var meshHeight: Int
  public var counters: Counters
  /// [cores]
  public var coreCounters: [CoreCounters]
  /// Packets by latency in cycles (offered to the injection queue → delivered).
  public var latencyHistogram: [UInt64]
  /// Potential of the output readouts of kind potential summed over their window, [samples · outputs];
  /// spike counts for outputs of kind spike.
  public var outputSums: [Int64]
  public var outputCount: Int
  /// Probed neurons (rows), and their v after each tick, [samples · chipTicks · probes].
  public var probes: [Int32]
  public var potentials: [Int32]
  /// By component; in the order of `Chip.Energy.Component`.
  public var energy: [EnergyItem]

  /// A packet that missed its tick, and where it lost most time (docs/emulator-semantics.md §6).
  public struct LateDelivery: Sendable, Equatable, Codable {
    public var sample: Int32
    public var tick: Int32
    /// Neuron row; −1 − channel for an input event of the edge port.
    public var source: Int32
    public var core: Int32
    public var ticksLate: Int32
    public var waitedCycles: UInt32
    public var router: Int32
    /// 0…4 as `linkFlits`; 5: the injection queue of the source's router.
    public var output: Int8

    public init(
      sample: Int32, tick: Int32, source: Int32, core: Int32, ticksLate: Int32, waitedCycles: UInt32,
      router: Int32, output: Int8
    ) {
      self.sample = sample
      self.tick = tick
      self.source = source
      self.core = core
      self.ticksLate = ticksLate
      self.waitedCycles = waitedCycles
      self.router = router
      self.output = output
    }
  }

  public struct EnergyItem: Sendable, Equatable, Codable {
    public var component: String
    /// Events counted (for static power: cycles).
    public var events: UInt64
    /// Joule per event (watt for static power); nil when nobody published it.
    public var perEvent: Double?
    public var joules: Double?
    public var source: String

    public init(component: String, events: UInt64, perEvent: Double?, joules: Double?, source: String) {
      self.component = component
      self.events = events
      self.perEvent = perEvent
      self.joules = joules
      self.source = source
    }
  }

  /// Sums over samples, ticks and cores.
  public struct Counters: Sendable, Equatable, Codable {
    /// Spikes of spiking neurons, and those that splitters made of them.
    public var spikes: UInt64 = 0
    public var splitterSpikes: UInt64 = 0
    public var inputEvents: UInt64 = 0
    public var poissonEvents: UInt64 = 0
    /// Packets put into injection queues, of either kind; delivered ones; router-to-router hops.
    public var packets: UInt64 = 0
    public var partialPackets: UInt64 = 0
    public var delivered: UInt64 = 0
    public var hops: UInt64 = 0
    /// Spikes lost because an axon's count was full.
    public var axonSaturations: UInt64 = 0
    public var accumulatorSaturations: UInt64 = 0
    /// u or v beyond its register, saturated or wrapped.
    public var synapseOverflows: UInt64 = 0
    public var stateOverflows: UInt64 = 0
    /// v stopped at the floor.
    public var floorClamps: UInt64 = 0
    /// Neurons with programs: results and inputs that did not fit a register, spikes beyond the first of a tick.
    public var registerSaturations: UInt64 = 0
    public var lostSpikes: UInt64 = 0
    /// Period mode: packets that missed their tick, packets dropped for it; ticks and cycles beyond the period.
    public var latePackets: UInt64 = 0
    public var droppedPackets: UInt64 = 0
    public var overrunTicks: UInt64 = 0
    public var overrunCycles: UInt64 = 0
    public var cycles: UInt64 = 0
    public init() {}
  }

  /// Per core, summed over samples and ticks.
  public struct CoreCounters: Sendable, Equatable, Codable {
    public var rowReads: UInt64 = 0
    public var synapticOperations: UInt64 = 0
    public var neuronUpdates: UInt64 = 0
    /// Of these, those with something to compute.
    public var neuronActivities: UInt64 = 0
    /// Splitters' included: each is a reset.
    public var spikes: UInt64 = 0
    public var packets: UInt64 = 0
    public var deliveries: UInt64 = 0
    public var inputEvents: UInt64 = 0
    public var ticks: UInt64 = 0
    /// Cycles in which the core integrated or updated (frozen cycles included).
    public var busyCycles: UInt64 = 0
    /// Of these, cycles frozen by a full injection queue.
    public var frozenCycles: UInt64 = 0
    /// Instructions of programs, by unit.
    public var microAdds: UInt64 = 0
    public var microMultiplies: UInt64 = 0
    public var microCompares: UInt64 = 0
    public var microLookUps: UInt64 = 0
    public init() {}
  }

  public init(
    layout: NeuronLayout, samples: Int, inputTicks: Int, chipTicks: Int, dt: Double, clock: Double,
    spikes: SpikeTrains,
    tickCycles: [UInt32], tickJoules: [Double], tickPackets: [UInt32], linkFlits: [UInt64],
    meshWidth: Int, meshHeight: Int, counters: Counters, coreCounters: [CoreCounters],
    latencyHistogram: [UInt64], outputSums: [Int64], outputCount: Int, probes: [Int32],
    potentials: [Int32], energy: [EnergyItem]
  ) {
    self.layout = layout
    self.samples = samples
    self.inputTicks = inputTicks
    self.chipTicks = chipTicks
    self.dt = dt
    self.clock = clock
    self.spikes = spikes
    self.tickCycles = tickCycles
    self.tickJoules = tickJoules
    self.tickPackets = tickPackets
    self.linkFlits = linkFlits
    self.meshWidth = meshWidth
    self.meshHeight = meshHeight
    self.counters = counters
    self.coreCounters = coreCounters
    self.latencyHistogram = latencyHistogram
    self.outputSums = outputSums
    self.outputCount = outputCount
    self.probes = probes
    self.potentials = potentials
    self.energy = energy
  }
}
