import ProgramImage

/// The packets of all neurons and channels: docs/emulator-semantics.md §4.
struct PacketLists: Sendable {
  /// By neuron row, and by input channel.
  private(set) var sends: SendLists
  let inputs: SendLists
  /// Destinations of all packets that have several, and the trees of these.
  private(set) var targets: [Destination]
  let trees: MulticastTrees
  let places: RingPlaces
  /// Of `targets`, those of inputs come first.
  private let inputTargets: Int
  private let routerOf: [Int32]
  private let width: Int32

  /// Rows whose routes are given back together.
  private static let piece = 4096

  /// Takes the routes and the inputs out of the image.
  ///
  /// - Parameter routerOf: [cores]
  init(_ image: inout ProgramImage, routerOf: [Int32], _ places: RingPlaces) {
    let mesh = image.chip.mesh
    let neuronBegin = image.cores.neuronBegin
    var builder = SendBuilder(routerOf: routerOf, width: mesh.width, places: places)
    var inputs = ProgramImage.Inputs()
    swap(&inputs, &image.inputs)
    var lists = SendLists(lists: inputs.channels, sends: inputs.core.count)
    // Input that the host writes is not multicast: it is not sent at all.
    builder.append(
      0..<max(0, inputs.channels), begin: inputs.begin, source: { _ in 0 },
      multicast: mesh.multicast && image.chip.input == .edge, to: &lists
    ) { i in
      let core = inputs.core[i]
      let axon = places.axonBegin[Int(core)] + Int(inputs.axon[i])
      return SendBuilder.Route(
        destination: Destination(core: core, target: Int32(axon)), delay: Int32(inputs.delay[i]),
        isPartial: false)
    }
    self.inputs = lists
    inputTargets = builder.targets.count

    var routes = ProgramImage.Routes()
    swap(&routes, &image.routes)
    var router = [Int32](repeating: 0, count: image.neurons.count)
    for core in routerOf.indices {
      for row in Int(neuronBegin[core])..<Int(neuronBegin[core + 1]) { router[row] = routerOf[core] }
    }
    lists = SendLists(lists: router.count, sends: routes.core.count)
    var given = 0
    for first in stride(from: 0, to: router.count, by: PacketLists.piece) {
      let rows = first..<min(first + PacketLists.piece, router.count)
      builder.append(
        rows, begin: routes.begin, source: { Int(router[$0]) }, multicast: mesh.multicast, to: &lists
      ) { i in
        let isPartial = routes.kind[i] == ProgramImage.RouteKind.partial.rawValue
        let core = routes.core[i]
        let begin = isPartial ? Int(neuronBegin[Int(core)]) : places.axonBegin[Int(core)]
        return SendBuilder.Route(
          destination: Destination(core: core, target: Int32(begin) + Int32(routes.axon[i])),
          delay: Int32(routes.delay[i]), isPartial: isPartial)
      }
      routes.giveBack(given..<Int(routes.begin[rows.upperBound]))
      given = Int(routes.begin[rows.upperBound])
    }
    sends = lists
    targets = builder.targets
    trees = builder.trees
    self.places = places
    self.routerOf = routerOf
    width = Int32(mesh.width)
  }

  /// A packet's destination `i`, of `send.count`.
  @inline(__always) func destination(_ i: Int32, of send: Send) -> Destination {
    if !send.isSingle { return targets[Int(send.begin &+ i)] }
    let target = send.isPartial ? send.row : places.axon(place: send.place, core: send.core)
    return Destination(core: send.core, target: target)
  }

  /// Whether all destinations of a packet lie in cores for which `isIn` holds.
  func allCores(of send: Send, _ isIn: [Bool]) -> Bool {
    for i in 0..<send.count where !isIn[Int(destination(i, of: send).core)] { return false }
    return true
  }

  /// Destinations of the packets of all neurons.
  var destinations: Int { sends.sends.reduce(0) { $0 + Int($1.count) } }

  /// The links of a packet from a router, which are those of its tree.
  func hops(of send: Send, from router: Int32) -> Hops {
    var hops = Hops()
    if send.isSingle {
      let to = routerOf[Int(send.core)]
      hops.vertical = UInt32(abs(to / width - router / width))
      hops.all = UInt32(abs(to % width - router % width)) + hops.vertical
      return hops
    }
    var open = [send.branch]
    while let branch = open.popLast() {
      for output in 0..<4 where trees.branches[Int(branch)].outputs & (1 << UInt8(output)) != 0 {
        hops.all += 1
        hops.vertical += output >= 2 ? 1 : 0
        open.append(trees.child(of: branch, output: output))
      }
    }
    return hops
  }

  /// Lets go of the packets of neurons, which an ideal mesh does not carry.
  ///
  /// - Parameter keepsTargets: whether some of them are listed elsewhere and have their destinations here.
  mutating func dropSends(keepsTargets: Bool) {
    sends = SendLists()
    if !keepsTargets { targets = Array(targets[..<inputTargets]) }
  }

  /// Neurons of the cores that a core's neurons send to, of the average core.
  ///
  /// - Parameter neuronBegin: [cores + 1]
  func rowsReached(_ neuronBegin: [Int]) -> Double {
    var lastCore = [Int](repeating: -1, count: routerOf.count)
    var rows = 0
    for core in routerOf.indices {
      for row in neuronBegin[core]..<neuronBegin[core + 1] {
        for send in sends[row] {
          for i in 0..<send.count {
            let target = Int(destination(i, of: send).core)
            if lastCore[target] == core { continue }
            lastCore[target] = core
            rows += neuronBegin[target + 1] - neuronBegin[target]
          }
        }
      }
    }
    return Double(rows) / Double(max(routerOf.count, 1))
  }
}

extension ProgramImage.Routes {
  fileprivate mutating func giveBack(_ some: Range<Int>) {
    kind.giveBack(some)
    core.giveBack(some)
    axon.giveBack(some)
    delay.giveBack(some)
  }
}
