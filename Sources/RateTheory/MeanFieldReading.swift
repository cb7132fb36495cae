/// A mean field that was read from a network or a program, with what was averaged away.
public struct MeanFieldReading: Sendable, Equatable {
  public var field: MeanField
  /// The neurons of every population, without what other populations send them.
  public var neurons: [[MeanField.Population]]
  /// Per population: how far its neurons lie apart in a parameter or in their constant drive, relative to the swing.
  public var spread: [Double]
  /// Whether a population fires and has a membrane to speak of (no time constant of 0); the others' rate is 0.
  public var hasRate: [Bool]
  /// Whether spike inputs lead to a population; their channels are taken for silent.
  public var hasInput: [Bool]
  /// Whether Poisson trains or spikes of other neurons reach a population. Kicks alone do not make it so.
  public var isStochastic: [Bool]

  init(
    names: [String], neurons: [[MeanField.Population]], couplings: CouplingMoments, hasRate: [Bool],
    hasInput: [Bool], isStochastic: [Bool]
  ) {
    self.neurons = neurons
    self.isStochastic = isStochastic
    self.hasRate = hasRate
    self.hasInput = hasInput
    var populations: [MeanField.Population] = []
    spread = []
    for (p, name) in names.enumerated() {
      var moments = NeuronMoments()
      for neuron in neurons[p] { moments.add(neuron) }
      spread.append(moments.spread)
      var typical = moments.population(name)
      if !hasRate[p] { typical.threshold = .infinity }
      populations.append(typical)
    }
    field = MeanField(
      populations: populations, couplings: couplings.couplings(sizes: neurons.map(\.count)))
  }

  /// Rate of a population that nothing but constants drive, as the mean over its neurons; hertz. Nil for any other.
  ///
  /// - Parameters:
  ///   - slowness: C_total/C_membrane: how much slower the membranes are; V∞ stays where it is.
  ///   - swing: what is left of the distance from reset to threshold.
  public func constantRate(_ p: Int, slowness: Double = 1, swing: Double = 1) -> Double? {
    guard !hasInput[p], !isStochastic[p] else { return nil }
    return ownRate(p, slowness: slowness, swing: swing)
  }

  /// The same as if nothing else reached the population.
  public func ownRate(_ p: Int, slowness: Double = 1, swing: Double = 1) -> Double? {
    guard hasRate[p], !neurons[p].isEmpty else { return nil }
    let sum = neurons[p].reduce(0) { $0 + $1.constantRate(slowness: slowness, swing: swing) }
    return sum.isFinite ? sum / Double(neurons[p].count) : nil
  }

  /// Where the constants of a typical neuron end; nil without a leak.
  public func driveEnd(_ p: Int) -> DriveEnd? {
    let neuron = field.populations[p]
    guard let tau = neuron.timeConstant, neuron.threshold.isFinite else { return nil }
    return DriveEnd(
      vInfinity: neuron.rest + tau * neuron.drift, threshold: neuron.threshold, scale: neuron.rest)
  }

  /// V∞ of a typical neuron under its constants alone, as a share of the way from reset to threshold: it fires above 1.
  /// Nil without a leak.
  public func constantDrive(_ p: Int) -> Double? {
    let neuron = field.populations[p]
    guard let tau = neuron.timeConstant, neuron.threshold > neuron.reset, neuron.threshold.isFinite else {
      return nil
    }
    return (neuron.rest + tau * neuron.drift - neuron.reset) / (neuron.threshold - neuron.reset)
  }
}

extension MeanField.Population {
  fileprivate func constantRate(slowness: Double, swing: Double) -> Double {
    let reset = threshold - (threshold - reset) * swing
    guard let tau = timeConstant else {
      guard drift > 0 else { return 0 }
      return 1 / (refractory + max(threshold - reset, 0) * slowness / drift)
    }
    let vInfinity = rest + tau * drift
    guard DriveEnd(vInfinity: vInfinity, threshold: threshold, scale: rest) == .above else { return 0 }
    return leakyRate(
      vInfinity: vInfinity, threshold: threshold, reset: reset, timeConstant: tau * slowness,
      refractory: refractory)
  }
}
