/// What happened to a packet in a cycle of a tick; grants are in `Mesh.grants`.
struct TraceEvent: Sendable, Equatable {
  enum Kind: Sendable { case enteredQueue, injected, delivered }
  /// Counted from the start of the sample.
  var cycle: Int
  var kind: Kind
  /// The core whose queue it entered or that it was delivered to; the router that it was injected at.
  var place: Int
  var packet: UInt32
}

/// Fills of queues and FIFOs and who is frozen, as last seen, and their changes.
struct FillTrace: Sendable {
  enum Place: Sendable, Equatable {
    case queue(core: Int), frozen(core: Int), edgeQueue, fifo(router: Int, port: Int)
  }
  struct Change: Sendable, Equatable {
    var cycle: Int
    var place: Place
    var value: Int
  }
  private(set) var changes: [Change] = []
  /// Values by number: two of each core, one of the edge, five of each router.
  private var seen: [Int]
  private let cores: Int

  init(cores: Int, routers: Int) {
    self.cores = cores
    seen = [Int](repeating: 0, count: 2 * cores + 1 + Mesh.outputs * routers)
  }

  mutating func look(_ place: Place, _ value: Int, _ cycle: Int) {
    let number =
      switch place {
      case .queue(let core): core
      case .frozen(let core): cores + core
      case .edgeQueue: 2 * cores
      case .fifo(let router, let port): 2 * cores + 1 + router * Mesh.outputs + port
      }
    guard seen[number] != value else { return }
    seen[number] = value
    changes.append(Change(cycle: cycle, place: place, value: value))
  }
}

extension ChipState {
  @inline(__always)
  mutating func trace(
    _ kind: TraceEvent.Kind, _ packet: UInt32, at place: Int, _ cycle: Int, times: Int = 1
  ) {
    guard recordsTrace else { return }
    let event = TraceEvent(cycle: cycle, kind: kind, place: place, packet: packet)
    traceEvents.append(contentsOf: repeatElement(event, count: times))
  }

  /// Looks at all fills as they stand in `cycle`, between steps 2 and 3 (docs/emulator-semantics.md §5.2). Called after
  /// step 4 too, for the next cycle, because that may be left out.
  @inline(__always)
  mutating func traceFills(_ cycle: Int) {
    guard recordsTrace else { return }
    lookAtFills(cycle)
  }

  @inline(never)
  private mutating func lookAtFills(_ cycle: Int) {
    for core in 0..<tables.coreCount {
      fillTrace.look(.queue(core: core), traffic.fill(core: core), cycle)
      fillTrace.look(.frozen(core: core), traffic.state.queues[core].isFrozen ? 1 : 0, cycle)
    }
    fillTrace.look(.edgeQueue, traffic.edgeFill, cycle)
    for router in 0..<mesh.routers {
      for port in 0..<Mesh.outputs {
        fillTrace.look(
          .fifo(router: router, port: port), mesh.fill(router: router, port: port), cycle)
      }
    }
  }
}
