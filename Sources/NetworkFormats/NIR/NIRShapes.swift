import Diagnostics

/// The shapes of what every node takes and gives out. A neuron with scalar parameters takes the shape of its producer.
struct NIRShapes {
  /// By node number; nil where nothing feeds the node, or an error made the shape unknowable.
  private(set) var input: [[Int]?]
  private(set) var output: [[Int]?]
  private let stripBatch: Bool

  private struct Mismatch: Error {
    var problem: String
    var expected: String
    var remedy: String?
  }

  /// Follows the shapes along the non-feedback edges, then checks every edge.
  ///
  /// - Parameter stripBatch: a leading 1 of Input, Output and elementwise parameters, and the first dimension that Flatten
  ///   counts, are a batch and are left out.
  init(
    _ graph: NIRGraph, feedback: FeedbackEdges, stripBatch: Bool, collector: inout DiagnosticCollector
  ) {
    self.stripBatch = stripBatch
    input = [[Int]?](repeating: nil, count: graph.nodes.count)
    output = [[Int]?](repeating: nil, count: graph.nodes.count)
    let incoming = graph.incoming
    for number in feedback.order {
      let known = incoming[number].filter { !feedback.isFeedback[$0] }
        .compactMap { output[graph.edges[$0].source] }.first
      input[number] = known
      output[number] = try? result(of: graph.nodes[number], input: known)
    }
    for edge in graph.edges {
      let node = graph.nodes[edge.target]
      guard let input = output[edge.source] else { continue }
      do {
        let result = try self.result(of: node, input: input)
        if let own = output[edge.target], own != result {
          throw Mismatch(problem: "its inputs differ in shape", expected: "the shape that gives \(own)")
        }
        if case .output(let shape) = node.kind, !shape.isEmpty, withoutBatch(shape) != input {
          collector.add(
            Diagnostic(
              "nir.outputShape", severity: .warning, subject: node.subject, place: graph.file,
              problem: "the declared shape differs from what arrives, with the same number of elements",
              found: "\(shape)", expected: "\(input)"))
        }
      } catch let mismatch as Mismatch {
        collector.add(
          Diagnostic(
            "nir.shapeMismatch", subject: "edge \(graph.nodes[edge.source].name) → \(node.name)",
            place: "\(graph.file): \(node.path)", problem: mismatch.problem,
            found: "\(input) from \(graph.nodes[edge.source].name)", expected: mismatch.expected,
            remedy: mismatch.remedy))
      } catch {
        preconditionFailure("only mismatches are thrown here")
      }
    }
  }

  private func withoutBatch(_ shape: [Int]) -> [Int] {
    stripBatch && shape.count > 1 && shape[0] == 1 ? Array(shape.dropFirst()) : shape
  }

  /// What a node gives out for an input of this shape; `input` is nil when nothing is known of it.
  private func result(of node: NIRNode, input: [Int]?) throws -> [Int]? {
    switch node.kind {
    case .input(let shape): return withoutBatch(shape)
    case .output(let declared):
      let shape = withoutBatch(declared)
      guard let input else { return shape }
      if !shape.isEmpty && Self.size(shape) != Self.size(input) {
        throw Mismatch(
          problem: "the Output's shape does not fit what arrives", expected: "\(shape)",
          remedy: Self.batchRemedy(shape, input))
      }
      return input
    case .linear(.dense(_, let rows, let columns, _)):
      if let input, input != [columns] { throw Self.denseMismatch(rows, columns, input) }
      return [rows]
    case .linear(.scale(_, let shape)): return try elementwise("scale", shape, input)
    case .linear(.delay(_, let shape)): return try elementwise("delay", shape, input)
    case .linear(.port(let shape)): return try elementwise("port's shape", withoutBatch(shape), input)
    case .linear(.flatten(let start, let end)):
      guard let input else { return nil }
      return try flattened(input, start: start, end: end)
    case .linear(.convolution(let convolution)):
      guard let input else { return nil }
      return try Self.sliding {
        let full = try convolution.over(input)
        let sizes = [full.vertical.output, full.horizontal.output].suffix(input.count - 1)
        return [full.outChannels] + sizes
      }
    case .linear(.pool(let pool)):
      guard let input else { return nil }
      return try Self.sliding {
        let full = try pool.over(input)
        return [full.channels, full.vertical.output, full.horizontal.output]
      }
    case .neuron(let neuron):
      return try elementwise("parameters", neuron.shape ?? [], input) ?? [1]
    }
  }

  private static func sliding(_ shape: () throws -> [Int]) throws -> [Int] {
    do {
      return try shape()
    } catch let misfit as NIRWindow.Misfit {
      throw Mismatch(problem: misfit.problem, expected: misfit.expected, remedy: misfit.remedy)
    }
  }

  /// A node that works element by element; an empty `shape` takes its input's.
  private func elementwise(_ what: String, _ shape: [Int], _ input: [Int]?) throws -> [Int]? {
    if shape.isEmpty { return input }
    guard let input, input != shape else { return shape }
    if withoutBatch(shape) == input { return input }
    throw Mismatch(
      problem: "the \(what) and the input differ in shape", expected: "\(shape)",
      remedy: Self.batchRemedy(input, shape))
  }

  private func flattened(_ input: [Int], start: Int, end: Int) throws -> [Int] {
    let rank = input.count
    func dimension(_ index: Int) -> Int {
      index < 0 ? index + rank : (stripBatch && index > 0 ? index - 1 : index)
    }
    let first = dimension(start)
    let last = dimension(end)
    guard first >= 0, first <= last, last < rank else {
      throw Mismatch(
        problem: "Flatten's dimensions \(start)…\(end) are not in its input",
        expected: "dimensions within a shape of rank \(rank), without batch",
        remedy:
          "NIR shapes have no batch dimension: start_dim 0 is the first one of a sample. If the exporter counted it, read with --strip-batch"
      )
    }
    return input[..<first] + [Self.size(Array(input[first...last]))] + input[(last + 1)...]
  }

  private static func denseMismatch(_ rows: Int, _ columns: Int, _ input: [Int]) -> Mismatch {
    let expected = "[\(columns)], as weight [\(rows), \(columns)] says"
    if input == [rows] {
      return Mismatch(
        problem: "the weights fit the other way round: they look transposed", expected: expected,
        remedy: "NIR stores weight as [out, in]; transpose it on export")
    }
    if size(input) == columns {
      return Mismatch(
        problem: "the weights fit the number of elements but not the shape", expected: expected,
        remedy: batchRemedy(input, [columns])
          ?? "Put a Flatten node of all dimensions in between (start_dim 0: NIR has no batch dimension)")
    }
    return Mismatch(problem: "the weights do not fit their input", expected: expected)
  }

  /// Advice when the shapes are equal up to leading ones.
  private static func batchRemedy(_ a: [Int], _ b: [Int]) -> String? {
    guard a != b, Array(a.drop { $0 == 1 }) == Array(b.drop { $0 == 1 }) else { return nil }
    return batchAdvice
  }

  private static func size(_ shape: [Int]) -> Int { shape.reduce(1, *) }
}
