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
/// improves or after `placementWork` sums over links, some seconds, which only programs of hundreds of densely
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
    let traffic = fanout.traffic()
    var core = [Int?](repeating: nil, count: positions)
    for (c, at) in position.enumerated() { core[at] = c }
    func hops(_ a: Int, _ b: Int) -> Int { abs(a % width - b % width) + abs(a / width - b / width) }
    func cost(_ c: Int, at here: Int, swapping other: Int?, to there: Int) -> Int {
      traffic[c].reduce(0) { sum, link in
        let place = link.core == other ? there : position[link.core]
        return sum + link.weight * hops(here, place)
      }
    }
    var improved = true
    var work = 0
    search: while improved {
      improved = false
      for a in 0..<positions {
        guard let first = core[a] else { continue }
        for b in 0..<positions where b != a {
          let second = core[b]
          if let second, second < first { continue }
          work += 2 * (traffic[first].count + (second.map { traffic[$0].count } ?? 0))
          if work > placementWork { break search }
          var before = cost(first, at: a, swapping: nil, to: 0)
          var after = cost(first, at: b, swapping: second, to: a)
          if let second {
            before += cost(second, at: b, swapping: nil, to: 0)
            after += cost(second, at: a, swapping: first, to: b)
          }
          if after < before {
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
  return PlacedNetwork(
    fanout: fanout, x: position.map { $0 % width }, y: position.map { $0 / width })
}

private let placementWork = 300_000_000

extension FanoutNetwork {
  /// Per core: the other cores that it exchanges packets with, and how many (source, destination) pairs, both ways.
  fileprivate func traffic() -> [[(core: Int, weight: Int)]] {
    let homes = homes()
    var weights = [[Int: Int]](repeating: [:], count: cores.count)
    func count(_ a: Int, _ b: Int) {
      if a == b { return }
      weights[a][b, default: 0] += 1
      weights[b][a, default: 0] += 1
    }
    for (c, core) in cores.enumerated() {
      for axon in core.axons {
        if let from = homes[axon.source] { count(from.core, c) }
      }
      for neuron in core.neurons where neuron.isPartial {
        if let to = homes[main(of: neuron)] { count(c, to.core) }
      }
    }
    return weights.map { $0.sorted { $0.key < $1.key }.map { (core: $0.key, weight: $0.value) } }
  }
}
