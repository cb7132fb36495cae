import Foundation

/// Integrates `NeuronEquations` as exactly as float64 allows, from one input to the next.
///
/// Dormand–Prince 5(4) with adaptive steps; a step over the threshold is taken again with the length at which it ends on
/// it, so spike times are as exact as the steps.
public struct NeuronIntegrator: Sendable {
  /// One neuron between two calls.
  public struct State: Sendable, Equatable {
    public var y: NeuronVariables
    /// Of the refractory time, ms.
    public var held = 0.0
    /// Length of the next step, ms.
    var step = 1e-3
    /// Whether the variables left the range of numbers, or a call took more than a million steps; the neuron then stays
    /// as it is.
    public internal(set) var isLost = false

    public init(_ y: NeuronVariables) { self.y = y }
  }

  private let derivatives: ExpressionProgram
  private let excess: ExpressionProgram
  private let reset: ExpressionProgram
  private let scales: NeuronVariables
  private let refractory: Double
  private let tolerance: Double
  private var scratch: [Double]

  private static let mostSteps = 1_000_000

  /// - Parameter tolerance: error of a step, relative to each variable, and to its scale where it is smaller than that.
  public init(_ equations: NeuronEquations, tolerance: Double = 1e-8) {
    derivatives = ExpressionProgram(equations.derivatives)
    excess = ExpressionProgram([equations.excess])
    reset = ExpressionProgram(equations.reset)
    var scales = NeuronVariables(repeating: 1)
    for (lane, variable) in equations.variables.enumerated() { scales[lane] = variable.scale }
    self.scales = scales
    refractory = equations.refractory
    self.tolerance = tolerance
    let largest = max(derivatives.operations.count, excess.operations.count, reset.operations.count)
    scratch = [Double](repeating: 0, count: largest)
  }

  /// Steps y₀ by what arrived; nothing happens in the refractory time.
  ///
  /// - Returns: whether it fires at once.
  public mutating func kick(_ state: inout State, by step: Double) -> Bool {
    if step == 0 || state.held > 0 || state.isLost { return false }
    state.y[0] += step
    if distance(state.y) < 0 { return false }
    fire(&state)
    return true
  }

  /// - Parameters:
  ///   - duration: ms.
  ///   - current: held all the time.
  ///   - visit: every state that a step ended on, and whether it is a spike's (before the reset), with its time from the
  ///     start of the call.
  public mutating func advance(
    _ state: inout State, by duration: Double, current: Double,
    visit: (_ y: NeuronVariables, _ time: Double, _ isSpike: Bool) -> Void
  ) {
    var t = 0.0
    var steps = 0
    while t < duration, !state.isLost {
      let isHeld = state.held > 0
      let target = isHeld ? min(duration, t + state.held) : duration
      let begin = t
      var k1 = slope(state.y, current, isHeld)
      while t < target {
        steps += 1
        guard steps < Self.mostSteps else {
          state.isLost = true
          return
        }
        let isLast = state.step >= target - t
        let length = isLast ? target - t : state.step
        let (y, k7, error) = trial(state.y, k1, length, current, isHeld)
        guard error <= 1 else {
          state.step = length * (error.isFinite ? max(0.2, 0.9 * pow(error, -0.2)) : 0.1)
          if t + state.step <= t {
            state.isLost = true
            return
          }
          continue
        }
        if !isHeld, distance(y) >= 0 {
          let spike = crossing(state.y, k1, length, current)
          t += spike.length
          visit(spike.y, t, true)
          state.y = spike.y
          fire(&state)
          if distance(state.y) >= 0 { state.isLost = true }
          break
        }
        t = isLast ? target : t + length
        state.y = y
        k1 = k7
        visit(y, t, false)
        if !isLast || error > 0.1 {
          state.step = length * min(5, max(0.2, 0.9 * pow(max(error, 1e-10), -0.2)))
        }
      }
      if isHeld {
        let left = state.held - (target - begin)
        state.held = left > 1e-9 ? left : 0
      }
    }
  }

  private mutating func fire(_ state: inout State) {
    state.y = reset.value(state.y, current: 0, scratch: &scratch)
    state.held = refractory
  }

  private mutating func distance(_ y: NeuronVariables) -> Double {
    excess.value(y, current: 0, scratch: &scratch)[0]
  }

  private mutating func slope(_ y: NeuronVariables, _ current: Double, _ isHeld: Bool) -> NeuronVariables {
    var slope = derivatives.value(y, current: current, scratch: &scratch)
    if isHeld { slope[0] = 0 }
    return slope
  }

  /// The length at which a step ends on the threshold, by Illinois' rule.
  private mutating func crossing(
    _ y: NeuronVariables, _ k1: NeuronVariables, _ length: Double, _ current: Double
  ) -> (length: Double, y: NeuronVariables) {
    var low = 0.0
    var high = length
    var fLow = distance(y)
    var best = trial(y, k1, length, current, false).y
    var fHigh = distance(best)
    for _ in 0..<60 where high - low > 1e-13 * length {
      var middle = (low * fHigh - high * fLow) / (fHigh - fLow)
      if !(middle > low && middle < high) { middle = (low + high) / 2 }
      let state = trial(y, k1, middle, current, false).y
      let f = distance(state)
      if f >= 0 {
        high = middle
        fHigh = f
        best = state
        fLow /= 2
      } else {
        low = middle
        fLow = f
        fHigh /= 2
      }
      if f == 0 { break }
    }
    return (high, best)
  }

  /// Source: J. R. Dormand, P. J. Prince, J. Comp. Appl. Math. 6 (1980) 19–26.
  private mutating func trial(
    _ y: NeuronVariables, _ k1: NeuronVariables, _ h: Double, _ current: Double, _ isHeld: Bool
  ) -> (y: NeuronVariables, k7: NeuronVariables, error: Double) {
    func at(_ state: NeuronVariables) -> NeuronVariables { slope(state, current, isHeld) }
    let k2 = at(y.plus(h / 5, k1))
    let k3 = at(y.plus(h * 3 / 40, k1).plus(h * 9 / 40, k2))
    let k4 = at(y.plus(h * 44 / 45, k1).plus(h * -56 / 15, k2).plus(h * 32 / 9, k3))
    let k5 = at(
      y.plus(h * 19372 / 6561, k1).plus(h * -25360 / 2187, k2).plus(h * 64448 / 6561, k3)
        .plus(h * -212 / 729, k4))
    let k6 = at(
      y.plus(h * 9017 / 3168, k1).plus(h * -355 / 33, k2).plus(h * 46732 / 5247, k3).plus(h * 49 / 176, k4)
        .plus(h * -5103 / 18656, k5))
    let after = y.plus(h * 35 / 384, k1).plus(h * 500 / 1113, k3).plus(h * 125 / 192, k4)
      .plus(h * -2187 / 6784, k5).plus(h * 11 / 84, k6)
    let k7 = at(after)
    let errors = NeuronVariables.zero.plus(h * 71 / 57600, k1).plus(h * -71 / 16695, k3)
      .plus(h * 71 / 1920, k4).plus(h * -17253 / 339200, k5).plus(h * 22 / 525, k6).plus(h * -1 / 40, k7)
    var worst = 0.0
    for lane in 0..<4 {
      let error = abs(errors[lane]) / (tolerance * max(abs(after[lane]), scales[lane]))
      // Not a number where the step led out of the equations' range.
      if !error.isFinite { return (after, k7, .nan) }
      worst = max(worst, error)
    }
    return (after, k7, worst)
  }
}

extension NeuronVariables {
  @inline(__always)
  fileprivate func plus(_ weight: Double, _ slope: NeuronVariables) -> NeuronVariables {
    self + weight * slope
  }
}
