import Foundation

/// One point of an f-I curve.
public struct RatePoint: Sendable {
  public var current: Double
  public var spikes: Int
  public var firstSpike: Double?
  public var firstInterval: Double?
  public var lastInterval: Double?
  /// Between the first and the last spike.
  public var meanInterval: Double?
}

/// The smallest current that makes a neuron fire.
public struct Rheobase: Sendable {
  public var current: Double
  /// From the equation itself, for any duration; else from steps of the analysis' duration.
  public var isExact: Bool
}

/// How a neuron starts to fire when a steady current grows.
///
/// **Source:** A. L. Hodgkin, J. Physiol. 107 (1948) 165; E. M. Izhikevich, Dynamical Systems in Neuroscience (2007) §7.1.
public enum ExcitabilityClass: Int, Sendable, Codable {
  /// The rate grows from 0.
  case one = 1
  /// The rate starts at a value of its own.
  case two = 2
  /// It never fires repetitively.
  case three = 3
}

/// What a neuron does under steps and pulses of current.
public struct Excitability<Model: NeuronModel>: Sendable {
  public let model: Model
  /// How long a step lasts.
  public let duration: Double
  /// The largest current that is tried.
  public let largest: Double
  public let tolerance: Double
  private let rest: NeuronState
  /// Whether there is a stable equilibrium without current.
  public let hasRest: Bool

  public init(_ model: Model, duration: Double, largest: Double, tolerance: Double = 1e-9) {
    self.model = model
    self.duration = duration
    self.largest = largest
    self.tolerance = tolerance
    let resting = model.restingState
    hasRest = resting != nil || model.dimension == 1
    rest = resting ?? model.start
  }

  /// Spikes under a steady current, from where the model's traces start.
  public func rate(at current: Double) -> RatePoint {
    RatePoint(current: current, spikeTimes: spikes(.constant(current), from: model.start, within: duration))
  }

  private func spikes(
    _ current: InputCurrent, from start: NeuronState, within time: Double, most: Int = 1_000_000
  ) -> [Double] {
    var integration = NeuronIntegration(duration: time, tolerance: tolerance, mostSpikes: most)
    integration.mostSteps = 300_000
    return model.run(from: start, current: current, integration).spikeTimes
  }

  // MARK: - Rheobase

  /// The least step current, from rest, that makes it fire once within the duration; nil if none up to the largest does, or
  /// if it fires without any.
  ///
  /// With one variable it fires, sooner or later, if and only if V' > 0 all the way to the threshold, so the rheobase
  /// is the largest holding current on the way: exact, for any duration.
  public var rheobase: Rheobase? {
    guard hasRest else { return nil }
    if model.dimension == 1 { return wayToThreshold.map { Rheobase(current: $0, isExact: true) } }
    return onset { fires(under: $0) }.map { Rheobase(current: $0, isExact: false) }
  }

  private var wayToThreshold: Double? {
    let from = rest[0]
    guard let end = thresholdPotential, end > from else { return nil }
    let ways = model.bifurcations.filter { (from...end).contains($0.potential) }.map(\.current)
    return (ways + [model.holdingCurrent(at: from), model.holdingCurrent(at: end)]).max()
  }

  /// Where the steady state is on the threshold.
  private var thresholdPotential: Double? {
    func distance(_ v: Double) -> Double { model.distanceToThreshold(model.steadyState(at: v)) }
    // Peaks of integrate-and-fire models lie above the range in which equilibria are looked for.
    let low = model.potentialRange.lowerBound
    var high = model.potentialRange.upperBound
    for _ in 0..<60 where distance(high) < 0 { high += (high - low).magnitude + 1 }
    guard distance(low) < 0, distance(high) >= 0 else { return nil }
    return root(between: low, high, distance)
  }

  private func fires(under current: Double) -> Bool {
    !spikes(.constant(current), from: rest, within: duration, most: 1).isEmpty
  }

  /// The least current above 0 for which `holds` becomes true: found among 64 currents up to the largest, then
  /// by halving to a millionth of the largest. Nil if it never does or does without current.
  private func onset(_ holds: (Double) -> Bool) -> Double? {
    guard !holds(0) else { return nil }
    let steps = 64
    var low = 0.0
    for step in 1...steps {
      let high = largest * Double(step) / Double(steps)
      if holds(high) { return bisect(low, high, to: 1e-7 * largest, holds) }
      low = high
    }
    return nil
  }

  private func bisect(_ from: Double, _ to: Double, to width: Double, _ holds: (Double) -> Bool) -> Double {
    var (low, high) = (from, to)
    while high - low > width {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if holds(middle) { high = middle } else { low = middle }
    }
    return high
  }

  // MARK: - Strength and duration

  /// The least pulse of a given length, from rest, that makes it fire while the pulse lasts or within the duration after it.
  /// Nil where no pulse does, however strong.
  public func threshold(forPulse length: Double, rheobase: Double) -> Double? {
    func fires(_ current: Double) -> Bool {
      !spikes(.pulse(current, until: length), from: rest, within: length + duration, most: 1).isEmpty
    }
    let base = max(rheobase.magnitude, 1e-6 * largest)
    var low = rheobase
    if fires(low) { return low }
    var step = base * 0.25
    var high = low + step
    while !fires(high) {
      low = high
      step *= 2
      high += step
      guard step < 1e12 * base else { return nil }
    }
    return bisect(low, high, to: 1e-10 * high.magnitude, fires)
  }

  /// The pulse length at which the threshold is twice the rheobase: τ ln 2 for a leaky integrator.
  ///
  /// Found the other way round: under twice the rheobase, the shortest pulse that makes it fire. Nil if the
  /// rheobase is not positive, as then no current is its double.
  public func chronaxie(rheobase: Double) -> Double? {
    guard rheobase > 0 else { return nil }
    func fires(_ length: Double) -> Bool {
      !spikes(.pulse(2 * rheobase, until: length), from: rest, within: length + duration, most: 1).isEmpty
    }
    guard fires(duration) else { return nil }
    return bisect(0, duration, to: 1e-10 * duration, fires)
  }

  // MARK: - Class

  /// The least step current under which it fires repetitively: at least three spikes, the last one in the last
  /// third of the duration. With one variable and a reset that is the rheobase.
  public var repetitiveOnset: Double? {
    if model.dimension == 1, Model.form.resets { return rheobase?.current }
    return onset { isRepetitive(under: $0) }
  }

  private func isRepetitive(under current: Double) -> Bool {
    let times = spikes(.constant(current), from: rest, within: duration)
    return times.count >= 3 && (times.last ?? 0) > duration * 2 / 3
  }

  /// Class 1 with one variable and a reset, where the rate is a continuous function that grows from 0. Class 2 where rest
  /// ends in a Hopf bifurcation. Otherwise by the intervals a hundred-thousandth and a thousandth above the onset: in class
  /// 1 the first is much longer (ten times at a saddle-node on a circle), in class 2 they are alike; the line is
  /// at 1.25. The onset is the bifurcation at which rest ends, or the repetitive onset where that is lower.
  ///
  /// - Parameter onset: the repetitive onset. Nil if there is no rest without current.
  public func excitabilityClass(repetitiveOnset onset: Double?) -> ExcitabilityClass? {
    if model.dimension == 1, Model.form.resets { return .one }
    guard hasRest else { return nil }
    guard let onset else { return .three }
    let end = model.restEnds
    if end?.kind == .hopf { return .two }
    let scale = max(onset.magnitude, 1e-3 * largest)
    let isEnd = end.map { onset >= $0.current - 1e-3 * scale } ?? false
    let start = isEnd ? end?.current ?? onset : onset
    guard let far = lateInterval(at: start + 1e-3 * scale) else { return isEnd ? .one : .two }
    // Firing that stops again this close to the onset did not start at rate 0, unless rest has ended there.
    guard let near = lateInterval(at: start + 1e-5 * scale) else { return isEnd ? .one : .two }
    return near / far > 1.25 ? .one : .two
  }

  /// The mean of the intervals between the 10th and the 20th spike.
  private func lateInterval(at current: Double) -> Double? {
    let times = spikes(.constant(current), from: rest, within: 100 * duration, most: 20)
    return times.count == 20 ? (times[19] - times[9]) / 10 : nil
  }

  /// Whether the neuron answers to the sum of its input or to its rhythm: by the bifurcation that ends rest.
  ///
  /// **Source:** E. M. Izhikevich, Dynamical Systems in Neuroscience (2007) §7.2.
  public var response: NeuronResponse? {
    if model.dimension == 1 { return .integrator }
    return model.restEnds.map { $0.kind == .hopf ? .resonator : .integrator }
  }
}

/// See `Excitability.response`.
public enum NeuronResponse: String, Sendable, Codable {
  case integrator, resonator
}

extension RatePoint {
  /// The spikes under a current, in ascending order.
  public init(current: Double, spikeTimes times: [Double]) {
    self.current = current
    spikes = times.count
    firstSpike = times.first
    if times.count > 1, let first = times.first, let last = times.last {
      firstInterval = times[1] - times[0]
      lastInterval = last - times[times.count - 2]
      meanInterval = (last - first) / Double(times.count - 1)
    }
  }
}
