import Foundation

/// Random spike trains whose intervals are independent of each other.
public enum RandomTrain: Sendable, Equatable {
  /// Poisson process: exponential intervals. Rate in 1/time.
  case poisson(rate: Double)
  /// At most one spike per step, with probability rate · step: intervals are whole steps.
  case bernoulli(rate: Double, step: Double)
  /// Poisson process with a dead time after every spike; `rate` is what remains, below 1/deadTime.
  case deadTime(rate: Double, deadTime: Double)
  /// Every k-th spike of a Poisson process of k times the rate.
  case gamma(rate: Double, shape: Int)

  /// Interval number k, from draws of its own.
  public func interval(_ source: RandomSource, _ k: UInt32) -> Double {
    switch self {
    case .poisson(let rate): return -log(source.uniform(k)) / rate
    case .bernoulli(let rate, let step):
      // Geometric: the number of steps until the first success.
      return step * max(1, (log(source.uniform(k)) / log1p(-rate * step)).rounded(.up))
    case .deadTime(let rate, let deadTime):
      return deadTime - log(source.uniform(k)) * (1 / rate - deadTime)
    case .gamma(let rate, let shape):
      let sum = (0..<UInt32(shape)).reduce(0.0) { $0 - log(source.uniform(k &* UInt32(shape) &+ $1)) }
      return sum / (rate * Double(shape))
    }
  }

  /// The first `count` intervals of a stream.
  public func intervals(_ source: RandomSource, count: Int) -> [Double] {
    (0..<count).map { interval(source, UInt32($0)) }
  }
}

/// What is usually said of the intervals between the spikes of a train.
///
/// **Source:** CV2: G. R. Holt et al., J. Neurophysiol. 75 (1996) 1806; LV: S. Shinomoto et al., Neural Comput. 15
/// (2003) 2823.
public struct IntervalStatistics: Sendable, Equatable {
  public var mean: Double
  /// Standard deviation over mean.
  public var variation: Double
  /// Mean of `2·|I′ − I|/(I′ + I)` over neighbouring intervals.
  public var localVariation2: Double
  /// Mean of `3·(I′ − I)²/(I′ + I)²`.
  public var localVariation: Double

  /// Nil for fewer than two intervals, or if two of them in a row are 0.
  public init?(_ intervals: [Double]) {
    guard intervals.count >= 2 else { return nil }
    let count = Double(intervals.count)
    mean = intervals.reduce(0, +) / count
    let center = mean
    let squares = intervals.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    variation = (squares / (count - 1)).squareRoot() / mean
    let pairs = zip(intervals, intervals.dropFirst())
    localVariation2 = pairs.reduce(0) { $0 + 2 * abs($1.1 - $1.0) / ($1.1 + $1.0) } / (count - 1)
    localVariation =
      pairs.reduce(0) { sum, pair in
        let ratio = (pair.1 - pair.0) / (pair.1 + pair.0)
        return sum + 3 * ratio * ratio
      } / (count - 1)
    guard localVariation.isFinite, variation.isFinite else { return nil }
  }
}
