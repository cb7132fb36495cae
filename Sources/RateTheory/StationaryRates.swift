import FixedPoint
import ProgramImage

/// Stationary rate of a population whose neurons Poisson trains or noise drive, by its codes.
public struct StationaryRate: Sendable, Equatable {
  /// Mean over its neurons.
  public var hertz: Double
  /// Coefficient of variation of the intervals, mean over its neurons.
  public var intervalVariation: Double
  /// Largest number of codes that share a state; 1 is exact.
  public var codesPerState: Int64
  /// Largest estimated error of its neurons' rates, relative; nil where no grid of synaptic currents was needed.
  public var estimatedError: Double?
}

/// Stationary rates of all populations of a program that get Poisson trains or noise and no spikes; by population.
///
/// Kicks of neighbouring columns are drawn independently in every tick, with the neighbour's rate; where these rates
/// come out of this function itself, they are self-consistent to 1e-3, of which kicks make little.
///
/// - Parameter rates: hertz per population, for neighbours whose rate is not found here.
public func stationaryRates(_ image: ProgramImage, rates: [Double])
  -> [Int: Result<StationaryRate, NoisyIntegerNeuron.Refusal>]
{
  let populations = PoissonPopulations(image)
  var rates = rates
  // What neighbours do to each other is settled on a coarse grid, which costs little.
  if populations.haveKicks {
    for _ in 0..<6 {
      var change = 0.0
      for (p, groups) in populations.groups {
        guard case .success(let rate) = populations.rate(of: groups, rates: rates, resolution: 30) else {
          continue
        }
        change = max(change, abs(rate.hertz - rates[p]) / max(rate.hertz, 1e-9))
        rates[p] = rate.hertz
      }
      if change < 1e-3 { break }
    }
  }
  return populations.groups.mapValues { populations.rate(of: $0, rates: rates, resolution: 100) }
}

/// Rows of Poisson-driven populations, those together whose codes, trains and neighbours are alike.
private struct PoissonPopulations {
  /// What decides a row's rate.
  struct Key: Hashable {
    var codes: [Int32]
    /// Weight and table of each train.
    var trains: [SIMD2<Int32>]
    /// Populations of the neighbours that can fire.
    var neighbours: [Int]
  }
  struct Group {
    /// One of its rows.
    var row: Int
    var count: Int
    var key: Key
  }

  let image: ProgramImage
  private(set) var groups: [Int: [Group]] = [:]
  private(set) var haveKicks = false

  init(_ image: ProgramImage) {
    self.image = image
    var trains: [Int: [SIMD2<Int32>]] = [:]
    for entry in image.poisson.neuron.indices {
      trains[Int(image.poisson.neuron[entry]), default: []].append(
        SIMD2(image.poisson.weight[entry], image.poisson.table[entry]))
    }
    let receives = image.rowsWithSynapses
    var counts: [Int: [Key: Group]] = [:]
    var excluded: Set<Int> = []
    let codes = image.neurons
    let programs = image.programs.entries(rows: codes.count)
    for row in 0..<codes.count where codes.isMain(row) {
      let population = Int(codes.population[row])
      let own = trains[row] ?? []
      guard !own.isEmpty || image.hasNoise(row), codes.fires(row), programs[row] < 0, !receives[row] else {
        excluded.insert(population)
        continue
      }
      let kicks = codes.kick[row] != 0
      haveKicks = haveKicks || kicks
      let key = Key(
        codes: [
          codes.decay[row], Int32(codes.decayExponent[row]), codes.gain[row],
          Int32(codes.weightExponent[row]),
          codes.bias[row], codes.threshold[row], codes.reset[row], Int32(codes.resetMode[row]),
          codes.refractory[row], codes.kick[row], codes.floor[row], codes.synapseDecay[row],
          Int32(codes.synapseDecayExponent[row]), codes.u0[row],
        ]
          + (image.hasNoise(row)
            ? [codes.noise.mantissa[row], Int32(codes.noise.exponent[row]), codes.noise.mask[row]] : []),
        trains: own,
        neighbours: kicks ? image.neighbours(row).map { Int(codes.population[$0]) }.sorted() : [])
      counts[population, default: [:]][key, default: Group(row: row, count: 0, key: key)].count += 1
    }
    groups = counts.filter { !excluded.contains($0.key) }.mapValues { $0.values.sorted { $0.row < $1.row } }
  }

  func rate(of groups: [Group], rates: [Double], resolution: Int64) -> Result<
    StationaryRate, NoisyIntegerNeuron.Refusal
  > {
    var sum = StationaryRate(hertz: 0, intervalVariation: 0, codesPerState: 1)
    let neurons = Double(groups.reduce(0) { $0 + $1.count })
    for group in groups {
      var accumulator = CodeDistribution.zero
      for train in group.key.trains {
        let table = Int(train.y)
        let thresholds = image.poisson.threshold[
          Int(image.poisson.tableBegin[table])..<Int(image.poisson.tableBegin[table + 1])]
        accumulator = accumulator.adding(
          CodeDistribution(poissonThresholds: thresholds, weight: Int64(train.x)))
        // The convolution of many wide trains would not end.
        if accumulator.codes.count > 100_000 { return .failure(.tooManyStates) }
      }
      do throws(NoisyIntegerNeuron.Refusal) {
        let stationary = try NoisyIntegerNeuron(
          image, row: group.row, accumulator: accumulator,
          neighbours: group.key.neighbours.map { min(rates[$0] * image.dt, 1) }
        ).stationary(resolution: resolution)
        let share = Double(group.count) / neurons
        sum.hertz += share * stationary.ratePerTick / image.dt
        sum.intervalVariation += share * stationary.intervalVariation
        sum.codesPerState = max(sum.codesPerState, stationary.codesPerState)
        if let error = stationary.estimatedError { sum.estimatedError = max(sum.estimatedError ?? 0, error) }
      } catch {
        return .failure(error)
      }
    }
    return .success(sum)
  }
}

extension ProgramImage {
  /// Whether spikes or partial sums reach a row.
  fileprivate var rowsWithSynapses: [Bool] {
    var receives = [Bool](repeating: false, count: neurons.count)
    for core in 0..<cores.count {
      let first = Int(cores.neuronBegin[core])
      let axons = Int(cores.axonBegin[core])..<Int(cores.axonBegin[core + 1])
      for k in Int(crossbar.begin[axons.lowerBound])..<Int(crossbar.begin[axons.upperBound]) {
        receives[first + Int(crossbar.neuron[k])] = true
      }
    }
    for route in routes.kind.indices where routes.kind[route] == RouteKind.partial.rawValue {
      receives[Int(cores.neuronBegin[Int(routes.core[route])]) + Int(routes.axon[route])] = true
    }
    return receives
  }
}
