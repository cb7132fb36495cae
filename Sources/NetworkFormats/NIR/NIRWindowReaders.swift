import Diagnostics

// Readers of the nodes whose weights slide over their input. Numbers per axis may be scalars, [1] or full; the shape of
// the input comes from the edges, because files of before October 2023 have no input_shape and later ones repeat it.

/// Conv1d and Conv2d: `weight` [out, in/groups, kernel…], `bias` [out], `stride`, `padding` (numbers, "same" or "valid"),
/// `dilation`, `groups`.
func readConvolution(_ node: inout NIRNodeContext, axes: Int) -> NIRNode.Kind? {
  node.ignore("input_shape")
  let weights = node.numbers("weight")
  let padding = readPadding(&node, axes: axes)
  let stride = node.integers("stride", axes: axes, minimum: 1, fallback: [Int](repeating: 1, count: axes))
  let dilation = node.integers("dilation", axes: axes, minimum: 1, fallback: [Int](repeating: 1, count: axes))
  let groups = node.integers("groups", axes: 1, minimum: 1, fallback: [1])?[0]
  let bias = node.isMissing("bias") ? nil : node.numbers("bias")
  guard !node.failed, let weights, let padding, let stride, let dilation, let groups else { return nil }
  let shape = weights.shape
  guard shape.count == axes + 2 else {
    node.report(
      "nir.weightShape", parameter: "weight", problem: "the weights are not those of a convolution",
      found: "shape \(shape)",
      expected: "shape [out, in/groups, \(axes == 1 ? "length" : "height, width")]")
    return nil
  }
  guard shape[0] % groups == 0 else {
    node.report(
      "nir.groups", parameter: "groups", problem: "the output channels do not divide into the groups",
      found: "\(shape[0]) channels, \(groups) groups")
    return nil
  }
  if let bias, bias.values.count != shape[0], bias.values.count != 1 {
    node.report(
      "nir.biasShape", parameter: "bias", problem: "the bias does not fit the weights",
      found: "bias \(bias.shape), weight \(shape)", expected: "bias [\(shape[0])]")
    return nil
  }
  let biases = bias.map {
    $0.values.count == 1 ? [Double](repeating: $0.values[0], count: shape[0]) : $0.values
  }
  return .linear(
    .convolution(
      NIRConvolution(
        weight: weights.values, bias: biases, outChannels: shape[0], groupInputs: shape[1], groups: groups,
        window: NIRWindow(
          kernel: Array(shape.dropFirst(2)), stride: stride, dilation: dilation, padding: padding))))
}

private func readPadding(_ node: inout NIRNodeContext, axes: Int) -> NIRWindow.Padding? {
  switch node.string("padding") {
  case "valid": return .cells([Int](repeating: 0, count: axes))
  case "same": return .same
  case let other?:
    node.report(
      "nir.padding", parameter: "padding", problem: "not a kind of padding", found: "\"\(other)\"",
      expected: "integers, \"same\" or \"valid\"")
    return nil
  case nil:
    return node.integers("padding", axes: axes, minimum: 0, fallback: [Int](repeating: 0, count: axes))
      .map { .cells($0) }
  }
}

/// SumPool2d and AvgPool2d: `kernel_size`, `stride` (missing: the kernel's size), `padding`; [height, width] or one number.
func readPool(_ node: inout NIRNodeContext, averages: Bool) -> NIRNode.Kind? {
  guard let kernel = node.integers("kernel_size", axes: 2, minimum: 1),
    let stride = node.integers("stride", axes: 2, minimum: 1, fallback: kernel),
    let padding = node.integers("padding", axes: 2, minimum: 0, fallback: [0, 0])
  else { return nil }
  return .linear(
    .pool(
      NIRPool(
        window: NIRWindow(kernel: kernel, stride: stride, dilation: [1, 1], padding: .cells(padding)),
        averages: averages)))
}
