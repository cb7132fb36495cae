/// A linear path from an input or a firing population to a population.
public struct Projection: Sendable, Equatable {
  public enum Source: Sendable, Hashable {
    /// Index into `Network.inputs`.
    case input(Int)
    /// Index into `Network.populations`; must fire.
    case population(Int)
  }
  public enum Unit: String, Sendable, Codable {
    /// The value is an amplitude held over the tick: part of x in `Population`'s equations (NIR).
    case held
    /// The value is a step of v per spike, a charge packet: part of `steps`. Volt in an SI network.
    case step
  }

  public var source: Source
  /// Index into `Network.populations`.
  public var target: Int
  /// Applied in order to the source's spike vector. Never empty.
  public var maps: [LinearMap]
  public var unit: Unit
  /// Extra ticks between a spike and its effect. 0: a spike acts in the tick in which it is fired
  /// (feed-forward NIR); feedback paths have at least 1.
  public var delayTicks: Int
  /// Closes a cycle (docs/architecture.md, "Feedback"): carries the previous tick's spikes.
  public var isFeedback: Bool
  /// Names for people: the node names along the path.
  public var path: [String]

  public init(
    source: Source, target: Int, maps: [LinearMap], unit: Unit = .held, delayTicks: Int = 0,
    isFeedback: Bool = false, path: [String] = []
  ) {
    self.source = source
    self.target = target
    self.maps = maps
    self.unit = unit
    self.delayTicks = delayTicks
    self.isFeedback = isFeedback
    self.path = path
  }
}

/// One linear step. A bias is a constant amplitude added in every tick.
public enum LinearMap: Sendable, Equatable {
  /// y = W x (+ b); weight row-major [out, in].
  case dense(weight: [Double], rows: Int, columns: Int, bias: [Double]?)
  /// y_i = s_i x_i.
  case diagonal([Double])
  /// Compressed rows: for output i, entries begin[i] ..< begin[i+1] of (column, weight).
  case sparse(begin: [Int], column: [Int32], weight: [Double], columns: Int)
}

extension LinearMap {
  /// Length of the vector that comes out.
  public var rows: Int {
    switch self {
    case .dense(_, let rows, _, _): rows
    case .diagonal(let scale): scale.count
    case .sparse(let begin, _, _, _): begin.count - 1
    }
  }
  /// Length of the vector that goes in.
  public var columns: Int {
    switch self {
    case .dense(_, _, let columns, _): columns
    case .diagonal(let scale): scale.count
    case .sparse(_, _, _, let columns): columns
    }
  }

  /// Result for the input vector x (length `columns`); bias included.
  public func apply(_ x: [Double]) -> [Double] {
    switch self {
    case .dense(let weight, let rows, let columns, let bias):
      var y = bias ?? [Double](repeating: 0, count: rows)
      for i in 0..<rows {
        var sum = 0.0
        for j in 0..<columns where x[j] != 0 { sum += weight[i * columns + j] * x[j] }
        y[i] += sum
      }
      return y
    case .diagonal(let scale):
      return zip(scale, x).map { $0 * $1 }
    case .sparse(let begin, let column, let weight, _):
      return (0..<begin.count - 1).map { i in
        var sum = 0.0
        for k in begin[i]..<begin[i + 1] { sum += weight[k] * x[Int(column[k])] }
        return sum
      }
    }
  }
}
