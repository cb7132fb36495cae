/// A model without spikes, whose output is a rate.
public protocol RateModel: NeuronModel {
  /// Hz.
  func rate(_ y: NeuronState) -> Double
}

extension RateModel {
  /// No state is on a threshold.
  public func distanceToThreshold(_ y: NeuronState) -> Double { -1 }

  /// The rate at the end of a step of current from the model's start, nil where the state runs away.
  public func rate(at current: Double, after duration: Double) -> Double? {
    let run = run(
      from: start, current: .constant(current), NeuronIntegration(duration: duration, sampleEvery: duration))
    guard run.end == .complete, let last = run.samples.last else { return nil }
    return rate(last)
  }
}
