import ChipModel
import FixedPoint

/// How a datapath's state decays: docs/emulator-semantics.md §3.2, D(y, d, k), for the deterministic roundings.
public struct LeakRule: Sendable, Equatable {
  public var decayOf: Chip.LeakyDatapath.DecayOf
  public var rounding: Rounding
  public var minimumStep: Int64
  /// d, 0 … 2^k.
  public var decay: Int64
  /// k.
  public var exponent: Int

  public init(
    decayOf: Chip.LeakyDatapath.DecayOf, rounding: Rounding, minimumStep: Int64 = 0, decay: Int64,
    exponent: Int
  ) {
    self.decayOf = decayOf
    self.rounding = rounding
    self.minimumStep = minimumStep
    self.decay = decay
    self.exponent = exponent
  }

  public init(datapath: Chip.LeakyDatapath, decay: Int64, exponent: Int) {
    self.init(
      decayOf: datapath.decayOf, rounding: datapath.decayRounding,
      minimumStep: Int64(datapath.minimumStep), decay: decay, exponent: exponent)
  }

  /// Whether the rule is a function of the state alone.
  public var isDeterministic: Bool { rounding != .stochastic }

  /// D(y). With `stochastic` rounding: the outcome of the draw 0.
  @inlinable
  public func decayed(_ y: Int64) -> Int64 {
    switch decayOf {
    case .retained:
      return shiftRight(y &* ((Int64(1) << Int64(exponent)) &- decay), by: exponent, rounding)
    case .leak:
      let leak = shiftRight(y &* decay, by: exponent, rounding)
      if minimumStep > 0, abs(leak) < minimumStep {
        return y - y.signum() * min(minimumStep, abs(y))
      }
      return y - leak
    }
  }

  /// What one tick takes off y: y − D(y).
  @inlinable
  public func leak(_ y: Int64) -> Int64 { y - decayed(y) }
}
