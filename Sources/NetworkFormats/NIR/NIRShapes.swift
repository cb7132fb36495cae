import Diagnostics

/// The shape of what every node gives out. A neuron with scalar parameters takes the shape of its producer.
struct NIRShapes {
  /// By node number; nil where an error made the shape unknowable.
  private(set) var output: [[Int]?]

  private struct Mismatch: Error {
    var problem: String
    var expected: String
    var remedy: String?
  }

  /// Follows the shapes along the non-feedback edges, then checks every edge.
  init(_ graph: NIRGraph, feedback: FeedbackEdges, collector: inout DiagnosticCollector) {
    output = [[Int]?](repeating: nil, count: graph.nodes.count)
    let incoming = graph.incoming
    for number in feedback.order {
      let known = incoming[number].filter { !feedback.isFeedback[$0] }
        .compactMap { output[graph.edges[$0].source] }.first
      output[number] = try? Self.result(of: graph.nodes[number], input: known)
    }
    for edge in graph.edges {
      let node = graph.nodes[edge.target]
      guard let input = output[edge.source] else { continue }
      do {
        let result = try Self.result(of: node, input: input)
        if let own = output[edge.target], own != result {
          throw Mismatch(problem: "its inputs differ in shape", expected: "the shape that gives \(own)")
        }
        if case .output(let shape) = node.kind, !shape.isEmpty, shape != input {
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
            place: "\(graph.file): /node/nodes/\(node.name)", problem: mismatch.problem,
            found: "\(input) from \(graph.nodes[edge.source].name)", expected: mismatch.expected,
            remedy: mismatch.remedy))
      } catch {
        preconditionFailure("only mismatches are thrown here")
      }
    }
  }

  /// What a node gives out for an input of this shape; `input` is nil when nothing is known of it.
  private static func result(of node: NIRNode, input: [Int]?) throws -> [Int]? {
    switch node.kind {
    case .input(let shape): return shape
    case .output(let shape):
      guard let input else { return shape }
      if !shape.isEmpty && size(shape) != size(input) {
        throw Mismatch(
          problem: "the Output's shape does not fit what arrives", expected: "\(shape)",
          remedy: batchRemedy(shape, input))
      }
      return input
    case .linear(.dense(_, let rows, let columns, _)):
      if let input, input != [columns] { throw denseMismatch(rows, columns, input) }
      return [rows]
    case .linear(.scale(_, let shape)):
      if !shape.isEmpty, let input, input != shape { throw elementMismatch("scale", shape, input) }
      return shape.isEmpty ? input : shape
    case .linear(.flatten(let start, let end)):
      guard let input else { return nil }
      return try flattened(input, start: start, end: end)
    case .neuron(let neuron):
      if let shape = neuron.shape, let input, input != shape {
        throw elementMismatch("parameters", shape, input)
      }
      return neuron.shape ?? input ?? [1]
    }
  }

  private static func flattened(_ input: [Int], start: Int, end: Int) throws -> [Int] {
    let rank = input.count
    let first = start < 0 ? start + rank : start
    let last = end < 0 ? end + rank : end
    guard first >= 0, first <= last, last < rank else {
      throw Mismatch(
        problem: "Flatten's dimensions \(start)…\(end) are not in its input",
        expected: "dimensions within a shape of rank \(rank), without batch",
        remedy: "NIR shapes have no batch dimension: start_dim 0 is the first one of a sample")
    }
    return input[..<first] + [size(Array(input[first...last]))] + input[(last + 1)...]
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
        remedy: batchRemedy(input, [columns]) ?? "Put a Flatten node in between")
    }
    return Mismatch(problem: "the weights do not fit their input", expected: expected)
  }

  private static func elementMismatch(_ what: String, _ shape: [Int], _ input: [Int]) -> Mismatch {
    Mismatch(
      problem: "the \(what) and their input differ in shape", expected: "\(shape)",
      remedy: batchRemedy(input, shape))
  }

  /// Advice when the shapes are equal up to leading ones.
  private static func batchRemedy(_ a: [Int], _ b: [Int]) -> String? {
    guard a != b, Array(a.drop { $0 == 1 }) == Array(b.drop { $0 == 1 }) else { return nil }
    return "A leading 1 looks like a batch dimension; NIR shapes have none, so export without it"
  }

  private static func size(_ shape: [Int]) -> Int { shape.reduce(1, *) }
}
