/// A current over time, made of straight pieces: `value + slope·(t − start)` from each piece's start to the next one's.
public struct InputCurrent: Sendable, Equatable {
  public struct Piece: Sendable, Equatable {
    public var start: Double
    public var value: Double
    public var slope: Double

    public init(from start: Double, value: Double, slope: Double = 0) {
      self.start = start
      self.value = value
      self.slope = slope
    }
  }

  /// In ascending order of their starts; the first one holds before its start too.
  public var pieces: [Piece]

  public init(_ pieces: [Piece]) { self.pieces = pieces }

  /// The same current for ever.
  public static func constant(_ value: Double) -> InputCurrent {
    InputCurrent([Piece(from: 0, value: value)])
  }

  /// A current from 0 to `end`, then nothing.
  public static func pulse(_ value: Double, until end: Double) -> InputCurrent {
    InputCurrent([Piece(from: 0, value: value), Piece(from: end, value: 0)])
  }
}
