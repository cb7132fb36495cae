import Diagnostics

/// How the nodes of one type are read from their HDF5 group.
struct NIRNodeReader: Sendable {
  /// Returns nil after it has reported why the node cannot be read.
  var read: @Sendable (inout NIRNodeContext) -> NIRNode.Kind?
}

/// Every node type that is read, with its reader. A new type is a new line here and a function below.
///
/// **Source:** NIR 1.0.8, `nir/ir/*.py`: names, parameters and equations.
let nirNodeReaders: [String: NIRNodeReader] = [
  "Input": NIRNodeReader { $0.shape("shape").map { .input(shape: $0) } },
  "Output": NIRNodeReader { $0.shape("shape").map { .output(shape: $0) } },
  "Linear": NIRNodeReader { readDense(&$0, withBias: false) },
  "Affine": NIRNodeReader { readDense(&$0, withBias: true) },
  "Scale": NIRNodeReader { readScale(&$0) },
  "Flatten": NIRNodeReader { readFlatten(&$0) },
  "Conv1d": NIRNodeReader { readConvolution(&$0, axes: 1) },
  "Conv2d": NIRNodeReader { readConvolution(&$0, axes: 2) },
  "SumPool2d": NIRNodeReader { readPool(&$0, averages: false) },
  "AvgPool2d": NIRNodeReader { readPool(&$0, averages: true) },
  "Delay": NIRNodeReader { readDelay(&$0) },
  "Threshold": NIRNodeReader { readThreshold(&$0) },
  "I": NIRNodeReader { readNeuron(&$0, leaky: false, synapse: false, fires: false) },
  "IF": NIRNodeReader { readNeuron(&$0, leaky: false, synapse: false, fires: true) },
  "LI": NIRNodeReader { readNeuron(&$0, leaky: true, synapse: false, fires: false) },
  "LIF": NIRNodeReader { readNeuron(&$0, leaky: true, synapse: false, fires: true) },
  "CubaLI": NIRNodeReader { readNeuron(&$0, leaky: true, synapse: true, fires: false) },
  "CubaLIF": NIRNodeReader { readNeuron(&$0, leaky: true, synapse: true, fires: true) },
]

/// Linear and Affine: `weight` [out, in], `bias` [out].
private func readDense(_ node: inout NIRNodeContext, withBias: Bool) -> NIRNode.Kind? {
  guard let (weight, shape) = node.numbers("weight") else { return nil }
  guard shape.count == 2 else {
    node.report(
      "nir.weightShape", parameter: "weight", problem: "the weights are not a matrix",
      found: "shape \(shape)", expected: "shape [out, in]")
    return nil
  }
  guard withBias else {
    return .linear(.dense(weight: weight, rows: shape[0], columns: shape[1], bias: nil))
  }
  guard let (bias, biasShape) = node.numbers("bias") else { return nil }
  guard bias.count == 1 || bias.count == shape[0] else {
    let transposed = bias.count == shape[1]
    node.report(
      "nir.biasShape", parameter: "bias",
      problem: transposed
        ? "the bias fits the weights' columns, not their rows: the weights look transposed"
        : "the bias does not fit the weights",
      found: "bias \(biasShape), weight \(shape)", expected: "bias [\(shape[0])]",
      remedy: transposed ? "NIR stores weight as [out, in]; transpose it on export" : nil)
    return nil
  }
  let full = bias.count == shape[0] ? bias : [Double](repeating: bias[0], count: shape[0])
  return .linear(.dense(weight: weight, rows: shape[0], columns: shape[1], bias: full))
}

private func readScale(_ node: inout NIRNodeContext) -> NIRNode.Kind? {
  guard let (values, shape) = node.numbers("scale") else { return nil }
  return .linear(.scale(values: values, shape: values.count == 1 ? [] : shape))
}

/// Flatten: class defaults of NIR are start_dim 1 and end_dim −1, but every writer stores both.
private func readFlatten(_ node: inout NIRNodeContext) -> NIRNode.Kind? {
  guard let start = node.integer("start_dim"), let end = node.integer("end_dim") else { return nil }
  return .linear(.flatten(start: start, end: end))
}

/// Delay: `delay` in the file's unit of time, like time constants.
private func readDelay(_ node: inout NIRNodeContext) -> NIRNode.Kind? {
  guard let (values, shape) = node.numbers("delay") else { return nil }
  if let index = values.firstIndex(where: { $0 < 0 }) {
    node.report(
      "nir.negativeDelay", parameter: "delay", problem: "a delay is negative",
      found: "\(values[index]) at \(index)", expected: "0 or more")
    return nil
  }
  return .linear(.delay(values: values, shape: values.count == 1 ? [] : shape))
}

/// Threshold: z = 1 where x > threshold, without a membrane.
private func readThreshold(_ node: inout NIRNodeContext) -> NIRNode.Kind? {
  guard let threshold = node.parameter("threshold") else { return nil }
  return .neuron(
    NIRNeuron(
      shape: node.commonShape, r: NIRNeuron.Parameter(values: [1]), threshold: threshold, hasMemory: false))
}

private func readNeuron(
  _ node: inout NIRNodeContext, leaky: Bool, synapse: Bool, fires: Bool
) -> NIRNode.Kind? {
  let tau = leaky ? node.parameter(synapse ? "tau_mem" : "tau", rule: .positive) : nil
  let synapseTau = synapse ? node.parameter("tau_syn", rule: .positive) : nil
  let r = node.parameter("r")
  let leak = leaky ? node.parameter("v_leak") : nil
  let synapseWeight = synapse ? node.parameter("w_in", rule: .orDefault(1)) : nil
  let threshold = fires ? node.parameter("v_threshold") : nil
  let reset = fires ? node.parameter("v_reset", rule: .orDefault(0)) : nil
  guard !node.failed, let r else { return nil }
  return .neuron(
    NIRNeuron(
      shape: node.commonShape, tau: tau, r: r, leak: leak, synapseTau: synapseTau,
      synapseWeight: synapseWeight, threshold: threshold, reset: reset))
}
