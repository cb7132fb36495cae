/// Items on their way for a constant number of cycles: what leaves first arrives first, all of one cycle together, so a ring
/// of batches is enough.
///
/// In memory that belongs to a `MeshState`. `items` has room for all that can be on its way, `batches` for one batch per
/// cycle of the latency.
struct Calendar<Item> {
  struct Batch {
    var due: Int
    /// One past its last item, counted from the first item ever.
    var end: Int
  }
  struct Places {
    /// Of items, counted from the first one ever.
    var head = 0
    var tail = 0
    /// Of batches.
    var first = 0
    var end = 0
  }

  let items: UnsafeMutablePointer<Item>
  let mask: Int
  let batches: UnsafeMutablePointer<Batch>
  let batchMask: Int
  let places: UnsafeMutablePointer<Places>

  /// - Parameters:
  ///   - capacity: items that can be on their way.
  ///   - latency: cycles.
  ///   - nothing: any item.
  init(capacity: Int, latency: Int, _ nothing: Item) {
    let itemCount = (capacity + 1).roundedUpToPowerOfTwo
    let batchCount = (latency + 1).roundedUpToPowerOfTwo
    items = .allocate(capacity: itemCount)
    items.initialize(repeating: nothing, count: itemCount)
    mask = itemCount - 1
    batches = .allocate(capacity: batchCount)
    batches.initialize(repeating: Batch(due: 0, end: 0), count: batchCount)
    batchMask = batchCount - 1
    places = .allocate(capacity: 1)
    places.initialize(to: Places())
  }

  func deallocate() {
    items.deallocate()
    batches.deallocate()
    places.deallocate()
  }

  func copy(_ other: Calendar) {
    items.update(from: other.items, count: mask + 1)
    batches.update(from: other.batches, count: batchMask + 1)
    places.pointee = other.places.pointee
  }

  func removeAll() { places.pointee = Places() }

  /// The item at a place, counted from the first one ever.
  @inline(__always) subscript(place: Int) -> Item {
    get { items[place & mask] }
    nonmutating set { items[place & mask] = newValue }
  }

  /// The cycle in which the next items arrive, `Int.max` if nothing is on its way.
  @inline(__always) var nextDue: Int {
    let places = places.pointee
    return places.first == places.end ? Int.max : batches[places.first & batchMask].due
  }

  /// All items before `tail` that are not on their way yet arrive in `due`, not earlier than any other.
  @inline(__always) func send(upTo tail: Int, due: Int) {
    if tail == places.pointee.tail { return }
    places.pointee.tail = tail
    let last = (places.pointee.end &- 1) & batchMask
    if places.pointee.end != places.pointee.first, batches[last].due == due {
      batches[last].end = tail
    } else {
      batches[(last &+ 1) & batchMask] = Batch(due: due, end: tail)
      places.pointee.end &+= 1
    }
  }

  @inline(__always) func send(_ item: Item, due: Int) {
    let tail = places.pointee.tail
    self[tail] = item
    send(upTo: tail &+ 1, due: due)
  }

  /// Takes the next batch out if it is due in `cycle`: the places of its items.
  @inline(__always) func take(_ cycle: Int) -> Range<Int> {
    let head = places.pointee.head
    if nextDue > cycle { return Range(uncheckedBounds: (head, head)) }
    let end = batches[places.pointee.first & batchMask].end
    places.pointee.first &+= 1
    places.pointee.head = end
    return Range(uncheckedBounds: (head, end))
  }

  /// All items on their way, next one first.
  var contents: [Item] { (places.pointee.head..<places.pointee.tail).map { self[$0] } }
}

/// Keys that wait for a cycle which is known and not far away; they come in any order, each at most once at a time.
///
/// A wheel of lists, one per cycle.
struct Wakes {
  /// [cycles] first key of the list, −1 without; [keys] the next one of its list.
  let first: UnsafeMutablePointer<Int32>
  let mask: Int
  let following: UnsafeMutablePointer<Int32>
  let keys: Int
  let count: UnsafeMutablePointer<Int>

  /// - Parameter reach: no key waits for longer, in cycles.
  init(keys: Int, reach: Int) {
    let size = (reach + 1).roundedUpToPowerOfTwo
    first = .allocate(capacity: size)
    first.initialize(repeating: -1, count: size)
    mask = size - 1
    following = .allocate(capacity: keys)
    following.initialize(repeating: -1, count: keys)
    self.keys = keys
    count = .allocate(capacity: 1)
    count.initialize(to: 0)
  }

  func deallocate() {
    first.deallocate()
    following.deallocate()
    count.deallocate()
  }

  func copy(_ other: Wakes) {
    first.update(from: other.first, count: mask + 1)
    following.update(from: other.following, count: keys)
    count.pointee = other.count.pointee
  }

  func removeAll() {
    first.update(repeating: -1, count: mask + 1)
    count.pointee = 0
  }

  @inline(__always) func add(_ key: Int, at cycle: Int) {
    following[key] = first[cycle & mask]
    first[cycle & mask] = Int32(truncatingIfNeeded: key)
    count.pointee &+= 1
  }

  /// Takes one key out that waits for `cycle`, −1 if there is none.
  @inline(__always) func take(_ cycle: Int) -> Int {
    let key = Int(first[cycle & mask])
    if key < 0 { return -1 }
    first[cycle & mask] = following[key]
    count.pointee &-= 1
    return key
  }

  /// The first cycle after `cycle` for which a key waits, `Int.max` if none does. Nothing waits for `cycle` itself.
  @inline(__always) func nextDue(after cycle: Int) -> Int {
    if count.pointee == 0 { return Int.max }
    var due = cycle &+ 1
    while first[due & mask] < 0 { due &+= 1 }
    return due
  }
}

extension Int {
  /// For numbers from 1 on.
  fileprivate var roundedUpToPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
