import NetworkIR

/// A window that slides over one (Conv1d) or two spatial axes, as a node states it.
struct NIRWindow: Sendable, Equatable {
  enum Padding: Sendable, Equatable {
    /// Zeros before and after, per axis.
    case cells([Int])
    /// As many zeros as keep the spatial size; an odd one comes at the end.
    case same
  }
  /// Per spatial axis, as many as the node has (one or two).
  var kernel: [Int]
  var stride: [Int]
  var dilation: [Int]
  var padding: Padding

  struct Misfit: Error {
    var problem: String
    var expected: String
    var remedy: String?
  }

  /// The axes over an input whose spatial sizes are `sizes`; a missing first axis is a trivial one.
  ///
  /// - Throws: `Misfit` where the window does not fit, or where "same" meets a stride, which tools read differently.
  func axes(over sizes: [Int]) throws(Misfit) -> (vertical: WindowAxis, horizontal: WindowAxis) {
    var axes: [WindowAxis] = []
    for (k, size) in sizes.enumerated() {
      var axis = WindowAxis(input: size, kernel: kernel[k], stride: stride[k], dilation: dilation[k])
      switch padding {
      case .cells(let cells):
        axis.padBefore = cells[k]
        axis.padAfter = cells[k]
      case .same:
        if axis.stride != 1 {
          throw Misfit(
            problem: "padding \"same\" with a stride of \(axis.stride) has no agreed size",
            expected: "stride 1, or padding as numbers", remedy: "Export the padding as numbers")
        }
        let extra = axis.dilation * (axis.kernel - 1)
        axis.padBefore = extra / 2
        axis.padAfter = extra - extra / 2
      }
      if axis.output < 1 {
        throw Misfit(
          problem: "the window is larger than its padded input",
          expected: "at least \(axis.dilation * (axis.kernel - 1) + 1) positions along each spatial axis",
          remedy: nil)
      }
      axes.append(axis)
    }
    return axes.count == 1 ? (.trivial, axes[0]) : (axes[0], axes[1])
  }
}

/// A convolution as its node states it, before the size of its input is known.
struct NIRConvolution: Sendable, Equatable {
  /// [outChannels, inChannels / groups, kernel…]
  var weight: [Double]
  var bias: [Double]?
  var outChannels: Int
  var groupInputs: Int
  var groups: Int
  var window: NIRWindow

  /// The convolution over an input of shape [channels, spatial…].
  func over(_ input: [Int]) throws(NIRWindow.Misfit) -> Convolution {
    let rank = window.kernel.count
    let channels = groupInputs * groups
    guard input.count == rank + 1, input[0] == channels else {
      let sizes = rank == 1 ? "length" : "height, width"
      throw NIRWindow.Misfit(
        problem: "the convolution does not fit its input", expected: "[\(channels), \(sizes)]",
        remedy: input.count == rank + 2 && input[0] == 1 && input[1] == channels ? batchAdvice : nil)
    }
    let (vertical, horizontal) = try window.axes(over: Array(input.dropFirst()))
    return Convolution(
      weight: weight, bias: bias, inChannels: channels, outChannels: outChannels, groups: groups,
      vertical: vertical, horizontal: horizontal)
  }
}

/// SumPool2d or AvgPool2d as its node states it.
struct NIRPool: Sendable, Equatable {
  var window: NIRWindow
  var averages: Bool

  func over(_ input: [Int]) throws(NIRWindow.Misfit) -> Pool {
    guard input.count == 3 else {
      throw NIRWindow.Misfit(
        problem: "the pool does not fit its input", expected: "[channels, height, width]",
        remedy: input.count == 4 && input[0] == 1 ? batchAdvice : nil)
    }
    let (vertical, horizontal) = try window.axes(over: Array(input.dropFirst()))
    let cells = Double(vertical.kernel * horizontal.kernel)
    return Pool(
      channels: input[0], vertical: vertical, horizontal: horizontal, scale: averages ? 1 / cells : 1)
  }
}

let batchAdvice =
  "A leading 1 looks like a batch dimension; NIR shapes have none: export without it, or read with --strip-batch"
