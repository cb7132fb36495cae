import NetworkIR

/// One node of a NIR graph as it was read, before it is known what it is connected to.
struct NIRNode: Sendable {
  var name: String
  var type: String
  var kind: Kind

  enum Kind: Sendable {
    case input(shape: [Int])
    case output(shape: [Int])
    case linear(Linear)
    case neuron(NIRNeuron)
  }

  /// A node without a membrane: its output is a linear (or affine) function of its input.
  enum Linear: Sendable {
    /// y = W x (+ b); weight row-major [rows, columns].
    case dense(weight: [Double], rows: Int, columns: Int, bias: [Double]?)
    /// y = s·x elementwise; `shape` is empty when one value serves all elements.
    case scale(values: [Double], shape: [Int])
    /// The elements keep their row-major order; dimensions `start`…`end` become one. Negative counts from the end.
    case flatten(start: Int, end: Int)
    case convolution(NIRConvolution)
    case pool(NIRPool)
    /// y(t) = x(t − delay) elementwise, in the file's unit of time; `shape` is empty when one value serves all.
    case delay(values: [Double], shape: [Int])
    /// Input or Output of a nested graph: what arrives passes.
    case port(shape: [Int])
  }
}

/// A neuron node's parameters as they stand in the file: one value, or one per neuron.
struct NIRNeuron: Sendable {
  /// One value for all neurons, or one per neuron in row-major order.
  struct Parameter: Sendable {
    var values: [Double]

    /// One value per neuron.
    func broadcast(to size: Int) -> [Double] {
      values.count == 1 ? [Double](repeating: values[0], count: size) : values
    }
  }

  /// Shape of the full parameters; nil when all are scalars or of shape [1], so that the producer decides.
  var shape: [Int]?
  var tau: Parameter?
  var r: Parameter
  var leak: Parameter?
  var synapseTau: Parameter?
  var synapseWeight: Parameter?
  var threshold: Parameter?
  var reset: Parameter?
  /// False for Threshold, which compares what arrives in a tick and keeps nothing.
  var hasMemory = true

  var fires: Bool { threshold != nil }
}
