import FixedPoint
import Foundation
import NetworkIR

/// Which sources reach which targets.
enum Connectivity {
  case allToAll
  case oneToOne
  /// Every target has this many distinct sources.
  case fixedIndegree(Int)
  /// Every pair is connected with this probability.
  case fixedProbability(Double)

  /// Synapses, or their expected number.
  func synapses(sources: Int, targets: Int) -> Double {
    switch self {
    case .allToAll: Double(sources) * Double(targets)
    case .oneToOne: Double(targets)
    case .fixedIndegree(let degree): Double(degree) * Double(targets)
    case .fixedProbability(let probability): probability * Double(sources) * Double(targets)
    }
  }

  /// The weights as a map.
  ///
  /// Random kinds never connect a neuron with itself (`isSelf`: source and target are one population) and
  /// connect a pair at most once. They draw from `CounterRandom`, purpose `connectivity`, with the number of the
  /// projection as sample, the target neuron as index and the number of the draw as tick, so that
  /// each neuron's sources depend on the seed and on nothing else.
  ///
  /// - Precondition: `oneToOne` has as many sources as targets; a degree is at most the number of sources
  ///   (less one if `isSelf`).
  func map(
    sources: Int, targets: Int, weight: Double, isSelf: Bool, seed: UInt64, projection: Int
  ) -> LinearMap {
    switch self {
    case .allToAll:
      return .dense(
        weight: [Double](repeating: weight, count: sources * targets), rows: targets, columns: sources,
        bias: nil)
    case .oneToOne: return .diagonal([Double](repeating: weight, count: targets))
    case .fixedIndegree, .fixedProbability: break
    }
    var begin = [0]
    var column: [Int32] = []
    for target in 0..<targets {
      var draws = Draws(seed: seed, projection: projection, target: target)
      // Sources are drawn as if the neuron itself were not there, then those behind it move up by one.
      var chosen: [Int32]
      switch self {
      case .fixedIndegree(let degree): chosen = draws.distinct(degree, of: isSelf ? sources - 1 : sources)
      case .fixedProbability(let p): chosen = draws.each(of: isSelf ? sources - 1 : sources, probability: p)
      case .allToAll, .oneToOne: chosen = []
      }
      if isSelf { chosen = chosen.map { $0 >= target ? $0 + 1 : $0 } }
      column += chosen
      begin.append(column.count)
    }
    return .sparse(
      begin: begin, column: column, weight: [Double](repeating: weight, count: column.count),
      columns: sources)
  }

  /// The draws of one target neuron.
  private struct Draws {
    let seed: UInt64
    let projection: Int
    let target: Int
    private var number: UInt32 = 0

    init(seed: UInt64, projection: Int, target: Int) {
      self.seed = seed
      self.projection = projection
      self.target = target
    }

    private mutating func next() -> UInt32 {
      defer { number &+= 1 }
      return CounterRandom.draw(
        seed: seed, sample: UInt32(truncatingIfNeeded: projection), tick: number,
        index: UInt32(truncatingIfNeeded: target), .connectivity)
    }

    /// `count` distinct numbers below `range`, ascending, every subset equally likely.
    ///
    /// **Source:** R. Floyd's sampling without replacement (Bentley, "A sample of brilliance", CACM 1987).
    mutating func distinct(_ count: Int, of range: Int) -> [Int32] {
      var chosen: Set<Int32> = []
      for last in (range - count)..<range {
        let candidate = Int32((UInt64(next()) * UInt64(last + 1)) >> 32)
        if !chosen.insert(candidate).inserted { chosen.insert(Int32(last)) }
      }
      return chosen.sorted()
    }

    /// Each number below `range` with the given probability, ascending: gaps are geometrically distributed.
    mutating func each(of range: Int, probability: Double) -> [Int32] {
      if probability <= 0 { return [] }
      if probability >= 1 { return (0..<range).map(Int32.init) }
      var chosen: [Int32] = []
      var place = -1.0
      while true {
        let uniform = (Double(next()) + 0.5) / 4_294_967_296
        place += 1 + (log(uniform) / log1p(-probability)).rounded(.down)
        if place >= Double(range) { return chosen }
        chosen.append(Int32(place))
      }
    }
  }
}
