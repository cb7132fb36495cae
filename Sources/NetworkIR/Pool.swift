/// Sums windows of each channel: SumPool2d, and AvgPool2d with `scale` = 1/(kernel height · width).
///
/// Padding counts as zeros, also in the mean's divisor (torch's default; NIR does not say).
///
/// **Source:** NIR 1.0.8, `nir/ir/pooling.py`.
public struct Pool: Sendable, Equatable {
  public var channels: Int
  public var vertical: WindowAxis
  public var horizontal: WindowAxis
  /// What every element of the window counts.
  public var scale: Double

  public init(channels: Int, vertical: WindowAxis, horizontal: WindowAxis, scale: Double) {
    self.channels = channels
    self.vertical = vertical
    self.horizontal = horizontal
    self.scale = scale
  }

  public var rows: Int { channels * vertical.output * horizontal.output }
  public var columns: Int { channels * vertical.input * horizontal.input }

  func forEachEntry(inRow row: Int, _ body: (_ column: Int, _ weight: Double) -> Void) {
    let plane = vertical.output * horizontal.output
    let (rowTaps, firstRow) = vertical.taps(at: row % plane / horizontal.output)
    let (columnTaps, firstColumn) = horizontal.taps(at: row % horizontal.output)
    var y = row / plane * vertical.input + firstRow
    for _ in rowTaps {
      for l in 0..<columnTaps.count {
        body(y * horizontal.input + firstColumn + l * horizontal.dilation, scale)
      }
      y += vertical.dilation
    }
  }

  var problems: [String] {
    vertical.problems + horizontal.problems + (channels < 1 ? ["a pool has no channels"] : [])
  }
}
