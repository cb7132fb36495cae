/// A model without spikes, whose output is a rate.
public protocol RateModel: NeuronModel {
  /// Hz.
  func rate(_ y: NeuronState) -> Double
}

extension RateModel {
  /// No state is on a threshold.
  public func distanceToThreshold(_ y: NeuronState) -> Double { -1 }

  /// Mean rate over the second half of a step of current from the model's start, nil where the state runs away.
  public func rate(at current: Double, during duration: Double) -> Double? {
    let run = run(
      from: start, current: .constant(current),
      NeuronIntegration(duration: duration, tolerance: 1e-9, sampleEvery: duration / 2000))
    guard run.end == .complete else { return nil }
    let half = run.samples.suffix(run.samples.count / 2)
    return half.reduce(0) { $0 + rate($1) } / Double(half.count)
  }
}
