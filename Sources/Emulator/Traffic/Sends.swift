import ProgramImage

/// A destination with everything resolved: the core, and the global row or axon.
struct Destination: Sendable, Equatable {
  var core: Int32
  /// Global axon (spike) or neuron row (partial).
  var target: Int32
}

/// A packet that a neuron, or an input event at the edge, sends each time.
///
/// 12 bytes: a chip has hundreds of thousands, and those of a spike come from the far end of the cache.
struct Send: Sendable, Equatable {
  /// Where its flit goes: see `Mesh.Flit`; negative for several destinations.
  let to: Int32
  /// The one destination: the ring's place of the axon, or the row of a partial sum. Of several: where they begin in
  /// `PacketLists.targets`, by router, and in route order within a router.
  private let first: Int32
  /// delay << 24 | is partial << 23 | is one each << 22 | the core of the one destination, or how many there are.
  private let word: UInt32

  /// Destinations that a packet can have at most.
  static let mostDestinations = ProgramImage.mostChannelDestinations

  /// With one destination.
  init(to: Int32, place: Int32, core: Int32, delay: Int32, isPartial: Bool) {
    self.to = to
    first = place
    word = Send.word(delay, isPartial: isPartial, isOneEach: true, UInt32(core))
  }

  /// With several.
  init(to: Int32, targets: Range<Int>, delay: Int32, isOneEach: Bool) {
    precondition(targets.count <= Send.mostDestinations, "a verified image's packet has no more")
    self.to = to
    first = Int32(targets.lowerBound)
    word = Send.word(delay, isPartial: false, isOneEach: isOneEach, UInt32(targets.count))
  }

  private static func word(_ delay: Int32, isPartial: Bool, isOneEach: Bool, _ number: UInt32) -> UInt32 {
    // An image's delays have 8 bits.
    UInt32(truncatingIfNeeded: delay) << 24 | (isPartial ? 1 << 23 : 0) | (isOneEach ? 1 << 22 : 0) | number
  }

  private var number: Int32 { Int32(truncatingIfNeeded: word & 0x3f_ffff) }

  var delay: Int32 { Int32(truncatingIfNeeded: word &>> 24) }
  var isPartial: Bool { word & 1 << 23 != 0 }
  /// Whether no core has two of its destinations.
  var isOneEach: Bool { word & 1 << 22 != 0 }
  var isSingle: Bool { to >= 0 }
  var count: Int32 { isSingle ? 1 : number }
  /// The ring's place of its one destination; −1 for several, and for a partial sum.
  var place: Int32 { isSingle && !isPartial ? first : -1 }
  /// Of its one destination: the core, and the row of a partial sum.
  var core: Int32 { number }
  var row: Int32 { first }
  /// Of several: their range in `PacketLists.targets`.
  var begin: Int32 { first }
  var end: Int32 { first &+ count }
  /// Where it starts in the trees; −1 with one destination.
  var branch: Int32 { to < 0 ? -1 - to : -1 }
}

/// Packets of list i: `sends[begin[i] ..< begin[i + 1]]`.
struct SendLists: Sendable {
  var begin: [Int32] = [0]
  var sends: [Send] = []

  init() {}

  /// None, and room for so many.
  init(lists: Int, sends: Int) {
    begin.reserveCapacity(lists + 1)
    self.sends.reserveCapacity(sends)
  }

  subscript(list: Int) -> ArraySlice<Send> { sends[Int(begin[list])..<Int(begin[list + 1])] }

  /// Reads a list so that it is near when its packets are offered, one by one: these reads do not wait for each other.
  @inline(__always) func touch(list: Int) -> UInt8 {
    var seen: UInt8 = 0
    for i in stride(from: Int(begin[list]), to: Int(begin[list &+ 1]), by: 5) {
      seen ^= sends[i].isPartial ? 1 : 0
    }
    return seen
  }
}

extension Tables {
  /// The destinations in `targets` of a packet that its flit `flit` reaches at `router`; one range, because they are sorted by
  /// router. For a packet with one destination a range of one.
  @inline(__always) func targets(of packet: Packet, _ flit: Mesh.Flit, at router: Int) -> Range<Int> {
    var low = Int(packet.begin)
    let end = Int(packet.end)
    if flit.to >= 0 { return low..<end }
    if packet.isOneEach {
      low += Int(trees.branches[Int(-1 - flit.to)].rank)
      return low..<low + 1
    }
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if Int(routerOf[Int(targets[middle].core)]) < router { low = middle + 1 } else { high = middle }
    }
    high = low
    while high < end, Int(routerOf[Int(targets[high].core)]) == router { high += 1 }
    return low..<high
  }
}
