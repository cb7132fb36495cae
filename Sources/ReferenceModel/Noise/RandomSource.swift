import FixedPoint
import Foundation

/// Numbers from the counter-based generator in floating point: number `k` of a stream depends on nothing but seed,
/// sample, stream and k.
public struct RandomSource: Sendable, Equatable {
  public var seed: UInt64
  public var sample: UInt32
  public var stream: UInt32

  public init(seed: UInt64, sample: UInt32 = 0, stream: UInt32 = 0) {
    self.seed = seed
    self.sample = sample
    self.stream = stream
  }

  /// Two independent uniform numbers of 53 bits, both above 0 and below 1.
  public func uniforms(_ k: UInt32) -> (Double, Double) {
    let word = CounterRandom.philox(
      k, sample, CounterRandom.Purpose.current.rawValue, stream, key: seed)
    func uniform(_ high: UInt32, _ low: UInt32) -> Double {
      (Double(UInt64(high) << 21 | UInt64(low) >> 11) + 0.5) * 0x1p-53
    }
    return (uniform(word.0, word.1), uniform(word.2, word.3))
  }

  /// A uniform number above 0 and below 1.
  public func uniform(_ k: UInt32) -> Double { uniforms(k).0 }

  /// A normal number of mean 0 and variance 1: Box–Muller, `√(−2 ln u₁) · cos 2πu₂`; at most 8.7 in size.
  ///
  /// **Source:** G. E. P. Box, M. E. Muller, Ann. Math. Statist. 29 (1958) 610.
  public func normal(_ k: UInt32) -> Double {
    let (first, second) = uniforms(k)
    return (-2 * log(first)).squareRoot() * cos(2 * .pi * second)
  }
}
