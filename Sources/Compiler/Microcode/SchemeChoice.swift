import NetworkIR

/// Finds the cheapest scheme that keeps the spike times of the exact equations.
///
/// Each candidate runs in float64 at the currents of the range analysis. Its error at one current is the larger of
/// ```
/// |T'_n − T_n| / T_n          n the last spike that both have
/// (|N' − N| − 1) / max(N, N')  counts that differ by more than the end of the run can explain
/// ```
/// This is a measurement at these currents, not a bound.
struct SchemeChoice: Sendable {
  var system: MicroSystem
  /// Of the scheme, the worst current's.
  var error: Double
  /// Smallest and largest values under all currents, middle values included.
  var low: NeuronVariables
  var high: NeuronVariables

  /// Error that is good enough.
  static let target = 0.003

  /// - Parameters:
  ///   - current: the neuron's own, for the system that is chosen.
  ///   - passes: the most that the chip does in a tick.
  init(
    _ equations: NeuronEquations, current: Double, analysis: RangeAnalysis, cutOff: CutOff?, dt: Double,
    passes: Int
  ) {
    var best: SchemeChoice?
    for scheme in MicroScheme.candidates where scheme.passes <= passes {
      let choice = SchemeChoice(
        equations, current: current, analysis: analysis, cutOff: cutOff, dt: dt, scheme: scheme)
      if best.map({ choice.error < $0.error }) ?? true { best = choice }
      if choice.error <= Self.target { break }
    }
    self =
      best
      ?? SchemeChoice(
        equations, current: current, analysis: analysis, cutOff: cutOff, dt: dt,
        scheme: MicroScheme(rule: .euler, passes: 1))
  }

  private init(
    _ equations: NeuronEquations, current: Double, analysis: RangeAnalysis, cutOff: CutOff?, dt: Double,
    scheme: MicroScheme
  ) {
    let cut = cutOff?.potential(within: dt / Double(scheme.passes) / 2)
    func system(_ current: Double) -> MicroSystem {
      MicroSystem(equations, current: current, dt: dt, scheme: scheme, cutOff: cut)
    }
    self.system = system(current)
    error = 0
    low = equations.initial
    high = equations.initial
    for run in analysis.runs {
      var neuron = MicroSystem.Run(system(run.current))
      var spikes: [Double] = []
      let h = dt / Double(scheme.passes)
      for pass in 0..<Int((analysis.duration / h).rounded(.down)) {
        if neuron.pass() { spikes.append(Double(pass + 1) * h) }
      }
      low = pointwiseMin(low, neuron.low)
      high = pointwiseMax(high, neuron.high)
      let finite = neuron.low.sum().isFinite && neuron.high.sum().isFinite
      error = max(error, finite ? Self.error(spikes, run.spikes) : .infinity)
    }
  }

  private static func error(_ found: [Double], _ exact: [Double]) -> Double {
    let n = min(found.count, exact.count)
    let time = n == 0 ? 0 : abs(found[n - 1] - exact[n - 1]) / exact[n - 1]
    let most = max(found.count, exact.count)
    let count = most == 0 ? 0 : max(0, Double(most - n) - 1) / Double(most)
    return max(time, count)
  }
}
