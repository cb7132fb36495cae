/// Finds the edges that carry the previous tick's spikes.
///
/// NIR stores recurrence as a cycle of edges without any delay, so a discrete-time reader has to say which edge
/// of a cycle is late. The rule: search depth-first along **incoming** edges, first from every Output
/// node, then from every other node, each time in order of node names; the incoming edges of a node in the order of
/// the file. An edge whose source is still being visited closes a cycle and is a feedback edge.
///
/// The search also gives the order of evaluation: a node comes after the sources of all its other edges.
///
/// **Source:** the rule by which the bundled recurrent networks' golden spikes were made. Names are
/// ordered by their UTF-8 bytes, which is the order in which HDF5 lists them.
struct FeedbackEdges {
  /// For every edge, whether it is a feedback edge.
  private(set) var isFeedback: [Bool]
  /// Node numbers; every node after the sources of its non-feedback edges.
  private(set) var order: [Int] = []

  private enum Mark { case new, open, done }

  /// - Parameters:
  ///   - names: node names by node number.
  ///   - isOutput: whether the node is an Output, by node number.
  ///   - edges: (source, target) node numbers in file order.
  init(names: [String], isOutput: [Bool], edges: [(source: Int, target: Int)]) {
    isFeedback = [Bool](repeating: false, count: edges.count)
    var incoming = [[Int]](repeating: [], count: names.count)
    for (number, edge) in edges.enumerated() { incoming[edge.target].append(number) }
    let byName = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    var mark = [Mark](repeating: .new, count: names.count)
    // An explicit stack: the depth is the file's, and must not be ours.
    var stack: [(node: Int, next: Int)] = []
    for root in byName.filter({ isOutput[$0] }) + byName where mark[root] == .new {
      mark[root] = .open
      stack.append((root, 0))
      while let (node, next) = stack.last {
        guard next < incoming[node].count else {
          mark[node] = .done
          order.append(node)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let edge = incoming[node][next]
        let source = edges[edge].source
        switch mark[source] {
        case .new:
          mark[source] = .open
          stack.append((source, 0))
        case .open: isFeedback[edge] = true
        case .done: break
        }
      }
    }
  }
}
