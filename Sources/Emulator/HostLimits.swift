/// What this machine can do with nothing else to do, on one thread: the yardstick of `RunProfile`.
public struct HostLimits: Sendable {
  /// Per second: weights of 8 bits added from full rows, and from lists of targets; neurons updated.
  public var denseOperations: Double
  public var sparseOperations: Double
  public var neurons: Double

  /// Measures for about a tenth of a second.
  public static func measured() -> HostLimits {
    HostLimits(denseOperations: dense(), sparseOperations: sparse(), neurons: update())
  }

  private static let width = 1024

  /// Repeats `work` for 30 ms and returns how often per second it ran.
  private static func repeated(_ work: () -> Void) -> Double {
    let begin = HostClock.processor()
    var rounds = 0.0
    var now = begin
    repeat {
      work()
      rounds += 1
      now = HostClock.processor()
    } while now - begin < 0.03
    return rounds / (now - begin)
  }

  private static func dense() -> Double {
    let weights = (0..<256 * width).map { Int8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 16) }
    var sums = [Int32](repeating: 0, count: width)
    let begins = (0..<64).map { $0 * 37 % 256 * width }
    var short = [Int16](repeating: 0, count: width)
    return repeated { addNarrowRows(weights.span, begins.span, &sums, width, short: &short) }
      * Double(64 * width)
  }

  private static func sparse() -> Double {
    let count = 100_000
    let targets = (0..<count).map { UInt16(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 12 & 4095) }
    let weights = (0..<count).map { Int8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 16) }
    var sums = [Int32](repeating: 0, count: 4096)
    return repeated {
      var target = sums.mutableSpan
      for i in 0..<count { target[Int(targets[i])] &+= Int32(weights[i]) }
    } * Double(count)
  }

  private static func update() -> Double {
    var v = [Int32](repeating: 0, count: width)
    var fired = [UInt8](repeating: 0, count: width)
    let sums = (0..<width).map { Int32($0 % 61) }
    return repeated {
      var v = v.mutableSpan
      var fired = fired.mutableSpan
      precondition(sums.count == v.count && fired.count == v.count)
      for i in 0..<v.count {
        let x = v[i] &- (v[i] &>> 5) &+ sums[i]
        fired[i] = x > 1024 ? 1 : 0
        v[i] = x > 1024 ? 0 : x
      }
    } * Double(width)
  }
}
