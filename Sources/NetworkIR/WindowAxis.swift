/// One spatial axis along which a window slides: a convolution's or a pool's.
///
/// Output position o, tap k reads input position `o·stride + k·dilation − padBefore`; positions outside the input are
/// zeros. There are `⌊(input + padBefore + padAfter − dilation·(kernel − 1) − 1) / stride⌋ + 1` output positions.
///
/// **Source:** NIR 1.0.8, `nir/ir/conv.py` and `nir/ir/pooling.py`, which follow torch.nn.
public struct WindowAxis: Sendable, Hashable {
  public var input: Int
  public var kernel: Int
  public var stride: Int
  public var dilation: Int
  public var padBefore: Int
  public var padAfter: Int

  public init(
    input: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, padBefore: Int = 0, padAfter: Int = 0
  ) {
    self.input = input
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.padBefore = padBefore
    self.padAfter = padAfter
  }

  /// An axis that does nothing: one position, one tap.
  public static let trivial = WindowAxis(input: 1, kernel: 1)

  /// Output positions; 0 or less when the window does not fit.
  public var output: Int {
    let room = input + padBefore + padAfter - dilation * (kernel - 1) - 1
    return room < 0 ? 0 : room / stride + 1
  }

  /// The taps of output position o that read an input position, and that of the first of them.
  func taps(at o: Int) -> (range: Range<Int>, first: Int) {
    let origin = o * stride - padBefore
    let low = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation
    let high = origin >= input ? 0 : min(kernel, (input - 1 - origin) / dilation + 1)
    return (low..<max(low, high), origin + low * dilation)
  }

  var problems: [String] {
    [input, kernel, stride, dilation].allSatisfy { $0 >= 1 } && padBefore >= 0 && padAfter >= 0 && output >= 1
      ? [] : ["a window does not fit its input"]
  }
}
