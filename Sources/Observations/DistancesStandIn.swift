import Foundation

public struct PopulationDistance: Sendable, Equatable, Codable {
  public var name: String
  public var vanRossum: Double
  public var victorPurpura: Double
  public var isi: Double
  public var spike: Double
  public var spikeSync: Double
}

public func populationDistances(_ a: Activity, _ b: Activity) -> [PopulationDistance] {
  let tau = 10.0
  let keep = (0...max(a.ticks, 1)).map { exp(-2 * Double($0) / tau) }
  let fade = (0...max(a.ticks, 1)).map { exp(-Double($0) / tau) }
  let n = a.populations.reduce(0) { $0 + $1.size }
  var state = [Double](repeating: 0, count: n)
  var last = [Int32](repeating: 0, count: n)
  var squares = [Double](repeating: 0, count: n)
  var sums = [Double](repeating: 0, count: n)
  let (x, y) = (a.spikes.events, b.spikes.events)
  var (i, j) = (0, 0)
  for sample in 0..<Int32(a.samples) {
    for k in 0..<n { state[k] = 0; last[k] = 0; squares[k] = 0 }
    func note(_ e: SpikeTrains.Event, _ sign: Double) {
      let k = Int(e.channel)
      let d = Int(e.tick - last[k])
      squares[k] += state[k] * state[k] * (1 - keep[d]) / 2
      state[k] = state[k] * fade[d] + sign
      last[k] = e.tick
    }
    while true {
      let p = i < x.count && x[i].sample == sample ? x[i] : nil
      let q = j < y.count && y[j].sample == sample ? y[j] : nil
      if let p, q == nil || p.tick <= q!.tick { note(p, 1); i += 1 } else if let q { note(q, -1); j += 1 } else { break }
    }
    for k in 0..<n { sums[k] += (squares[k] + state[k] * state[k] / 2).squareRoot() }
  }
  var begin = 0
  return a.populations.map { p in
    let d = sums[begin..<begin + p.size].reduce(0, +) / Double(max(p.size * a.samples, 1))
    begin += p.size
    return PopulationDistance(name: p.name, vanRossum: d, victorPurpura: 0, isi: 0, spike: 0, spikeSync: 0)
  }
}
