/// SPIKE-synchronization of two spike trains, 0 to 1: the share of spikes that coincide with one of the other train.
///
/// Spikes a_i and b_j coincide when they are closer than half of every interspike interval beside them and than half of
/// the whole interval: |a_i − b_j| < ½·min(a_i+1 − a_i, a_i − a_i−1, b_j+1 − b_j, b_j − b_j−1, T); equal times always do.
///
/// - Parameters:
///   - a: spike times in seconds, ascending; equal ones count once, those outside the interval not at all. The same for `b`.
///   - interval: what is outside it does not count.
/// - Returns: 1 when neither train has a spike.
///
/// **Cost**: linear in the number of spikes.
///
/// **Source**: T. Kreuz et al., SPIKY, J. Neurophysiol. 113 (2015); PySpike 0.9 without a bound of its own.
public func spikeSynchronization(_ a: [Double], _ b: [Double], in interval: ClosedRange<Double>) -> Double {
  let (coinciding, spikes) = coincidences(a, b, in: interval)
  return spikes > 0 ? Double(coinciding) / Double(spikes) : 1
}

/// The share of coinciding spikes in all pairs together: each pair weighs as many spikes as it has, as in PySpike. 1
/// without a spike.
public func spikeSynchronization(_ trains: [[Double]], in interval: ClosedRange<Double>) -> Double {
  var total = (coinciding: 0, spikes: 0)
  for i in trains.indices {
    for j in trains.indices[(i + 1)...] {
      let (coinciding, spikes) = coincidences(trains[i], trains[j], in: interval)
      total.coinciding += coinciding
      total.spikes += spikes
    }
  }
  return total.spikes > 0 ? Double(total.coinciding) / Double(total.spikes) : 1
}

/// Spikes of both trains that coincide, and all of them.
private func coincidences(
  _ a: [Double], _ b: [Double], in interval: ClosedRange<Double>
) -> (coinciding: Int, spikes: Int) {
  let a = SpikeTimes.cleaned(a, interval)
  let b = SpikeTimes.cleaned(b, interval)
  let length = interval.upperBound - interval.lowerBound
  var coinciding = 0
  var (i, j) = (0, 0)
  while i < a.count || j < b.count {
    if i < a.count, j < b.count, a[i] == b[j] {
      coinciding += 2
      i += 1
      j += 1
    } else if j == b.count || (i < a.count && a[i] < b[j]) {
      if j > 0, a[i] - b[j - 1] < window(a, i, b, j - 1, length) { coinciding += 2 }
      i += 1
    } else {
      if i > 0, b[j] - a[i - 1] < window(a, i - 1, b, j, length) { coinciding += 2 }
      j += 1
    }
  }
  return (coinciding, a.count + b.count)
}

/// Half of the shortest interval beside either spike.
private func window(_ a: [Double], _ i: Int, _ b: [Double], _ j: Int, _ length: Double) -> Double {
  var shortest = length
  if i > 0 { shortest = min(shortest, a[i] - a[i - 1]) }
  if i + 1 < a.count { shortest = min(shortest, a[i + 1] - a[i]) }
  if j > 0 { shortest = min(shortest, b[j] - b[j - 1]) }
  if j + 1 < b.count { shortest = min(shortest, b[j + 1] - b[j]) }
  return shortest / 2
}
