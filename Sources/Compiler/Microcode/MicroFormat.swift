import Foundation

/// Fixed-point numbers in a register: `value = code / 2^fraction`.
enum MicroFormat {
  /// Fraction bits beyond which nothing is gained; also keeps every shift within 62.
  private static let most = 60

  /// The most fraction bits with which values of a range fit a register.
  static func fraction(for range: ClosedRange<Double>, registerBits: Int) -> Int {
    let top = exp2(Double(registerBits - 1))
    func bits(_ room: Double, _ magnitude: Double) -> Int {
      magnitude > 0 ? Int(min(max(floor(log2(room / magnitude)), -1000), Double(most))) : most
    }
    return min(bits(top - 1, range.upperBound), bits(top, -range.lowerBound))
  }

  /// The most fraction bits with which a number of either sign fits.
  static func fraction(for magnitude: Double, registerBits: Int) -> Int {
    fraction(for: -magnitude...magnitude, registerBits: registerBits)
  }

  /// Everything that a register of this format can hold.
  static func range(fraction: Int, registerBits: Int) -> ClosedRange<Double> {
    let unit = exp2(Double(-fraction))
    let top = exp2(Double(registerBits - 1))
    return -top * unit...(top - 1) * unit
  }

  /// The nearest code, and by how much it misses.
  static func code(_ value: Double, fraction: Int, registerBits: Int) -> (code: Int32, error: Double) {
    let scaled = (value * exp2(Double(fraction))).rounded(.toNearestOrEven)
    let top = exp2(Double(registerBits - 1))
    let code = Swift.min(Swift.max(scaled, -top), top - 1)
    return (Int32(code), abs(code * exp2(Double(-fraction)) - value))
  }
}
