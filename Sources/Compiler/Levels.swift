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
    axons: AxonClasses, layouts: [PopulationLayout], incoming: [Incoming],
    splitterTicks: [Int], chip: Chip, window: Bool
  ) {
    let connections = axons.connections
    let populations = layouts.count
    let entry = chip.input == .direct ? 0 : 1
    // A synapse of several parts acts in one tick.
    let transit = axons.largest(
      connections.enumerated().map { k, connection in
        let hop: Int
        if case .input = connection.source { hop = entry } else { hop = 1 }
        let p = connection.target
        let partial = !layouts[p].isDirect(k, incoming: incoming[p], axons: chip.core.axons)
        return hop + (partial ? 1 : 0) + (k < splitterTicks.count ? splitterTicks[k] : 0)
      })
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
    let lowest = (0..<populations).map { window && layouts[$0].isSplit ? 1 : 0 }
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
