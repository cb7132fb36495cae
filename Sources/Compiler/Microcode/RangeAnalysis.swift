import NetworkIR

/// Where the variables of a neuron go under a range of currents: found by running the exact equations, and so no proof.
struct RangeAnalysis: Sendable {
  /// Of the variables, without margin.
  var ranges: [ClosedRange<Double>]
  /// What each current did.
  var runs: [Run]
  /// ms
  var duration: Double
  /// Whether the equations were too stiff to be integrated, or left the range of numbers.
  var isLost = false

  struct Run: Sendable {
    var current: Double
    /// ms
    var spikes: [Double]
  }

  /// 1 s, or as much as 50 to 20 000 ticks are, in ms.
  static func duration(dt: Double) -> Double { min(max(1000, 50 * dt), 20_000 * dt) }

  init(_ equations: NeuronEquations, currents: [Double], duration: Double) {
    self.duration = duration
    var low = equations.initial
    var high = equations.initial
    var integrator = NeuronIntegrator(equations, tolerance: 1e-7)
    var isLost = false
    runs = currents.map { current in
      var state = NeuronIntegrator.State(equations.initial)
      var spikes: [Double] = []
      integrator.advance(&state, by: duration, current: current) { y, time, isSpike in
        low = pointwiseMin(low, y)
        high = pointwiseMax(high, y)
        if isSpike { spikes.append(time) }
      }
      low = pointwiseMin(low, state.y)
      high = pointwiseMax(high, state.y)
      isLost = isLost || state.isLost
      return Run(current: current, spikes: spikes)
    }
    self.isLost = isLost
    // Resets go where no step ends.
    let resets = ExpressionProgram(equations.reset)
    var scratch: [Double] = []
    for y in [low, high] {
      let after = resets.value(y, current: 0, scratch: &scratch)
      low = pointwiseMin(low, after)
      high = pointwiseMax(high, after)
    }
    ranges = equations.variables.indices.map { low[$0]...high[$0] }
  }
}
