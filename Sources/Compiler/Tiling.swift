import NetworkIR

/// Ways to divide a population into groups of at most `columns` neurons, by the shape of the population.
///
/// Neurons of a convolution that lie close to each other read almost the same sources, whatever their channel. So a group
/// is a tile of the plane over as many channels as fit. A population without a plane ([N]) is cut in order.
struct Tiling {
  /// [channels, height, width]; [N] is [1, 1, N].
  private let shape: (channels: Int, height: Int, width: Int)
  private let columns: Int

  init(shape: [Int], columns: Int) {
    switch shape.count {
    case 3: self.shape = (shape[0], shape[1], shape[2])
    case 2: self.shape = (shape[0], 1, shape[1])
    default: self.shape = (1, 1, shape.reduce(1, *))
    }
    self.columns = columns
  }

  /// Sizes of tiles worth trying, as (channels, height, width).
  var candidates: [(channels: Int, height: Int, width: Int)] {
    if shape.channels == 1, shape.height == 1 {
      // Halves of a full core: cutting finer pays only where a split gets fewer parts by it.
      var sizes: [Int] = []
      var size = min(columns, shape.width)
      while size >= 1 {
        sizes.append(size)
        size /= 2
      }
      return sizes.map { (1, 1, $0) }
    }
    var result: [(channels: Int, height: Int, width: Int)] = []
    for height in Self.parts(of: shape.height) {
      for width in Self.parts(of: shape.width) where height * width <= columns {
        let most = min(shape.channels, columns / (height * width))
        // Evenly: 20 channels of which 16 fit are twice 10, not 16 and 4.
        let count = (shape.channels + most - 1) / most
        result.append(((shape.channels + count - 1) / count, height, width))
      }
    }
    return result
  }

  /// The candidates, or where they are more than `most` (and that is at least 1) those that leave the fewest columns of a core
  /// free, in the same order.
  func candidates(atMost most: Int) -> [(channels: Int, height: Int, width: Int)] {
    let all = candidates
    guard all.count > most else { return all }
    let neurons = all.map { $0.channels * $0.height * $0.width }
    let fullest = all.indices.sorted { (-neurons[$0], $0) < (-neurons[$1], $1) }.prefix(max(most, 1))
    return fullest.sorted().map { all[$0] }
  }

  /// The different sizes of an axis cut into 1, 2, 3 … equal parts, rounded up.
  private static func parts(of size: Int) -> [Int] {
    var sizes: [Int] = []
    for count in 1...size {
      let part = (size + count - 1) / count
      if sizes.last != part { sizes.append(part) }
    }
    return sizes
  }

  /// The population's neurons in tiles of this size: tile by tile, channels outermost within each.
  func groups(of tile: (channels: Int, height: Int, width: Int)) -> [[Int]] {
    var groups: [[Int]] = []
    for channel in stride(from: 0, to: shape.channels, by: tile.channels) {
      for y in stride(from: 0, to: shape.height, by: tile.height) {
        for x in stride(from: 0, to: shape.width, by: tile.width) {
          var group: [Int] = []
          for c in channel..<min(channel + tile.channels, shape.channels) {
            for row in y..<min(y + tile.height, shape.height) {
              let begin = (c * shape.height + row) * shape.width
              group += begin + x..<begin + min(x + tile.width, shape.width)
            }
          }
          groups.append(group)
        }
      }
    }
    return groups
  }
}
