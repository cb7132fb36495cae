/// A fixed set of small integers as bits, walked word by word in ascending order.
///
/// Walk it with `word(w)` copied first, so that bits set meanwhile are not visited:
/// ```
/// for w in 0..<set.wordCount {
///   var bits = set.word(w)
///   while bits != 0 { use(w &* 64 &+ bits.trailingZeroBitCount); bits &= bits &- 1 }
/// }
/// ```
struct Bitset: Sendable {
  /// Members 64·w … 64·w + 63, lowest bit first.
  var words: [UInt64]

  /// Empty, for members 0 ..< count.
  init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  var wordCount: Int { words.count }

  @inline(__always) func word(_ w: Int) -> UInt64 { words[w] }

  @inline(__always) mutating func insert(_ i: Int) { words[i >> 6] |= 1 << UInt64(i & 63) }

  @inline(__always) mutating func remove(_ i: Int) { words[i >> 6] &= ~(1 << UInt64(i & 63)) }
}
