/// A convolution in one or two dimensions, with its weights shared as the author stores them.
///
/// ```
/// y[o, i, j] = b[o] + Σ_c Σ_k Σ_l w[o, c, k, l] · x[g·C/G + c, i·s − p + k·d, j·s − p + l·d]
/// ```
/// Cross-correlation over the channels of the output channel's group g; vectors are row-major [channel, row, column].
/// One dimension is two with a trivial first axis. Chips here have no shared weights: compiling unrolls it.
///
/// **Source:** NIR 1.0.8, `nir/ir/conv.py`.
public struct Convolution: Sendable, Equatable {
  /// [outChannels, inChannels / groups, vertical.kernel, horizontal.kernel]
  public var weight: [Double]
  /// [outChannels]
  public var bias: [Double]?
  public var inChannels: Int
  public var outChannels: Int
  public var groups: Int
  public var vertical: WindowAxis
  public var horizontal: WindowAxis

  public init(
    weight: [Double], bias: [Double]?, inChannels: Int, outChannels: Int, groups: Int,
    vertical: WindowAxis, horizontal: WindowAxis
  ) {
    self.weight = weight
    self.bias = bias
    self.inChannels = inChannels
    self.outChannels = outChannels
    self.groups = groups
    self.vertical = vertical
    self.horizontal = horizontal
  }

  public var rows: Int { outChannels * vertical.output * horizontal.output }
  public var columns: Int { inChannels * vertical.input * horizontal.input }

  func forEachEntry(inRow row: Int, _ body: (_ column: Int, _ weight: Double) -> Void) {
    let plane = vertical.output * horizontal.output
    let channel = row / plane
    let (rowTaps, firstRow) = vertical.taps(at: row % plane / horizontal.output)
    let (columnTaps, firstColumn) = horizontal.taps(at: row % horizontal.output)
    let groupInputs = inChannels / groups
    let firstInput = channel / (outChannels / groups) * groupInputs
    for c in 0..<groupInputs {
      let kernel = (channel * groupInputs + c) * vertical.kernel
      var y = (firstInput + c) * vertical.input + firstRow
      for k in rowTaps {
        var column = y * horizontal.input + firstColumn
        for l in columnTaps {
          body(column, weight[(kernel + k) * horizontal.kernel + l])
          column += horizontal.dilation
        }
        y += vertical.dilation
      }
    }
  }

  var problems: [String] {
    var found = vertical.problems + horizontal.problems
    if groups < 1 || inChannels < 1 || outChannels < 1 || inChannels % groups != 0
      || outChannels % groups != 0
    {
      return found + ["a convolution's channels do not divide into its groups"]
    }
    if weight.count != outChannels * (inChannels / groups) * vertical.kernel * horizontal.kernel {
      found.append("a convolution has the wrong number of weights")
    }
    if let bias, bias.count != outChannels { found.append("a convolution has the wrong number of biases") }
    if let bias, !bias.allSatisfy(\.isFinite) { found.append("a bias is not finite") }
    return found
  }
}
