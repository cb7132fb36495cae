/// What has been delivered and waits for its tick: a spike count per (axon, slot), a partial sum per (neuron, slot).
///
/// Axons are numbered over all cores. A slot also lists the axons that hold a spike, so that an empty axon
/// costs nothing when the slot is read.
struct Ring: Sendable {
  private let axons: Int
  private let rows: Int
  private let axonBegin: [Int]
  private let maximum: Int32
  /// [slots · axons]
  private(set) var counts: [Int32]
  /// [slots · axons]: per core, from its first axon on, the axons with a count above 0 in order of arrival.
  private var filled: [Int32]
  /// [slots · cores]
  private var filledCount: [Int32]
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
    maximum = Int32(tables.chip.core.axonCountMaximum)
    counts = [Int32](repeating: 0, count: tables.slots * tables.axons)
    filled = counts
    filledCount = [Int32](repeating: 0, count: tables.slots * tables.coreCount)
    arrivals = tables.perEvent == nil ? [] : filledCount.map { _ in [] }
    let takesPartials = tables.takesPartials.contains(true)
    partials = [Int64](repeating: 0, count: takesPartials ? tables.slots * tables.rows : 0)
  }

  mutating func reset() {
    for i in counts.indices { counts[i] = 0 }
    for i in filledCount.indices { filledCount[i] = 0 }
    for i in arrivals.indices { arrivals[i].removeAll(keepingCapacity: true) }
    for i in partials.indices { partials[i] = 0 }
  }

  private var cores: Int { axonBegin.count - 1 }

  /// `count ← min(count + spikes, maximum)`; spikes beyond the maximum are counted.
  mutating func addSpikes(_ spikes: Int32, axon: Int, core: Int, slot: Int) {
    let place = slot &* axons &+ axon
    let before = counts[place]
    if before == 0 && spikes > 0 {
      let list = slot &* cores &+ core
      filled[slot &* axons &+ axonBegin[core] &+ Int(filledCount[list])] = Int32(truncatingIfNeeded: axon)
      filledCount[list] &+= 1  // at most the core's axons: an axon is listed once
    }
    let room = maximum &- before
    counts[place] = before &+ min(spikes, room)
    if spikes > room { saturations &+= UInt64(spikes &- room) }
    if !arrivals.isEmpty {
      for _ in 0..<min(spikes, room) {
        arrivals[slot &* cores &+ core].append(Int32(truncatingIfNeeded: axon))
      }
    }
  }

  mutating func addPartial(_ value: Int64, row: Int, slot: Int) { partials[slot &* rows &+ row] += value }

  /// Axons of a core that hold a spike in `slot`, in order of arrival.
  func filledAxons(core: Int, slot: Int) -> ArraySlice<Int32> {
    let begin = slot &* axons &+ axonBegin[core]
    return filled[begin..<begin &+ Int(filledCount[slot &* cores &+ core])]
  }

  /// Takes the count of a listed axon out.
  @inline(__always) mutating func takeCount(axon: Int, slot: Int) -> Int32 {
    let place = slot &* axons &+ axon
    let count = counts[place]
    counts[place] = 0
    return count
  }

  mutating func clearList(core: Int, slot: Int) { filledCount[slot &* cores &+ core] = 0 }

  /// Where a core's waiting spikes stand in `arrivals`.
  @inline(__always) func arrivalList(core: Int, slot: Int) -> Int { slot &* cores &+ core }

  /// Empties a core's slot, of which only the order of arrival was read.
  mutating func clearArrivals(core: Int, slot: Int) {
    let list = arrivalList(core: core, slot: slot)
    for axon in arrivals[list] { counts[slot &* axons &+ Int(axon)] = 0 }
    arrivals[list].removeAll(keepingCapacity: true)
    clearList(core: core, slot: slot)
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
