import Observations

/// How far one activity is from a reference. Differences of these add up, so that parts sum to the whole.
struct Measures: Encodable, Sendable, Equatable {
  /// (total − reference) / |reference| of the output total; left out when the reference's is zero.
  var outputDeviation: Double?
  /// Mean over all neurons that can fire of |rate − reference rate|. Hertz.
  var rateErrorHz: Double
  /// Spikes that only one of the two fired.
  var differingSpikes: Int
  /// Mean over all neurons that can fire of the van Rossum distance to the reference's train.
  var spikeDistance: Double
  /// Samples whose class is the label; left out without labels.
  var correct: Int?

  static func - (a: Measures, b: Measures) -> Measures { a.combined(b, -, -) }
  static func + (a: Measures, b: Measures) -> Measures { a.combined(b, +, +) }

  private func combined(
    _ other: Measures, _ numbers: (Double, Double) -> Double, _ counts: (Int, Int) -> Int
  ) -> Measures {
    func both<Value>(_ a: Value?, _ b: Value?, _ combine: (Value, Value) -> Value) -> Value? {
      guard let a, let b else { return nil }
      return combine(a, b)
    }
    return Measures(
      outputDeviation: both(outputDeviation, other.outputDeviation, numbers),
      rateErrorHz: numbers(rateErrorHz, other.rateErrorHz),
      differingSpikes: counts(differingSpikes, other.differingSpikes),
      spikeDistance: numbers(spikeDistance, other.spikeDistance),
      correct: both(correct, other.correct, counts))
  }
}

/// What activities are measured against.
struct Yardstick: Sendable {
  var reference: Activity
  var labels: [Int]?
  /// Whether each population can fire.
  var fires: [Bool]

  /// - Parameter run: populations behind the reference's, relays of the compiler, do not count.
  func measure(_ run: Activity) -> Measures {
    let activity = run.first(reference.populations.count)
    let total = reference.outputTotal
    let deviation = (activity.outputTotal - total) / abs(total)
    return Measures(
      outputDeviation: reference.outputCount > 0 && total != 0 && deviation.isFinite ? deviation : nil,
      rateErrorHz: rateError(activity),
      differingSpikes: SpikeDifference(reference.spikes, activity.spikes).total,
      spikeDistance: spikeDistance(activity), correct: activity.correct(labels))
  }

  private func rateError(_ activity: Activity) -> Double {
    let errors = rateErrors(reference, activity)
    var sum = 0.0
    var count = 0
    var begin = 0
    for (population, fires) in zip(reference.populations, fires) {
      if fires {
        sum += errors[begin..<begin + population.size].reduce(0, +)
        count += population.size
      }
      begin += population.size
    }
    return count > 0 ? sum / Double(count) : 0
  }

  private func spikeDistance(_ activity: Activity) -> Double {
    let firing = zip(reference.populations, fires).reduce(0) { $0 + ($1.1 ? $1.0.size : 0) }
    let neurons = reference.populations.reduce(0) { $0 + $1.size }
    var sum = 0.0
    var (first, second) = (TrainsByNeuron(neurons: neurons), TrainsByNeuron(neurons: neurons))
    for (a, b) in zip(reference.spikes.ranges(), activity.spikes.ranges()) {
      let (a, b) = (reference.spikes.events[a], activity.spikes.events[b])
      if a == b { continue }
      first.fill(a)
      second.fill(b)
      for neuron in 0..<neurons where first.ticks[neuron] != second.ticks[neuron] {
        sum += vanRossumDistance(
          first.ticks[neuron], second.ticks[neuron], timeConstant: Self.timeConstantTicks)
      }
    }
    let count = firing * reference.samples
    return count > 0 ? sum / Double(count) : 0
  }

  /// As `populationDistances` has it.
  private static let timeConstantTicks = 10.0
}

/// The spikes of one sample by neuron, in ticks.
private struct TrainsByNeuron {
  private(set) var ticks: [[Double]]

  init(neurons: Int) { ticks = [[Double]](repeating: [], count: neurons) }

  mutating func fill(_ events: ArraySlice<SpikeTrains.Event>) {
    for neuron in ticks.indices { ticks[neuron].removeAll(keepingCapacity: true) }
    for event in events { ticks[Int(event.channel)].append(Double(event.tick)) }
  }
}

extension Activity {
  /// Samples whose class is the label; nil without labels for all, or without outputs.
  func correct(_ labels: [Int]?) -> Int? {
    let classes = classes()
    guard let labels, !classes.isEmpty, labels.count == classes.count else { return nil }
    return zip(classes, labels).count { $0 == $1 }
  }
}

/// Per neuron: |rate of b − rate of a| in hertz over the whole run, a tick being as long as one of b.
func rateErrors(_ a: Activity, _ b: Activity) -> [Double] {
  let seconds = Double(b.samples) * Double(b.ticks) * b.dt
  return zip(a.spikeCounts(), b.spikeCounts()).map { abs(Double($1) - Double($0)) / seconds }
}
