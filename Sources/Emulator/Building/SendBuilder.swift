/// Builds the lists of packets from the image's lists of routes.
struct SendBuilder {
  struct Route {
    var destination: Destination
    var delay: Int32
    var isPartial: Bool
  }

  let routerOf: [Int32]
  let width: Int
  let places: RingPlaces
  private(set) var targets: [Destination] = []
  private(set) var trees = MulticastTrees()

  init(routerOf: [Int32], width: Int, places: RingPlaces) {
    self.routerOf = routerOf
    self.width = width
    self.places = places
  }

  /// Appends the packets of some lists.
  ///
  /// - Parameters:
  ///   - begin: [all lists + 1] into the routes.
  ///   - source: the router at which the packets of a list are injected.
  ///   - multicast: whether spike routes of one delay are one packet.
  ///   - route: the route of a number.
  mutating func append(
    _ some: Range<Int>, begin: [Int64], source: (Int) -> Int, multicast: Bool, to lists: inout SendLists,
    route: (Int) -> Route
  ) {
    for list in some {
      let routes = Int(begin[list])..<Int(begin[list + 1])
      if multicast {
        append(routes.map(route), from: source(list), to: &lists.sends)
      } else {
        for i in routes { lists.sends.append(single(route(i))) }
      }
      lists.begin.append(Int32(lists.sends.count))
    }
  }

  /// Packets stand in the order of their first routes.
  private mutating func append(_ routes: [Route], from source: Int, to sends: inout [Send]) {
    var groups: [[Destination]] = []
    var firsts: [Route] = []
    var groupOfDelay: [Int32: Int] = [:]
    for next in routes {
      if !next.isPartial, let group = groupOfDelay[next.delay] {
        groups[group].append(next.destination)
      } else {
        if !next.isPartial { groupOfDelay[next.delay] = groups.count }
        groups.append([next.destination])
        firsts.append(next)
      }
    }
    for (group, first) in zip(groups, firsts) {
      sends.append(group.count == 1 ? single(first) : several(group, first, from: source))
    }
  }

  private func single(_ route: Route) -> Send {
    let (core, target) = (route.destination.core, route.destination.target)
    let router = Int(routerOf[Int(core)])
    let flit = Mesh.Flit(packet: 0, x: UInt16(router % width), y: UInt16(router / width))
    return Send(
      to: flit.to, place: route.isPartial ? target : places.place(axon: Int(target), core: Int(core)),
      core: core, delay: route.delay, isPartial: route.isPartial)
  }

  private mutating func several(_ group: [Destination], _ first: Route, from source: Int) -> Send {
    let start = targets.count
    let routers = group.map { Int(routerOf[Int($0.core)]) }
    let order = group.indices.sorted { (routers[$0], $0) < (routers[$1], $1) }
    targets += order.map { group[$0] }
    let branch = trees.root(from: source, to: routers, width: width)
    return Send(
      to: Mesh.Flit(packet: 0, x: 0, y: 0, branch: branch).to, targets: start..<targets.count,
      delay: first.delay, isOneEach: Set(routers).count == group.count)
  }
}
