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

/// Where an axon's count lies in a slot of the ring: a core's axons one after the other, from a multiple of 64 on, so that the
/// bit of an axon has the number of its count.
struct RingPlaces: Sendable {
  /// [cores + 1] where a core's places begin.
  let begin: [Int]
  /// [cores + 1] axons, numbered over all cores.
  let axonBegin: [Int]

  init(axonBegin: [Int]) {
    self.axonBegin = axonBegin
    var begin = [0]
    for (first, end) in zip(axonBegin, axonBegin.dropFirst()) {
      begin.append(begin[begin.count - 1] + (end - first + 63) / 64 * 64)
    }
    self.begin = begin
  }

  /// Places of a slot.
  var count: Int { begin[begin.count - 1] }

  @inline(__always) func place(axon: Int, core: Int) -> Int32 {
    Int32(truncatingIfNeeded: axon &- axonBegin[core] &+ begin[core])
  }

  /// The axon at a place.
  @inline(__always) func axon(place: Int32, core: Int32) -> Int32 {
    place &+ Int32(truncatingIfNeeded: axonBegin[Int(core)] &- begin[Int(core)])
  }
}

/// What has been delivered and waits for its tick: a spike count per (axon, slot), a partial sum per (neuron, slot).
///
/// A slot also has a bit per axon that holds a spike, so that an empty axon costs a 64th of a word when the slot is read.
/// Small on purpose: deliveries come in any order, and each touches one count and one bit.
struct Ring: Sendable {
  private let places: RingPlaces
  private let rows: Int
  private let maximum: Int
  /// [slots · places]
  private(set) var counts: [UInt8]
  /// [slots · places / 64] the axons with a count above 0.
  private var filled: [UInt64]
  /// [slots · cores] axons of the spikes that wait, in order of arrival, each as often as it counts; empty where the order
  /// does not matter.
  private(set) var arrivals: [[Int32]]
  /// [slots · rows]; empty when no partial packet exists.
  private var partials: [Int64]
  /// Spikes that found their axon's count full.
  var saturations: UInt64 = 0

  /// - Parameter isUsed: whether anything is ever put into it.
  init(_ tables: Tables, isUsed: Bool = true) {
    places = tables.places
    rows = tables.rows
    maximum = tables.chip.core.axonCountMaximum  // at most 8 bits
    let slots = isUsed ? tables.slots : 0
    counts = [UInt8](repeating: 0, count: slots * places.count)
    filled = [UInt64](repeating: 0, count: slots * places.count / 64)
    arrivals = [[Int32]](repeating: [], count: tables.perEvent == nil ? 0 : slots * tables.coreCount)
    let takesPartials = tables.takesPartials.contains(true)
    partials = [Int64](repeating: 0, count: takesPartials ? slots * tables.rows : 0)
  }

  mutating func reset() {
    for i in counts.indices { counts[i] = 0 }
    for i in filled.indices { filled[i] = 0 }
    for i in arrivals.indices { arrivals[i].removeAll(keepingCapacity: true) }
    for i in partials.indices { partials[i] = 0 }
  }

  @inline(__always)
  mutating func addSpikes(_ spikes: Int, axon: Int, core: Int, slot: Int) {
    addSpikes(spikes, at: places.place(axon: axon, core: core), core: core, slot: slot)
  }

  /// `count ← min(count + spikes, maximum)`; spikes beyond the maximum are counted.
  ///
  /// - Parameter own: the axon's place, which is the core's.
  @inline(__always)
  mutating func addSpikes(_ spikes: Int, at own: Int32, core: Int, slot: Int) {
    let place = slot &* places.count &+ Int(own)
    let sum = Int(counts[place]) &+ spikes
    let count = min(sum, maximum)
    counts[place] = UInt8(truncatingIfNeeded: count)
    saturations &+= UInt64(truncatingIfNeeded: sum &- count)
    if count > 0 { filled[place >> 6] |= 1 &<< UInt64(truncatingIfNeeded: place & 63) }
    if !arrivals.isEmpty {
      for _ in 0..<spikes &- (sum &- count) {
        let axon = places.axon(place: own, core: Int32(truncatingIfNeeded: core))
        arrivals[arrivalList(core: core, slot: slot)].append(axon)
      }
    }
  }

  /// Adds one spike at each of places (x) and slots (y); not where the order of arrival matters.
  ///
  /// **Memory.** Unchecked: places come from `RingPlaces`, slots lie below the ring's.
  mutating func addSpikes(_ arrived: UnsafeBufferPointer<SIMD2<Int32>>) {
    var full: UInt64 = 0
    let (size, maximum) = (places.count, maximum)
    counts.withUnsafeMutableBufferPointer { counts in
      filled.withUnsafeMutableBufferPointer { filled in
        for note in arrived {
          let place = Int(note.y) &* size &+ Int(note.x)
          let count = Int(counts[place])
          let isFull = count >= maximum
          counts[place] = UInt8(truncatingIfNeeded: isFull ? count : count &+ 1)
          full &+= isFull ? 1 : 0
          filled[place >> 6] |= 1 &<< UInt64(truncatingIfNeeded: place & 63)
        }
      }
    }
    saturations &+= full
  }

  mutating func addPartial(_ value: Int64, row: Int, slot: Int) { partials[slot &* rows &+ row] += value }

  /// Takes everything out of a core's slot.
  ///
  /// - Parameter taken: gets the core's axons that hold a spike, ascending, counted from its first one, and how many each
  ///   holds; has room for all axons of the core.
  /// - Returns: how many they are.
  mutating func take(core: Int, slot: Int, into taken: inout TakenAxons) -> Int {
    let first = slot &* places.count &+ places.begin[core]
    let end = slot &* places.count &+ places.begin[core &+ 1]
    return emptySlot(&filled, first / 64..<end / 64, &counts, first, &taken.axon, &taken.spikes)
  }

  /// Where a core's waiting spikes stand in `arrivals`.
  @inline(__always) func arrivalList(core: Int, slot: Int) -> Int {
    slot &* (places.begin.count &- 1) &+ core
  }

  /// Empties a core's slot, of which only the order of arrival was read.
  mutating func clearArrivals(core: Int, slot: Int) {
    let list = arrivalList(core: core, slot: slot)
    for axon in arrivals[list] {
      let place = slot &* places.count &+ Int(places.place(axon: Int(axon), core: core))
      counts[place] = 0
      filled[place >> 6] = 0
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
