import NetworkIR

extension Network {
  /// The same network with a population of relays for every pool that the spikes of a population (or input) reach first.
  ///
  /// ```
  /// source ─▶ pool ─▶ rest ─▶ target      becomes      source ─▶ pool of ones ─▶ relays ─▶ scale, rest ─▶ target
  /// relay:  v ← v + spikes of its window;  fires at v ≥ 1 (v > ½), v ← v − 1
  /// ```
  /// A relay's spike stands for one spike of its window. Of several in one tick one passes and the others follow in later
  /// ticks, so nothing is lost before the sample ends, but spikes come late. Relays stand behind the network's own
  /// populations, which keep their numbers.
  func withPoolRelays() -> Network {
    var result = self
    var known: [RelayKey: Int] = [:]
    for (k, projection) in projections.enumerated() {
      guard case .pool(let pool) = projection.maps[0], projection.unit == .held else { continue }
      let key = RelayKey(
        source: projection.source, channels: pool.channels, axes: [pool.vertical, pool.horizontal])
      let relay = known[key] ?? result.populations.count
      if known[key] == nil {
        known[key] = relay
        result.addRelays(pool, behind: projection, number: known.count)
      }
      result.projections[k].source = .population(relay)
      result.projections[k].maps[0] = .diagonal([Double](repeating: pool.scale, count: pool.rows))
    }
    return result
  }

  /// Whether `withPoolRelays` changes anything.
  var hasPoolsToRelay: Bool {
    projections.contains { projection in
      if case .pool = projection.maps[0] { projection.unit == .held } else { false }
    }
  }

  private struct RelayKey: Hashable {
    var source: Projection.Source
    var channels: Int
    var axes: [WindowAxis]
  }

  private mutating func addRelays(_ pool: Pool, behind projection: Projection, number: Int) {
    populations.append(
      .relays(
        named: freeName("relay \(number)"),
        shape: [pool.channels, pool.vertical.output, pool.horizontal.output],
        quanta: [Double](repeating: 1, count: pool.rows)))
    var counting = pool
    counting.scale = 1
    projections.append(
      Projection(
        source: projection.source, target: populations.count - 1, maps: [.pool(counting)],
        path: projection.path))
  }
}
