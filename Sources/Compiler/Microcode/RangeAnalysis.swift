import NetworkIR

/// Where the variables of a neuron go under a range of currents: found by running the exact equations, and so no proof.
struct RangeAnalysis: Sendable {
  /// Of the variables, without margin.
  var ranges: [ClosedRange<Double>]
  /// What each current did.
  var runs: [Run]

  struct Run: Sendable {
    var current: Double
    /// ms
    var spikes: [Double]
  }

  /// Length of a run, ms.
  static let duration = 1000.0

  init(_ equations: NeuronEquations, currents: [Double]) {
    var low = equations.initial
    var high = equations.initial
    var integrator = NeuronIntegrator(equations, tolerance: 1e-7)
    runs = currents.map { current in
      var state = NeuronIntegrator.State(equations.initial)
      var spikes: [Double] = []
      integrator.advance(&state, by: Self.duration, current: current) { y, time, isSpike in
        low = pointwiseMin(low, y)
        high = pointwiseMax(high, y)
        if isSpike { spikes.append(time) }
      }
      low = pointwiseMin(low, state.y)
      high = pointwiseMax(high, state.y)
      return Run(current: current, spikes: spikes)
    }
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
