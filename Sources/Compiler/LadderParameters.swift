import ChipModel
import NetworkIR

/// Every parameter of a compiled network three times: as the network means it, as the capacitances leave it, and as
/// codes. `rheobase check` builds networks from any mixture of them and measures what each step costs.
///
/// Potentials are in the network's unit, codes in codes (`scale` codes per unit, `weightLSB` units per weight code).
public struct LadderParameters: Sendable {
  /// One value per neuron each.
  public struct Values: Sendable, Equatable {
    /// λ per tick; c that is added per tick; u before the first tick.
    public var decay: [Double]
    public var constant: [Double]
    public var initialCurrent: [Double]
    /// Value taken, or amount subtracted.
    public var reset: [Double]
    public var kick: [Double]
    /// Ratio of the step that arrives to the step that was sent.
    public var gain: [Double]
  }

  /// One value per neuron each, whole numbers except for fractions of powers of two.
  public struct Codes: Sendable, Equatable {
    /// λ = d/2^k, and k.
    public var decay: [Double]
    public var decayExponent: Int
    public var synapseDecay: [Double]
    public var synapseDecayExponent: Int
    public var constant: [Double]
    public var threshold: [Double]
    public var reset: [Double]
    public var kick: [Double]
    public var floor: [Double]
    public var initial: [Double]
    public var initialCurrent: [Double]
    /// gain / 2^gainBits.
    public var gain: [Double]
    public var weightExponent: Int
  }

  public struct Population: Sendable {
    public var name: String
    public var model: String
    public var size: Int
    /// What no capacitance changes. λ_s is 1 where input acts at once.
    public var synapseDecay: [Double]
    public var initial: [Double]
    /// Nil for a readout.
    public var threshold: [Double]?
    public var isInclusive: Bool
    public var subtracts: Bool
    public var refractory: [Int]
    /// Lowest v, where more than the register limits it.
    public var floor: [Double]?
    public var poisson: [Poisson]
    /// Nil for none.
    public var noise: Noise?
    public var ideal: Values
    /// With capacitances, before any rounding; the gain is 1 where it is compensated.
    public var physical: Values
    public var codes: Codes
    /// Codes of v per unit, and units of v per weight code as the compiler meant them.
    public var scale: Double
    public var weightLSB: Double
    /// Gain that the weights make up for.
    public var madeUpGain: Double
    /// On a chip whose leaks are constants; nil elsewhere.
    public var constantLeak: ConstantLeakStep?
  }

  /// The codes of a population's noise; there are no others, since the chip's distribution has no parameter beside them.
  public struct Noise: Sendable {
    /// Codes of v per unit of 2·ρ_v − (2^bits − 1).
    public var unit: Double
    public var mask: Int
    /// Codes that the threshold lies lower.
    public var thresholdMean: Double
  }

  /// What is added per tick in place of leak and constant drive, one value per neuron each.
  public struct ConstantLeakStep: Sendable {
    public var step: [Double]
    /// Taken with the sign of v.
    public var isTowardZero: [Bool]
  }

  public struct Poisson: Sendable {
    /// Events per draw.
    public var mean: Double
    public var firstStream: UInt32
    public var step: [Double]
    public var code: [Double]
  }

  /// Synapses by source; see `Columns`.
  public struct Connection: Sendable {
    public var source: Projection.Source
    public var target: Int
    /// Ticks between a spike and its effect in the network, and how many more it takes on the chip.
    public var delay: Int
    public var lateness: Int
    public var steps: Columns
    public var codes: Columns
  }

  /// A matrix by columns: source j has entries begin[j] ..< begin[j+1] of (row, value).
  public struct Columns: Sendable, Equatable {
    public var begin: [Int]
    public var row: [Int32]
    public var value: [Double]
  }

  public var populations: [Population]
  public var connections: [Connection]
  public var inputSizes: [Int]
  /// Population of every output.
  public var outputs: [Int]
}

extension LadderParameters {
  /// - Parameter legal: what was compiled, with the steps that weights were before they became codes.
  init(_ partitioned: PartitionedNetwork, legal: LegalNetwork, chip: Chip) {
    let quantized = partitioned.quantized
    populations = quantized.populations.indices.map { p in
      Population(
        legal.populations[p], membrane: quantized.physical.membranes[p], codes: quantized.populations[p],
        path: chip.datapath)
    }
    connections = zip(legal.connections, quantized.connections).enumerated().map { k, both in
      Connection(
        source: both.0.source, target: both.0.target, delay: both.0.delay,
        lateness: partitioned.lateness(k), steps: Columns(both.0.matrix) { $0 },
        codes: Columns(both.1.matrix) { Double($0) })
    }
    inputSizes = legal.network.inputs.map(\.size)
    outputs = legal.network.outputs.map(\.population)
  }
}

extension LadderParameters.Population {
  fileprivate init(
    _ legal: LegalPopulation, membrane: Membrane, codes: QuantizedPopulation, path: Chip.LeakyDatapath
  ) {
    let size = legal.size
    let unity = Double(1 << path.gainBits)
    let zeros = [Double](repeating: 0, count: size)
    let ones = [Double](repeating: 1, count: size)
    let reset = legal.firing?.reset ?? zeros
    let factor = (0..<size).map { i in
      legal.decay[i] > 0
        ? membrane.decayUncoded[i] / legal.decay[i] : (membrane.compensatesGain ? 1 : membrane.gain[i])
    }
    let isPhysical = membrane.capacitance != nil
    func fractions(_ mantissas: [Int32], _ exponent: UInt8) -> [Double] {
      mantissas.map { Double($0) / Double(1 << Int(exponent)) }
    }
    self.init(
      name: legal.name, model: legal.model, size: size, synapseDecay: legal.synapseDecay ?? ones,
      initial: legal.initial, threshold: legal.firing?.threshold,
      isInclusive: legal.firing?.inclusive ?? false, subtracts: legal.firing?.mode == .subtract,
      refractory: legal.firing?.refractory ?? [Int](repeating: 0, count: size),
      floor: codes.constantLeak?.floor ?? membrane.floor,
      poisson: zip(legal.poisson, codes.poisson).map { meant, coded in
        LadderParameters.Poisson(
          mean: meant.mean, firstStream: meant.firstStream, step: meant.step,
          code: coded.weight.map(Double.init))
      },
      noise: codes.noise.map {
        LadderParameters.Noise(
          unit: $0.unit, mask: Int($0.mask), thresholdMean: Double($0.thresholdMean))
      },
      ideal: LadderParameters.Values(
        decay: legal.decay, constant: legal.constant, initialCurrent: legal.initialCurrent, reset: reset,
        kick: zeros, gain: ones),
      physical: LadderParameters.Values(
        decay: membrane.decayUncoded,
        constant: isPhysical ? zip(legal.constant, factor).map { $0 * $1 } : legal.constant,
        initialCurrent: isPhysical
          ? zip(legal.initialCurrent, factor).map { $0 * $1 } : legal.initialCurrent,
        reset: membrane.reset, kick: membrane.kick,
        gain: membrane.compensatesGain ? ones : membrane.gain),
      codes: LadderParameters.Codes(
        decay: fractions(codes.decay, codes.decayExponent), decayExponent: Int(codes.decayExponent),
        synapseDecay: fractions(codes.synapseDecay, codes.synapseDecayExponent),
        synapseDecayExponent: Int(codes.synapseDecayExponent), constant: codes.bias.map(Double.init),
        threshold: codes.threshold.map { Double($0) - Double(codes.comparisonShift) },
        reset: codes.reset.map(Double.init), kick: codes.kick.map(Double.init),
        floor: codes.floor.map(Double.init), initial: codes.v0.map(Double.init),
        initialCurrent: codes.u0.map(Double.init), gain: codes.gain.map { Double($0) / unity },
        weightExponent: Int(codes.weightExponent)),
      scale: codes.scale, weightLSB: codes.report.weightScale, madeUpGain: codes.madeUpGain,
      constantLeak: codes.constantLeak.map {
        LadderParameters.ConstantLeakStep(step: $0.step, isTowardZero: $0.isTowardZero)
      })
  }
}

extension LadderParameters.Columns {
  fileprivate init<Value>(_ matrix: SparseMatrix<Value>, _ number: (Value) -> Double) {
    begin = [Int](repeating: 0, count: matrix.columns + 1)
    for column in matrix.column { begin[Int(column) + 1] += 1 }
    for j in 0..<matrix.columns { begin[j + 1] += begin[j] }
    var next = begin
    row = [Int32](repeating: 0, count: matrix.column.count)
    value = [Double](repeating: 0, count: matrix.column.count)
    for i in 0..<matrix.rows {
      for k in matrix.range(i) {
        let place = next[Int(matrix.column[k])]
        next[Int(matrix.column[k])] += 1
        row[place] = Int32(i)
        value[place] = number(matrix.value[k])
      }
    }
  }
}
