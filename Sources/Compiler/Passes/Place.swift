import ChipModel

/// What leaves `place`: every core on a router of the mesh.
struct PlacedNetwork: Sendable {
  var fanout: FanoutNetwork
  /// Per core.
  var x: [Int]
  var y: [Int]
}

/// Puts cores on the mesh so that packets travel few hops.
///
/// Cores start along a snake from (0, 0) in network order, so that neighbours in the network are neighbours on the mesh.
/// Then pairs of positions (free ones too) are exchanged as long as that lowers Σ destinations · hops; the
/// first improvement in a fixed order is taken, so the result is the same everywhere. The search ends when nothing
/// improves or after `placementWork` sums over links, about a second, which only programs of hundreds of densely
/// connected cores reach; a count and not a clock, so that this too is the same everywhere. Meshes with more than
/// 1024 positions keep the snake: trying all pairs would take longer than it saves.
///
/// Does not: know rates; every destination counts alike.
func place(_ fanout: FanoutNetwork, chip: Chip) -> PlacedNetwork {
  let width = chip.mesh.width
  let positions = width * chip.mesh.height
  let cores = fanout.cores.count
  var position = (0..<cores).map { i in
    let row = i / width
    return row * width + (row % 2 == 0 ? i % width : width - 1 - i % width)
  }
  if positions <= 1024, cores > 1 {
    var search = PlacementSearch(fanout.traffic(), position: position, positions: positions, width: width)
    search.run(work: placementWork)
    position = search.position
  }
  return PlacedNetwork(
    fanout: fanout, x: position.map { $0 % width }, y: position.map { $0 / width })
}

private let placementWork = 300_000_000

/// Exchanges positions as long as that pays.
private struct PlacementSearch {
  private let traffic: [[CoreLink]]
  /// Coordinates of every position.
  private let x: [Int32]
  private let y: [Int32]
  /// Per core.
  private(set) var position: [Int]
  /// Per position: the core there, or nil.
  private var core: [Int?]

  init(_ traffic: [[CoreLink]], position: [Int], positions: Int, width: Int) {
    self.traffic = traffic
    self.position = position
    x = (0..<positions).map { Int32($0 % width) }
    y = (0..<positions).map { Int32($0 / width) }
    core = [Int?](repeating: nil, count: positions)
    for (c, at) in position.enumerated() { core[at] = c }
  }

  mutating func run(work most: Int) {
    var improved = true
    var work = 0
    while improved {
      improved = false
      for a in core.indices {
        guard let first = core[a] else { continue }
        for b in core.indices where b != a {
          let second = core[b]
          if let second, second < first { continue }
          work += 2 * (traffic[first].count + (second.map { traffic[$0].count } ?? 0))
          if work > most { return }
          var saved = gain(first, from: a, to: b, besides: second)
          if let second { saved += gain(second, from: b, to: a, besides: first) }
          if saved > 0 {
            core[a] = second
            core[b] = first
            position[first] = b
            if let second { position[second] = a }
            improved = true
            break
          }
        }
      }
    }
  }

  /// Hops times destinations that the links of core `c` lose when it moves. The distance to `other`, which moves the
  /// opposite way, stays.
  private func gain(_ c: Int, from here: Int, to there: Int, besides other: Int?) -> Int {
    var gain = 0
    for link in traffic[c] where link.core != other {
      let place = position[link.core]
      gain += link.weight * (hops(here, place) - hops(there, place))
    }
    return gain
  }

  private func hops(_ a: Int, _ b: Int) -> Int { Int(abs(x[a] - x[b]) + abs(y[a] - y[b])) }
}

/// What a core exchanges with another one: pairs of source and destination, both ways.
private struct CoreLink {
  var core: Int
  var weight: Int
}

extension FanoutNetwork {
  /// Per core: the other cores that it exchanges packets with.
  fileprivate func traffic() -> [[CoreLink]] {
    let homes = homes()
    var weights = [[Int: Int]](repeating: [:], count: cores.count)
    // A core's thousands of axons come from few other cores, so they are counted before they go to the links.
    var counts = [Int](repeating: 0, count: cores.count)
    for (c, core) in cores.enumerated() {
      var others: [Int] = []
      func count(_ other: Int) {
        if other == c { return }
        if counts[other] == 0 { others.append(other) }
        counts[other] += 1
      }
      for axon in core.axons {
        if let from = homes[axon.source] { count(from.core) }
      }
      for neuron in core.neurons where neuron.isPartial {
        if let to = homes[main(of: neuron)] { count(to.core) }
      }
      for other in others {
        weights[c][other, default: 0] += counts[other]
        weights[other][c, default: 0] += counts[other]
        counts[other] = 0
      }
    }
    return weights.map { $0.sorted { $0.key < $1.key }.map { CoreLink(core: $0.key, weight: $0.value) } }
  }
}
