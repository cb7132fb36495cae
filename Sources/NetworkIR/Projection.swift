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

extension Projection {
  /// What comes out for no spikes: the biases along the path.
  public var constant: [Double] {
    let size = maps[maps.count - 1].rows
    if maps.allSatisfy({ $0.bias == nil }) { return [Double](repeating: 0, count: size) }
    var values = [Double](repeating: 0, count: maps[0].columns)
    for map in maps { values = map.apply(values) }
    return values
  }
}
