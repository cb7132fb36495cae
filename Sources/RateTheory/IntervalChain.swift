/// Intervals between the spikes of a chain whose states have a density: from each spike's state to the next spike.
///
/// With S_t the mass that has not fired t ticks after the refractory ones, the mean interval is refractory + Σ S_t and its
/// second moment follows from Σ (2t + 1) S_t. Once the hazard stands still, what is left of the sums is a geometric series.
///
/// Where states after spikes differ (`isRenewal` false), the density of those in which spikes left the neuron starts the
/// next interval, until the mean interval stands still. Then it is the stationary one, seen from spikes, and 1/mean interval
/// the rate.
struct IntervalChain {
  /// The refractory ticks after a spike.
  var refractory: Int
  /// Ticks after which what is left is taken for steady.
  var longest: Double
  /// Whether every spike leaves the neuron in the state in which the first interval starts; then it is not held either.
  var isRenewal: Bool
  /// One tick: the density that has not fired; adds the states after spikes to the second.
  var tick: (_ density: [Double], _ fired: inout [Double]) -> [Double]
  /// One refractory tick.
  var hold: ([Double]) -> [Double]
  /// Relative change per tick of the hazard that counts as none, and of the mean interval.
  var steadiness = 1e-10
  var settled = 1e-8

  struct Intervals {
    var ratePerTick: Double
    /// Standard deviation over mean.
    var variation: Double
  }

  private static let mostRounds = 200

  /// - Throws: `notSettled`.
  func intervals(from start: [Double]) throws(NoisyIntegerNeuron.Refusal) -> Intervals {
    if isRenewal {
      var fired: [Double] = []
      return interval(from: start, &fired)
    }
    var state = start
    var last = 0.0
    var calm = 0
    for _ in 0..<Self.mostRounds {
      for _ in 0..<refractory { state = hold(state) }
      var fired = [Double](repeating: 0, count: start.count)
      let found = interval(from: state, &fired)
      let mass = fired.reduce(0, +)
      guard found.ratePerTick > 0, mass > 0 else { return found }
      calm = abs(found.ratePerTick - last) <= settled * found.ratePerTick ? calm + 1 : 0
      if calm == 2 { return found }
      last = found.ratePerTick
      state = fired.map { $0 / mass }
    }
    throw .notSettled
  }

  private func interval(from start: [Double], _ fired: inout [Double]) -> Intervals {
    var density = start
    var (survival, sum, squares, hazard, ticks) = (1.0, 0.0, 0.0, 0.0, 0.0)
    var steady = 0
    var before = fired
    while survival > 1e-13, ticks < longest {
      sum += survival
      squares += (2 * ticks + 1) * survival
      ticks += 1
      before = fired
      density = tick(density, &fired)
      let next = density.reduce(0, +)
      let last = hazard
      hazard = 1 - next / survival
      survival = next
      steady = abs(hazard - last) < steadiness * abs(hazard) + 1e-16 ? steady + 1 : 0
      if steady >= 100 { break }
    }
    if survival > 1e-13 {
      // Rounding leaves hazards of 1e-15: such a neuron is silent.
      guard hazard > 1e-14 else { return Intervals(ratePerTick: 0, variation: 1) }
      sum += survival / hazard
      squares += survival * ((2 * ticks + 1) / hazard + 2 * (1 - hazard) / (hazard * hazard))
      // What is left fires as the last tick did.
      let share = fired.isEmpty ? 0 : fired.reduce(0, +) - before.reduce(0, +)
      if share > 0 {
        for state in fired.indices { fired[state] += (fired[state] - before[state]) * survival / share }
      }
    }
    let mean = sum + Double(refractory)
    return Intervals(
      ratePerTick: 1 / mean, variation: max(squares - sum * sum, 0).squareRoot() / mean)
  }
}
