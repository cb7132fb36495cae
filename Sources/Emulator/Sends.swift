import ProgramImage

/// A destination with everything resolved: the core, and the global row or axon.
struct Destination: Sendable, Equatable {
  var core: Int32
  /// Global axon (spike) or neuron row (partial).
  var target: Int32
}

/// A packet that a neuron, or an input event at the edge, sends each time.
struct Send: Sendable {
  /// Its destinations in `Tables.targets`: by core, and in route order within a core.
  var begin: Int32
  var end: Int32
  var delay: Int32
  var isPartial: Bool
  /// Where it starts in `Tables.trees`; −1 with one destination.
  var branch: Int32
}

/// Builds the lists of packets from the image's lists of routes: docs/emulator-semantics.md §4.
struct SendBuilder {
  struct Route {
    var destination: Destination
    var delay: Int32
    var isPartial: Bool
  }
  /// Packets of list i: `sends[begin[i] ..< begin[i + 1]]`.
  struct Lists: Sendable {
    var begin: [Int32] = [0]
    var sends: [Send] = []
  }

  /// Whether the lists that follow are grouped.
  var multicast: Bool
  let routerOf: [Int32]
  let width: Int
  private(set) var targets: [Destination] = []
  private(set) var trees = MulticastTrees()

  init(multicast: Bool, routerOf: [Int32], width: Int) {
    self.multicast = multicast
    self.routerOf = routerOf
    self.width = width
  }

  /// - Parameters:
  ///   - begin: [lists + 1] into the routes.
  ///   - route: the route of a number.
  ///   - source: the router at which the packets of a list are injected.
  mutating func lists(begin: [Int64], route: (Int) -> Route, source: (Int) -> Int) -> Lists {
    var lists = Lists()
    for list in 0..<max(0, begin.count - 1) {
      // With multicast, spike routes of one delay are one packet; packets stand in the order of their first
      // routes.
      var groups: [[Destination]] = []
      var firsts: [Route] = []
      var groupOfDelay: [Int32: Int] = [:]
      for i in Int(begin[list])..<Int(begin[list + 1]) {
        let next = route(i)
        let joins = multicast && !next.isPartial
        if joins, let group = groupOfDelay[next.delay] {
          groups[group].append(next.destination)
        } else {
          if joins { groupOfDelay[next.delay] = groups.count }
          groups.append([next.destination])
          firsts.append(next)
        }
      }
      for (group, first) in zip(groups, firsts) {
        lists.sends.append(send(group, first, from: source(list)))
      }
      lists.begin.append(Int32(lists.sends.count))
    }
    return lists
  }

  private mutating func send(_ group: [Destination], _ first: Route, from source: Int) -> Send {
    let start = targets.count
    var branch: Int32 = -1
    if group.count > 1 {
      let order = group.indices.sorted { (group[$0].core, $0) < (group[$1].core, $1) }
      targets += order.map { group[$0] }
      let routers = group.map { Int(routerOf[Int($0.core)]) }
      branch = trees.root(from: source, to: routers, width: width)
    } else {
      targets += group
    }
    return Send(
      begin: Int32(start), end: Int32(targets.count), delay: first.delay, isPartial: first.isPartial,
      branch: branch)
  }
}

extension Tables {
  /// The destinations of a packet that lie on `core`; one range, because they are sorted by core.
  @inline(__always) func targets(of packet: Packet, on core: Int) -> Range<Int> {
    var low = Int(packet.begin)
    let end = Int(packet.end)
    if packet.branch < 0 { return low..<end }
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if Int(targets[middle].core) < core { low = middle + 1 } else { high = middle }
    }
    high = low
    while high < end, Int(targets[high].core) == core { high += 1 }
    return low..<high
  }

  /// The flit with which a packet enters the mesh.
  @inline(__always) func flit(_ number: UInt32, _ packet: Packet) -> Mesh.Flit {
    if packet.branch >= 0 { return Mesh.Flit(packet: number, x: 0, y: 0, branch: packet.branch) }
    let core = Int(targets[Int(packet.begin)].core)
    return Mesh.Flit(packet: number, x: coreX[core], y: coreY[core])
  }
}
