/// ISI-distance of two spike trains, 0 (equal rates throughout) up to but not 1.
///
/// ```
/// D = 1/T · ∫ |x(t) − y(t)| / max(x(t), y(t)) dt        x, y: the interspike interval around t in a and in b
/// ```
/// It compares rates, whatever the phase. Edges and trains without spikes: `TrainCursor`.
///
/// - Parameters:
///   - a: spike times in seconds, ascending; equal ones count once, those outside the interval not at all. The same for `b`.
///   - interval: over which is averaged; the distance is 0 if it has no length.
///
/// **Cost**: linear in the number of spikes.
///
/// **Source**: T. Kreuz et al., Measuring spike train synchrony, J. Neurosci. Methods 165 (2007); edges as in PySpike 0.9.
public func isiDistance(_ a: [Double], _ b: [Double], in interval: ClosedRange<Double>) -> Double {
  let (start, end) = (interval.lowerBound, interval.upperBound)
  guard end > start else { return 0 }
  var x = TrainCursor(a, in: interval)
  var y = TrainCursor(b, in: interval)
  var sum = 0.0
  var time = start
  while time < end {
    let next = min(x.next, y.next, end)
    // Both are positive, or this stretch has no length.
    let (first, second) = (x.interval, y.interval)
    if next > time { sum += abs(first - second) / max(first, second) * (next - time) }
    if x.next == next { x.advance() }
    if y.next == next { y.advance() }
    time = next
  }
  return sum / (end - start)
}

/// Mean of the ISI-distances of all pairs; 0 for fewer than two trains.
public func isiDistance(_ trains: [[Double]], in interval: ClosedRange<Double>) -> Double {
  meanOverPairs(trains) { isiDistance($0, $1, in: interval) }
}

/// Mean of a measure over all unordered pairs; 0 without a pair.
func meanOverPairs(_ trains: [[Double]], _ measure: ([Double], [Double]) -> Double) -> Double {
  var sum = 0.0
  var pairs = 0
  for i in trains.indices {
    for j in trains.indices[(i + 1)...] {
      sum += measure(trains[i], trains[j])
      pairs += 1
    }
  }
  return pairs > 0 ? sum / Double(pairs) : 0
}
