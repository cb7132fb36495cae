/// One step of the Dormand–Prince pair of order 5(4).
///
/// Source: J. R. Dormand, P. J. Prince, "A family of embedded Runge-Kutta formulae", J. Comp. Appl. Math. 6 (1980) 19–26.
struct DormandPrinceStep {
  /// The state after the step, of order 5.
  var state: NeuronState
  /// Its derivative, which is the first slope of the next step.
  var slope: NeuronState
  /// Difference to the solution of order 4.
  var error: NeuronState

  /// - Parameters:
  ///   - y: state at `t`, with slope `k1`.
  ///   - derivative: slope at a time and a state.
  @inline(__always)
  init(
    from y: NeuronState, _ k1: NeuronState, at t: Double, by h: Double,
    _ derivative: (Double, NeuronState) -> NeuronState
  ) {
    let k2 = derivative(t + h / 5, y.plus(h / 5, k1))
    let k3 = derivative(t + h * 0.3, y.plus(h * 3 / 40, k1).plus(h * 9 / 40, k2))
    let k4 = derivative(
      t + h * 0.8, y.plus(h * 44 / 45, k1).plus(h * -56 / 15, k2).plus(h * 32 / 9, k3))
    let k5 = derivative(
      t + h * 8 / 9,
      y.plus(h * 19372 / 6561, k1).plus(h * -25360 / 2187, k2).plus(h * 64448 / 6561, k3)
        .plus(h * -212 / 729, k4))
    let k6 = derivative(
      t + h,
      y.plus(h * 9017 / 3168, k1).plus(h * -355 / 33, k2).plus(h * 46732 / 5247, k3)
        .plus(h * 49 / 176, k4).plus(h * -5103 / 18656, k5))
    state = y.plus(h * 35 / 384, k1).plus(h * 500 / 1113, k3).plus(h * 125 / 192, k4)
      .plus(h * -2187 / 6784, k5).plus(h * 11 / 84, k6)
    slope = derivative(t + h, state)
    error = NeuronState.zero.plus(h * 71 / 57600, k1).plus(h * -71 / 16695, k3)
      .plus(h * 71 / 1920, k4).plus(h * -17253 / 339200, k5).plus(h * 22 / 525, k6)
      .plus(h * -1 / 40, slope)
  }
}

extension NeuronState {
  @inline(__always)
  fileprivate func plus(_ weight: Double, _ slope: NeuronState) -> NeuronState { self + weight * slope }
}
