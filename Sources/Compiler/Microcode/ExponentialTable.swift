import FixedPoint
import Foundation

/// `factor · e^min(slope · x + offset, cap)` over the codes of x, as a table of straight pieces.
///
/// With r the rise of the exponent over a piece, a chord lies at most `r²/8 · e^r` of the value above the function, and
/// on average r²/12; the entries are lowered by that average, so that the error has no bias. The pieces are as wide as
/// the error target allows (a power of two of codes), and there are as many as e^−16 of the top needs, or the variable's
/// range, or the memory holds. Below them the function stays what it is at the lowest.
struct ExponentialTable {
  var table: MicroTable
  var shift: Int
  /// Bound of |table − function|, in the result's unit, while x stays in its expected range.
  var error: Double
  /// Bound of the function's slope there.
  var steepness: Double
  var report: MicroReport.Table

  /// Relative error of a chord that is good enough.
  static let target = 1.25e-4
  /// Beyond e^−16 of its largest value the exponential is nothing.
  private static let depth = 16.0

  init(
    factor: Double, slope: Double, offset: Double, cap: Double, source: MicroValue, fraction: Int,
    registerBits: Int, mostEntries: Int
  ) {
    let unit = exp2(Double(-source.fraction))
    func exponent(_ x: Double) -> Double { min(slope * x + offset, cap) }
    func value(_ x: Double) -> Double { factor * exp(exponent(x)) }

    // The end at which the function is large, and how far from it the table reaches.
    let rises = slope > 0
    let limits = source.possible
    var top = rises ? source.expected.upperBound : source.expected.lowerBound
    if cap.isFinite { top = (cap - offset) / slope }
    top = min(max(top, limits.lowerBound), limits.upperBound)
    let far = rises ? source.expected.lowerBound : source.expected.upperBound
    let span = max(min(abs(top - far), Self.depth / abs(slope)), unit)
    var shift = min(30, max(0, Int(floor(log2((8 * Self.target).squareRoot() / abs(slope) / unit)))))
    var bits = max(0, Int(ceil(log2(span / (unit * exp2(Double(shift)))))))
    let mostBits = min(16, max(0, Int(floor(log2(Double(max(mostEntries - 1, 1)))))))
    if bits > mostBits {
      shift += bits - mostBits
      bits = mostBits
    }
    shift = min(shift, 31 - bits)
    let codes = exp2(Double(bits + shift))
    let lowest = -exp2(Double(registerBits - 1))
    let origin =
      rises ? max(ceil(top / unit) - codes, lowest) : min(max(floor(top / unit), lowest), -lowest - 1)
    let width = exp2(Double(shift)) * unit
    let rise = abs(slope) * width
    let lowered = rise * rise / 12
    var entryError = 0.0
    let entries = (0...1 << bits).map { index -> Int32 in
      let wanted = value(origin * unit + Double(index) * width) * (1 - lowered)
      let (code, error) = MicroFormat.code(wanted, fraction: fraction, registerBits: registerBits)
      entryError = max(entryError, error)
      return code
    }
    table = MicroTable(origin: Int32(origin), segmentBits: bits, entries: entries)
    self.shift = shift

    let relative = max(lowered, rise * rise / 8 * exp(rise) - lowered)
    let largest = max(abs(value(source.expected.lowerBound)), abs(value(source.expected.upperBound)))
    // Beyond its low end the table is held, where the variable goes that far.
    let end = rises ? origin * unit : (origin + codes) * unit
    let held = rises ? far < end : far > end
    error = relative * largest + (held ? abs(value(end)) : 0) + entryError + exp2(Double(-fraction - 1))
    steepness = abs(slope) * largest
    report = MicroReport.Table(
      entries: entries.count, relativeError: relative, from: origin * unit, to: (origin + codes) * unit)
  }
}
