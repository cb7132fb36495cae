/// Where the mass of every state goes. Rows are bands.
struct BandMatrix {
  private var first: [Int] = []
  private var begin = [0]
  private var weight: [Double] = []
  /// The row that is being filled.
  private var line: [Double]
  private var low: Int
  private var high = -1

  init(count: Int) {
    line = [Double](repeating: 0, count: count)
    low = count
  }

  mutating func add(to state: Int, _ share: Double) {
    line[state] += share
    low = min(low, state)
    high = max(high, state)
  }

  mutating func endRow() {
    first.append(low)
    if low <= high {
      weight += line[low...high]
      for state in low...high { line[state] = 0 }
    }
    begin.append(weight.count)
    (low, high) = (line.count, -1)
  }

  func applied(to density: [Double]) -> [Double] {
    var next = [Double](repeating: 0, count: density.count)
    addRows(density, width: density.count, to: &next)
    return next
  }

  /// Adds where the mass of every part of `width` states goes to the same part of `next`; one part is the whole density.
  ///
  /// - Parameter negligible: mass that is left out.
  func addRows(_ density: [Double], width: Int, negligible: Double = 0, to next: inout [Double]) {
    weight.withUnsafeBufferPointer { weight in
      next.withUnsafeMutableBufferPointer { next in
        for part in stride(from: 0, to: density.count, by: width) {
          for i in 0..<width {
            let mass = density[part + i]
            if abs(mass) <= negligible { continue }
            let offset = part + first[i] - begin[i]
            for k in begin[i]..<begin[i + 1] { next[offset + k] += mass * weight[k] }
          }
        }
      }
    }
  }
}
