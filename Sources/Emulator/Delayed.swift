/// Things on their way for a constant number of cycles: what leaves first arrives first, so a ring is enough.
///
/// One ring per latency (hop, injection, credit) is the whole calendar of the mesh.
struct Delayed<Item: Sendable>: Sendable {
  private struct Entry: Sendable {
    var due: Int
    var item: Item
  }
  private var entries: [Entry]
  private var head = 0
  private(set) var count = 0

  /// - Parameter capacity: a first size; the ring grows when more is on its way.
  init(capacity: Int, filler: Item) {
    var size = 16
    while size < capacity { size *= 2 }
    entries = [Entry](repeating: Entry(due: 0, item: filler), count: size)
  }

  /// The cycle in which the next item arrives, `Int.max` if nothing is on its way.
  @inline(__always) var nextDue: Int { count == 0 ? Int.max : entries[head].due }

  /// - Parameter due: not earlier than that of any item sent before.
  @inline(__always) mutating func send(_ item: Item, due: Int) {
    if count == entries.count { grow() }
    entries[(head &+ count) & (entries.count &- 1)] = Entry(due: due, item: item)
    count &+= 1
  }

  /// Takes the next item out; there must be one.
  @inline(__always) mutating func receive() -> Item {
    let item = entries[head].item
    head = (head &+ 1) & (entries.count &- 1)
    count &-= 1
    return item
  }

  /// All items on their way, next one first.
  var contents: [Item] { (0..<count).map { entries[(head + $0) & (entries.count - 1)].item } }

  mutating func removeAll() {
    head = 0
    count = 0
  }

  /// Makes room for `more` items.
  @inline(__always) mutating func reserve(_ more: Int) { while count &+ more > entries.count { grow() } }

  private mutating func grow() {
    let old = entries
    entries += old
    for i in 0..<count { entries[i] = old[(head + i) & (old.count - 1)] }
    head = 0
  }
}
