import FixedPoint
import Foundation
import ProgramImage

extension MeanFieldReading {
  /// The program as a network in continuous time whose numbers are its codes, in codes of the membrane.
  ///
  /// ```
  /// τ = dt·2^k/d      E = bias·2^k/d     J = code · gain · 2^(weightExponent − gainBits), times 2^k_s/d_s with a synapse
  /// ```
  /// Partial-sum neurons count as part of the neuron that they feed, splitters as the neuron that they repeat. Kicks of
  /// neighbouring columns are inputs like others, with J = −kick. Membrane noise is power without a mean, threshold noise a
  /// threshold that lies higher by its mean, a stochastic synapse a step of random size. Rounding, floor, saturation and the spread of a noisy threshold are left out.
  public init(_ image: ProgramImage) {
    let count = image.populations.count
    let codes = image.neurons
    var neurons = [[MeanField.Population]](repeating: [], count: count)
    var couplings = CouplingMoments(populations: count)
    var hasRate = [Bool](repeating: false, count: count)
    var hasInput = hasRate
    var isStochastic = hasRate
    let main = MainRows(image)
    /// Step of v per unit of the accumulator.
    func step(_ row: Int) -> Double {
      let unit =
        Double(codes.gain[row])
        * exp2(Double(codes.weightExponent[row]) - Double(image.chip.datapath.gainBits))
      return unit / image.synapseFraction(row)
    }

    var own = (0..<codes.count).map { row in MeanField.Population(image, row: row) }
    for entry in image.poisson.neuron.indices {
      let table = Int(image.poisson.table[entry])
      let thresholds = image.poisson.threshold[
        Int(image.poisson.tableBegin[table])..<Int(image.poisson.tableBegin[table + 1])]
      let row = Int(image.poisson.neuron[entry])
      isStochastic[Int(codes.population[row])] = true
      let mean = CodeDistribution(poissonThresholds: thresholds, weight: 1).mean
      own[row].addPoisson(
        count: 1, rate: mean / image.dt, step: Double(image.poisson.weight[entry]) * step(row))
    }
    for row in 0..<codes.count where image.hasNoise(row) {
      let noise = image.noiseMoments(row)
      isStochastic[Int(codes.population[row])] = true
      own[row].power += noise.stepVariance / image.dt
      own[row].threshold += noise.thresholdMean
    }
    let sources = AxonSources(image)
    for core in 0..<image.cores.count {
      let first = Int(image.cores.neuronBegin[core])
      for axon in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        for k in Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1]) {
          guard let row = main.row(of: first + Int(image.crossbar.neuron[k])) else { continue }
          let target = Int(codes.population[row])
          if sources.isInput[axon] { hasInput[target] = true }
          for source in sources.populations[axon] {
            isStochastic[target] = true
            couplings.add(
              source: source, target: target,
              image.stepSums(synapse: k, axon: axon, row: first + Int(image.crossbar.neuron[k]), step(row)))
          }
        }
      }
    }
    let programs = image.programs.entries(rows: codes.count)
    for row in 0..<codes.count where codes.isMain(row) {
      let target = Int(codes.population[row])
      neurons[target].append(own[row])
      if codes.fires(row), programs[row] < 0 { hasRate[target] = true }
      for neighbour in image.neighbours(row) where codes.kick[row] != 0 {
        couplings.add(
          source: Int(codes.population[neighbour]), target: target, step: -Double(codes.kick[row]))
      }
    }
    self.init(
      names: image.populations.map(\.name), neurons: neurons, couplings: couplings, hasRate: hasRate,
      hasInput: hasInput, isStochastic: isStochastic)
  }
}

extension ProgramImage {
  /// Moments of what one spike adds; a stochastic synapse adds ±1 with the chance (|s| + 1)/2^bits, or nothing.
  ///
  /// - Parameter unit: step of v per unit of the accumulator.
  fileprivate func stepSums(synapse: Int, axon: Int, row: Int, _ unit: Double) -> StepSums {
    let weight = Double(crossbar.weight[synapse])
    var sums = StepSums()
    guard let rule = chip.datapath.noise?.synapse, isStochastic(axon: axon, row: row) else {
      sums.add(weight * unit)
      return sums
    }
    guard weight != 0 else { return sums }
    let chance = (abs(weight) + 1) / Double(rule.strongest + 1)
    let signed = weight > 0 ? unit : -unit
    sums.first = chance * signed
    sums.second = chance * signed * signed
    sums.third = chance * signed * signed * signed
    return sums
  }
}

extension ProgramImage {
  /// d_s/2^k_s: the part of the synaptic current that goes per tick; 1 where there is none.
  fileprivate func synapseFraction(_ row: Int) -> Double {
    let d = Double(neurons.synapseDecay[row]) / exp2(Double(neurons.synapseDecayExponent[row]))
    return d > 0 ? d : 1
  }

  /// Rows of the neighbouring columns whose neurons can fire.
  public func neighbours(_ row: Int) -> [Int] {
    [row - 1, row + 1].filter { other in
      guard neurons.kind.indices.contains(other), neurons.fires(other),
        abs(Int(neurons.column[other]) - Int(neurons.column[row])) == 1
      else { return false }
      // Rows of one core lie together: a neighbour in the array may be on the next core.
      return !cores.neuronBegin.contains(Int64(max(row, other)))
    }
  }
}

extension MeanField.Population {
  fileprivate init(_ image: ProgramImage, row: Int) {
    let codes = image.neurons
    let unit = exp2(Double(codes.decayExponent[row]))
    let decay = Double(codes.decay[row])
    let threshold = Double(codes.threshold[row])
    let bias = Double(codes.bias[row])
    let isSubtracting = codes.resetMode[row] == ProgramImage.ResetMode.subtract.rawValue
    let synapse = image.synapseFraction(row)
    self.init(
      name: "", timeConstant: decay > 0 ? image.dt * unit / decay : nil,
      rest: decay > 0 ? bias * unit / decay : 0, threshold: threshold,
      reset: isSubtracting ? threshold - Double(codes.reset[row]) : Double(codes.reset[row]),
      refractory: Double(codes.refractory[row]) * image.dt,
      synapse: synapse < 1 ? image.dt / synapse : 0, drift: decay > 0 ? 0 : bias / image.dt)
  }
}

/// From any row to the row of the network's neuron that it works for.
private struct MainRows {
  private var mains: [Int?]

  init(_ image: ProgramImage) {
    let neurons = image.neurons
    var known: [SIMD2<Int32>: Int] = [:]
    for row in 0..<neurons.count where neurons.isMain(row) {
      known[SIMD2(neurons.population[row], neurons.index[row])] = row
    }
    mains = (0..<neurons.count).map { row in
      switch ProgramImage.NeuronKind(rawValue: neurons.kind[row]) {
      case .spiking, .potential: row
      case .partial: known[SIMD2(neurons.population[row], neurons.index[row])]
      case .splitter, nil: nil
      }
    }
  }

  func row(of row: Int) -> Int? { mains[row] }
}

/// Who sends to each axon of all cores.
private struct AxonSources {
  var populations: [[Int]]
  var isInput: [Bool]

  init(_ image: ProgramImage) {
    let axons = image.crossbar.begin.count - 1
    populations = [[Int]](repeating: [], count: axons)
    isInput = [Bool](repeating: false, count: axons)
    for row in 0..<image.neurons.count {
      for k in Int(image.routes.begin[row])..<Int(image.routes.begin[row + 1])
      where image.routes.kind[k] == ProgramImage.RouteKind.spike.rawValue {
        let axon = Int(image.cores.axonBegin[Int(image.routes.core[k])]) + Int(image.routes.axon[k])
        populations[axon].append(Int(image.neurons.population[row]))
      }
    }
    for k in image.inputs.core.indices {
      isInput[Int(image.cores.axonBegin[Int(image.inputs.core[k])]) + Int(image.inputs.axon[k])] = true
    }
  }
}
