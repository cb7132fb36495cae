/// SPIKE-distance of two spike trains, 0 (equal) to 1: how far apart the spikes around each moment are, in units of the
/// interspike intervals there.
///
/// Let x be the interspike interval of a around t, from t_p to t_f, and d_p, d_f the distances of its ends to the nearest
/// spike of b; y and s_b likewise with a and b exchanged.
///
/// ```
/// s_a(t) = (d_p·(t_f − t) + d_f·(t − t_p)) / x
/// S(t) = ½·(s_a·y + s_b·x) / (½·(x + y))²        D = 1/T · ∫ S(t) dt
/// ```
/// S is linear between any two neighbouring spikes of the merged train, so the integral is exact. Edges and trains
/// without spikes: `TrainCursor`; an auxiliary spike has the distance of the true spike beside it.
///
/// - Parameters:
///   - a: spike times in seconds, ascending; equal ones count once, those outside the interval not at all. The same for `b`.
///   - interval: over which is averaged; the distance is 0 if it has no length.
///
/// **Cost**: linear in the number of spikes.
///
/// **Source**: T. Kreuz et al., Monitoring spike train synchrony, J. Neurophysiol. 109 (2013); edges as in PySpike 0.9.
public func spikeDistance(_ a: [Double], _ b: [Double], in interval: ClosedRange<Double>) -> Double {
  let (start, end) = (interval.lowerBound, interval.upperBound)
  guard end > start else { return 0 }
  var x = TrainCursor(a, in: interval)
  var y = TrainCursor(b, in: interval)
  var fromA = EndDistances(of: x, to: y)
  var fromB = EndDistances(of: y, to: x)
  func value(_ time: Double) -> Double {
    let sum = x.interval + y.interval
    return 2 * (fromA.between(x, time) * y.interval + fromB.between(y, time) * x.interval) / (sum * sum)
  }
  var sum = 0.0
  var time = start
  while time < end {
    let next = min(x.next, y.next, end)
    if next > time { sum += 0.5 * (value(time) + value(next)) * (next - time) }
    let passes = (x.next == next, y.next == next)
    if passes.0 { x.advance() }
    if passes.1 { y.advance() }
    if passes.0 { fromA.moveOn(x, y) }
    if passes.1 { fromB.moveOn(y, x) }
    time = next
  }
  return sum / (end - start)
}

/// Mean of the SPIKE-distances of all pairs; 0 for fewer than two trains.
public func spikeDistance(_ trains: [[Double]], in interval: ClosedRange<Double>) -> Double {
  meanOverPairs(trains) { spikeDistance($0, $1, in: interval) }
}

/// Distances of the two ends of the present interspike interval to the nearest spike of the other train.
private struct EndDistances {
  var previous: Double
  var following: Double

  init(of train: TrainCursor, to other: TrainCursor) {
    following = other.distance(to: train.following)
    previous = train.index < 0 ? following : other.distance(to: train.previous)
  }

  /// To be called when `train`, and `other` if it has a spike at the same time, have passed a spike.
  mutating func moveOn(_ train: TrainCursor, _ other: TrainCursor) {
    previous = following
    if train.next < .infinity { following = other.distance(to: train.following) }
  }

  /// Interpolated at `time`.
  func between(_ train: TrainCursor, _ time: Double) -> Double {
    (previous * (train.following - time) + following * (time - train.previous)) / train.interval
  }
}
