import ChipModel
import ProgramImage

/// What an ideal mesh needs of a program; a class because it is large and only read.
final class IdealTables: Sendable {
  /// Whether the program is a `FlatProgram`; `routes` is empty then.
  let isFlat: Bool
  let routes: IdealRoutes
  /// Beside `Tables.inputs.sends`.
  let inputHops: [Hops]

  init(_ image: ProgramImage, _ tables: Tables) {
    let isStraight = IdealRoutes.straightCores(image, tables)
    isFlat = FlatProgram.canBeMade(image, tables, isStraight: isStraight)
    routes = isFlat ? IdealRoutes() : IdealRoutes(image, tables, isStraight)
    inputHops = tables.inputs.sends.map { tables.hops(of: $0, from: 0) }
  }
}

/// Links that a packet and its copies cross, and those of them along y.
struct Hops: Sendable {
  var all: UInt32 = 0
  var vertical: UInt32 = 0
}

/// Per neuron what its packets cost on their way, and the synapses that they reach, one after the other, so that a spike goes
/// straight into the sums of its targets.
///
/// Straight is the same as through the axons where no axon of the target core can hold more than one spike: where each is
/// fed by one route only, by no input, and a neuron fires once a tick. Other packets take the way through the ring, and so
/// do those to cores whose crossbars are full rows.
struct IdealRoutes: Sendable {
  /// All packets of a neuron that go straight and act in the same tick.
  struct Burst: Sendable {
    var delay: Int32
    var packets: UInt32 = 0
    var hops = Hops()
    /// The axons that they reach, in `shares`, and all synapses of these.
    var shares: Range<UInt32>
    var synapses: Range<UInt32>
  }
  /// An axon that is reached.
  struct Share: Sendable {
    var core: UInt32
    var synapses: UInt32
  }
  /// A packet that takes the way through the ring.
  struct Other: Sendable {
    var send: Send
    var hops: Hops
  }

  /// [rows + 1] into `bursts`, and into `others`.
  private(set) var burstBegin: [UInt32] = [0]
  private(set) var otherBegin: [UInt32] = [0]
  private(set) var bursts: [Burst] = []
  private(set) var others: [Other] = []
  private(set) var shares: [Share] = []
  /// Beside `shares`: cycles that the core takes to read the axon; empty where all axons take the same.
  private(set) var shareCycles: [UInt32] = []
  /// [synapses] the target's row, 16 or 32 bits (the other is empty), and the weight, 8 or 16 bits.
  private(set) var shortRows: [UInt16] = []
  private(set) var longRows: [Int32] = []
  private(set) var narrowWeights: [Int8] = []
  private(set) var wideWeights: [Int16] = []
  /// [cores] whether anything goes straight into its sums.
  let isStraight: [Bool]

  init() { isStraight = [] }

  init(_ image: ProgramImage, _ tables: Tables, _ isStraight: [Bool]) {
    self.isStraight = isStraight
    for core in 0..<tables.coreCount {
      for row in tables.neuronBegin[core]..<tables.neuronBegin[core + 1] {
        add(row: row, router: tables.routerOf[core], image, tables)
        burstBegin.append(UInt32(bursts.count))
        otherBegin.append(UInt32(others.count))
      }
    }
  }

  /// Cores with lists of synapses, none of them stochastic, whose axons hold one spike at most.
  static func straightCores(_ image: ProgramImage, _ tables: Tables) -> [Bool] {
    guard tables.rules.spikesPerTick == 1, tables.perEvent == nil else {
      return [Bool](repeating: false, count: tables.coreCount)
    }
    var isFed = [Bool](repeating: false, count: tables.axons)
    var isStraight = (0..<tables.coreCount).map {
      !tables.synapses.hasRows(core: $0) && tables.stochastic?.isUsed[$0] != true
    }
    func feed(core: Int32, axon: UInt16) {
      let place = tables.axonBegin[Int(core)] + Int(axon)
      if isFed[place] { isStraight[Int(core)] = false }
      isFed[place] = true
    }
    for i in image.routes.core.indices where image.routes.kind[i] == ProgramImage.RouteKind.spike.rawValue {
      feed(core: image.routes.core[i], axon: image.routes.axon[i])
    }
    for i in image.inputs.core.indices { feed(core: image.inputs.core[i], axon: image.inputs.axon[i]) }
    return isStraight
  }

  private mutating func add(row: Int, router: Int32, _ image: ProgramImage, _ tables: Tables) {
    var straight: [Send] = []
    for send in tables.sends.sends[Int(tables.sends.begin[row])..<Int(tables.sends.begin[row + 1])] {
      let targets = tables.targets[Int(send.begin)..<Int(send.end)]
      if !send.isPartial && targets.allSatisfy({ isStraight[Int($0.core)] }) {
        straight.append(send)
      } else {
        others.append(Other(send: send, hops: tables.hops(of: send, from: router)))
      }
    }
    for delay in Set(straight.map(\.delay)).sorted() {
      let firstShare = UInt32(shares.count)
      let firstSynapse = synapseCount
      var burst = Burst(delay: delay, shares: 0..<0, synapses: 0..<0)
      for send in straight where send.delay == delay {
        let hops = tables.hops(of: send, from: router)
        burst.packets += 1
        burst.hops.all += hops.all
        burst.hops.vertical += hops.vertical
        for target in tables.targets[Int(send.begin)..<Int(send.end)] { add(target, image, tables) }
      }
      burst.shares = firstShare..<UInt32(shares.count)
      burst.synapses = firstSynapse..<synapseCount
      bursts.append(burst)
    }
  }

  /// Synapses that can be gone straight to, and bytes that each takes.
  var synapses: Int { shortRows.count + longRows.count }
  var bytesPerSynapse: Int { (longRows.isEmpty ? 2 : 4) + (wideWeights.isEmpty ? 1 : 2) }

  private var synapseCount: UInt32 { UInt32(synapses) }

  /// The synapses of one axon.
  private mutating func add(_ target: Destination, _ image: ProgramImage, _ tables: Tables) {
    let axon = Int(target.target)
    let list = Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1])
    shares.append(Share(core: UInt32(target.core), synapses: UInt32(list.count)))
    if !tables.rowTimes.areEqual { shareCycles.append(UInt32(clamping: tables.rowTimes.cycles(axon: axon))) }
    let first = tables.neuronBegin[Int(target.core)]
    for i in list {
      let row = first + Int(image.crossbar.neuron[i])
      if tables.rows <= 1 << 16 { shortRows.append(UInt16(row)) } else { longRows.append(Int32(row)) }
      if tables.synapses.isNarrow {
        narrowWeights.append(Int8(truncatingIfNeeded: image.crossbar.weight[i]))
      } else {
        wideWeights.append(image.crossbar.weight[i])
      }
    }
  }
}

extension Tables {
  /// The links of a packet from a router, which are those of its tree.
  func hops(of send: Send, from router: Int32) -> Hops {
    var hops = Hops()
    if send.branch >= 0 {
      var open = [send.branch]
      while let branch = open.popLast() {
        for output in 0..<4 where trees.branches[Int(branch)].outputs & (1 << UInt8(output)) != 0 {
          hops.all += 1
          hops.vertical += output >= 2 ? 1 : 0
          open.append(trees.child(of: branch, output: output))
        }
      }
    } else {
      let width = Int32(chip.mesh.width)
      let to = routerOf[Int(targets[Int(send.begin)].core)]
      hops.vertical = UInt32(abs(to / width - router / width))
      hops.all = UInt32(abs(to % width - router % width)) + hops.vertical
    }
    return hops
  }
}
