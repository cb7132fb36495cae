/// A drive that no input channel carries.
public struct Stimulus: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// Constant amplitude, part of x in every tick (ampere in an SI network).
    case current(Double)
    /// Independent Poisson trains: `sources` of `rate` hertz each into every neuron; `weight` per spike in `unit`.
    case poisson(sources: Int, rate: Double, weight: Double, unit: Projection.Unit)
  }
  /// Index into `Network.populations`; every neuron of it gets the stimulus.
  public var target: Int
  public var kind: Kind

  public init(target: Int, kind: Kind) {
    self.target = target
    self.kind = kind
  }
}
