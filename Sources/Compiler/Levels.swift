import ChipModel
import NetworkIR

/// When each population works, and how long each connection's axons delay: docs/architecture.md, "Pipeline".
///
/// A population at level L works on sample tick t in chip tick t + L. A spike needs at least one tick on the chip, two
/// through a partial sum, one more through each splitter; an input written by the host needs none. So with δ the
/// delay in the network
/// ```
/// L(target) ≥ L(source) + transit − δ        delay on the chip = L(target) − L(source) + δ ≥ transit
/// ```
/// Levels are the smallest that satisfy this. Where feedback makes that impossible (a cycle through several
/// populations), feedback takes the ticks that it needs, and `lateness` says how many more than the network's.
struct Levels: Sendable {
  var level: [Int]
  /// Ticks on the chip, per connection, from the source to the target's own accumulator.
  var delay: [Int]
  /// Ticks more than the network's, per connection; 0 where exact.
  var lateness: [Int]
  /// Ticks that the chip needs, per connection.
  var transit: [Int]

  /// - Parameter splitterTicks: per connection, what splitters add to the transit; empty for none.
  init(
    connections: [Connection<Int16>], split: [SourceBlocks?], splitterTicks: [Int], populations: Int,
    chip: Chip, window: Bool
  ) {
    let entry = chip.input == .direct ? 0 : 1
    let transit = connections.enumerated().map { k, connection in
      let hop: Int
      if case .input = connection.source { hop = entry } else { hop = 1 }
      let partial = split[connection.target].map { !$0.isDirect(connection: k) } ?? false
      return hop + (partial ? 1 : 0) + (k < splitterTicks.count ? splitterTicks[k] : 0)
    }
    func level(of source: Projection.Source, _ levels: [Int]) -> Int {
      if case .population(let p) = source { return levels[p] }
      return 0
    }
    func relax(_ levels: inout [Int], feedback: Bool) -> Bool {
      // The longest path visits each population once; still changing after that means a cycle that never settles.
      for _ in 0...populations {
        var changed = false
        for (k, connection) in connections.enumerated() where feedback || !connection.isFeedback {
          let needed = level(of: connection.source, levels) + transit[k] - connection.delay
          if levels[connection.target] < needed {
            levels[connection.target] = needed
            changed = true
          }
        }
        if !changed { return true }
      }
      return false
    }
    // Partial neurons work one tick before the neurons that they feed, so these cannot start in tick 0.
    let lowest = (0..<populations).map { window && split[$0] != nil ? 1 : 0 }
    var levels = lowest
    if window, !relax(&levels, feedback: true) {
      levels = lowest
      _ = relax(&levels, feedback: false)
    }
    self.level = levels
    self.transit = transit
    var delay: [Int] = []
    var lateness: [Int] = []
    for (k, connection) in connections.enumerated() {
      let wanted = levels[connection.target] - level(of: connection.source, levels) + connection.delay
      delay.append(max(wanted, transit[k]))
      lateness.append(max(wanted, transit[k]) - wanted)
    }
    self.delay = delay
    self.lateness = lateness
  }
}

/// The sources of a population that no single core can hold, cut into blocks of a core's axons.
///
/// Block 0 belongs to the neurons themselves; every other block is summed by partial neurons on another core.
/// Feedback comes first, because a partial sum costs it a tick that cannot be balanced.
struct SourceBlocks: Sendable {
  /// (connection, column) → block.
  private var block: [Key: Int] = [:]
  private var direct: [Int: Bool] = [:]
  private(set) var count = 0

  private struct Key: Hashable {
    var connection: Int
    var column: Int32
  }

  /// Nil when every neuron's sources fit the axons of one core.
  init?(population p: Int, connections: [Connection<Int16>], axons: Int) {
    let incoming = connections.indices.filter { connections[$0].target == p }
    let size = incoming.first.map { connections[$0].matrix.rows } ?? 0
    let fanIn = (0..<size).map { i in incoming.reduce(0) { $0 + connections[$1].matrix.range(i).count } }
    guard let largest = fanIn.max(), largest > axons else { return nil }
    let ordered = incoming.sorted {
      (connections[$0].isFeedback ? 0 : 1, $0) < (connections[$1].isFeedback ? 0 : 1, $1)
    }
    var position = 0
    for k in ordered {
      direct[k] = true
      for column in Set(connections[k].matrix.column).sorted() {
        block[Key(connection: k, column: column)] = position / axons
        if position >= axons { direct[k] = false }
        position += 1
      }
    }
    count = (position + axons - 1) / axons
  }

  func block(connection: Int, column: Int32) -> Int {
    block[Key(connection: connection, column: column)] ?? 0
  }
  func isDirect(connection: Int) -> Bool { direct[connection] ?? true }
}
