import ChipModel
import Compiler
import FixedPoint
import NetworkIR
import ProgramImage
import ReferenceModel

/// What can move a chip away from its float64 network, in the order in which `check` switches it on.
enum Cause: String, CaseIterable, Codable, Sendable {
  /// Another time per tick than the reference's.
  case dt
  /// Relay cells that the compiler put in the place of pools, or of sums that no core holds.
  case relays
  /// One update per tick in the chip's order: rounding of float64, and Poisson events that act a tick early.
  case updateForm
  /// Capacitance: slower leak, smaller steps, kicks, what a reset leaves behind.
  case parasitics
  /// The lowest membrane voltage.
  case floor
  case leakCode
  /// Codes of threshold, reset, constant drive, kick, floor and initial state.
  case thresholdCode
  /// Codes of weights and gain.
  case weightCode
  /// Whole numbers in registers: rounding in every tick, widths, largest spike counts.
  case stateWidth
  /// What cores and mesh add: late feedback, late and dropped packets, partial sums that saturate.
  case meshLateness
  /// On a chip that takes event by event: every neuron is compared with its threshold after each of them. No `CoreNetwork` does
  /// that, so it is what remains, and has no value alone.
  case events

  /// For people.
  var name: String {
    switch self {
    case .dt: "time step"
    case .relays: "relay cells"
    case .updateForm: "update form"
    case .parasitics: "parasitics"
    case .floor: "membrane floor"
    case .leakCode: "leak code"
    case .thresholdCode: "threshold code"
    case .weightCode: "weight code"
    case .stateWidth: "state width and saturation"
    case .meshLateness: "mesh lateness"
    case .events: "comparison after every spike"
    }
  }

  /// The causes that are parameters of a `CoreNetwork`; the others are networks of their own.
  static let switched: [Cause] = allCases.filter { ![.dt, .relays, .updateForm, .events].contains($0) }
}

/// Where a program has put the neurons of a network: what decides who kicks whom, and which draws are whose.
struct NeuronPlaces: Sendable {
  var registers: CoreNetwork.Registers
  /// Whether the chip takes event by event.
  var isPerEvent: Bool
  var dt: Double
  var startTicks: [Int]
  /// Per population and neuron: row, and neuron numbers of the columns beside it or −1.
  var row: [[Int]]
  var left: [[Int]]
  var right: [[Int]]
  var noiseWords: NoiseWords?

  init(_ image: ProgramImage) {
    registers = CoreNetwork.Registers(
      datapath: image.chip.datapath, axonCountMaximum: image.chip.core.axonCountMaximum)
    isPerEvent = image.chip.timing.perEvent != nil
    dt = image.dt
    startTicks = image.startTicks
    noiseWords = NoiseWords(image)
    var offsets: [Int] = []
    var next = 0
    for population in image.populations {
      offsets.append(next)
      next += population.size
    }
    let empty = image.populations.map { [Int](repeating: -1, count: $0.size) }
    (row, left, right) = (empty, empty, empty)
    let neurons = image.neurons
    func number(_ row: Int) -> Int { offsets[Int(neurons.population[row])] + Int(neurons.index[row]) }
    for core in 0..<image.cores.count {
      let rows = Int(image.cores.neuronBegin[core])..<Int(image.cores.neuronBegin[core + 1])
      for i in rows where neurons.isMain(i) {
        let (population, index) = (Int(neurons.population[i]), Int(neurons.index[i]))
        row[population][index] = i
        // Columns ascend, so only the next row can be the column beside.
        guard i + 1 < rows.upperBound, neurons.isMain(i + 1), neurons.column[i + 1] == neurons.column[i] + 1,
          neurons.start[i + 1] == neurons.start[i]
        else { continue }
        right[population][index] = number(i + 1)
        left[Int(neurons.population[i + 1])][Int(neurons.index[i + 1])] = number(i)
      }
    }
  }
}

extension CoreNetwork {
  /// The compiled network with some of its causes of deviation acting, and ideal parameters in place of the others.
  ///
  /// With all of them but `meshLateness` this is the unpipelined network of the codes, spike for spike. `leakCode`
  /// without `parasitics` moves the ideal leak by the codes' relative error.
  init(_ ladder: LadderParameters, acting: Set<Cause>, places: NeuronPlaces) {
    let inRegisters = acting.contains(.stateWidth)
    self.init(
      populations: ladder.populations.indices.map {
        Population(ladder.populations[$0], index: $0, acting: acting, places: places)
      },
      connections: ladder.connections.map { connection in
        let lsb = ladder.populations[connection.target].weightLSB
        let columns = acting.contains(.weightCode) ? connection.codes : connection.steps
        return Connection(
          source: connection.source, target: connection.target,
          delay: connection.delay + (acting.contains(.meshLateness) ? connection.lateness : 0),
          begin: columns.begin, row: columns.row,
          weight: steps(
            columns.value, areCodes: acting.contains(.weightCode), inRegisters: inRegisters, lsb: lsb))
      },
      inputSizes: ladder.inputSizes, outputs: ladder.outputs, registers: inRegisters ? places.registers : nil,
      dt: places.dt)
    noiseWords = places.noiseWords
  }
}

/// Weights in the unit that the accumulator has: weight codes in registers, steps of v elsewhere.
private func steps(_ values: [Double], areCodes: Bool, inRegisters: Bool, lsb: Double) -> [Double] {
  if areCodes == inRegisters { return values }
  return values.map { areCodes ? $0 * lsb : $0 / lsb }
}

extension CoreNetwork.Population {
  fileprivate init(
    _ own: LadderParameters.Population, index: Int, acting: Set<Cause>, places: NeuronPlaces
  ) {
    let hasParasitics = acting.contains(.parasitics)
    let codesLeak = acting.contains(.leakCode)
    let codesWeights = acting.contains(.weightCode)
    let codesPotentials = acting.contains(.thresholdCode)
    let inRegisters = acting.contains(.stateWidth)
    let base = hasParasitics ? own.physical : own.ideal
    let codes = own.codes
    let all = 0..<own.size

    /// A potential, in codes in registers. `code` is what the compiler chose where it chose for just this mixture.
    func potential(_ values: [Double], code: [Double]?) -> [Double] {
      if !codesPotentials { return inRegisters ? values.map { $0 * own.scale } : values }
      let whole = code ?? values.map { ($0 * own.scale).rounded(.toNearestOrEven) }
      return inRegisters ? whole : whole.map { $0 / own.scale }
    }
    // The leak that runs, and with it the drive, so that V∞ stays.
    var decay = base.decay
    var constant = base.constant
    if codesLeak, let constantLeak = own.constantLeak {
      decay = all.map { _ in 0 }
      constant = constantLeak.step
    } else if codesLeak {
      for i in all where own.physical.decay[i] > 0 {
        decay[i] =
          hasParasitics ? codes.decay[i] : min(base.decay[i] * codes.decay[i] / own.physical.decay[i], 1)
        if decay[i] > 0 { constant[i] *= decay[i] / base.decay[i] }
      }
    }
    let isWhole = codesLeak && (hasParasitics || own.constantLeak != nil)
    let floor: [Double]
    switch (acting.contains(.floor), own.floor) {
    case (true, let lowest?): floor = potential(lowest, code: codes.floor)
    case (true, nil) where inRegisters && codesPotentials: floor = codes.floor
    default: floor = all.map { _ in -.infinity }
    }
    // Steps of v per step of the accumulator.
    let arriving =
      if hasParasitics && codesWeights {
        codes.gain.map { inRegisters ? $0 : $0 / own.madeUpGain }
      } else {
        base.gain.map { inRegisters ? $0 * own.madeUpGain : $0 }
      }
    let shift = inRegisters ? Double(1 << codes.weightExponent) : 1
    self.init(
      name: own.name, model: own.model, size: own.size, decay: decay,
      synapseDecay: codesLeak ? codes.synapseDecay : own.synapseDecay,
      decayExponent: codesLeak && hasParasitics ? codes.decayExponent : nil,
      synapseDecayExponent: codesLeak ? codes.synapseDecayExponent : nil,
      constant: potential(constant, code: isWhole ? codes.constant : nil),
      threshold: own.threshold.map { potential($0, code: codes.threshold) }, isInclusive: own.isInclusive,
      reset: potential(base.reset, code: hasParasitics ? codes.reset : nil), subtracts: own.subtracts,
      refractory: own.refractory, kick: potential(base.kick, code: hasParasitics ? codes.kick : nil),
      floor: floor, gain: arriving.map { $0 * shift }, initial: potential(own.initial, code: codes.initial),
      initialCurrent: potential(base.initialCurrent, code: isWhole ? codes.initialCurrent : nil),
      poisson: own.poisson.map { poisson in
        CoreNetwork.Poisson(
          thresholds: poissonThresholds(mean: poisson.mean),
          weight: steps(
            codesWeights ? poisson.code : poisson.step, areCodes: codesWeights, inRegisters: inRegisters,
            lsb: own.weightLSB),
          firstStream: poisson.firstStream)
      },
      startTick: places.startTicks[index], row: places.row[index], leftNeighbour: places.left[index],
      rightNeighbour: places.right[index], scale: inRegisters ? own.scale : 1)
    if codesLeak, let constantLeak = own.constantLeak { isTowardZero = constantLeak.isTowardZero }
    noise = own.noise.map {
      let perCode = inRegisters ? 1 : 1 / own.scale
      return CoreNetwork.Noise(
        unit: $0.unit * perCode, mask: $0.mask, thresholdUnit: perCode, thresholdMean: $0.thresholdMean)
    }
  }
}

extension ProgramImage {
  /// First active tick of each population, so that the reference draws the same Poisson trains.
  var startTicks: [Int] {
    var starts = [Int](repeating: 0, count: populations.count)
    for row in 0..<neurons.count where neurons.isMain(row) {
      starts[Int(neurons.population[row])] = Int(neurons.start[row])
    }
    return starts
  }
}
