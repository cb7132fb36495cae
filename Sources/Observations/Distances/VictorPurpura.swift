/// Victor-Purpura distance of two spike trains, in spikes: the cheapest way to turn one train into the other.
///
/// Taking a spike out or putting one in costs 1, moving one by Δt costs `cost`·|Δt|:
///
/// ```
/// D(i, j) = min { D(i−1, j) + 1,  D(i, j−1) + 1,  D(i−1, j−1) + cost·|a_i − b_j| }        D(i, 0) = i,  D(0, j) = j
/// ```
/// A spike is moved at most 2 / `cost` seconds. With cost 0 only the counts differ; the larger the cost, the more only
/// equal times count.
///
/// - Parameters:
///   - a: spike times in seconds, ascending; a time that stands twice counts twice. The same for `b`.
///   - cost: per second, at least 0.
///
/// **Cost**: a.count · b.count steps, memory for b.count numbers.
///
/// **Source**: J. Victor and K. Purpura, Nature and precision of temporal coding in visual cortex, J. Neurophysiol. 76 (1996).
public func victorPurpuraDistance(_ a: [Double], _ b: [Double], cost: Double) -> Double {
  var row: [Double] = []
  return victorPurpuraDistance(a, b, cost: cost, row: &row)
}

/// The same with memory that is kept from call to call.
func victorPurpuraDistance(_ a: [Double], _ b: [Double], cost: Double, row: inout [Double]) -> Double {
  row.removeAll(keepingCapacity: true)
  row.reserveCapacity(b.count + 1)
  for j in 0...b.count { row.append(Double(j)) }
  for i in a.indices {
    var diagonal = row[0]
    row[0] = Double(i + 1)
    for j in b.indices {
      let moved = a[i] == b[j] ? diagonal : diagonal + cost * abs(a[i] - b[j])
      diagonal = row[j + 1]
      row[j + 1] = min(diagonal + 1, row[j] + 1, moved)
    }
  }
  return row[b.count]
}
