import FixedPoint
import Foundation

/// Standard normal numbers of the devices of one chip among many: each a function of what it is for, so the same for any
/// order and number of threads.
///
/// Four words of `CounterRandom` at counter (block, instance, purpose, stream) are two pairs for Box and Muller's
/// transform. Number k of a stream is number k mod 4 of block ⌊k/4⌋.
struct MismatchDraws: Sendable {
  var seed: UInt64
  /// Which chip.
  var instance: UInt32

  /// Four numbers.
  func block(_ block: Int, stream: Int) -> (Double, Double, Double, Double) {
    let words = CounterRandom.philox(
      UInt32(truncatingIfNeeded: block), instance, CounterRandom.Purpose.mismatch.rawValue,
      UInt32(truncatingIfNeeded: stream), key: seed)
    let (a, b) = Self.normals(words.0, words.1)
    let (c, d) = Self.normals(words.2, words.3)
    return (a, b, c, d)
  }

  /// Numbers 0 ..< count of a stream.
  func numbers(_ count: Int, stream: Int) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(count + 3)
    for k in 0..<(count + 3) / 4 {
      let (a, b, c, d) = block(k, stream: stream)
      numbers += [a, b, c, d]
    }
    return Array(numbers.prefix(count))
  }

  /// √(−2 ln u₁) · (cos 2πu₂, sin 2πu₂), u = (word + ½) / 2³² never being 0.
  private static func normals(_ first: UInt32, _ second: UInt32) -> (Double, Double) {
    let radius = (-2 * log((Double(first) + 0.5) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * (Double(second) + 0.5) * 0x1p-32
    return (radius * cos(angle), radius * sin(angle))
  }
}
