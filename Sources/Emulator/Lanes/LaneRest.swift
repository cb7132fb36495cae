/// Blocks of lanes of which an update changes nothing, so that it need not be done.
///
/// The update of a lane is a function of the neuron's state, its sum and its codes: nothing is drawn, and nothing depends on
/// the tick but whether the neurons are active, which is once and in one piece in a sample. So when all sums of a block are 0
/// and an update left everything as it was (v, u and the time that is left of a rest; nobody fired, nothing had to be fitted),
/// it will leave everything as it is until a sum is not 0, or something else (`wake`, `reset`) changes a state. What the
/// chip counts of the update is known: so many neurons, of which so many had something to compute.
struct LaneRest: Sendable {
  /// Rows of a block; a segment's last one may have fewer.
  ///
  /// Fewer rows would find more at rest where neighbours differ, but every block that is not costs a look at its sums.
  static let blockSize = 256

  /// Rows of a segment from the first row of a block to the last row of a block, to be updated.
  struct Part {
    var rows: Range<Int>
    /// The first of its blocks.
    var block: Int
    /// Whether all sums are 0.
    var isSilent: Bool
  }

  /// [blocks of `cores`] activities of each update of a block that is at rest, or one of the two below.
  private var activities: [Int32]
  private let first: Int

  /// Not known to be at rest; and, where a segment's first block has it, the same of all of the segment.
  private static let awake: Int32 = -1
  private static let allBusy: Int32 = -2
  /// Where all blocks of a segment had input when they were looked at, they are taken to have some in the next ticks but one in
  /// so many: to look at all sums would take longer than all that is left out of a busy network.
  private static let period = 8

  /// Blocks of a range of cores, none at rest.
  init(_ lanes: LaneTables, cores: Range<Int>) {
    first = lanes.blockBegin[cores.lowerBound]
    activities = [Int32](repeating: LaneRest.awake, count: lanes.blockBegin[cores.upperBound] - first)
  }

  /// No block is known to be at rest.
  mutating func reset() {
    for i in activities.indices { activities[i] = LaneRest.awake }
  }

  /// A state of the blocks' rows changes without an update.
  mutating func wake(blocks: Range<Int>) {
    for block in blocks {
      if activities[block &- first] >= 0 { activities[block &- first] = LaneRest.awake }
    }
  }

  /// Notes what an update without input has found.
  mutating func note(block: Int, activities count: Int32, isAtRest: Bool) {
    activities[block &- first] = isAtRest ? count : LaneRest.awake
  }

  /// What is to be updated next of a segment that is active: all that follows each other and is alike.
  ///
  /// - Parameters:
  ///   - tick: of the sample.
  ///   - row: where to begin: the segment's first row, or the end of the part before.
  ///   - sums: of the segment's rows, each `firstSum` places before its row.
  ///   - isSilent: whether all sums are known to be 0.
  ///   - counts: gets what the updates count that are left out.
  /// - Returns: nil where the rest of the segment is at rest.
  mutating func next(
    _ segment: LaneTables.Segment, tick: Int, from row: Int, _ sums: [Int32], firstSum: Int, isSilent: Bool,
    _ counts: inout UpdateCounts
  ) -> Part? {
    let end = segment.rows.upperBound
    if row == end { return nil }
    let firstBlock = segment.firstBlock &- first
    if row == segment.rows.lowerBound, !isSilent, activities[firstBlock] == LaneRest.allBusy,
      (tick &+ firstBlock) & (LaneRest.period &- 1) != 0
    {
      return Part(rows: segment.rows, block: segment.firstBlock, isSilent: false)
    }
    var block = segment.firstBlock &+ (row &- segment.rows.lowerBound) / LaneRest.blockSize
    var part: Part?
    var row = row
    while row < end {
      let next = min(row &+ LaneRest.blockSize, end)
      let count = activities[block &- first]
      let silent = isSilent || areZero(sums, row &- firstSum, next &- firstSum)
      let rests = silent && count >= 0
      if let part, rests || part.isSilent != silent { return part }
      if rests {
        counts.activities &+= UInt64(UInt32(bitPattern: count))
        counts.resting &+= UInt64(next &- row)
      } else {
        activities[block &- first] = LaneRest.awake
        part = Part(
          rows: (part?.rows.lowerBound ?? row)..<next, block: part?.block ?? block, isSilent: silent)
      }
      row = next
      block &+= 1
    }
    if let part, !part.isSilent, part.rows == segment.rows {
      activities[firstBlock] = LaneRest.allBusy
    }
    return part
  }
}

/// Whether all of `sums[begin..<end]` are 0. Of sums that are not, the first 64 mostly tell.
@inline(__always) private func areZero(_ sums: [Int32], _ begin: Int, _ end: Int) -> Bool {
  let some = sums.span.extracting(begin..<end)
  var i = 0
  while i &+ 64 <= some.count {
    let few = some.extracting(i..<i &+ 64)
    var any: Int32 = 0
    for j in 0..<64 { any |= few[j] }
    if any != 0 { return false }
    i &+= 64
  }
  var any: Int32 = 0
  while i < some.count {
    any |= some[i]
    i &+= 1
  }
  return any == 0
}
