import Diagnostics
import Emulator

/// The networks that the section on scaling is measured on, by what they vary.
enum ScalingCurve: String, CaseIterable {
  case neurons, rate, mesh = "mesh size", cores = "neurons per core", density

  /// Networks, and meshes on which each is run.
  var networks: [(name: String, network: ScalingNetwork, meshes: [RunOptions.Mesh])] {
    let both = RunOptions.Mesh.allCases
    switch self {
    case .neurons:
      // 1024 neurons per core, 100 targets each in the 9 cores around.
      return [1, 2, 4, 8, 16, 32].map {
        (Self.thousands($0 * $0), ScalingNetwork(side: $0, reach: .around), both)
      }
    case .rate:
      return [0.001, 0.005, 0.05, 0.2].map {
        ("\($0)", ScalingNetwork(side: 4, perCore: 256, rate: $0), both)
      }
    case .mesh:
      return [2, 4, 8, 16, 32].flatMap { side in
        [
          ("\(side) × \(side)", ScalingNetwork(side: side, perCore: 64, rate: 0.02), both),
          (
            "\(side) × \(side), multicast",
            ScalingNetwork(side: side, perCore: 64, rate: 0.02, multicast: true),
            [.cycles]
          ),
        ]
      }
    case .cores:
      return [4, 32, 256].map { ("\($0)", ScalingNetwork(side: 8, perCore: $0, fanOut: 32), both) }
    case .density:
      return [0.02, 0.1, 0.15, 0.25, 0.5, 1].map {
        (
          "\(Int(($0 * 100).rounded())) %",
          ScalingNetwork(rate: 0.02, channels: 1024, density: $0, inputRate: 0.05), [.ideal]
        )
      }
    }
  }

  private static func thousands(_ cores: Int) -> String { "\(cores * 1024)" }

  func measured() throws(Failure) -> [ScalingPoint] {
    var points: [ScalingPoint] = []
    for (name, network, meshes) in networks {
      let image = try network.image()
      for mesh in meshes { points.append(try ScalingPoint(name, network, image, mesh)) }
    }
    return points
  }
}

/// Full rows against lists, on one core of which every axon holds a spike once in twenty ticks.
struct Crossover {
  /// Part of the crosspoints that is programmed, and seconds of integration per tick.
  let densities: [Double]
  let lists: [Double]
  let rows: [Double]

  init() throws(Failure) {
    let densities = [0.03, 0.06, 0.1, 0.15, 0.2, 0.3]
    var lists: [Double] = []
    var rows: [Double] = []
    for density in densities {
      let network = ScalingNetwork(rate: 0.02, channels: 1024, density: density, inputRate: 0.05)
      let image = try network.image()
      lists.append(try ScalingPoint("", network, image, .ideal, crosspointsPerSynapse: 0).seconds)
      rows.append(try ScalingPoint("", network, image, .ideal, crosspointsPerSynapse: .infinity).seconds)
    }
    self.densities = densities
    self.lists = lists
    self.rows = rows
  }

  /// The density from which on rows are faster, between two that were measured; nil if that is none of them.
  var density: Double? {
    for i in 1..<densities.count where lists[i] >= rows[i] && lists[i - 1] < rows[i - 1] {
      let (before, after) = (lists[i - 1] - rows[i - 1], lists[i] - rows[i])
      return densities[i - 1] - before / (after - before) * (densities[i] - densities[i - 1])
    }
    return lists[0] >= rows[0] ? densities[0] : nil
  }
}
