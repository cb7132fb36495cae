/// Which populations lie on a common cycle of projections: strongly connected components.
///
/// **Source:** Kosaraju's two searches (Aho, Hopcroft, Ullman, "Data Structures and Algorithms", 1983).
struct CyclicComponents {
  private var component: [Int]
  private var selfLoops: Set<Int>

  init(count: Int, edges: [(Int, Int)]) {
    var forward = [[Int]](repeating: [], count: count)
    var backward = forward
    for (source, target) in edges {
      forward[source].append(target)
      backward[target].append(source)
    }
    selfLoops = Set(edges.filter { $0.0 == $0.1 }.map(\.0))
    component = [Int](repeating: -1, count: count)
    var seen = [Bool](repeating: false, count: count)
    var finished: [Int] = []
    for root in 0..<count where !seen[root] {
      seen[root] = true
      var stack: [(node: Int, next: Int)] = [(root, 0)]
      while let (node, next) = stack.last {
        guard next < forward[node].count else {
          finished.append(node)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let target = forward[node][next]
        if !seen[target] {
          seen[target] = true
          stack.append((target, 0))
        }
      }
    }
    for root in finished.reversed() where component[root] < 0 {
      var stack = [root]
      while let node = stack.popLast() {
        if component[node] >= 0 { continue }
        component[node] = root
        stack += backward[node].filter { component[$0] < 0 }
      }
    }
  }

  /// Whether an edge from one to the other lies on a cycle.
  func sameCycle(_ a: Int, _ b: Int) -> Bool {
    a == b ? selfLoops.contains(a) : component[a] == component[b]
  }
}
