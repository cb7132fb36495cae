import ProgramImage

/// The crossbars' weights, per core either as full rows or as lists, whichever is faster to add.
///
/// A full row is added at vector speed whether a crosspoint is programmed or not; a list entry costs about as much as five of
/// its crosspoints. So a core whose crossbar is more than a fifth full uses rows, of 8 bits where all weights of the program
/// fit.
struct Synapses: Sendable {
  /// A list of which the first synapse has been read.
  struct OpenList: Sendable {
    var next: UInt32
    var end: UInt32
    var count: Int32
    var first: UInt32
  }
  /// What `add` notes for itself: lists, where the full rows begin that are added once, and sums of 16 bits.
  struct Scratch: Sendable {
    var lists: [OpenList] = []
    var singles: [Int] = []
    var short: [Int16] = []
  }

  /// The image's lists: [axons + 1], and per synapse.
  private let begin: [Int64]
  private let neuron: [UInt16]
  private let weight: [Int16]
  /// Lists of the cores without rows: [axons + 1] into `listed`, and per synapse the neuron and, in the upper half, the weight:
  /// one place in memory per list.
  private let listBegin: [UInt32]
  private let listed: [UInt32]
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
    (listBegin, listed) = Synapses.lists(image, rowsBegin)
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

  private static func lists(_ image: ProgramImage, _ rowsBegin: [Int]) -> (begin: [UInt32], listed: [UInt32])
  {
    let crossbar = image.crossbar
    var begin: [UInt32] = [0]
    begin.reserveCapacity(crossbar.begin.count)
    var listed: [UInt32] = []
    // An array that grows takes twice its size for a moment.
    listed.reserveCapacity(
      rowsBegin.indices.reduce(0) { size, core in
        let axons = extent(image, core).axons
        return rowsBegin[core] < 0
          ? size + Int(crossbar.begin[axons.upperBound] - crossbar.begin[axons.lowerBound]) : size
      })
    for core in rowsBegin.indices {
      for axon in extent(image, core).axons {
        if rowsBegin[core] < 0 {
          for i in Int(crossbar.begin[axon])..<Int(crossbar.begin[axon + 1]) {
            listed.append(UInt32(crossbar.neuron[i]) | UInt32(UInt16(bitPattern: crossbar.weight[i])) << 16)
          }
        }
        begin.append(UInt32(listed.count))
      }
    }
    return (begin, listed)
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
      if scratch.short.count < sums.count { scratch.short = [Int16](repeating: 0, count: sums.count) }
      addNarrowRows(narrow.span, singles.span, &sums, width, short: &scratch.short)
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
  ///
  /// **Memory.** Unchecked: `listBegin` is ascending and ends with the number of synapses, axons lie below its length less 1,
  /// and the verifier of images has held every neuron against its core's width, which `sums` has.
  private func addLists(
    _ firstAxon: Int, _ taken: TakenAxons, _ reads: Int, _ sums: inout [Int32], _ lists: inout [OpenList]
  ) -> UInt64 {
    while lists.count < reads { lists.append(OpenList(next: 0, end: 0, count: 0, first: 0)) }
    return listBegin.withUnsafeBufferPointer { begin in
      listed.withUnsafeBufferPointer { listed in
        taken.axon.withUnsafeBufferPointer { axons in
          taken.spikes.withUnsafeBufferPointer { spikes in
            lists.withUnsafeMutableBufferPointer { lists in
              sums.withUnsafeMutableBufferPointer { sums in
                var operations: UInt64 = 0
                var open = 0
                for i in 0..<reads {
                  let axon = firstAxon &+ Int(axons[i])
                  let first = begin[axon]
                  let end = begin[axon &+ 1]
                  if first == end { continue }
                  let count = Int32(spikes[i])
                  operations &+= UInt64(end &- first) &* UInt64(count)
                  lists[open] = OpenList(next: first &+ 1, end: end, count: count, first: listed[Int(first)])
                  open &+= 1
                }
                for i in 0..<open {
                  let list = lists[i]
                  var synapse = list.first
                  var next = Int(list.next)
                  while true {
                    sums[Int(synapse & 0xFFFF)] &+= Int32(bitPattern: synapse) >> 16 &* list.count
                    if next == Int(list.end) { break }
                    synapse = listed[next]
                    next &+= 1
                  }
                }
                return operations
              }
            }
          }
        }
      }
    }
  }
}
