import ChipModel
import FixedPoint
import NetworkIR

extension CoreNetwork {
  /// The network laid flat: neurons and channels numbered one after the other.
  ///
  /// A population has two dozen arrays, and handing it on counts a reference to each of them. So whatever a neuron needs in a tick
  /// is here, by its number.
  struct Plan: Sendable {
    /// What is the same for all neurons of a population.
    struct Rules: Sendable {
      var startTick: Int
      /// Not of a readout.
      var fires: Bool
      var isInclusive: Bool
      var subtracts: Bool
      var noise: Noise?
    }

    /// [populations]
    var rules: [Rules]
    /// First neuron of every population, and the number of all.
    var offsets: [Int]
    var neurons: Int
    var channelOffsets: [Int]
    /// Populations, sources before the targets that they reach without a delay.
    var order: [Int]
    /// Connections into every population.
    var into: [[Int]]
    /// Ticks of spikes that are kept.
    var history: Int
    /// λ and λ_s of real arithmetic.
    var realDecay: [Double]
    var realSynapseDecay: [Double]
    var gain: [Double]
    /// 0 of readouts.
    var threshold: [Double]
    var refractory: [Int]
    /// Index in the draws' counter.
    var row: [Int]
    var isTowardZero: [Bool]
    /// Parameters, rounded to whole codes where they enter a register.
    var constant: [Double]
    var reset: [Double]
    var kick: [Double]
    var floor: [Double]
    var initial: [Double]
    var initialCurrent: [Double]
    var leftNeighbour: [Int]
    var rightNeighbour: [Int]
    var kicks: Bool
    /// λ and λ_s of registers; empty in real arithmetic.
    var decay: [RegisterRules.Fraction] = []
    var synapseDecay: [RegisterRules.Fraction] = []

    init(_ network: CoreNetwork) {
      let populations = network.populations
      var next = 0
      offsets = []
      for population in populations {
        offsets.append(next)
        next += population.size
      }
      neurons = next
      next = 0
      channelOffsets = []
      for size in network.inputSizes {
        channelOffsets.append(next)
        next += size
      }
      order = Self.order(network)
      into = populations.indices.map { p in
        network.connections.indices.filter { network.connections[$0].target == p }
      }
      rules = populations.map {
        Rules(
          startTick: $0.startTick, fires: $0.threshold != nil, isInclusive: $0.isInclusive,
          subtracts: $0.subtracts, noise: $0.noise)
      }
      realDecay = populations.flatMap(\.decay)
      realSynapseDecay = populations.flatMap(\.synapseDecay)
      gain = populations.flatMap(\.gain)
      threshold = populations.flatMap { $0.threshold ?? [Double](repeating: 0, count: $0.size) }
      refractory = populations.flatMap(\.refractory)
      row = populations.flatMap(\.row)
      isTowardZero = populations.flatMap {
        $0.isTowardZero.isEmpty ? [Bool](repeating: false, count: $0.size) : $0.isTowardZero
      }
      history = (network.connections.map(\.delay).max() ?? 0) + 1
      let inRegisters = network.registers != nil
      func flat(_ values: (Population) -> [Double]) -> [Double] {
        let all = populations.flatMap(values)
        return inRegisters ? all.map(Self.whole) : all
      }
      constant = flat(\.constant)
      reset = flat(\.reset)
      kick = flat(\.kick)
      floor = populations.flatMap(\.floor).map { inRegisters && $0.isFinite ? Self.whole($0) : $0 }
      initial = flat(\.initial)
      initialCurrent = flat(\.initialCurrent)
      leftNeighbour = populations.flatMap(\.leftNeighbour)
      rightNeighbour = populations.flatMap(\.rightNeighbour)
      kicks = kick.contains { $0 != 0 }
      if inRegisters {
        decay = populations.flatMap { population in
          population.decay.map { RegisterRules.Fraction($0, exponent: population.decayExponent) }
        }
        synapseDecay = populations.flatMap { population in
          population.synapseDecay.map {
            RegisterRules.Fraction($0, exponent: population.synapseDecayExponent)
          }
        }
      }
    }

    /// Codes have at most 24 bits; this bound keeps products of a state exact also where no code limits it.
    private static func whole(_ x: Double) -> Double {
      min(max(x.rounded(.toNearestOrEven), -0x1p24), 0x1p24)
    }

    /// A cycle without a delay, which no verified network has, is left in the network's order.
    private static func order(_ network: CoreNetwork) -> [Int] {
      var order: [Int] = []
      var isDone = [Bool](repeating: false, count: network.populations.count)
      while order.count < isDone.count {
        let ready = isDone.indices.first { p in
          !isDone[p]
            && network.connections.allSatisfy { connection in
              guard case .population(let source) = connection.source, connection.target == p,
                connection.delay == 0
              else { return true }
              return isDone[source]
            }
        }
        guard let next = ready ?? isDone.firstIndex(of: false) else { break }
        isDone[next] = true
        order.append(next)
      }
      return order
    }
  }
}

/// The datapath's arithmetic on a state: what of its rules a neuron needs in every tick.
struct RegisterRules {
  let accumulatorBits: Int
  let accumulatorOverflow: Overflow
  let inputRounding: Rounding
  let synapseInput: Chip.LeakyDatapath.SynapseInput
  let synapseOverflow: Overflow
  let driveOverflow: Overflow?
  let stateBits: Int
  let stateOverflow: Overflow
  let spikesPerTick: Int
  private let decayOf: Chip.LeakyDatapath.DecayOf
  private let decayRounding: Rounding
  private let minimumStep: Int64

  init(_ registers: CoreNetwork.Registers) {
    let path = registers.datapath
    accumulatorBits = path.accumulatorBits
    accumulatorOverflow = path.accumulatorOverflow
    inputRounding = path.inputRounding
    synapseInput = path.synapseInput
    synapseOverflow = path.synapseOverflow
    driveOverflow = path.driveOverflow
    stateBits = path.stateBits
    stateOverflow = path.stateOverflow
    spikesPerTick = path.spikesPerTick
    decayOf = path.decayOf
    decayRounding = path.decayRounding
    minimumStep = Int64(path.minimumStep)
  }

  /// λ as d/2^k.
  struct Fraction {
    var mantissa: Int64
    var exponent: Int

    /// Fraction bits of a λ that is no code: with states of 26 bits its products stay below 2^62.
    private static let idealExponent = 36

    init(_ decay: Double, exponent: Int?) {
      let k = exponent ?? Self.idealExponent
      self.exponent = k
      mantissa = Int64((min(max(decay, 0), 1) * Double(sign: .plus, exponent: k, significand: 1)).rounded())
    }
  }

  /// D(y), docs/emulator-semantics.md §3.2: R, the minimum step, and which part is rounded.
  func leaked(_ state: Double, _ fraction: Fraction, draw: () -> UInt32) -> Double {
    let y = Int64(state)
    if y == 0 { return 0 }
    let random = decayRounding == .stochastic ? draw() : 0
    switch decayOf {
    case .retained:
      let kept = (Int64(1) << Int64(fraction.exponent)) - fraction.mantissa
      return Double(shiftRight(y * kept, by: fraction.exponent, decayRounding, draw: random))
    case .leak:
      var leak = shiftRight(y * fraction.mantissa, by: fraction.exponent, decayRounding, draw: random)
      if minimumStep > 0, abs(leak) < minimumStep { leak = y.signum() * min(minimumStep, abs(y)) }
      return Double(y - leak)
    }
  }
}
