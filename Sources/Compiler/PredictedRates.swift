import RateTheory

/// The rate of a population that a constant alone drives, from its differential equation. Hertz, mean over neurons.
struct PredictedRates {
  /// As the network says.
  var closedForm: Double
  /// The same neuron on its column's whole capacitance: slower by C_total/C_membrane, V∞ as before. Nil on a
  /// digital chip.
  var withParasitics: Double?
}

extension QuantizedNetwork {
  /// Nil for a population that receives spikes or Poisson events, has noise, or does not fire.
  ///
  /// ```
  /// leaky      1 / (t_ref + τ ln((V∞ − V_r)/(V∞ − V_θ)))        V∞ = c/λ (LegalNetwork)
  /// not leaky  1 / (t_ref + (V_θ − V_r)·dt/c)                   0 where c ≤ 0
  /// ```
  /// A reset by subtraction leaves V_θ − threshold, which is where a continuous membrane lands.
  func predictedRates(_ p: Int) -> PredictedRates? {
    let population = legal.populations[p]
    let author = legal.network.populations[p]
    guard population.equations == nil, population.noise == nil, let firing = population.firing,
      let seconds = author.firing?.refractory, population.size > 0,
      population.poisson.isEmpty, !legal.connections.contains(where: { $0.target == p })
    else { return nil }
    func mean(slowness: Double, swing: Double) -> Double {
      var sum = 0.0
      for i in 0..<population.size {
        let threshold = firing.threshold[i]
        let drawn = firing.mode == .zero ? firing.reset[i] : threshold - firing.reset[i]
        let reset = threshold - (threshold - drawn) * swing
        let drive = population.constant[i]
        if let tau = author.tau, population.decay[i] > 0 {
          let vInfinity = drive / population.decay[i]
          // At rheobase, as `rheobase rates` has it: exactly at the threshold a neuron never fires.
          guard DriveEnd(vInfinity: vInfinity, threshold: threshold, scale: author.leak[i]) == .above
          else { continue }
          sum += leakyRate(
            vInfinity: vInfinity, threshold: threshold, reset: reset,
            timeConstant: tau[i] * slowness, refractory: seconds[i])
        } else if drive > 0 {
          sum += 1 / (seconds[i] + (threshold - reset) * legal.network.dynamics.dt * slowness / drive)
        }
      }
      return sum / Double(population.size)
    }
    let closedForm = mean(slowness: 1, swing: 1)
    // A reset at or above the threshold has no rate without a refractory time.
    guard closedForm.isFinite else { return nil }
    let budget = physical.membranes[p].capacitance
    let circuit = physical.circuit
    return PredictedRates(
      closedForm: closedForm,
      withParasitics: budget.map { mean(slowness: 1 / $0.share, swing: $0.swing(circuit)) })
  }
}
