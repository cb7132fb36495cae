// Crossbar rows that are stored in full. No sum overflows: every partial sum of a neuron is bounded like the whole one
// (`CoreState.crossbarSum`), and see `addNarrowRows`.

/// Adds full rows, each once, four in a pass: the sums are read and written a quarter as often.
///
/// - Parameters:
///   - begins: where the rows begin in `weights`; each is as long as `sums`.
@inline(__always)
private func addRows<Weight: FixedWidthInteger & SignedInteger, Sum: FixedWidthInteger & SignedInteger>(
  _ weights: Span<Weight>, _ begins: Span<Int>, _ sums: inout MutableSpan<Sum>
) {
  let width = sums.count
  var i = 0
  while i &+ 4 <= begins.count {
    let a = weights.extracting(begins[i]..<begins[i] &+ width)
    let b = weights.extracting(begins[i &+ 1]..<begins[i &+ 1] &+ width)
    let c = weights.extracting(begins[i &+ 2]..<begins[i &+ 2] &+ width)
    let d = weights.extracting(begins[i &+ 3]..<begins[i &+ 3] &+ width)
    for j in 0..<width { sums[j] &+= (Sum(a[j]) &+ Sum(b[j])) &+ (Sum(c[j]) &+ Sum(d[j])) }
    i &+= 4
  }
  while i < begins.count {
    let a = weights.extracting(begins[i]..<begins[i] &+ width)
    for j in 0..<width { sums[j] &+= Sum(a[j]) }
    i &+= 1
  }
}

/// Adds full rows of 16 bits to the first `width` sums.
func addWideRows(_ weights: Span<Int16>, _ begins: Span<Int>, _ sums: inout [Int32], _ width: Int) {
  var all = sums.mutableSpan
  var some = all._mutatingExtracting(0..<width)
  addRows(weights, begins, &some)
}

/// Adds full rows of 8 bits to the first `width` sums.
///
/// In sums of 16 bits first, of which a vector holds twice as many: 255 rows fit, 255 · 128 < 2^15.
///
/// - Parameter short: room for `width` such sums.
func addNarrowRows(
  _ weights: Span<Int8>, _ begins: Span<Int>, _ sums: inout [Int32], _ width: Int, short: inout [Int16]
) {
  var all = sums.mutableSpan
  var some = all._mutatingExtracting(0..<width)
  var shortAll = short.mutableSpan
  var short = shortAll._mutatingExtracting(0..<width)
  var first = 0
  while first < begins.count {
    let last = min(first &+ 255, begins.count)
    for j in 0..<width { short[j] = 0 }
    addRows(weights, begins.extracting(first..<last), &short)
    for j in 0..<width { some[j] &+= Int32(short[j]) }
    first = last
  }
}

/// Adds count times one full row.
@inline(__always)
func addRow<Weight: FixedWidthInteger & SignedInteger>(
  _ row: Span<Weight>, _ count: Int32, _ sums: inout [Int32]
) {
  var all = sums.mutableSpan
  var some = all._mutatingExtracting(0..<row.count)
  for j in 0..<row.count { some[j] &+= Int32(row[j]) &* count }
}
