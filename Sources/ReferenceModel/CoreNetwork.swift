import ChipModel
import NetworkIR

/// The network that a chip's cores compute, without cores: every population works on sample tick t in step t, a spike
/// without a delay acts in the tick in which it is fired, nothing is late.
///
/// Each parameter is a number of its own choice, ideal or a code's value, so that what one of them costs can be seen
/// alone. Per neuron and tick (docs/emulator-semantics.md §3), z ∈ {0, 1} the spike:
/// ```
/// a  = Σ w·s + Σ Poisson weight·count
/// x  = R(a·gain)
/// u' = F((1 − λ_s)·u + x)
/// v' = max(F((1 − λ)·v + u' + constant + n), floor)                   n: membrane noise
/// held for `refractory` ticks: v' = reset, or v' unchanged under subtraction
/// else v' > threshold (or ≥): z = 1, v' = reset or v' − reset
/// at the end of the tick: v ← max(v − m·kick, floor) of neurons neither fired nor held, m neighbours having fired
/// ```
/// Without `registers`, R and F do nothing: real arithmetic. With them, all potentials are in codes and R, F and the leak
/// are the datapath's, exactly; parameters that are no codes are taken as they are, and what is added to the state is
/// rounded to whole codes.
///
/// **Shapes:** arrays of a population have one value per neuron. **Cost:** one operation per spike and synapse, and a
/// few per neuron and tick.
public struct CoreNetwork: Sendable, Equatable {
  public struct Population: Sendable, Equatable {
    public var name: String
    public var model: String
    public var size: Int
    /// λ and λ_s, 0 … 1; λ_s = 1 holds nothing over.
    public var decay: [Double]
    public var synapseDecay: [Double]
    /// k where all of λ are whole multiples of 2^−k: a code's. Used with registers.
    public var decayExponent: Int?
    public var synapseDecayExponent: Int?
    public var constant: [Double]
    /// Neurons whose constant has the sign of v, and is added after the input; empty for none.
    public var isTowardZero: [Bool] = []
    /// Nil for a readout, which never fires.
    public var threshold: [Double]?
    /// Fires at the threshold too.
    public var isInclusive: Bool
    public var reset: [Double]
    /// A spike takes `reset` off v instead of setting v to it.
    public var subtracts: Bool
    public var refractory: [Int]
    public var kick: [Double]
    /// −∞ for none.
    public var floor: [Double]
    public var gain: [Double]
    public var initial: [Double]
    public var initialCurrent: [Double]
    public var poisson: [Poisson]
    /// Tick that the population's tick 0 has in the draws' counter, and the neurons' indices in it.
    public var startTick: Int
    public var row: [Int]
    /// Numbers (populations one after the other) of the neurons in the columns beside it; −1 for none.
    public var leftNeighbour: [Int]
    public var rightNeighbour: [Int]
    /// Units of v per network unit, by which summed potentials are divided.
    public var scale: Double
    /// Nil for none.
    public var noise: Noise?

    public init(
      name: String, model: String, size: Int, decay: [Double], synapseDecay: [Double], decayExponent: Int?,
      synapseDecayExponent: Int?, constant: [Double], threshold: [Double]?, isInclusive: Bool,
      reset: [Double],
      subtracts: Bool, refractory: [Int], kick: [Double], floor: [Double], gain: [Double], initial: [Double],
      initialCurrent: [Double], poisson: [Poisson], startTick: Int, row: [Int], leftNeighbour: [Int],
      rightNeighbour: [Int], scale: Double
    ) {
      self.name = name
      self.model = model
      self.size = size
      self.decay = decay
      self.synapseDecay = synapseDecay
      self.decayExponent = decayExponent
      self.synapseDecayExponent = synapseDecayExponent
      self.constant = constant
      self.threshold = threshold
      self.isInclusive = isInclusive
      self.reset = reset
      self.subtracts = subtracts
      self.refractory = refractory
      self.kick = kick
      self.floor = floor
      self.gain = gain
      self.initial = initial
      self.initialCurrent = initialCurrent
      self.poisson = poisson
      self.startTick = startTick
      self.row = row
      self.leftNeighbour = leftNeighbour
      self.rightNeighbour = rightNeighbour
      self.scale = scale
    }
  }

  /// Noise of the chip's words: n = R_in(unit·(2·ρ_v − (2^bits − 1))) in every tick; the threshold is raised by
  /// thresholdUnit·((ρ_θ and mask) − thresholdMean).
  public struct Noise: Sendable, Equatable {
    public var unit: Double
    public var mask: Int
    public var thresholdUnit: Double
    public var thresholdMean: Double

    public init(unit: Double, mask: Int, thresholdUnit: Double, thresholdMean: Double) {
      self.unit = unit
      self.mask = mask
      self.thresholdUnit = thresholdUnit
      self.thresholdMean = thresholdMean
    }
  }

  /// Events of a stimulus, drawn as the chip draws them (docs/emulator-semantics.md §3.1, §8).
  public struct Poisson: Sendable, Equatable {
    /// The count is the number of thresholds that are ≤ the draw.
    public var thresholds: [UInt32]
    /// Per neuron.
    public var weight: [Double]
    public var firstStream: UInt32

    public init(thresholds: [UInt32], weight: [Double], firstStream: UInt32) {
      self.thresholds = thresholds
      self.weight = weight
      self.firstStream = firstStream
    }
  }

  /// Synapses by source: channel or neuron j of the source has entries begin[j] ..< begin[j+1] of (row, weight).
  public struct Connection: Sendable, Equatable {
    public var source: Projection.Source
    public var target: Int
    /// Ticks between a spike and its effect.
    public var delay: Int
    public var begin: [Int]
    public var row: [Int32]
    public var weight: [Double]

    public init(
      source: Projection.Source, target: Int, delay: Int, begin: [Int], row: [Int32], weight: [Double]
    ) {
      self.source = source
      self.target = target
      self.delay = delay
      self.begin = begin
      self.row = row
      self.weight = weight
    }
  }

  /// Widths and roundings, and the largest spike count of an input channel in one tick.
  public struct Registers: Sendable, Equatable {
    public var datapath: Chip.LeakyDatapath
    public var axonCountMaximum: Int

    public init(datapath: Chip.LeakyDatapath, axonCountMaximum: Int) {
      self.datapath = datapath
      self.axonCountMaximum = axonCountMaximum
    }
  }

  public var populations: [Population]
  public var connections: [Connection]
  /// Channels of every input.
  public var inputSizes: [Int]
  /// Population of every output.
  public var outputs: [Int]
  /// Nil for real arithmetic.
  public var registers: Registers?
  /// Seconds per tick.
  public var dt: Double
  /// The chip's random words, by neuron in the order of the populations; nil without noise.
  public var noiseWords: NoiseWords?

  public init(
    populations: [Population], connections: [Connection], inputSizes: [Int], outputs: [Int],
    registers: Registers?, dt: Double
  ) {
    self.populations = populations
    self.connections = connections
    self.inputSizes = inputSizes
    self.outputs = outputs
    self.registers = registers
    self.dt = dt
  }
}
