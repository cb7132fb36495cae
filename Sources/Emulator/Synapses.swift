import ProgramImage

/// The crossbars' weights, per core either as full rows or as lists, whichever is faster to add.
///
/// A full row is added at vector speed whether a crosspoint is programmed or not; a list entry costs about as much as five of
/// its crosspoints. So a core whose crossbar is more than a fifth full uses rows, of 8 bits where all weights of the program
/// fit.
struct Synapses: Sendable {
  /// A list of which the first synapse has been read.
  struct OpenList: Sendable {
    var next: Int
    var end: Int
    var count: Int32
    var neuron: UInt16
    var weight: Int16
  }
  /// What `add` notes for itself: lists, and where the full rows begin that are added once.
  struct Scratch: Sendable {
    var lists: [OpenList] = []
    var singles: [Int] = []
  }

  /// The image's lists: [axons + 1], and per synapse.
  private let begin: [Int64]
  private let neuron: [UInt16]
  private let weight: [Int16]
  /// [cores] where the core's rows begin, −1 where lists are used; row length = the core's neurons.
  private let rowsBegin: [Int]
  /// One of the two is empty.
  private let narrow: [Int8]
  private let wide: [Int16]
  /// Whether all weights of the program have 8 bits.
  let isNarrow: Bool

  /// - Parameter crosspointsPerSynapse: what a synapse of a list costs, in crosspoints of a full row; with 0 all cores use
  ///   lists, with infinity full rows.
  init(_ image: ProgramImage, crosspointsPerSynapse: Double = Emulator.crosspointsPerSynapse) {
    begin = image.crossbar.begin
    neuron = image.crossbar.neuron
    weight = image.crossbar.weight
    var rowsBegin: [Int] = []
    var size = 0
    for core in 0..<image.cores.count {
      let (axons, width) = Synapses.extent(image, core)
      let stored = Int(begin[axons.upperBound] - begin[axons.lowerBound])
      let isDense = Double(stored) * crosspointsPerSynapse > Double(axons.count * width)
      rowsBegin.append(isDense ? size : -1)
      size += isDense ? axons.count * width : 0
    }
    self.rowsBegin = rowsBegin
    let fits = weight.allSatisfy { $0 == Int16(Int8(truncatingIfNeeded: $0)) }
    isNarrow = fits
    narrow = fits ? Synapses.rows(image, rowsBegin, size) : []
    wide = fits ? [] : Synapses.rows(image, rowsBegin, size)
  }

  /// Memory of the lists of all cores.
  var listBytes: Int { begin.count * 8 + neuron.count * 4 }

  /// Whether a core's crossbar is full rows.
  func hasRows(core: Int) -> Bool { rowsBegin[core] >= 0 }

  /// Synapses of an axon.
  @inline(__always) func count(axon: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: begin[axon &+ 1] &- begin[axon])
  }

  private static func extent(_ image: ProgramImage, _ core: Int) -> (axons: Range<Int>, width: Int) {
    let axons = Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1])
    return (axons, Int(image.cores.neuronBegin[core + 1] - image.cores.neuronBegin[core]))
  }

  private static func rows<Weight: FixedWidthInteger>(
    _ image: ProgramImage, _ rowsBegin: [Int], _ size: Int
  ) -> [Weight] {
    var rows = [Weight](repeating: 0, count: size)
    for core in rowsBegin.indices where rowsBegin[core] >= 0 {
      let (axons, width) = extent(image, core)
      for axon in axons {
        let row = rowsBegin[core] + (axon - axons.lowerBound) * width
        for i in Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1]) {
          rows[row + Int(image.crossbar.neuron[i])] += Weight(truncatingIfNeeded: image.crossbar.weight[i])
        }
      }
    }
    return rows
  }

  // The sums fit Int32 (`CoreState.crossbarSum`): every partial sum is bounded like the whole one.

  /// Adds weight times count for every axon that holds a spike.
  ///
  /// - Parameters:
  ///   - taken: the first `reads` entries: axons from `firstAxon` on, and their counts.
  ///   - width: neurons of the core.
  /// - Returns: synaptic operations, programmed crosspoints times count.
  func add(
    core: Int, firstAxon: Int, _ taken: TakenAxons, _ reads: Int, into sums: inout [Int32], width: Int,
    scratch: inout Scratch
  ) -> UInt64 {
    let rows = rowsBegin[core]
    if rows < 0 { return addLists(firstAxon, taken, reads, &sums, &scratch.lists) }
    var operations = 0
    var singles: [Int] = []
    swap(&singles, &scratch.singles)
    defer { swap(&singles, &scratch.singles) }
    singles.removeAll(keepingCapacity: true)
    for i in 0..<reads {
      let axon = Int(taken.axon[i])
      let count = Int(taken.spikes[i])
      operations &+= Int(begin[firstAxon &+ axon &+ 1] &- begin[firstAxon &+ axon]) &* count
      if count == 1 {
        singles.append(rows &+ axon &* width)
      } else if !isNarrow {
        addRow(
          wide.span.extracting(rows &+ axon &* width..<rows &+ (axon &+ 1) &* width), Int32(count), &sums)
      } else {
        addRow(
          narrow.span.extracting(rows &+ axon &* width..<rows &+ (axon &+ 1) &* width), Int32(count), &sums)
      }
    }
    if !isNarrow {
      addWideRows(wide.span, singles.span, &sums, width)
    } else {
      addNarrowRows(narrow.span, singles.span, &sums, width)
    }
    return UInt64(operations)
  }

  /// Writes one axon's weights into the first `width` entries of `row`, 0 where there is no synapse.
  func load(axon: Int, core: Int, firstAxon: Int, into row: inout [Int32], width: Int) {
    if hasRows(core: core) {
      let first = rowsBegin[core] &+ (axon &- firstAxon) &* width
      for j in 0..<width { row[j] = isNarrow ? Int32(narrow[first &+ j]) : Int32(wide[first &+ j]) }
    } else {
      for j in 0..<width { row[j] = 0 }
      for i in Int(begin[axon])..<Int(begin[axon &+ 1]) { row[Int(neuron[i])] &+= Int32(weight[i]) }
    }
  }

  /// Lists lie anywhere in memory. So a first pass takes the first synapse of each, which waits for none of the others, and
  /// the second one finds the rest in the cache.
  private func addLists(
    _ firstAxon: Int, _ taken: TakenAxons, _ reads: Int, _ sums: inout [Int32], _ lists: inout [OpenList]
  ) -> UInt64 {
    let begin = begin.span
    let neuron = neuron.span
    let weight = weight.span
    let axons = taken.axon.span
    let spikes = taken.spikes.span
    lists.removeAll(keepingCapacity: true)
    var operations = 0
    for i in 0..<reads {
      let axon = firstAxon &+ Int(axons[i])
      let first = Int(begin[axon])
      let end = Int(begin[axon &+ 1])
      if first == end { continue }
      let count = Int32(spikes[i])
      operations &+= (end &- first) &* Int(count)
      lists.append(
        OpenList(next: first &+ 1, end: end, count: count, neuron: neuron[first], weight: weight[first]))
    }
    var sums = sums.mutableSpan
    for list in lists {
      sums[Int(list.neuron)] &+= Int32(list.weight) &* list.count
      let targets = neuron.extracting(list.next..<list.end)
      let weights = weight.extracting(list.next..<list.end)
      for s in 0..<targets.count { sums[Int(targets[s])] &+= Int32(weights[s]) &* list.count }
    }
    return UInt64(operations)
  }
}

/// Adds count times one full row.
@inline(__always)
private func addRow<Weight: FixedWidthInteger & SignedInteger>(
  _ row: Span<Weight>, _ count: Int32, _ sums: inout [Int32]
) {
  var sums = sums.mutableSpan
  for j in 0..<row.count { sums[j] &+= Int32(row[j]) &* count }
}

/// Adds full rows, each once, four in a pass: the sums are read and written a quarter as often.
///
/// Four weights of 8 bits add up in 16: |4 · w| ≤ 512.
func addNarrowRows(_ weights: Span<Int8>, _ begins: Span<Int>, _ sums: inout [Int32], _ width: Int) {
  var sums = sums.mutableSpan
  var i = 0
  while i &+ 4 <= begins.count {
    let a = weights.extracting(begins[i]..<begins[i] &+ width)
    let b = weights.extracting(begins[i &+ 1]..<begins[i &+ 1] &+ width)
    let c = weights.extracting(begins[i &+ 2]..<begins[i &+ 2] &+ width)
    let d = weights.extracting(begins[i &+ 3]..<begins[i &+ 3] &+ width)
    for j in 0..<width {
      sums[j] &+= Int32((Int16(a[j]) &+ Int16(b[j])) &+ (Int16(c[j]) &+ Int16(d[j])))
    }
    i &+= 4
  }
  while i < begins.count {
    let a = weights.extracting(begins[i]..<begins[i] &+ width)
    for j in 0..<width { sums[j] &+= Int32(a[j]) }
    i &+= 1
  }
}

private func addWideRows(_ weights: Span<Int16>, _ begins: Span<Int>, _ sums: inout [Int32], _ width: Int) {
  var sums = sums.mutableSpan
  var i = 0
  while i &+ 4 <= begins.count {
    let a = weights.extracting(begins[i]..<begins[i] &+ width)
    let b = weights.extracting(begins[i &+ 1]..<begins[i &+ 1] &+ width)
    let c = weights.extracting(begins[i &+ 2]..<begins[i &+ 2] &+ width)
    let d = weights.extracting(begins[i &+ 3]..<begins[i &+ 3] &+ width)
    for j in 0..<width { sums[j] &+= (Int32(a[j]) &+ Int32(b[j])) &+ (Int32(c[j]) &+ Int32(d[j])) }
    i &+= 4
  }
  while i < begins.count {
    let a = weights.extracting(begins[i]..<begins[i] &+ width)
    for j in 0..<width { sums[j] &+= Int32(a[j]) }
    i &+= 1
  }
}
