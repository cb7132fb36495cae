extension MeanField {
  /// Rate of population p under shot noise instead of diffusion, at these rates of all populations; hertz.
  ///
  /// Input spikes are Poisson trains as in the mean field, but steps stay steps: exponentially distributed ones, whose means
  /// and rates give the excitatory and the inhibitory input the drift and power that they have,
  /// ```
  /// a = Q/(2|S|)     R = 2 S²/Q          S = Σ J r, Q = Σ J² r of one sign
  /// ```
  /// so mean and variance of the membrane are the mean field's. Its skewness is 3/2 of that of steps of one size.
  ///
  /// Nil where that is no description: a membrane without leak, a synaptic current, no excitation, a constant drive that
  /// crosses the threshold alone, or a projection with weights of both signs.
  ///
  /// **Source:** Richardson and Swarbrick 2010 (`ShotNoiseNeuron`).
  public func shotNoiseRate(_ p: Int, rates: [Double]) -> Double? {
    let population = populations[p]
    guard let tau = population.timeConstant, population.synapse == 0, population.threshold.isFinite else {
      return nil
    }
    var (excitation, inhibition) = (population.excitation, population.inhibition)
    let constant = population.drift - excitation.sum - inhibition.sum
    for coupling in couplings where coupling.target == p {
      // Steps of one sign have Σ J · Σ J³ ≥ (Σ J²)², by Cauchy and Schwarz.
      guard coupling.sum * coupling.cubes >= coupling.squares * coupling.squares * (1 - 1e-9) else {
        return nil
      }
      let steps = Steps(sum: coupling.sum, squares: coupling.squares)
      if coupling.sum > 0 {
        excitation.add(steps, times: rates[coupling.source])
      } else {
        inhibition.add(steps, times: rates[coupling.source])
      }
    }
    let rest = population.rest + tau * constant
    guard excitation.squares > 0, rest < population.threshold, population.reset < population.threshold else {
      return nil
    }
    func input(_ steps: Steps) -> ShotNoiseNeuron.Input {
      guard steps.squares > 0 else { return ShotNoiseNeuron.Input(step: 0, rate: 0) }
      return ShotNoiseNeuron.Input(
        step: steps.squares / (2 * abs(steps.sum)), rate: 2 * steps.sum * steps.sum / steps.squares)
    }
    let rate = ShotNoiseNeuron(
      timeConstant: tau, rest: rest, threshold: population.threshold, reset: population.reset,
      refractory: population.refractory
    ).rate(excitation: input(excitation), inhibition: input(inhibition))
    return rate.isFinite ? rate : nil
  }
}
