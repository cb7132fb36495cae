extension Chip.Electrical {
  /// Standard deviations of devices that are drawn alike, from neuron to neuron and crosspoint to crosspoint.
  ///
  /// Pelgrom's law gives them: σ(V_T) = A_VT/√(W·L) for a transistor, √2 times that for a pair; σ(C)/C = A_C/√area.
  ///
  /// **Source:** Pelgrom, Duinmaijer, Welbers, "Matching properties of MOS transistors", IEEE JSSC 24, 1989.
  public struct Mismatch: Sendable, Equatable {
    /// Of the drawn membrane capacitor, relative.
    public var capacitance: Double
    /// Of the charge that the leak takes per tick, relative.
    public var leak: Double
    /// Comparator offset, volt.
    public var threshold: Double
    /// Of one crosspoint's charge, relative.
    public var weight: Double

    public init(capacitance: Double, leak: Double, threshold: Double, weight: Double) {
      self.capacitance = capacitance
      self.leak = leak
      self.threshold = threshold
      self.weight = weight
    }
  }
}
