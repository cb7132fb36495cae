import Glibc

/// Where the host's time went in a run; differs from run to run, so it is no part of the record.
public struct RunProfile: Sendable {
  /// Parts of a tick: docs/emulator-semantics.md §1.
  public enum Phase: Int, Sendable, CaseIterable {
    /// Inputs, and adding up the crossbars.
    case integrate
    /// The neurons.
    case update
    /// Packets, from the neuron to the axon.
    case mesh
    /// Spikes, probes, outputs and energies of the tick.
    case record
  }

  /// By phase, of the ticks that were measured.
  public internal(set) var seconds = [Double](repeating: 0, count: Phase.allCases.count)
  /// Ticks that were measured, and all ticks.
  public internal(set) var measuredTicks = 0
  public internal(set) var ticks = 0
  /// Of the updates of neurons that the record counts, those that this machine left out, because they would have changed nothing.
  public internal(set) var restingUpdates: UInt64 = 0
  /// Of all workers together.
  public internal(set) var processorSeconds = 0.0
  public internal(set) var wallSeconds = 0.0

  /// Each phase's part of the time, 0 … 1.
  public var shares: [Double] {
    let sum = seconds.reduce(0, +)
    return seconds.map { sum > 0 ? $0 / sum : 0 }
  }

  /// One tick in so many is measured: reading a clock takes about as long as a small core's update.
  public static let period = 16

  mutating func add(_ other: RunProfile) {
    for i in seconds.indices { seconds[i] += other.seconds[i] }
    measuredTicks += other.measuredTicks
    ticks += other.ticks
    restingUpdates += other.restingUpdates
    processorSeconds += other.processorSeconds
  }
}

/// Measures the phases of one tick in `RunProfile.period`.
struct PhaseClock: Sendable {
  private(set) var profile = RunProfile()
  private var isMeasuring = false
  private var last = 0.0

  @inline(__always) mutating func beginTick(_ tick: Int) {
    profile.ticks &+= 1
    isMeasuring = tick % RunProfile.period == RunProfile.period - 1
    if isMeasuring {
      profile.measuredTicks &+= 1
      last = HostClock.wall()
    }
  }

  /// Of threads that helped this one.
  mutating func addProcessorTime(_ seconds: Double) { profile.processorSeconds += seconds }

  /// What has passed since the last mark belongs to `phase`.
  @inline(__always) mutating func mark(_ phase: RunProfile.Phase) {
    if isMeasuring { add(phase) }
  }

  private mutating func add(_ phase: RunProfile.Phase) {
    let now = HostClock.wall()
    profile.seconds[phase.rawValue] += now - last
    last = now
  }
}

enum HostClock {
  /// Seconds since some moment.
  static func wall() -> Double { seconds(CLOCK_MONOTONIC) }
  /// Processor time of this thread, seconds.
  static func processor() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
