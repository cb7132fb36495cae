/// Victor-Purpura distance of two spike trains, in spikes: the cheapest way to turn one train into the other.
///
/// Taking a spike out or putting one in costs 1, moving one by Δt costs `cost`·|Δt|:
///
/// ```
/// D(i, j) = min { D(i−1, j) + 1,  D(i, j−1) + 1,  D(i−1, j−1) + cost·|a_i − b_j| }        D(i, 0) = i,  D(0, j) = j
/// ```
/// A spike is moved at most w = 2 / `cost` seconds: beyond, taking it out and putting another in is as cheap. With cost 0 only
/// the counts differ; the larger the cost, the more only equal times count.
///
/// So D(i, j) = D(i−1, j) + 1 where b_j < a_i − w, and D(i, j) = D(i, j−1) + 1 where b_j > a_i + w: only what lies between is
/// computed, and the result is still exact.
///
/// - Parameters:
///   - a: spike times in seconds, ascending; a time that stands twice counts twice. The same for `b`.
///   - cost: per second, at least 0.
///
/// **Cost**: a.count times the spikes of b within w of one of a; memory for b.count numbers.
///
/// **Source**: J. Victor and K. Purpura, Nature and precision of temporal coding in visual cortex, J. Neurophysiol. 76 (1996).
public func victorPurpuraDistance(_ a: [Double], _ b: [Double], cost: Double) -> Double {
  var row: [Double] = []
  return victorPurpuraDistance(a, b, cost: cost, row: &row)
}

/// The same with memory that is kept from call to call.
func victorPurpuraDistance(_ a: [Double], _ b: [Double], cost: Double, row: inout [Double]) -> Double {
  let reach = 2 / cost
  // D of the spike of a before, for j = low − 1 ... row.count − 1; beyond, it grows by 1 each.
  row.removeAll(keepingCapacity: true)
  row.append(0)
  var low = 1
  for time in a {
    while low <= b.count, b[low - 1] < time - reach { low += 1 }
    while row.count <= b.count, row.count < low || b[row.count - 1] <= time + reach {
      row.append(row[row.count - 1] + 1)
    }
    var diagonal = row[low - 1]
    row[low - 1] += 1
    for j in low..<max(row.count, low) {
      let moved = time == b[j - 1] ? diagonal : diagonal + cost * abs(time - b[j - 1])
      diagonal = row[j]
      row[j] = min(diagonal + 1, row[j - 1] + 1, moved)
    }
  }
  return row[row.count - 1] + Double(b.count + 1 - row.count)
}
