import Foundation

/// A neuron model with white noise of its own on the membrane.
///
/// Everything else that is known of the model holds for the equation without the noise; `noisyRun` has it.
public protocol NoisyNeuronModel: NeuronModel {
  /// Standard deviation that the noise gives the potential where nothing resets it, in the form's unit.
  var membraneDeviation: Double { get }

  /// Spikes and, if wanted, samples under a steady current, from the model's start.
  ///
  /// - Parameter seed: another seed is another run of the same process.
  func noisyRun(current: Double, duration: Double, sampleEvery: Double?, seed: UInt64) -> NeuronRun
}

/// Rate of a noisy neuron from a run, with its standard error.
public struct NoisyRate: Sendable, Equatable {
  public var current: Double
  public var spikes: Int
  /// 1 / the mean interval, per unit of time; 0 for fewer than two spikes.
  public var rate: Double
  /// Of the rate: rate · CV / √intervals; nil for fewer than ten intervals.
  public var standardError: Double?
  /// Coefficient of variation of the intervals, nil for fewer than ten.
  public var intervalVariation: Double?
}

extension NoisyNeuronModel {
  /// The rate under a steady current.
  public func noisyRate(at current: Double, duration: Double, seed: UInt64) -> NoisyRate {
    let times = noisyRun(current: current, duration: duration, sampleEvery: nil, seed: seed).spikeTimes
    let intervals = zip(times, times.dropFirst()).map { $1 - $0 }
    let statistics = intervals.count >= 10 ? IntervalStatistics(intervals) : nil
    let total = intervals.reduce(0, +)
    let rate = total > 0 ? Double(intervals.count) / total : 0
    return NoisyRate(
      current: current, spikes: times.count, rate: rate,
      standardError: statistics.map { rate * $0.variation / Double(intervals.count).squareRoot() },
      intervalVariation: statistics?.variation)
  }
}
