/// How far the spikes of one population are apart in two runs: means over samples and neurons.
///
/// A neuron that is silent in both runs of a sample counts with distance 0 and synchronization 1.
public struct PopulationDistance: Codable, Sendable, Equatable {
  public var name: String
  /// Spikes; `vanRossumDistance`.
  public var vanRossum: Double
  /// Spikes; `victorPurpuraDistance`.
  public var victorPurpura: Double
  /// 0 to 1; `isiDistance`.
  public var isi: Double
  /// 0 to 1; `spikeDistance`.
  public var spike: Double
  /// 0 to 1, where 1 is together; `spikeSynchronization`.
  public var spikeSync: Double

  public init(
    name: String, vanRossum: Double, victorPurpura: Double, isi: Double, spike: Double, spikeSync: Double
  ) {
    self.name = name
    self.vanRossum = vanRossum
    self.victorPurpura = victorPurpura
    self.isi = isi
    self.spike = spike
    self.spikeSync = spikeSync
  }
}

/// Distances between the spikes of two runs, one entry per population in its order.
///
/// A spike of tick t is taken to be at (t + ½)·dt within [0, ticks·dt]. Times are compared in ticks, where they and their
/// halves are exact, so that no coincidence hangs on the rounding of dt.
///
/// - Parameters:
///   - a: any run; `b` has the same populations, samples, ticks and dt.
///   - timeConstant: τ of the van Rossum distance in seconds; by default 10·dt, so that a spike some ticks late is closer
///     than a missing one.
///   - cost: of the Victor-Purpura distance, per second; by default 1 / (10·dt), so that a spike is moved over at most 20
///     ticks before it counts as another one.
///
/// **Cost**: linear in events and neurons; trains that are equal cost nothing more.
public func populationDistances(
  _ a: Activity, _ b: Activity, timeConstant: Double? = nil, cost: Double? = nil
) -> [PopulationDistance] {
  precondition(
    a.populations.map(\.size) == b.populations.map(\.size) && a.samples == b.samples && a.ticks == b.ticks,
    "Only runs of the same shape have distances")
  let neurons = a.populations.reduce(0) { $0 + $1.size }
  var sums = DistanceSums(
    neurons: neurons, interval: 0...Double(a.ticks), timeConstant: timeConstant.map { $0 / a.dt } ?? 10,
    cost: cost.map { $0 * a.dt } ?? 0.1)
  var (first, second) = (TrainsOfSample(neurons: neurons), TrainsOfSample(neurons: neurons))
  for (rangeA, rangeB) in zip(a.spikes.ranges(), b.spikes.ranges()) {
    let (eventsA, eventsB) = (a.spikes.events[rangeA], b.spikes.events[rangeB])
    if eventsA == eventsB { continue }
    first.fill(eventsA)
    second.fill(eventsB)
    for neuron in 0..<neurons { sums.add(neuron, first.train(neuron), second.train(neuron)) }
  }
  var begin = 0
  return a.populations.map { population in
    defer { begin += population.size }
    return sums.mean(of: population.name, neurons: begin..<begin + population.size, samples: a.samples)
  }
}

/// The spikes of one sample sorted by neuron.
private struct TrainsOfSample {
  /// [neurons + 1]: where each neuron's spikes begin in `times`.
  private var begin: [Int]
  private var next: [Int]
  /// In ticks.
  private var times: [Double] = []

  init(neurons: Int) {
    begin = [Int](repeating: 0, count: neurons + 1)
    next = begin
  }

  mutating func fill(_ events: ArraySlice<SpikeTrains.Event>) {
    for k in begin.indices { begin[k] = 0 }
    for event in events { begin[Int(event.channel) + 1] += Int(event.count) }
    for k in 1..<begin.count { begin[k] += begin[k - 1] }
    for k in begin.indices { next[k] = begin[k] }
    times.removeAll(keepingCapacity: true)
    times.append(contentsOf: repeatElement(0, count: begin[begin.count - 1]))
    // Events are in order of ticks, so each neuron's times are ascending.
    for event in events {
      for _ in 0..<event.count {
        times[next[Int(event.channel)]] = Double(event.tick) + 0.5
        next[Int(event.channel)] += 1
      }
    }
  }

  func train(_ neuron: Int) -> ArraySlice<Double> { times[begin[neuron]..<begin[neuron + 1]] }
}

/// Sums over samples, per neuron; in ticks.
private struct DistanceSums {
  private let interval: ClosedRange<Double>
  private let timeConstant: Double
  private let cost: Double
  private var vanRossum: [Double]
  private var victorPurpura: [Double]
  private var isi: [Double]
  private var spike: [Double]
  /// 1 − synchronization.
  private var apart: [Double]
  /// Memory kept from call to call.
  private var a: [Double] = []
  private var b: [Double] = []
  private var row: [Double] = []

  init(neurons: Int, interval: ClosedRange<Double>, timeConstant: Double, cost: Double) {
    self.interval = interval
    self.timeConstant = timeConstant
    self.cost = cost
    vanRossum = [Double](repeating: 0, count: neurons)
    (victorPurpura, isi, spike, apart) = (vanRossum, vanRossum, vanRossum, vanRossum)
  }

  mutating func add(_ neuron: Int, _ first: ArraySlice<Double>, _ second: ArraySlice<Double>) {
    if first == second { return }
    a.removeAll(keepingCapacity: true)
    b.removeAll(keepingCapacity: true)
    a.append(contentsOf: first)
    b.append(contentsOf: second)
    vanRossum[neuron] += vanRossumDistance(a, b, timeConstant: timeConstant)
    victorPurpura[neuron] += victorPurpuraDistance(a, b, cost: cost, row: &row)
    isi[neuron] += isiDistance(a, b, in: interval)
    spike[neuron] += spikeDistance(a, b, in: interval)
    apart[neuron] += 1 - spikeSynchronization(a, b, in: interval)
  }

  func mean(of name: String, neurons: Range<Int>, samples: Int) -> PopulationDistance {
    let count = Double(neurons.count) * Double(samples)
    func mean(_ sums: [Double]) -> Double { count > 0 ? sums[neurons].reduce(0, +) / count : 0 }
    return PopulationDistance(
      name: name, vanRossum: mean(vanRossum), victorPurpura: mean(victorPurpura), isi: mean(isi),
      spike: mean(spike), spikeSync: 1 - mean(apart))
  }
}
