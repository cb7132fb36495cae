import Diagnostics

/// Where the packets of a pattern go.
enum Destinations: Sendable {
  /// Every source has one destination.
  case fixed([Int])
  /// Every source draws alike: sums of the weights of nodes 0 … d.
  case drawn(sums: [UInt64])

  init(_ traffic: MeshTraffic) {
    let (width, height) = (traffic.mesh.width, traffic.mesh.height)
    let nodes = width * height
    let bits = nodes.trailingZeroBitCount
    func moved(_ step: (Int) -> Int) -> [Int] {
      (0..<nodes).map {
        ($0 / width + step(height)) % height * width + ($0 % width + step(width)) % width
      }
    }
    switch traffic.pattern {
    case .uniform: self = .drawn(sums: (1...UInt64(nodes)).map { $0 })
    case .transpose: self = .fixed((0..<nodes).map { $0 % width * width + $0 / width })
    case .neighbor: self = .fixed(moved { _ in 1 })
    case .tornado: self = .fixed(moved { ($0 - 1) / 2 })
    case .bitcomp: self = .fixed((0..<nodes).map { nodes - 1 - $0 })
    case .bitrev:
      self = .fixed(
        (0..<nodes).map { node in
          (0..<bits).reduce(0) { $0 | (node >> $1 & 1) << (bits - 1 - $1) }
        })
    case .shuffle:
      self = .fixed((0..<nodes).map { bits == 0 ? $0 : ($0 << 1) & (nodes - 1) | $0 >> (bits - 1) })
    case .hotspot:
      var weights = [UInt64](repeating: UInt64(traffic.backgroundWeight), count: nodes)
      for spot in traffic.spots { weights[spot.node] = UInt64(spot.weight) }
      var sum: UInt64 = 0
      self = .drawn(
        sums: weights.map { weight in
          sum += weight
          return sum
        })
    }
  }

  /// The destination of a packet of `source` for 32 random bits: node d with probability weight / sum, to 2⁻³².
  func callAsFunction(_ source: Int, _ random: UInt32) -> Int {
    switch self {
    case .fixed(let table): return table[source]
    case .drawn(let sums):
      let place = (UInt64(random) &* sums[sums.count - 1]) &>> 32
      // The first node whose sum is beyond `place`.
      var low = 0
      var high = sums.count - 1
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > place { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }
}

extension MeshTraffic {
  /// The largest weight, so that weights × nodes × 2³² fits 64 bits.
  public static let largestWeight = 65_535

  /// The hot spots that hold, those that are meant by an empty list included.
  public var spots: [HotSpot] {
    hotSpots.isEmpty
      ? [HotSpot(node: (mesh.height - 1) / 2 * mesh.width + (mesh.width - 1) / 2, weight: 1)] : hotSpots
  }

  /// What keeps this traffic from being run: a pattern that does not fit the mesh, hot spots outside of it.
  public var problems: [Diagnostic] {
    var problems: [Diagnostic] = []
    let nodes = mesh.width * mesh.height
    switch pattern {
    case .transpose where mesh.width != mesh.height:
      problems.append(
        Diagnostic(
          "traffic.square", subject: "pattern transpose", problem: "the mesh is not square",
          found: "\(mesh.width) × \(mesh.height)", expected: "as wide as high"))
    case .bitcomp, .bitrev, .shuffle:
      guard nodes.nonzeroBitCount != 1 else { break }
      problems.append(
        Diagnostic(
          "traffic.powerOfTwo", subject: "pattern \(pattern.rawValue)",
          problem: "the number of nodes is not a power of two", found: "\(nodes)"))
    default: break
    }
    if pattern != .hotspot, !hotSpots.isEmpty || backgroundWeight != 0 {
      problems.append(
        Diagnostic(
          "traffic.hotSpotsUnused", subject: "pattern \(pattern.rawValue)", problem: "has no hot spots",
          remedy: "Use the pattern hotspot"))
    }
    for spot in hotSpots where !(0..<nodes).contains(spot.node) {
      problems.append(
        Diagnostic(
          "traffic.hotSpot", subject: "hot spot \(spot.node)", problem: "no such node",
          expected: "0 to \(nodes - 1), y · width + x"))
    }
    if Set(hotSpots.map(\.node)).count != hotSpots.count {
      problems.append(
        Diagnostic("traffic.hotSpot", subject: "hot spots", problem: "a node is named more than once"))
    }
    return problems
  }
}
