/// Writes the blocks of `FlatBlocks`, rows ascending.
struct FlatBlockBuilder {
  private(set) var begin: [UInt32] = [0]
  private(set) var words: [UInt32] = []
  private let tables: Tables
  private let packets: PacketLists
  private let cores: Range<Int>
  private let firstRow: Int
  private let isShort: Bool
  // Of the block at work.
  private var shares: [UInt32] = []
  private var targets: [UInt32] = []
  private var weights: [Int16] = []

  init(_ material: Material, _ tables: Tables, _ cores: Range<Int>, isShort: Bool) {
    self.tables = tables
    packets = material.packets
    self.cores = cores
    self.isShort = isShort
    firstRow = tables.neuronBegin[cores.lowerBound]
    // An array that grows takes twice its size for a moment. Synapses that no neuron feeds make this too much, which is room
    // that is never touched.
    let synapses = material.synapses.count(
      tables.axonBegin[cores.lowerBound]..<tables.axonBegin[cores.upperBound])
    let bytes = synapses * ((isShort ? 2 : 4) + (tables.synapses.isNarrow ? 1 : 2))
    let shares = packets.destinations * (tables.rowTimes.areEqual ? 1 : 2)
    let blocks = (0..<tables.rows).reduce(0) { $0 + FlatBlockBuilder.delays(packets.sends[$1]).count }
    begin.reserveCapacity(tables.rows + 1)
    words.reserveCapacity(bytes / 4 + blocks * (FlatBlocks.header + 1) + shares)
  }

  /// Each once, ascending.
  private static func delays(_ sends: ArraySlice<Send>) -> [Int32] {
    guard let first = sends.first else { return [] }
    return sends.allSatisfy { $0.delay == first.delay } ? [first.delay] : Set(sends.map(\.delay)).sorted()
  }

  /// The blocks of a neuron, one per delay. Takes the synapses that go into them.
  mutating func add(row: Int, core: Int, _ synapses: inout SynapseSource) {
    let sends = packets.sends[row]
    let delays = FlatBlockBuilder.delays(sends)
    for delay in delays {
      let some = delays.count == 1 ? sends : sends.filter { $0.delay == delay }[...]
      addBlock(some, delay: delay, core: core, &synapses)
    }
    begin.append(UInt32(words.count))
  }

  private mutating func addBlock(
    _ sends: ArraySlice<Send>, delay: Int32, core: Int, _ synapses: inout SynapseSource
  ) {
    shares.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    let isOwn = cores.contains(core)
    var hops = Hops()
    var reached: UInt32 = 0
    for send in sends {
      if isOwn {
        let way = packets.hops(of: send, from: tables.routerOf[core])
        hops.all += way.all
        hops.vertical += way.vertical
      }
      for i in 0..<send.count {
        let target = packets.destination(i, of: send)
        guard cores.contains(Int(target.core)) else { continue }
        addShare(target, &synapses)
        reached += 1
      }
    }
    guard isOwn || reached > 0 else { return }
    words += [
      UInt32(delay), reached, UInt32(targets.count), isOwn ? UInt32(sends.count) : 0, hops.all, hops.vertical,
    ]
    words += shares
    addBytes()
  }

  /// An axon that is reached, and its synapses.
  private mutating func addShare(_ target: Destination, _ synapses: inout SynapseSource) {
    let axon = Int(target.target)
    shares.append(UInt32(Int(target.core) - cores.lowerBound) << 17 | UInt32(synapses.count(axon: axon)))
    if !tables.rowTimes.areEqual { shares.append(UInt32(clamping: tables.rowTimes.cycles(axon: axon))) }
    let neurons = tables.neuronBegin[Int(target.core)]..<tables.neuronBegin[Int(target.core) + 1]
    synapses.take(axon: axon) { neuron, weight in
      let row = neurons.lowerBound + Int(neuron)
      precondition(neurons.contains(row), "a verified image has no synapse beyond its core")
      targets.append(UInt32(row - firstRow))
      weights.append(weight)
    }
  }

  private mutating func addBytes() {
    let count = targets.count
    let rowBytes = isShort ? 2 : 4
    let weightBytes = tables.synapses.isNarrow ? 1 : 2
    let first = words.count * 4
    words.append(contentsOf: repeatElement(0, count: (count * (rowBytes + weightBytes) + 3) / 4))
    words.withUnsafeMutableBytes { bytes in
      for i in 0..<count {
        let place = first + i * rowBytes
        if isShort {
          bytes.storeBytes(of: UInt16(truncatingIfNeeded: targets[i]), toByteOffset: place, as: UInt16.self)
        } else {
          bytes.storeBytes(of: targets[i], toByteOffset: place, as: UInt32.self)
        }
      }
      for i in 0..<count {
        let place = first + count * rowBytes + i * weightBytes
        if weightBytes == 1 {
          bytes.storeBytes(of: Int8(truncatingIfNeeded: weights[i]), toByteOffset: place, as: Int8.self)
        } else {
          bytes.storeBytes(of: weights[i], toByteOffset: place, as: Int16.self)
        }
      }
    }
  }
}
