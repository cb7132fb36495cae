/// The trees along which multicast flits are copied: docs/emulator-semantics.md §5.2.
///
/// A tree depends on the router where it starts and on the set of destination routers only, so neurons that
/// feed the same cores share one. Each branch stands for a router on the way; in x first, y second order the
/// routes from one router to all others form a tree, so a router has one branch at most, and a copy needs no
/// destination list: its branch says which outputs it wants, and which branch the copy sent by each of them
/// has.
struct MulticastTrees: Sendable {
  struct Branch: Sendable {
    /// Outputs that are the route of some destination, as bits.
    var outputs: UInt8
    /// Where this router is a destination: how many destinations have a smaller number.
    var rank: Int32 = 0
    /// Branch of the copy that leaves by the lowest of outputs 0–3; those of the others follow in order.
    var firstChild: Int32

    @inline(__always) func child(_ output: Int) -> Int32 {
      let below = outputs & ((1 &<< UInt8(truncatingIfNeeded: output)) &- 1)
      return firstChild &+ Int32(truncatingIfNeeded: below.nonzeroBitCount)
    }
  }

  private(set) var branches: [Branch] = []
  private var roots: [[Int32]: Int32] = [:]

  /// The branch with which a flit starts at `source`.
  ///
  /// - Parameters:
  ///   - source: router where the flit is injected.
  ///   - destinations: routers, in any order, repetitions allowed; not empty.
  ///   - width: of the mesh.
  mutating func root(from source: Int, to destinations: [Int], width: Int) -> Int32 {
    let routers = Set(destinations).sorted()
    let key = [Int32(source)] + routers.map { Int32($0) }
    if let root = roots[key] { return root }
    let root = branches.count
    branches.append(Branch(outputs: 0, firstChild: 0))
    // Branches that are to be filled in: number, router, destinations beyond it.
    var open = [(root, source, routers)]
    while let (branch, router, targets) = open.popLast() {
      var ways = [[Int]](repeating: [], count: Mesh.outputs)
      for target in targets { ways[Mesh.route(from: router, to: target, width: width)].append(target) }
      branches[branch].firstChild = Int32(branches.count)
      branches[branch].rank = Int32(routers.firstIndex(of: router) ?? 0)
      for (output, way) in ways.enumerated() where !way.isEmpty {
        branches[branch].outputs |= 1 << UInt8(output)
        guard output < 4 else { continue }
        open.append((branches.count, router + [1, -1, width, -width][output], way))
        branches.append(Branch(outputs: 0, firstChild: 0))
      }
    }
    roots[key] = Int32(root)
    return Int32(root)
  }

  /// The branch of the copy that `output`, wanted by `branch`, sends to the next router.
  func child(of branch: Int32, output: Int) -> Int32 { branches[Int(branch)].child(output) }
}

extension Mesh {
  /// The output of `router` that leads to router `target`: x first, then y, then the core.
  static func route(from router: Int, to target: Int, width: Int) -> Int {
    let dx = target % width - router % width
    let dy = target / width - router / width
    if dx != 0 { return dx > 0 ? 0 : 1 }
    return dy > 0 ? 2 : dy < 0 ? 3 : 4
  }
}
