/// Spikes that only one of two recordings has.
public struct SpikeDifference: Sendable, Equatable {
  /// The earliest neuron and tick in which the recordings differ, by sample, tick, channel, and its spikes on each side.
  public struct First: Sendable, Equatable {
    public var sample: Int32
    public var tick: Int32
    public var channel: Int32
    public var spikesA: Int
    public var spikesB: Int
  }

  public private(set) var first: First?
  /// [channels]: spikes of one side without a counterpart in the same tick.
  public private(set) var perChannel: [Int]

  /// All spikes without a counterpart.
  public var total: Int { perChannel.reduce(0, +) }

  /// - Parameter a: sorted, as `b`; both have the same channels.
  public init(_ a: SpikeTrains, _ b: SpikeTrains) {
    precondition(a.channels == b.channels, "Only recordings of the same channels are compared")
    perChannel = [Int](repeating: 0, count: a.channels)
    let (a, b) = (a.events, b.events)
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      if j == b.count || (i < a.count && a[i] < b[j]) {
        note(a[i], Int(a[i].count), 0)
        i += 1
      } else if i == a.count || b[j] < a[i] {
        note(b[j], 0, Int(b[j].count))
        j += 1
      } else {
        note(a[i], Int(a[i].count), Int(b[j].count))
        i += 1
        j += 1
      }
    }
  }

  private mutating func note(_ event: SpikeTrains.Event, _ spikesA: Int, _ spikesB: Int) {
    guard spikesA != spikesB else { return }
    perChannel[Int(event.channel)] += abs(spikesA - spikesB)
    if first == nil {
      first = First(
        sample: event.sample, tick: event.tick, channel: event.channel, spikesA: spikesA, spikesB: spikesB)
    }
  }
}
