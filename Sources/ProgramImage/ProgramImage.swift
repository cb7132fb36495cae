import ChipModel

/// A compiled program: everything that runs, as flat arrays. docs/program-image.md describes the file,
/// docs/emulator-semantics.md what each number does.
///
/// `x/begin` arrays have one entry more than there are owners; owner i has entries begin[i] ..< begin[i+1].
/// Neuron "rows" number all neurons of all cores, core by core, ascending column.
public struct ProgramImage: Sendable, Equatable {
  public var chip: Chip
  /// Seconds per tick.
  public var dt: Double
  /// Key of every stochastic draw.
  public var seed: UInt64
  /// Ticks that a sample runs on after its last input tick, so that the deepest population finishes.
  public var drainTicks: Int
  public var cores: Cores
  public var crossbar: Crossbar
  public var neurons: Neurons
  /// Programs of neurons that the fixed unit does not update; none on a chip without microcode.
  public var programs = Programs()
  public var routes: Routes
  public var inputs: Inputs
  public var poisson: Poisson
  public var outputs: Outputs
  /// Names and sizes of what the user wrote, in network order.
  public var populations: [Population]
  /// JSON: the network's summary, and the fidelity manifest.
  public var networkText: String
  public var manifestText: String

  /// One entry per core that is used.
  public struct Cores: Sendable, Equatable {
    public var x: [Int32] = []
    public var y: [Int32] = []
    /// [cores + 1] into the global axon numbering.
    public var axonBegin: [Int64] = [0]
    /// [cores + 1] into the neuron rows.
    public var neuronBegin: [Int64] = [0]
    public var count: Int { x.count }
    public init() {}
  }

  /// Rows of the crossbars: per global axon its synapses, ascending neuron.
  public struct Crossbar: Sendable, Equatable {
    /// [axons + 1]
    public var begin: [Int64] = [0]
    /// Neuron index within the core.
    public var neuron: [UInt16] = []
    public var weight: [Int16] = []
    /// [axons] on a chip with types of axons; empty on others.
    public var axonType: [UInt8] = []
    public init() {}
  }

  public enum NeuronKind: UInt8, Sendable, CaseIterable {
    /// Integrates, leaks and fires.
    case spiking = 0
    /// Forwards its accumulator as a partial sum; has no state.
    case partial = 1
    /// Integrates and leaks, never fires: a readout.
    case potential = 2
    /// Works as `spiking` does, but only repeats the spikes of another neuron, which are no spikes of the network.
    case splitter = 3
  }
  public enum ResetMode: UInt8, Sendable, CaseIterable {
    /// v ← reset
    case toValue = 0
    /// v ← v − reset
    case subtract = 1
    /// v stays; on chips of the datapath additive only.
    case nonReset = 2
  }

  /// [neurons] each; docs/emulator-semantics.md §3 gives the equations.
  public struct Neurons: Sendable, Equatable {
    public var kind: [UInt8] = []
    public var v0: [Int32] = []
    public var u0: [Int32] = []
    public var decay: [Int32] = []
    public var decayExponent: [UInt8] = []
    /// Synaptic current; decay = 2^exponent means that the current holds nothing over (u' = x).
    public var synapseDecay: [Int32] = []
    public var synapseDecayExponent: [UInt8] = []
    /// 1 … 2^gainBits; 2^gainBits is unity.
    public var gain: [Int32] = []
    public var weightExponent: [UInt8] = []
    public var bias: [Int32] = []
    public var threshold: [Int32] = []
    /// Value that v takes (toValue) or that is taken off (subtract).
    public var reset: [Int32] = []
    public var resetMode: [UInt8] = []
    public var refractory: [Int32] = []
    /// Taken off v for each neighbouring column whose neuron fired.
    public var kick: [Int32] = []
    public var floor: [Int32] = []
    /// Active in ticks start ≤ t < T + stop, T being the sample's input ticks.
    public var start: [Int32] = []
    public var stop: [Int32] = []
    /// Physical column, ascending within a core.
    public var column: [UInt16] = []
    /// Codes per unit of the network's own potential (volt in an SI network).
    public var scale: [Double] = []
    /// Back to the network: population (index into `populations`) and index within it; a partial neuron
    /// names the neuron that it feeds, a splitter the one whose spikes it repeats.
    public var population: [Int32] = []
    public var index: [Int32] = []
    /// Empty where no neuron has noise.
    public var noise = NoiseCodes()
    /// Empty on chips of other datapaths than additive.
    public var additive = AdditiveCodes()
    /// Farad.
    public var capacitance = Capacitance()
    public var count: Int { kind.count }
    public init() {}

    /// Whether a row is the neuron that its population and index name; a partial neuron or a splitter only works for
    /// it.
    public func isMain(_ row: Int) -> Bool {
      switch NeuronKind(rawValue: kind[row]) {
      case .spiking, .potential: true
      case .partial, .splitter, nil: false
      }
    }

    /// Whether a row can fire.
    public func fires(_ row: Int) -> Bool {
      switch NeuronKind(rawValue: kind[row]) {
      case .spiking, .splitter: true
      case .partial, .potential, nil: false
      }
    }
  }

  /// [neurons] each, or all empty: no neuron has noise. docs/emulator-semantics.md §3.2.
  public struct NoiseCodes: Sendable, Equatable {
    /// Membrane noise; mantissa 0 is none.
    public var mantissa: [Int32] = []
    public var exponent: [UInt8] = []
    /// Threshold noise; 0 is none.
    public var mask: [Int32] = []
    /// Index of the neuron's draws from the counter-based generator (§8): the same for every placement.
    public var stream: [UInt32] = []
    public init() {}
  }

  /// [neurons] each, farad; zeros on a chip without `electrical`.
  public struct Capacitance: Sendable, Equatable {
    public var membrane: [Double] = []
    public var node: [Double] = []
    public var crosspoint: [Double] = []
    public var wire: [Double] = []
    public var coupling: [Double] = []
    public var total: [Double] = []
    public init() {}
  }

  public enum RouteKind: UInt8, Sendable, CaseIterable {
    case spike = 0
    case partial = 1
  }

  /// Destinations, per neuron row.
  public struct Routes: Sendable, Equatable {
    /// [neurons + 1]
    public var begin: [Int64] = [0]
    public var kind: [UInt8] = []
    /// Index into `cores`.
    public var core: [Int32] = []
    /// Axon within the core (spike) or neuron within the core (partial).
    public var axon: [UInt16] = []
    /// 1 … delaySlots − 1 ticks.
    public var delay: [UInt8] = []
    public init() {}
  }

  /// Destinations that an input channel can have where they are one multicast packet.
  public static let mostChannelDestinations = (1 << 22) - 1

  /// Destinations per input channel.
  public struct Inputs: Sendable, Equatable {
    /// [channels + 1]
    public var begin: [Int64] = [0]
    public var core: [Int32] = []
    public var axon: [UInt16] = []
    /// 0 … delaySlots − 1 (`direct`), 1 … delaySlots − 1 (`edge`).
    public var delay: [UInt8] = []
    public var channels: Int { begin.count - 1 }
    public init() {}
  }

  /// Poisson stimuli at the accumulator: entry i adds weight[i] · count to the accumulator of neuron[i].
  public struct Poisson: Sendable, Equatable {
    /// Neuron row, ascending.
    public var neuron: [Int32] = []
    public var weight: [Int32] = []
    /// Index of the entry's draws (docs/emulator-semantics.md §8): the same for every placement.
    public var stream: [UInt32] = []
    /// Row of the table of cumulative probabilities.
    public var table: [Int32] = []
    /// [tables + 1] into `threshold`.
    public var tableBegin: [Int64] = [0]
    /// count = number of thresholds ≤ draw, ascending; ⌊P(count ≤ i)·2^32⌋.
    public var threshold: [UInt32] = []
    public init() {}
  }

  public enum OutputKind: UInt8, Sendable, CaseIterable {
    case spike = 0
    case potential = 1
  }

  /// The readout, in output order.
  public struct Outputs: Sendable, Equatable {
    /// Neuron row.
    public var neuron: [Int32] = []
    public var kind: [UInt8] = []
    /// Read in ticks from ≤ t < T + to.
    public var from: [Int32] = []
    public var to: [Int32] = []
    public init() {}
  }

  public struct Population: Sendable, Equatable, Codable {
    public var name: String
    public var model: String
    public var size: Int

    public init(name: String, model: String, size: Int) {
      self.name = name
      self.model = model
      self.size = size
    }
  }

  public init(
    chip: Chip, dt: Double, seed: UInt64, drainTicks: Int, cores: Cores, crossbar: Crossbar,
    neurons: Neurons, routes: Routes, inputs: Inputs, poisson: Poisson, outputs: Outputs,
    populations: [Population], networkText: String, manifestText: String
  ) {
    self.chip = chip
    self.dt = dt
    self.seed = seed
    self.drainTicks = drainTicks
    self.cores = cores
    self.crossbar = crossbar
    self.neurons = neurons
    self.routes = routes
    self.inputs = inputs
    self.poisson = poisson
    self.outputs = outputs
    self.populations = populations
    self.networkText = networkText
    self.manifestText = manifestText
  }
}
