import ChipModel

/// What the threads of a flat program show each other.
///
/// Bare memory, because no lock is needed. A tick is: update, barrier, scatter; there is no second barrier. What is of tick t
/// lies in place t mod 2 (who fired) or t mod 4 (what was counted), and:
/// - Who fired in tick t is written before barrier t and read between barriers t and t + 1. It is overwritten in tick
///   t + 2's update, which comes after barrier t + 1.
/// - What part p counted in tick t is written until barrier t + 1, and read by the first part between barriers t + 1 and
///   t + 2. It is overwritten in tick t + 4.
///
/// So nothing is written while another thread may read it, and the barrier orders the two.
final class FlatMeeting: @unchecked Sendable {
  /// A tick of one part.
  struct Tally {
    var events = Chip.Energy.Events()
    /// Cycles until the last of its cores is idle.
    var busy = 0
    /// Updates of its neurons that were left out.
    var resting: UInt64 = 0
  }

  let barrier: SpinBarrier
  let parts: Int
  private let rows: Int
  /// [parts]
  private let firstRow: [Int]
  /// [2 · rows of the chip], a part's from its first row on.
  private let fired: UnsafeMutablePointer<Int32>
  /// [2 · parts]
  private let counts: UnsafeMutablePointer<Int>
  /// [4 · parts]
  private let tallies: UnsafeMutablePointer<Tally>

  init(_ program: FlatProgram, rows: Int) {
    parts = program.parts.count
    self.rows = rows
    firstRow = program.parts.map(\.rows.lowerBound)
    barrier = SpinBarrier(parties: parts)
    fired = .allocate(capacity: 2 * rows)
    fired.initialize(repeating: 0, count: 2 * rows)
    counts = .allocate(capacity: 2 * parts)
    counts.initialize(repeating: 0, count: 2 * parts)
    tallies = .allocate(capacity: 4 * parts)
    tallies.initialize(repeating: Tally(), count: 4 * parts)
  }

  deinit {
    fired.deallocate()
    counts.deallocate()
    tallies.deallocate()
  }

  /// Room for the rows of a part that fire in a tick.
  @inline(__always) func fired(_ tick: Int, part: Int) -> UnsafeMutablePointer<Int32> {
    fired + (tick & 1) &* rows + firstRow[part]
  }

  @inline(__always) func count(_ tick: Int, part: Int) -> UnsafeMutablePointer<Int> {
    counts + (tick & 1) &* parts + part
  }

  @inline(__always) func tally(_ tick: Int, part: Int) -> UnsafeMutablePointer<Tally> {
    tallies + (tick & 3) &* parts + part
  }
}
