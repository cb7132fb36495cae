import FixedPoint

/// A chip as its file in `chips/` describes it: what the compiler may use and what the emulator must obey.
///
/// Every number is in SI units. Field names are those of the file (docs/chip-file.md).
public struct Chip: Sendable, Equatable {
  public var name: String
  public var description: String
  public var sources: [String]
  public var technology: String
  public var core: Core
  public var crossbar: Crossbar
  public var datapath: LeakyDatapath
  /// Programs of neurons, beside the fixed unit `datapath`; nil where `datapath.kind` is `leaky`.
  public var microcode: Microcode?
  /// What the datapath `additive` does differently from `datapath`; nil otherwise.
  public var additive: Additive?
  /// Present on a mixed-signal chip: capacitances and voltages. `nil` on a digital chip.
  public var electrical: Electrical?
  public var timing: Timing
  public var input: InputPort
  public var mesh: Mesh
  public var routing: Routing
  public var energy: Energy
  /// `datapath.kind` of the file.
  public var datapathKind: String {
    additive != nil ? "additive" : microcode == nil ? "leaky" : "microcode"
  }
  /// What is exact and what is not; nil where the file does not say.
  public var fidelity: Fidelity?
  /// What the chip's energy per synaptic operation means; nil where the file does not say.
  public var operation: Operation?
  /// Where the file's numbers come from, by key path (`electrical.parasitics.node`); those of `energy` carry
  /// their own.
  public var constantSources: [String: String] = [:]
  /// The chip as resolved (defaults filled in, `--set` applied), as sorted JSON: what an image carries.
  public var resolvedText: String

  public init(
    name: String, description: String, sources: [String], technology: String, core: Core,
    crossbar: Crossbar, datapath: LeakyDatapath, electrical: Electrical?, timing: Timing,
    input: InputPort, mesh: Mesh, routing: Routing, energy: Energy, resolvedText: String
  ) {
    self.name = name
    self.description = description
    self.sources = sources
    self.technology = technology
    self.core = core
    self.crossbar = crossbar
    self.datapath = datapath
    self.electrical = electrical
    self.timing = timing
    self.input = input
    self.mesh = mesh
    self.routing = routing
    self.energy = energy
    self.resolvedText = resolvedText
  }
}

extension Chip {
  public struct Core: Sendable, Equatable {
    /// Rows of a core's crossbar.
    public var axons: Int
    /// Columns of a core's crossbar.
    public var neurons: Int
    /// Slots of the axon ring; a spike can be delayed by 1 … delaySlots − 1 ticks.
    public var delaySlots: Int
    /// Width of the spike count that an axon holds per slot; 1 means a bit.
    public var axonCountBits: Int
    /// Most synapses that are stored for one neuron; nil: one per axon.
    public var synapsesPerNeuron: Int?

    public init(axons: Int, neurons: Int, delaySlots: Int, axonCountBits: Int) {
      self.axons = axons
      self.neurons = neurons
      self.delaySlots = delaySlots
      self.axonCountBits = axonCountBits
    }
    /// Largest count that an axon holds.
    public var axonCountMaximum: Int { (1 << axonCountBits) - 1 }
  }

  public struct Crossbar: Sendable, Equatable {
    /// Signed two's complement weights of this many bits; the compiler uses ±(2^(bits−1) − 1).
    public var weightBits: Int
    /// Where an axon has one of so many types and a neuron one weight per type; nil where every synapse has its own.
    public var axonTypes: Int?
    /// Whether an axon has one sign for all of its synapses.
    public var axonSigns = false

    public init(weightBits: Int) { self.weightBits = weightBits }
  }

  /// Datapath `leaky`: docs/emulator-semantics.md §3.
  public struct LeakyDatapath: Sendable, Equatable {
    public enum DecayOf: String, Sendable, Codable, CaseIterable { case leak, retained }
    /// Whether a tick's input joins u after u's decay, or before it and decays with it.
    public enum SynapseInput: String, Sendable, Codable, CaseIterable { case afterDecay, beforeDecay }
    public enum Comparison: String, Sendable, Codable, CaseIterable {
      case greater = ">"
      case greaterOrEqual = ">="
    }

    public var stateBits: Int
    public var stateOverflow: Overflow
    public var synapseOverflow: Overflow
    public var accumulatorBits: Int
    public var decayBits: Int
    public var decayExponents: ClosedRange<Int>
    public var decayOf: DecayOf
    public var decayRounding: Rounding
    /// Smallest leak of a non-zero state per tick; 0 turns it off. With `decayOf: leak` only.
    public var minimumStep: Int
    public var gainBits: Int
    public var inputRounding: Rounding
    public var weightExponents: ClosedRange<Int>
    public var biasBits: Int
    public var thresholdBits: Int
    public var comparison: Comparison
    public var refractoryBits: Int
    /// Whether a synaptic current state (CUBA) exists.
    public var synapticState: Bool
    public var accumulatorOverflow = Overflow.saturate
    public var synapseInput = SynapseInput.afterDecay
    /// What u' + bias is put through before v gets it; nil: nothing, the sum is exact.
    public var driveOverflow: Overflow?
    /// A bias is a mantissa of biasBits times 2^e with one of these e.
    public var biasExponents = 0...0
    /// A threshold is a mantissa of thresholdBits times 2^thresholdShift.
    public var thresholdShift = 0
    /// Most spikes of a neuron in one tick; more than 1 with reset by subtraction only.
    public var spikesPerTick = 1
    /// Nil for a datapath without noise.
    public var noise: Noise?

    public init(
      stateBits: Int, stateOverflow: Overflow, synapseOverflow: Overflow, accumulatorBits: Int,
      decayBits: Int, decayExponents: ClosedRange<Int>, decayOf: DecayOf, decayRounding: Rounding,
      minimumStep: Int, gainBits: Int, inputRounding: Rounding, weightExponents: ClosedRange<Int>,
      biasBits: Int, thresholdBits: Int, comparison: Comparison, refractoryBits: Int,
      synapticState: Bool
    ) {
      self.stateBits = stateBits
      self.stateOverflow = stateOverflow
      self.synapseOverflow = synapseOverflow
      self.accumulatorBits = accumulatorBits
      self.decayBits = decayBits
      self.decayExponents = decayExponents
      self.decayOf = decayOf
      self.decayRounding = decayRounding
      self.minimumStep = minimumStep
      self.gainBits = gainBits
      self.inputRounding = inputRounding
      self.weightExponents = weightExponents
      self.biasBits = biasBits
      self.thresholdBits = thresholdBits
      self.comparison = comparison
      self.refractoryBits = refractoryBits
      self.synapticState = synapticState
    }
  }

  public struct Electrical: Sendable, Equatable {
    public struct Parasitics: Sendable, Equatable {
      /// Fixed capacitance of the membrane node: comparator gate, reset switch, leak junctions. Farad.
      public var node: Double
      /// Per crosspoint on the column, programmed or not. Farad.
      public var crosspoint: Double
      /// Wire capacitance per length. Farad per metre.
      public var wire: Double
      /// Row pitch: column length is rows · pitch. Metre.
      public var pitch: Double
      /// To each neighbouring column. Farad.
      public var coupling: Double
      /// What every crosspoint adds to `crosspoint` and depends on the membrane's voltage; nil for nothing.
      public var junction: Junction?

      public init(node: Double, crosspoint: Double, wire: Double, pitch: Double, coupling: Double) {
        self.node = node
        self.crosspoint = crosspoint
        self.wire = wire
        self.pitch = pitch
        self.coupling = coupling
      }
    }
    /// How a spike ends.
    public enum Circuit: String, Sendable, Codable, CaseIterable {
      /// A comparator closes a switch, which takes the membrane to the reset voltage.
      case comparator
      /// The output is fed back through a part C_fb of the drawn capacitor and takes the membrane down by
      /// V_dd·C_fb/C_total (`AxonHillock`). C_fb is sized so that the drawn capacitor alone gives threshold less reset.
      case axonHillock
    }
    public enum LeakKind: String, Sendable, Codable, CaseIterable { case clocked, continuous }

    public struct Leak: Sendable, Equatable {
      public var kind: LeakKind
      /// Leak DAC: packet capacitance per tick = code · unit / 2^range, code of `bits` bits, range 0…ranges−1.
      /// Leak conductance = packet capacitance / dt. Unit in farad.
      public var bits: Int
      public var unit: Double
      public var ranges: Int

      public init(kind: LeakKind, bits: Int, unit: Double, ranges: Int) {
        self.kind = kind
        self.bits = bits
        self.unit = unit
        self.ranges = ranges
      }
    }
    public struct Reset: Sendable, Equatable {
      /// Ohm and seconds.
      public var onResistance: Double
      public var duration: Double

      public init(onResistance: Double, duration: Double) {
        self.onResistance = onResistance
        self.duration = duration
      }
    }

    /// Volt.
    public var supply: Double
    /// Membrane voltages that a unit-free network's reset and threshold are mapped to. Volt.
    public var swingReset: Double
    public var swingThreshold: Double
    /// Lowest membrane voltage; the membrane stops there. Volt.
    public var floor: Double
    /// Drawn membrane capacitor. Farad.
    public var membraneCapacitance: Double
    public var parasitics: Parasitics
    public var leak: Leak
    public var reset: Reset
    public var circuit = Circuit.comparator
    /// How much devices that are drawn alike differ; nil where the file does not say.
    public var mismatch: Mismatch?

    public init(
      supply: Double, swingReset: Double, swingThreshold: Double, floor: Double,
      membraneCapacitance: Double, parasitics: Parasitics, leak: Leak, reset: Reset
    ) {
      self.supply = supply
      self.swingReset = swingReset
      self.swingThreshold = swingThreshold
      self.floor = floor
      self.membraneCapacitance = membraneCapacitance
      self.parasitics = parasitics
      self.leak = leak
      self.reset = reset
    }
  }

  public struct Timing: Sendable, Equatable {
    /// Barrier: a tick ends when all is quiet, plus `barrierCycles`. Period: a tick is `tickPeriod` cycles.
    public enum Tick: Sendable, Equatable {
      case barrier(cycles: Int)
      case period(cycles: Int, late: LatePacket)
    }
    public enum LatePacket: String, Sendable, Codable, CaseIterable { case drop, nextTick }

    /// Hertz.
    public var clock: Double
    public var axonCycles: Int
    /// Axons per word of the ring, and cycles to scan one word.
    public var scanWord: Int
    public var scanCycles: Int
    public var synapsesPerCycle: Int
    public var neuronsPerCycle: Int
    public var neuronCycles: Int
    /// Entries of a core's injection queue.
    public var injectionQueue: Int
    public var tick: Tick
    /// What depends on stored synapses and on what neurons do.
    public var work = Work()
    /// Set where a core takes neuron by neuron; the counts of axons, scans and groups are then not used.
    public var neuronMajor: NeuronMajor?
    /// Set where a core takes event by event; likewise.
    public var perEvent: PerEvent?

    public init(
      clock: Double, axonCycles: Int, scanWord: Int, scanCycles: Int, synapsesPerCycle: Int,
      neuronsPerCycle: Int, neuronCycles: Int, injectionQueue: Int, tick: Tick
    ) {
      self.clock = clock
      self.axonCycles = axonCycles
      self.scanWord = scanWord
      self.scanCycles = scanCycles
      self.synapsesPerCycle = synapsesPerCycle
      self.neuronsPerCycle = neuronsPerCycle
      self.neuronCycles = neuronCycles
      self.injectionQueue = injectionQueue
      self.tick = tick
    }
  }

  public enum InputPort: String, Sendable, Codable, CaseIterable { case direct, edge }

  public struct Mesh: Sendable, Equatable {
    public var width: Int
    public var height: Int
    /// B: entries of each router input FIFO.
    public var bufferDepth: Int
    /// D: grant to eligible in the next buffer.
    public var hopCycles: Int
    /// C: grant to credit usable upstream.
    public var creditCycles: Int
    /// INJ: injection to eligible in the local buffer.
    public var injectionCycles: Int
    /// Order in which the rotating arbiters see the ports (0 +x, 1 −x, 2 +y, 3 −y, 4 local).
    public var portOrder: [Int]
    /// Whether one packet can go to several cores (docs/emulator-semantics.md §5.2).
    public var multicast = false

    public init(
      width: Int, height: Int, bufferDepth: Int, hopCycles: Int, creditCycles: Int,
      injectionCycles: Int, portOrder: [Int]
    ) {
      self.width = width
      self.height = height
      self.bufferDepth = bufferDepth
      self.hopCycles = hopCycles
      self.creditCycles = creditCycles
      self.injectionCycles = injectionCycles
      self.portOrder = portOrder
    }
  }

  public struct Routing: Sendable, Equatable {
    /// Longest destination list of one neuron.
    public var destinationsPerNeuron: Int
    public var packetBits: Int
    /// Whether partial-sum packets exist.
    public var partialPackets: Bool

    public init(destinationsPerNeuron: Int, packetBits: Int, partialPackets: Bool) {
      self.destinationsPerNeuron = destinationsPerNeuron
      self.packetBits = packetBits
      self.partialPackets = partialPackets
    }
  }
}
