/// What to do about parasitic capacitance.
public enum Parasitics: String, Sendable, Codable, CaseIterable {
  /// As if every column had its drawn membrane capacitor alone.
  case ignore
  /// Codes are chosen as if there were none, and they act.
  case model
  /// They act, and leak, weight scale and threshold codes are chosen so that they cancel.
  case compensate
}

/// How weight codes are chosen.
public enum WeightRounding: String, Sendable, Codable, CaseIterable {
  /// Scale and rounding chosen for the smallest error of the mean drive, and so of the rate.
  case rate
  /// The largest weight takes the largest code, every weight its nearest one.
  case nearest
}

/// What to do with a pool between two populations.
public enum Pools: String, Sendable, Codable, CaseIterable {
  /// `fold`; `relay` where the folded network breaks a limit of the chip that the relayed one keeps.
  case auto
  /// Multiply it into the weights behind it: exact, with the sources of a whole window for every cell.
  case fold
  /// One cell per window counts its spikes and passes them on, at most one per tick: fewer sources, but spikes that
  /// come together leave one after the other.
  case relay
}

public struct CompileOptions: Sendable {
  /// Nil: `model` on a mixed-signal chip, `ignore` on a digital one.
  public var parasitics: Parasitics?
  public var rounding: WeightRounding
  /// Use fewer bits than the crossbar has.
  public var weightBits: Int?
  /// Take leaks as plain fractions of this many bits, without the decay codes' exponent, and as many of the leak DAC's.
  public var leakBits: Int?
  public var pools: Pools
  /// Pipeline windows (docs/architecture.md); false runs the network freely.
  public var window: Bool
  public var seed: UInt64

  public init(
    parasitics: Parasitics? = nil, rounding: WeightRounding = .rate, weightBits: Int? = nil,
    leakBits: Int? = nil, pools: Pools = .auto, window: Bool = true, seed: UInt64 = 0
  ) {
    self.parasitics = parasitics
    self.rounding = rounding
    self.weightBits = weightBits
    self.leakBits = leakBits
    self.pools = pools
    self.window = window
    self.seed = seed
  }
}
