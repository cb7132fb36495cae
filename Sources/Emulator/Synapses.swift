import ProgramImage

/// The crossbars' weights, per core either as full rows or as lists, whichever is faster to add.
///
/// A full row is added at vector speed whether a crosspoint is programmed or not; a list entry costs about as much as fourteen of
/// its crosspoints. So cores whose crossbars are full enough use rows (`Material`), of 8 bits where all weights of the program
/// fit.
///
/// A class, as `Tables`.
final class Synapses: Sendable {
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

  /// [axons + 1] synapses of all axons before, of those that are held.
  private let begin: [UInt32]
  /// Per synapse of the cores without rows the neuron and, in the upper half, the weight: one place in memory per list.
  private let listed: [UInt32]
  /// [cores] how many of `begin` are not in `listed`.
  private let notListed: [UInt32]
  /// [cores] where the core's rows begin, −1 where lists are used; row length = the core's neurons.
  private let rowsBegin: [Int]
  /// One of the two is empty.
  private let narrow: [Int8]
  private let wide: [Int16]
  /// Whether all weights of the program have 8 bits.
  let isNarrow: Bool

  /// Takes the synapses of the axons at which spikes arrive one by one, and of cores with full rows.
  init(_ material: inout Material) {
    let hasRows = material.hasRows
    let isListed = material.axonsInLists()
    // Nothing is read of lists that nobody feeds.
    let isEmpty = !isListed.contains(true)
    func extent(_ core: Int) -> (axons: Range<Int>, width: Int) {
      (
        material.axonBegin[core]..<material.axonBegin[core + 1],
        material.neuronBegin[core + 1] - material.neuronBegin[core]
      )
    }
    var rowsBegin: [Int] = []
    var size = 0
    var begin: [UInt32] = [0]
    if !isEmpty { begin.reserveCapacity(isListed.count + 1) }
    var notListed: [UInt32] = []
    var inRows: UInt32 = 0
    for core in hasRows.indices {
      let (axons, width) = extent(core)
      rowsBegin.append(hasRows[core] ? size : -1)
      size += hasRows[core] ? axons.count * width : 0
      notListed.append(inRows)
      let before = begin[begin.count - 1]
      for axon in axons where !isEmpty {
        let count = isListed[axon] ? UInt32(material.synapses.count(axon: axon)) : 0
        begin.append(begin[begin.count - 1] + count)
      }
      if hasRows[core] { inRows += begin[begin.count - 1] - before }
    }
    self.rowsBegin = rowsBegin
    self.notListed = notListed
    let isNarrow = material.synapses.isNarrow
    self.isNarrow = isNarrow
    var narrow = [Int8](repeating: 0, count: isNarrow ? size : 0)
    var wide = [Int16](repeating: 0, count: isNarrow ? 0 : size)
    var listed: [UInt32] = []
    // An array that grows takes twice its size for a moment.
    listed.reserveCapacity(Int(begin[begin.count - 1] - inRows))
    for core in hasRows.indices {
      let (axons, width) = extent(core)
      for axon in axons where isListed[axon] {
        let row = rowsBegin[core] + (axon - axons.lowerBound) * width
        material.synapses.take(axon: axon) { neuron, weight in
          if !hasRows[core] {
            listed.append(UInt32(neuron) | UInt32(UInt16(bitPattern: weight)) << 16)
          } else if isNarrow {
            narrow[row + Int(neuron)] += Int8(truncatingIfNeeded: weight)
          } else {
            wide[row + Int(neuron)] += weight
          }
        }
      }
    }
    self.begin = begin
    self.listed = listed
    self.narrow = narrow
    self.wide = wide
  }

  /// Memory of the lists of all cores.
  var listBytes: Int { begin.count * 4 + listed.count * 4 }

  /// Whether a core's crossbar is full rows.
  func hasRows(core: Int) -> Bool { rowsBegin[core] >= 0 }

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
    if rows < 0 { return addLists(core, firstAxon, taken, reads, &sums, &scratch.lists) }
    let (narrow, wide) = (narrow, wide)
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
      let skipped = notListed[core]
      for i in Int(begin[axon] &- skipped)..<Int(begin[axon &+ 1] &- skipped) {
        row[Int(listed[i] & 0xFFFF)] &+= Int32(bitPattern: listed[i]) >> 16
      }
    }
  }

  /// Lists lie anywhere in memory. So a first pass takes the first synapse of each, which waits for none of the others, and
  /// the second one finds the rest in the cache.
  ///
  /// **Memory.** Unchecked: `begin` is ascending and ends with the number of synapses, axons lie below its length less 1, and
  /// the verifier of images has held every neuron against its core's width, which `sums` has.
  private func addLists(
    _ core: Int, _ firstAxon: Int, _ taken: TakenAxons, _ reads: Int, _ sums: inout [Int32],
    _ lists: inout [OpenList]
  ) -> UInt64 {
    while lists.count < reads { lists.append(OpenList(next: 0, end: 0, count: 0, first: 0)) }
    let skipped = notListed[core]
    return begin.withUnsafeBufferPointer { begin in
      listed.withUnsafeBufferPointer { listed in
        taken.axon.withUnsafeBufferPointer { axons in
          taken.spikes.withUnsafeBufferPointer { spikes in
            lists.withUnsafeMutableBufferPointer { lists in
              sums.withUnsafeMutableBufferPointer { sums in
                var operations: UInt64 = 0
                var open = 0
                for i in 0..<reads {
                  let axon = firstAxon &+ Int(axons[i])
                  let first = begin[axon] &- skipped
                  let end = begin[axon &+ 1] &- skipped
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

// Called on `Tables`, because these hold the synapses as long as a call takes: nobody has to count a reference to them.
extension Tables {
  /// As `Synapses.add`.
  @inline(never)
  func addSynapses(
    core: Int, _ taken: TakenAxons, _ reads: Int, into sums: inout [Int32], width: Int,
    scratch: inout Synapses.Scratch
  ) -> UInt64 {
    synapses.add(
      core: core, firstAxon: axonBegin[core], taken, reads, into: &sums, width: width, scratch: &scratch)
  }

  /// As `Synapses.load`.
  @inline(never)
  func loadSynapses(axon: Int, core: Int, into row: inout [Int32], width: Int) {
    synapses.load(axon: axon, core: core, firstAxon: axonBegin[core], into: &row, width: width)
  }
}
