import ChipModel

/// What a pattern asks of the links, per packet that each node makes: exact sums over all sources and destinations.
struct ChannelLoads: Sendable {
  /// Flits on the busiest channel: a link between routers, or the one into a core.
  var largest = 0.0
  /// Links between routers that a packet crosses.
  var meanHops = 0.0

  /// x first, then y.
  init(_ mesh: Chip.Mesh, _ destinations: Destinations) {
    switch destinations {
    case .fixed(let table): add(table, width: mesh.width)
    case .drawn(let sums): add(sums, width: mesh.width, height: mesh.height)
    }
  }

  private mutating func add(_ table: [Int], width: Int) {
    // [nodes · 5] by the router that a channel leaves and its port.
    var loads = [Int](repeating: 0, count: table.count * 5)
    var hops = 0
    for (source, destination) in table.enumerated() {
      var node = source
      while node % width != destination % width {
        let right = destination % width > node % width
        loads[node * 5 + (right ? 0 : 1)] += 1
        node += right ? 1 : -1
        hops += 1
      }
      while node != destination {
        loads[node * 5 + (destination > node ? 2 : 3)] += 1
        node += destination > node ? width : -width
        hops += 1
      }
      loads[destination * 5 + 4] += 1
    }
    largest = Double(loads.max() ?? 0)
    meanHops = Double(hops) / Double(table.count)
  }

  /// All sources draw their destination alike: the load of a channel is the number of sources before it times the
  /// probability of a destination behind it.
  private mutating func add(_ sums: [UInt64], width: Int, height: Int) {
    var column = [Double](repeating: 0, count: width)
    var row = [Double](repeating: 0, count: height)
    var share = [Double](repeating: 0, count: sums.count)
    let total = Double(sums[sums.count - 1])
    for node in sums.indices {
      share[node] = Double(sums[node] - (node == 0 ? 0 : sums[node - 1])) / total
      column[node % width] += share[node]
      row[node / width] += share[node]
      largest = max(largest, share[node] * Double(sums.count))
    }
    // Every row has the same x links, every column's y links carry what goes to that column.
    largest = max(largest, Self.largestLinkLoad(of: column[...]))
    for x in 0..<width {
      let there = stride(from: x, to: share.count, by: width).map { share[$0] }
      largest = max(largest, Self.largestLinkLoad(of: there[...]) * Double(width))
    }
    for (side, count) in [(column, width), (row, height)] {
      for from in 0..<count {
        for to in 0..<count { meanHops += side[to] * Double(abs(to - from)) / Double(count) }
      }
    }
  }

  /// A line of nodes that each send one packet, `share` of it to each: flits on the busiest link.
  private static func largestLinkLoad(of share: ArraySlice<Double>) -> Double {
    var largest = 0.0
    let total = share.reduce(0, +)
    var behind = 0.0
    for (place, part) in share.dropLast().enumerated() {
      behind += part
      let left = Double(place + 1)
      let right = Double(share.count - place - 1)
      largest = max(largest, left * (total - behind), right * behind)
    }
    return largest
  }
}

extension ChannelLoads {
  /// θ: packets per node and cycle at which the busiest channel carries a flit in every cycle, 1 at most.
  var throughput: Double { min(1, 1 / largest) }

  /// The same where credits hold a channel to B / (D + C) flits per cycle, an injection port to B / (INJ + C).
  func throughput(_ mesh: Chip.Mesh) -> Double {
    let depth = Double(mesh.bufferDepth)
    let link = min(1, depth / Double(mesh.hopCycles + mesh.creditCycles))
    let injection = min(1, depth / Double(mesh.injectionCycles + mesh.creditCycles))
    return min(injection, link / largest)
  }

  /// INJ + D (H + 1): mean latency without any waiting.
  func latency(_ mesh: Chip.Mesh) -> Double {
    Double(mesh.injectionCycles) + Double(mesh.hopCycles) * (meanHops + 1)
  }
}
