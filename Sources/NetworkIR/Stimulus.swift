/// A drive that no input channel carries.
public struct Stimulus: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// Constant amplitude, part of x in every tick (ampere in an SI network).
    case current(Double)
    /// Independent Poisson trains: `sources` of `rate` hertz each into every neuron; `weight` per spike in `unit`.
    case poisson(sources: Int, rate: Double, weight: Double, unit: Projection.Unit)
    /// An independent Ornstein–Uhlenbeck current into the membrane of every neuron, constant within a tick; amplitude as
    /// of `current`, time constant in seconds. White noise is `Population.Noise`.
    case ornsteinUhlenbeck(mean: Double, deviation: Double, timeConstant: Double)
  }
  /// Index into `Network.populations`; every neuron of it gets the stimulus.
  public var target: Int
  public var kind: Kind

  public init(target: Int, kind: Kind) {
    self.target = target
    self.kind = kind
  }
}
