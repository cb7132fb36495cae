/// Mean-field quantities summed over the neurons of one population, to become those of a typical one.
struct NeuronMoments {
  private(set) var count = 0
  private var timeConstant = Span()
  private var rest = Span()
  private var threshold = Span()
  private var reset = Span()
  private var refractory = Span()
  private var synapse = Span()
  private var drift = Span()
  private var power = 0.0
  private var third = 0.0
  private var excitation = MeanField.Steps()
  private var inhibition = MeanField.Steps()
  private var isLeaky = true

  /// Mean, and how far values lie apart.
  private struct Span {
    var sum = 0.0
    var low = Double.infinity
    var high = -Double.infinity

    mutating func add(_ value: Double) {
      sum += value
      low = min(low, value)
      high = max(high, value)
    }
    /// Width relative to `unit`.
    func spread(_ unit: Double) -> Double { high > low && unit > 0 ? (high - low) / unit : 0 }
  }

  /// Adds one neuron: its own values, and what reaches it from outside (`drift`, `power`, `third`).
  mutating func add(_ neuron: MeanField.Population) {
    count += 1
    if let tau = neuron.timeConstant { timeConstant.add(tau) } else { isLeaky = false }
    rest.add(neuron.rest)
    threshold.add(neuron.threshold)
    reset.add(neuron.reset)
    refractory.add(neuron.refractory)
    synapse.add(neuron.synapse)
    drift.add(neuron.drift)
    power += neuron.power
    third += neuron.third
    excitation.add(neuron.excitation)
    inhibition.add(neuron.inhibition)
  }

  /// The typical neuron.
  func population(_ name: String) -> MeanField.Population {
    let n = Double(max(count, 1))
    var (up, down) = (MeanField.Steps(), MeanField.Steps())
    up.add(excitation, times: 1 / n)
    down.add(inhibition, times: 1 / n)
    return MeanField.Population(
      name: name, timeConstant: isLeaky ? timeConstant.sum / n : nil, rest: rest.sum / n,
      threshold: threshold.sum / n, reset: reset.sum / n, refractory: refractory.sum / n,
      synapse: synapse.sum / n, drift: drift.sum / n, power: power / n, third: third / n
    ).receiving(excitation: up, inhibition: down)
  }

  /// Largest spread of a parameter: potentials relative to the swing, time constants to themselves.
  var spread: Double {
    let n = Double(max(count, 1))
    let swing = abs(threshold.sum - reset.sum) / n
    let tau = isLeaky ? timeConstant.sum / n : 0
    return [
      timeConstant.spread(tau), rest.spread(swing), threshold.spread(swing), reset.spread(swing),
      refractory.spread(refractory.sum / n), synapse.spread(synapse.sum / n),
      isLeaky ? drift.spread(swing / max(tau, .leastNonzeroMagnitude)) : drift.spread(abs(drift.sum) / n),
    ].filter(\.isFinite).max() ?? 0
  }
}

/// Σ J, Σ J² and Σ J³.
struct StepSums {
  var first = 0.0
  var second = 0.0
  var third = 0.0

  mutating func add(_ step: Double) {
    first += step
    second += step * step
    third += step * step * step
  }

  mutating func add(_ other: StepSums) {
    first += other.first
    second += other.second
    third += other.third
  }
}

/// `StepSums` per pair of populations, over all neurons of the target.
struct CouplingMoments {
  private var sums: [StepSums]
  private let populations: Int

  init(populations: Int) {
    self.populations = populations
    sums = [StepSums](repeating: StepSums(), count: populations * populations)
  }

  /// Adds what one neuron gets. Large sums are best added in such parts, which keeps their digits.
  mutating func add(source: Int, target: Int, _ steps: StepSums) {
    sums[target * populations + source].add(steps)
  }

  mutating func add(source: Int, target: Int, step: Double) {
    sums[target * populations + source].add(step)
  }

  /// Per target neuron.
  func couplings(sizes: [Int]) -> [MeanField.Coupling] {
    sums.indices.compactMap { k in
      guard sums[k].second > 0 else { return nil }
      let (target, source) = k.quotientAndRemainder(dividingBy: populations)
      let n = Double(max(sizes[target], 1))
      return MeanField.Coupling(
        source: source, target: target, sum: sums[k].first / n, squares: sums[k].second / n,
        cubes: sums[k].third / n)
    }
  }
}
