/// Spikes of several samples, sparse, sorted by sample, tick, channel: an input file, or what was recorded.
public struct SpikeTrains: Sendable, Equatable {
  public struct Event: Sendable, Equatable, Comparable {
    public var sample: Int32
    public var tick: Int32
    public var channel: Int32
    /// Spikes of this channel in this tick, at least 1.
    public var count: UInt8

    public init(sample: Int32, tick: Int32, channel: Int32, count: UInt8 = 1) {
      self.sample = sample
      self.tick = tick
      self.channel = channel
      self.count = count
    }
    public static func < (a: Event, b: Event) -> Bool {
      (a.sample, a.tick, a.channel) < (b.sample, b.tick, b.channel)
    }
  }

  public var samples: Int
  /// Input ticks per sample (T).
  public var ticks: Int
  public var channels: Int
  /// Sorted, at most one event per (sample, tick, channel).
  public var events: [Event]
  /// One class label per sample, if known.
  public var labels: [Int]?

  public init(samples: Int, ticks: Int, channels: Int, events: [Event], labels: [Int]? = nil) {
    self.samples = samples
    self.ticks = ticks
    self.channels = channels
    self.events = events
    self.labels = labels
  }

  /// Total number of spikes.
  public var total: Int { events.reduce(0) { $0 + Int($1.count) } }

  /// Index range of the events of every sample.
  public func ranges() -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var i = 0
    for sample in 0..<samples {
      let begin = i
      while i < events.count, events[i].sample == Int32(sample) { i += 1 }
      ranges.append(begin..<i)
    }
    return ranges
  }
}
