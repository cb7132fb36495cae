import Diagnostics

/// Finds the linear paths from inputs and populations to populations, and to outputs that read a sum of paths.
struct NIRPaths {
  /// A path from an Input or a firing node to a neuron node, or to an Output that reads no neurons alone.
  struct Path {
    /// Node numbers.
    var source: Int
    var target: Int
    /// The linear nodes between them, in the order of the signal.
    var through: [Int] = []
    /// Those of them that add their bias on this path.
    var biased: Set<Int> = []
    /// Edges of the path that carry the previous tick's spikes: each is one tick of delay.
    var feedbackEdges = 0
  }

  private let graph: NIRGraph
  private let feedback: FeedbackEdges
  private let incoming: [[Int]]
  private var visits = 0
  private var reported: Set<Int> = []

  /// Linear nodes in a row, and visits of linear nodes in all: beyond, a file is taken to be damaged.
  private static let longestPath = 200
  private static let mostVisits = 20_000

  init(_ graph: NIRGraph, feedback: FeedbackEdges) {
    self.graph = graph
    self.feedback = feedback
    incoming = graph.incoming
  }

  /// All paths, by target in order of evaluation, then in the order of the file's edges.
  mutating func all(collector: inout DiagnosticCollector) -> [Path] {
    var paths: [Path] = []
    for target in feedback.order
    where graph.nodes[target].neuron != nil
      || (graph.nodes[target].isOutput && graph.neurons(readBy: target) == nil)
    {
      for edge in incoming[target] {
        paths += extend(edge, target: target, behind: [], collector: &collector)
      }
    }
    if visits > Self.mostVisits {
      collector.add(
        Diagnostic(
          "nir.tooManyPaths", place: graph.file,
          problem: "the graph has too many paths of linear nodes", expected: "at most \(Self.mostVisits)",
          remedy: "Multiply the linear nodes out on export"))
    }
    return paths
  }

  /// Paths that end with `edge`. `behind` are the linear nodes between its target and the neurons.
  ///
  /// An Affine node that several paths lead into adds its bias once per signal that leaves it. So of the paths that
  /// run through it and are equal behind it, only the first carries the bias. A bias is constant: it acts
  /// from tick 0 on, also on a path that carries feedback.
  private mutating func extend(
    _ edge: Int, target: Int, behind: [Int], collector: inout DiagnosticCollector
  ) -> [Path] {
    let number = graph.edges[edge].source
    let late = feedback.isFeedback[edge] ? 1 : 0
    switch graph.nodes[number].kind {
    case .input: return [Path(source: number, target: target, feedbackEdges: late)]
    case .neuron(let neuron):
      return neuron.fires ? [Path(source: number, target: target, feedbackEdges: late)] : []
    case .output: return []
    case .linear: break
    }
    visits += 1
    if visits > Self.mostVisits { return [] }
    if behind.contains(number) || behind.count >= Self.longestPath {
      if reported.insert(number).inserted {
        collector.add(
          Diagnostic(
            "nir.linearCycle", subject: graph.nodes[number].subject, place: graph.file,
            problem: behind.contains(number)
              ? "a cycle of linear nodes without neurons"
              : "more than \(Self.longestPath) linear nodes in a row",
            remedy: "Put neurons into the cycle, or multiply the linear nodes out on export"))
      }
      return []
    }
    var paths: [Path] = []
    for next in incoming[number] {
      for var path in extend(next, target: target, behind: behind + [number], collector: &collector) {
        path.through.append(number)
        path.feedbackEdges += late
        paths.append(path)
      }
    }
    if !paths.isEmpty { paths[0].biased.insert(number) }
    return paths
  }
}
