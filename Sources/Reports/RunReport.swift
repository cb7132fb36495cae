import Diagnostics

/// What `rheobase run` reports, as the document of docs/report.md. What does not apply is left out.
public struct RunReport: Sendable, Equatable, Codable {
  /// The program, or the record that is summarised.
  public var program: String
  /// Left out when only a record is known.
  public var input: String?
  public var chip: String?
  public var samples: Int
  /// Input ticks per sample, and ticks that the chip ran for them.
  public var ticks: Int
  public var chipTicks: Int
  /// Seconds per tick.
  public var dtSeconds: Double
  /// Right samples and their share; present when the input has labels and the program has outputs.
  public var correct: Int?
  public var accuracy: Double?
  public var spikes: Spikes
  public var rates: Rates
  public var energy: EnergyReport
  public var time: TimeReport
  public var mesh: MeshReport
  public var overflow: OverflowReport
  public var diagnostics: [Diagnostic]

  public struct Spikes: Sendable, Equatable, Codable {
    /// Spikes of all spiking neurons.
    public var total: UInt64
    /// Input events, once per destination.
    public var inputEvents: UInt64
    /// Spikes of the outputs in their windows; left out when outputs are potentials.
    public var output: Int64?
    /// Spikes that splitters made of those of spiking neurons; left out when there are none.
    public var splitters: UInt64?
    /// Spikes drawn for Poisson stimuli; left out when there are none.
    public var poissonEvents: UInt64?
  }

  public struct Rates: Sendable, Equatable, Codable {
    public var populations: [PopulationRate]
  }
}

/// Rate of a population: what was emulated, and what theory says where it applies. Hertz.
public struct PopulationRate: Sendable, Equatable, Codable {
  public var name: String
  public var model: String
  public var neurons: Int
  public var spikes: UInt64
  /// Spikes per neuron and second of network time.
  public var meanHz: Double
  /// Closed form of the differential equation, without and with the column's capacitance.
  public var closedFormHz: Double?
  public var withParasiticsHz: Double?
  /// Exact rate of the integer codes.
  public var quantizedHz: Double?
  /// Emulated rate beside a prediction; the same as `meanHz`.
  public var emulatedHz: Double?

  public init(
    name: String, model: String, neurons: Int, spikes: UInt64, meanHz: Double,
    closedFormHz: Double? = nil, withParasiticsHz: Double? = nil, quantizedHz: Double? = nil
  ) {
    self.name = name
    self.model = model
    self.neurons = neurons
    self.spikes = spikes
    self.meanHz = meanHz
    self.closedFormHz = closedFormHz
    self.withParasiticsHz = withParasiticsHz
    self.quantizedHz = quantizedHz
    emulatedHz = closedFormHz ?? withParasiticsHz ?? quantizedHz == nil ? nil : meanHz
  }
}

/// Energy of a run: events times energy per event, by component and by core.
public struct EnergyReport: Sendable, Equatable, Codable {
  /// Sum of the known components. Exact when `isComplete`, otherwise "at least".
  public var totalJoules: Double
  public var perSampleJoules: Double
  /// False when the energy per event of a component that occurred is unpublished.
  public var isComplete: Bool
  public var breakdown: [Component]
  /// What belongs to one core; hops and static power belong to none.
  public var perCore: [Core]

  public struct Component: Sendable, Equatable, Codable {
    public var component: String
    /// Events; cycles for static power.
    public var events: UInt64
    /// Joule per event, watt for static power; left out when unpublished.
    public var perEventJoules: Double?
    public var staticWatts: Double?
    /// Left out when unpublished.
    public var joules: Double?
    /// Where the constant comes from, or why there is none.
    public var source: String
  }
  public struct Core: Sendable, Equatable, Codable {
    public var x: Int32
    public var y: Int32
    public var joules: Double
  }
}

/// Cycles and seconds of chip time.
public struct TimeReport: Sendable, Equatable, Codable {
  public var clockHertz: Double
  public var cycles: UInt64
  public var seconds: Double
  public var perSampleSeconds: Double
  /// The longest tick of all samples, in cycles.
  public var slowestTickCycles: UInt32
  /// The core that was busy longest; ties to the lowest number.
  public var slowestCore: Core?
  /// Period mode only.
  public var overrunTicks: UInt64?
  public var overrunCycles: UInt64?

  public struct Core: Sendable, Equatable, Codable {
    public var x: Int32
    public var y: Int32
    public var busyCycles: UInt64
    /// Of these, cycles frozen by a full injection queue.
    public var frozenCycles: UInt64
    /// busyCycles over all cycles.
    public var utilization: Double
  }
}

/// Traffic of the mesh.
public struct MeshReport: Sendable, Equatable, Codable {
  /// True where packets arrived at once, so that nothing here has a time; left out otherwise.
  public var isIdeal: Bool?
  public var packets: UInt64
  /// Of these, packets that carry a partial sum.
  public var partialPackets: UInt64
  /// Grants of links between routers.
  public var flitHops: UInt64
  /// Cycles from the completion of a neuron group to delivery; left out without packets.
  public var latencyCycles: Latency?
  public var busiestLink: Link?
  /// Flits that each router's outputs granted, [y][x]; left out without any and for meshes larger than a `HeatMap`.
  public var routerFlits: [[UInt64]]?
  /// Cycles in which an output was wanted and had no credit, over all outputs, and the worst one; left out when
  /// the record does not have them.
  public var stallCycles: UInt64?
  public var worstStall: Stall?
  /// The fullest input FIFO; `port` is where it receives from.
  public var fifoPeak: Peak?
  /// Period mode only.
  public var latePackets: UInt64?
  public var droppedPackets: UInt64?
  /// Late packets that the record keeps, longest wait first, and where they waited.
  public var late: [LatePacket]?
  public var latePlaces: [LatePlace]?

  public struct Latency: Sendable, Equatable, Codable {
    public var mean: Double
    /// Nearest-rank percentiles.
    public var p50: Int
    public var p99: Int
    public var max: Int
  }
  public struct Stall: Sendable, Equatable, Codable {
    public var x: Int
    public var y: Int
    public var port: String
    public var cycles: UInt64
  }
  public struct Peak: Sendable, Equatable, Codable {
    public var x: Int
    public var y: Int
    public var port: String
    public var flits: UInt32
  }
  /// Output port of a router: "+x", "-x", "+y", "-y", "local".
  public struct Link: Sendable, Equatable, Codable {
    public var x: Int
    public var y: Int
    public var port: String
    public var flits: UInt64
  }
}

/// Everything that did not fit into its register. All zero in a sound program.
public struct OverflowReport: Sendable, Equatable, Codable {
  /// Sum of axon, accumulator, synapse, state and register saturations (or wraps) and of lost spikes.
  public var saturations: UInt64
  public var axon: UInt64
  public var accumulator: UInt64
  public var synapse: UInt64
  public var state: UInt64
  /// Neurons with programs: values that did not fit a register, and spikes beyond the first of a tick.
  public var register: UInt64
  public var lostSpikes: UInt64
  /// The membrane stopped at its floor: physics of the chip, not an overflow.
  public var floorClamps: UInt64
}
