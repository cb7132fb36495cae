import ProgramImage

/// Writes the blocks of `FlatBlocks`, rows ascending.
struct FlatBlockBuilder {
  private(set) var begin: [UInt32] = [0]
  private(set) var words: [UInt32] = []
  private let image: ProgramImage
  private let tables: Tables
  private let cores: Range<Int>
  private let firstRow: Int
  private let isShort: Bool
  // Of the block at work.
  private var shares: [UInt32] = []
  private var targets: [UInt32] = []
  private var weights: [Int16] = []

  init(_ image: ProgramImage, _ tables: Tables, _ cores: Range<Int>, isShort: Bool) {
    self.image = image
    self.tables = tables
    self.cores = cores
    self.isShort = isShort
    firstRow = tables.neuronBegin[cores.lowerBound]
    // Synapses that no neuron feeds make this too much.
    let synapses = cores.reduce(0) {
      $0 + Int(image.crossbar.begin[tables.axonBegin[$1 + 1]] - image.crossbar.begin[tables.axonBegin[$1]])
    }
    let bytes = synapses * ((isShort ? 2 : 4) + (tables.synapses.isNarrow ? 1 : 2))
    let shares = tables.targets.count * (tables.rowTimes.areEqual ? 1 : 2)
    words.reserveCapacity(bytes / 4 + tables.rows * (FlatBlocks.header + 1) + shares)
  }

  /// The blocks of a neuron, one per delay.
  mutating func add(row: Int, core: Int) {
    let sends = tables.sends.sends[Int(tables.sends.begin[row])..<Int(tables.sends.begin[row + 1])]
    if let first = sends.first {
      if sends.allSatisfy({ $0.delay == first.delay }) {
        addBlock(sends, delay: first.delay, core: core)
      } else {
        for delay in Set(sends.map(\.delay)).sorted() {
          addBlock(sends.filter { $0.delay == delay }[...], delay: delay, core: core)
        }
      }
    }
    begin.append(UInt32(words.count))
  }

  private mutating func addBlock(_ sends: ArraySlice<Send>, delay: Int32, core: Int) {
    shares.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    let isOwn = cores.contains(core)
    var hops = Hops()
    var reached: UInt32 = 0
    for send in sends {
      if isOwn {
        let way = tables.hops(of: send, from: tables.routerOf[core])
        hops.all += way.all
        hops.vertical += way.vertical
      }
      for target in tables.targets[Int(send.begin)..<Int(send.end)] where cores.contains(Int(target.core)) {
        addShare(target)
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
  private mutating func addShare(_ target: Destination) {
    let axon = Int(target.target)
    let list = Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1])
    shares.append(UInt32(Int(target.core) - cores.lowerBound) << 17 | UInt32(list.count))
    if !tables.rowTimes.areEqual { shares.append(UInt32(clamping: tables.rowTimes.cycles(axon: axon))) }
    let neurons = tables.neuronBegin[Int(target.core)]..<tables.neuronBegin[Int(target.core) + 1]
    for i in list {
      let row = neurons.lowerBound + Int(image.crossbar.neuron[i])
      precondition(neurons.contains(row), "a verified image has no synapse beyond its core")
      targets.append(UInt32(row - firstRow))
      weights.append(image.crossbar.weight[i])
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
