import Diagnostics
import Emulator
import ProgramImage

/// The networks that scaling is measured on.
enum ScalingCases {
  /// By what varies: number of neurons with targets around; with targets anywhere; rate; mesh; neurons per core; full crossbars
  /// that neurons feed; density.
  static let all: [ScalingNetwork] =
    [1, 2, 4, 8, 16, 24, 32].map { ScalingNetwork(side: $0, reach: .around) }
    + [256, 4096].map { ScalingNetwork(perCore: $0) }
    + [64, 256, 1024, 4096].flatMap { unicastAndMulticast(ScalingNetwork(side: 4, perCore: $0)) }
    + [0.001, 0.005, 0.05, 0.2].map { ScalingNetwork(side: 4, perCore: 256, rate: $0) }
    + [(8, 0.002), (16, 0.002), (24, 0.002), (8, 0.1), (16, 0.1)].map {
      ScalingNetwork(side: $0.0, reach: .around, rate: $0.1)
    }
    + [2, 8, 16, 32].flatMap { unicastAndMulticast(ScalingNetwork(side: $0, perCore: 64)) }
    + [4, 16, 256].map { ScalingNetwork(side: 8, perCore: $0, fanOut: 32) }
    + [(2, 64, 200), (4, 64, 800), (2, 256, 800)].map {
      ScalingNetwork(side: $0.0, perCore: $0.1, fanOut: $0.2)
    }
    + [0.02, 0.06, 0.15, 0.25, 0.5, 1].map { ScalingNetwork(channels: 1024, density: $0) }
    + [(1, 0.02), (1, 0.2), (0.06, 0.2)].map {
      ScalingNetwork(channels: 1024, density: $0.0, inputRate: $0.1)
    }

  private static func unicastAndMulticast(_ network: ScalingNetwork) -> [ScalingNetwork] {
    var other = network
    other.multicast = true
    return [network, other]
  }

  /// Each network on the meshes where it differs, in two passes over all, of which the faster counts: whoever else uses the
  /// machine makes it slower for a while, and nothing makes it faster.
  static func measured() throws(Failure) -> [ScalingPoint] {
    var points: [ScalingPoint] = []
    for pass in 0..<2 {
      var place = 0
      for network in all {
        let image = try network.image()
        for mesh in network.meshes {
          let point = try ScalingPoint(network, image, mesh)
          if pass == 0 {
            points.append(point)
          } else if point.seconds < points[place].seconds {
            points[place] = point
          }
          place += 1
        }
      }
    }
    return points
  }
}

extension ScalingNetwork {
  /// An ideal mesh does not tell unicast from multicast, and without projections it makes no difference.
  fileprivate var meshes: [RunOptions.Mesh] {
    channels > 0 || multicast ? [.cycles] : [.cycles, .ideal]
  }
}

/// Full rows against lists, on one core of which every axon holds a spike once in twenty ticks.
struct Crossover {
  /// Part of the crosspoints that is programmed, and seconds per tick.
  let densities = [0.03, 0.06, 0.1, 0.15, 0.2, 0.3]
  private(set) var lists: [Double] = []
  private(set) var rows: [Double] = []

  /// The faster of two passes, as for the points.
  init() throws(Failure) {
    lists = [Double](repeating: .infinity, count: densities.count)
    rows = lists
    for _ in 0..<2 {
      for (i, density) in densities.enumerated() {
        let network = ScalingNetwork(channels: 1024, density: density)
        let image = try network.image()
        let asLists = try ScalingPoint(network, image, .cycles, crosspointsPerSynapse: 0)
        let asRows = try ScalingPoint(network, image, .cycles, crosspointsPerSynapse: .infinity)
        lists[i] = min(lists[i], asLists.seconds)
        rows[i] = min(rows[i], asRows.seconds)
      }
    }
  }

  /// The density from which on rows are faster, on the line between two that were measured; nil if lists always are.
  var density: Double? {
    guard let i = densities.indices.first(where: { lists[$0] >= rows[$0] }) else { return nil }
    if i == 0 { return densities[0] }
    let (before, after) = (rows[i - 1] - lists[i - 1], rows[i] - lists[i])
    return densities[i - 1] + before / (before - after) * (densities[i] - densities[i - 1])
  }
}
