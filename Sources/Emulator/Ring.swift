/// The axons of one core that held a spike, and how many.
struct TakenAxons: Sendable {
  var axon: [Int32]
  var spikes: [UInt8]

  /// - Parameter axons: of the largest core.
  init(axons: Int) {
    axon = [Int32](repeating: 0, count: axons)
    spikes = [UInt8](repeating: 0, count: axons)
  }
}

/// What has been delivered and waits for its tick: a spike count per (axon, slot), a partial sum per (neuron, slot).
///
/// Axons are numbered over all cores. A slot also has a bit per axon that holds a spike, so that an empty axon costs a
/// 64th of a word when the slot is read. Small on purpose: deliveries come in any order, and each touches one count and
/// one bit.
struct Ring: Sendable {
  private let axons: Int
  private let rows: Int
  private let axonBegin: [Int]
  /// [cores + 1] where a core's words begin within a slot.
  private let wordBegin: [Int]
  private let maximum: Int
  /// [slots · axons]
  private(set) var counts: [UInt8]
  /// [slots · words] the axons with a count above 0, a core's first axon in the lowest bit of its first word.
  private var filled: [UInt64]
  /// [slots · cores] axons of the spikes that wait, in order of arrival, each as often as it counts; empty where the order
  /// does not matter.
  private(set) var arrivals: [[Int32]]
  /// [slots · rows]; empty when no partial packet exists.
  private var partials: [Int64]
  /// Spikes that found their axon's count full.
  var saturations: UInt64 = 0

  init(_ tables: Tables) {
    axons = tables.axons
    rows = tables.rows
    axonBegin = tables.axonBegin
    maximum = tables.chip.core.axonCountMaximum  // at most 8 bits
    counts = [UInt8](repeating: 0, count: tables.slots * tables.axons)
    var words = [0]
    for (begin, end) in zip(axonBegin, axonBegin.dropFirst()) {
      words.append(words[words.count - 1] + (end - begin + 63) / 64)
    }
    wordBegin = words
    filled = [UInt64](repeating: 0, count: tables.slots * words[words.count - 1])
    let lists = tables.perEvent == nil ? 0 : tables.slots * tables.coreCount
    arrivals = [[Int32]](repeating: [], count: lists)
    let takesPartials = tables.takesPartials.contains(true)
    partials = [Int64](repeating: 0, count: takesPartials ? tables.slots * tables.rows : 0)
  }

  mutating func reset() {
    for i in counts.indices { counts[i] = 0 }
    for i in filled.indices { filled[i] = 0 }
    for i in arrivals.indices { arrivals[i].removeAll(keepingCapacity: true) }
    for i in partials.indices { partials[i] = 0 }
  }

  private var words: Int { wordBegin[wordBegin.count - 1] }

  /// `count ← min(count + spikes, maximum)`; spikes beyond the maximum are counted.
  @inline(__always)
  mutating func addSpikes(_ spikes: Int, axon: Int, core: Int, slot: Int) {
    let place = slot &* axons &+ axon
    let sum = Int(counts[place]) &+ spikes
    let count = min(sum, maximum)
    counts[place] = UInt8(truncatingIfNeeded: count)
    saturations &+= UInt64(truncatingIfNeeded: sum &- count)
    if count > 0 {
      let local = axon &- axonBegin[core]
      filled[slot &* words &+ wordBegin[core] &+ local &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: local & 63)
    }
    if !arrivals.isEmpty {
      for _ in 0..<spikes &- (sum &- count) {
        arrivals[arrivalList(core: core, slot: slot)].append(Int32(truncatingIfNeeded: axon))
      }
    }
  }

  mutating func addPartial(_ value: Int64, row: Int, slot: Int) { partials[slot &* rows &+ row] += value }

  /// Takes everything out of a core's slot.
  ///
  /// - Parameter taken: gets the core's axons that hold a spike, ascending, counted from its first one, and how many each
  ///   holds; has room for all axons of the core.
  /// - Returns: how many they are.
  mutating func take(core: Int, slot: Int, into taken: inout TakenAxons) -> Int {
    let first = slot &* axons &+ axonBegin[core]
    let begin = slot &* words &+ wordBegin[core]
    return emptySlot(
      &filled, begin..<begin &+ wordBegin[core &+ 1] &- wordBegin[core], &counts, first, &taken.axon,
      &taken.spikes)
  }

  /// Where a core's waiting spikes stand in `arrivals`.
  @inline(__always) func arrivalList(core: Int, slot: Int) -> Int {
    slot &* (axonBegin.count &- 1) &+ core
  }

  /// Empties a core's slot, of which only the order of arrival was read.
  mutating func clearArrivals(core: Int, slot: Int) {
    let list = arrivalList(core: core, slot: slot)
    for axon in arrivals[list] {
      counts[slot &* axons &+ Int(axon)] = 0
      let local = Int(axon) &- axonBegin[core]
      filled[slot &* words &+ wordBegin[core] &+ local &>> 6] = 0
    }
    arrivals[list].removeAll(keepingCapacity: true)
  }

  /// Moves the slot's partial sums of rows `range` into `sums`, from index 0 on.
  mutating func takePartials(_ range: Range<Int>, slot: Int, into sums: inout [Int64]) {
    let shift = slot &* rows
    for row in range {
      sums[row &- range.lowerBound] = partials[shift &+ row]
      partials[shift &+ row] = 0
    }
  }
}

/// - Parameters:
///   - words: of the core and slot in `filled`.
///   - first: the core's first axon of the slot in `counts`.
private func emptySlot(
  _ filled: inout [UInt64], _ words: Range<Int>, _ counts: inout [UInt8], _ first: Int,
  _ axons: inout [Int32],
  _ spikes: inout [UInt8]
) -> Int {
  var filled = filled.mutableSpan
  var counts = counts.mutableSpan
  var axons = axons.mutableSpan
  var spikes = spikes.mutableSpan
  var n = 0
  for w in words {
    var bits = filled[w]
    if bits == 0 { continue }
    filled[w] = 0
    while bits != 0 {
      let local = (w &- words.lowerBound) &* 64 &+ bits.trailingZeroBitCount
      bits &= bits &- 1
      axons[n] = Int32(truncatingIfNeeded: local)
      spikes[n] = counts[first &+ local]
      counts[first &+ local] = 0
      n &+= 1
    }
  }
  return n
}
