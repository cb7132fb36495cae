/// A place in a spike train that moves on from spike to spike, with what the train is taken to do beyond its edges.
///
/// Edge rules (PySpike's): before the first spike and after the last one lies an auxiliary spike, at the edge of the
/// interval or, if that is farther, one interspike interval away:
///
/// ```
/// before = min(start, 2·t_0 − t_1)        after = max(end, 2·t_last − t_last−1)        start and end with a single spike
/// ```
/// A train without spikes is taken to have one at `start` and one at `end`.
struct TrainCursor {
  /// Strictly ascending, within the interval, not empty.
  let times: [Double]
  let before: Double
  let after: Double
  /// The last spike passed, −1 before the first.
  private(set) var index: Int

  /// - Parameter train: spike times in seconds, ascending. Those outside the interval are left out, and of equal ones all
  ///   but one.
  init(_ train: [Double], in interval: ClosedRange<Double>) {
    let spikes = SpikeTimes.cleaned(train, interval)
    times = spikes.isEmpty ? [interval.lowerBound, interval.upperBound] : spikes
    let last = times.count - 1
    before =
      last > 0 ? min(interval.lowerBound, 2 * times[0] - times[1]) : interval.lowerBound
    after =
      last > 0 ? max(interval.upperBound, 2 * times[last] - times[last - 1]) : interval.upperBound
    index = times[0] > interval.lowerBound ? -1 : 0
  }

  /// The spike that was passed last, or the auxiliary one before the first.
  var previous: Double { index < 0 ? before : times[index] }
  /// The spike to come, or the auxiliary one after the last.
  var following: Double { index + 1 < times.count ? times[index + 1] : after }
  /// The interspike interval around the present time.
  var interval: Double { following - previous }
  /// The next true spike; infinity after the last.
  var next: Double { index + 1 < times.count ? times[index + 1] : .infinity }

  mutating func advance() { index += 1 }

  /// Distance from `time`, at or after the present, to the nearest spike, auxiliary ones included.
  func distance(to time: Double) -> Double {
    var nearest = abs(time - previous)
    var i = index + 1
    while i < times.count {
      let distance = abs(time - times[i])
      if distance > nearest { return nearest }
      nearest = distance
      i += 1
    }
    return min(nearest, abs(time - after))
  }
}
