/// The nullclines of a model with two variables, over a range of potentials.
public struct PhasePortrait: Sendable {
  public var potentials: [Double]
  /// The second variable on `V' = 0`; nil where no value of it stops the potential.
  public var potentialNullcline: [Double?]
  /// The second variable where it rests itself.
  public var recoveryNullcline: [Double]

  /// Nil for a model that does not have two variables.
  ///
  /// The second variable enters V' linearly in all planar models here, so the first nullcline is
  /// `−V'(V, 0) / (V'(V, 1) − V'(V, 0))`.
  public init?(
    of model: some NeuronModel, current: Double, over range: ClosedRange<Double>, points: Int = 200
  ) {
    guard model.dimension == 2, points > 1 else { return nil }
    potentials = (0..<points).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(points - 1)
    }
    potentialNullcline = potentials.map { potential in
      func slope(_ second: Double) -> Double {
        model.derivative(of: NeuronState(potential, second, 0, 0), current: current)[0]
      }
      let value = (0 - slope(0)) / (slope(1) - slope(0))
      return value.isFinite ? value : nil
    }
    recoveryNullcline = potentials.map { model.steadyState(at: $0)[1] }
  }
}
