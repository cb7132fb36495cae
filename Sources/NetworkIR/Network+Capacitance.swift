extension Network {
  /// The same network on membranes of larger capacitance: population p's is `factors[p]` times its own.
  ///
  /// ```
  /// τ ← k·τ        leaky models: V∞ and rheobase stay, rates fall
  /// r ← r/k        IF and I
  /// steps ← 1/k    charge packets: Q/C
  /// ```
  /// What a column's parasitic capacitance does to the differential equation before any code is chosen. Neighbours'
  /// kicks, reset residue and the voltage floor are not in it.
  public func withCapacitance(_ factors: [Double]) -> Network {
    var result = self
    for (p, factor) in factors.enumerated() {
      if let tau = populations[p].tau {
        result.populations[p].tau = tau.map { $0 * factor }
      } else {
        result.populations[p].r = populations[p].r.map { $0 / factor }
      }
    }
    for (k, projection) in projections.enumerated() where projection.unit == .step {
      let size = populations[projection.target].size
      result.projections[k].maps.append(
        .diagonal([Double](repeating: 1 / factors[projection.target], count: size)))
    }
    // Noise of the membrane is a current or charge packets: it moves a larger capacitance by less.
    for p in populations.indices { result.populations[p].noise?.step /= factors[p] }
    for (k, stimulus) in stimuli.enumerated() {
      if case .poisson(let sources, let rate, let weight, .step) = stimulus.kind {
        result.stimuli[k].kind = .poisson(
          sources: sources, rate: rate, weight: weight / factors[stimulus.target], unit: .step)
      }
    }
    return result
  }
}
