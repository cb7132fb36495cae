import ProgramImage

/// A destination with everything resolved: the core, and the global row or axon.
struct Destination: Sendable, Equatable {
  var core: Int32
  /// Global axon (spike) or neuron row (partial).
  var target: Int32
}

/// A packet that a neuron, or an input event at the edge, sends each time.
struct Send: Sendable {
  /// Its destinations in `Tables.targets`: by router, and in route order within a router.
  var begin: Int32
  var end: Int32
  /// Where its flit goes: see `Mesh.Flit`.
  var to: Int32
  /// The ring's place of its one destination; −1 for several, and for a partial sum.
  var place: Int32
  // 20 bytes in all: a chip has hundreds of thousands, and those of a spike come from the far end of the cache.
  private let shortDelay: UInt8
  var isPartial: Bool
  /// Whether no core has two of its destinations.
  var isOneEach: Bool

  init(
    targets: Range<Int>, to: Int32, place: Int32, delay: Int32, isPartial: Bool, isOneEach: Bool
  ) {
    begin = Int32(targets.lowerBound)
    end = Int32(targets.upperBound)
    self.to = to
    self.place = place
    shortDelay = UInt8(truncatingIfNeeded: delay)  // an image's delays have 8 bits
    self.isPartial = isPartial
    self.isOneEach = isOneEach
  }

  var delay: Int32 { Int32(shortDelay) }
  /// Where it starts in `Tables.trees`; −1 with one destination.
  var branch: Int32 { to < 0 ? -1 - to : -1 }
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

    /// Reads a list so that it is near when its packets are offered, one by one: these reads do not wait for each other.
    @inline(__always) func touch(list: Int) -> UInt8 {
      var seen: UInt8 = 0
      for i in stride(from: Int(begin[list]), to: Int(begin[list &+ 1]), by: 3) {
        seen ^= sends[i].isPartial ? 1 : 0
      }
      return seen
    }
  }

  /// Whether the lists that follow are grouped.
  var multicast: Bool
  let routerOf: [Int32]
  let width: Int
  let places: RingPlaces
  private(set) var targets: [Destination] = []
  private(set) var trees = MulticastTrees()

  init(multicast: Bool, routerOf: [Int32], width: Int, places: RingPlaces) {
    self.multicast = multicast
    self.routerOf = routerOf
    self.width = width
    self.places = places
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
    let routers = group.map { Int(routerOf[Int($0.core)]) }
    var branch: Int32 = -1
    if group.count > 1 {
      let order = group.indices.sorted { (routers[$0], $0) < (routers[$1], $1) }
      targets += order.map { group[$0] }
      branch = trees.root(from: source, to: routers, width: width)
    } else {
      targets += group
    }
    let one = group[0]
    let flit = Mesh.Flit(
      packet: 0, x: UInt16(routers[0] % width), y: UInt16(routers[0] / width), branch: branch)
    return Send(
      targets: start..<targets.count, to: flit.to,
      place: group.count == 1 && !first.isPartial
        ? places.place(axon: Int(one.target), core: Int(one.core)) : -1,
      delay: first.delay, isPartial: first.isPartial, isOneEach: Set(routers).count == group.count)
  }
}

extension Tables {
  /// The destinations of a packet that its flit `flit` reaches at `router`; one range, because they are sorted by router.
  @inline(__always) func targets(of packet: Packet, _ flit: Mesh.Flit, at router: Int) -> Range<Int> {
    var low = Int(packet.begin)
    let end = Int(packet.end)
    if flit.to >= 0 { return low..<end }
    if packet.isOneEach {
      low += Int(trees.branches[Int(-1 - flit.to)].rank)
      return low..<low + 1
    }
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if Int(routerOf[Int(targets[middle].core)]) < router { low = middle + 1 } else { high = middle }
    }
    high = low
    while high < end, Int(routerOf[Int(targets[high].core)]) == router { high += 1 }
    return low..<high
  }
}
