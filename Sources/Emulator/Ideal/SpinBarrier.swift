import Glibc
import Synchronization

/// Where threads that share a tick meet. Whoever comes early spins, and yields its processor when that takes long: a tick is
/// tens of microseconds, and sleeping takes as long.
final class SpinBarrier: Sendable {
  private let parties: Int
  private let arrived = Atomic<Int>(0)
  private let round = Atomic<Int>(0)

  /// Turns before the first yield, about a microsecond's worth.
  private static let patience = 1000

  init(parties: Int) { self.parties = parties }

  /// Returns when all parties have come. What any of them wrote before is then seen by all.
  func meet() {
    if parties == 1 { return }
    let now = round.load(ordering: .relaxed)
    if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == parties {
      arrived.store(0, ordering: .relaxed)
      round.store(now &+ 1, ordering: .releasing)
      return
    }
    var turns = 0
    while round.load(ordering: .acquiring) == now {
      turns &+= 1
      if turns > SpinBarrier.patience { sched_yield() }
    }
  }
}
