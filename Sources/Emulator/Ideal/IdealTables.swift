/// What an ideal mesh needs of a program.
struct IdealTables: Sendable {
  /// Nil unless the program is one; `routes` is empty then.
  let flat: FlatProgram?
  let routes: IdealRoutes
  /// Beside `Tables.inputs.sends`.
  let inputHops: [Hops]
  /// As `PacketLists.rowsReached`.
  let rowsReached: Double
  /// The part of the inputs' destinations that are axons of cores with full rows, and how long these are on average.
  let inputsIntoRows: (share: Double, width: Double)

  /// Takes what is left of the material: the synapses that spikes go straight to.
  ///
  /// - Parameters:
  ///   - threads: how many at most share the cores of a sample.
  ///   - neuronsPerThread: so many at least.
  init(_ material: inout Material, _ tables: Tables, threads: Int, neuronsPerThread: Int) {
    inputHops = tables.inputs.sends.map { tables.packets.hops(of: $0, from: 0) }
    rowsReached = material.packets.rowsReached(tables.neuronBegin)
    inputsIntoRows = tables.inputsIntoRows()
    if FlatProgram.canBeMade(material, tables) {
      flat = FlatProgram(&material, tables, threads: threads, neuronsPerThread: neuronsPerThread)
      routes = IdealRoutes()
    } else {
      flat = nil
      routes = IdealRoutes(&material, tables)
    }
  }
}

extension Tables {
  fileprivate func inputsIntoRows() -> (share: Double, width: Double) {
    var (all, inRows, width) = (0.0, 0.0, 0.0)
    for send in inputs.sends {
      for i in 0..<send.count {
        let core = Int(packets.destination(i, of: send).core)
        all += 1
        guard synapses.hasRows(core: core) else { continue }
        inRows += 1
        width += Double(neuronBegin[core + 1] - neuronBegin[core])
      }
    }
    return (inRows / max(all, 1), width / max(inRows, 1))
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

  /// Takes the synapses that spikes go straight to.
  init(_ material: inout Material, _ tables: Tables) {
    isStraight = material.isStraight
    reserve(material, tables)
    for core in 0..<tables.coreCount {
      for row in tables.neuronBegin[core]..<tables.neuronBegin[core + 1] {
        add(row: row, router: tables.routerOf[core], &material, tables)
        burstBegin.append(UInt32(bursts.count))
        otherBegin.append(UInt32(others.count))
      }
    }
  }

  /// Makes room, because an array that grows takes twice its size for a moment. What is too much is never touched.
  private mutating func reserve(_ material: Material, _ tables: Tables) {
    let synapses = isStraight.indices.filter { isStraight[$0] }.reduce(0) {
      $0 + material.synapses.count(tables.axonBegin[$1]..<tables.axonBegin[$1 + 1])
    }
    if tables.rows <= 1 << 16 {
      shortRows.reserveCapacity(synapses)
    } else {
      longRows.reserveCapacity(synapses)
    }
    if tables.synapses.isNarrow {
      narrowWeights.reserveCapacity(synapses)
    } else {
      wideWeights.reserveCapacity(synapses)
    }
    burstBegin.reserveCapacity(tables.rows + 1)
    otherBegin.reserveCapacity(tables.rows + 1)
    shares.reserveCapacity(material.packets.destinations)
    bursts.reserveCapacity(material.packets.sends.sends.count)
    others.reserveCapacity(material.packets.sends.sends.count)
  }

  private mutating func add(row: Int, router: Int32, _ material: inout Material, _ tables: Tables) {
    let packets = material.packets
    var straight: [Send] = []
    for send in packets.sends[row] {
      if !send.isPartial && packets.allCores(of: send, isStraight) {
        straight.append(send)
      } else {
        others.append(Other(send: send, hops: packets.hops(of: send, from: router)))
      }
    }
    for delay in Set(straight.map(\.delay)).sorted() {
      let firstShare = UInt32(shares.count)
      let firstSynapse = synapseCount
      var burst = Burst(delay: delay, shares: 0..<0, synapses: 0..<0)
      for send in straight where send.delay == delay {
        let hops = packets.hops(of: send, from: router)
        burst.packets += 1
        burst.hops.all += hops.all
        burst.hops.vertical += hops.vertical
        for i in 0..<send.count { add(packets.destination(i, of: send), &material.synapses, tables) }
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
  private mutating func add(_ target: Destination, _ synapses: inout SynapseSource, _ tables: Tables) {
    let axon = Int(target.target)
    shares.append(Share(core: UInt32(target.core), synapses: UInt32(synapses.count(axon: axon))))
    if !tables.rowTimes.areEqual { shareCycles.append(UInt32(clamping: tables.rowTimes.cycles(axon: axon))) }
    let first = tables.neuronBegin[Int(target.core)]
    synapses.take(axon: axon) { neuron, weight in
      let row = first + Int(neuron)
      if tables.rows <= 1 << 16 { shortRows.append(UInt16(row)) } else { longRows.append(Int32(row)) }
      if tables.synapses.isNarrow {
        narrowWeights.append(Int8(truncatingIfNeeded: weight))
      } else {
        wideWeights.append(weight)
      }
    }
  }
}
