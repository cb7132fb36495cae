import Diagnostics
import Foundation
import NetworkIR

/// Turns differential equations into one update per tick, and paths of linear maps into matrices of steps.
///
/// A constant amplitude b that reaches a synaptic current is the same for ever, while the datapath has no bias
/// on u. It is exact all the same: u is linear, so u = u_b + u', where u_b tends to U = c_u/λ_s. The constant U is added
/// to v's bias, and u' starts at −U, which makes the sum start at 0 and rise as it should.
///
/// Does not: look at the chip, merge delays, decide levels.
func legalize(_ network: Network, problems: inout DiagnosticCollector) -> LegalNetwork {
  let dynamics = network.dynamics
  var populations: [LegalPopulation] = []
  /// Amplitude → step of v (or of u, with a synapse), per neuron; and the same for a direct step of v.
  var heldFactors: [[Double]] = []
  for population in network.populations {
    let decay =
      population.tau.map { $0.map(dynamics.fraction(of:)) } ?? [Double](repeating: 0, count: population.size)
    if let worst = decay.max(), worst > 1 {
      problems.add(
        Diagnostic(
          "network.tooFast", subject: "population \(population.name)",
          problem: "the time constant is shorter than a tick, so the Euler step overshoots",
          found: "dt/tau = \(worst)", expected: "at most 1",
          remedy: "Choose a smaller --dt or --integrator exponential"))
    }
    let membraneFactor =
      population.tau == nil ? population.r : zip(decay, population.r).map { $0 * $1 }
    let synapseDecay = population.synapse.map { $0.tau.map(dynamics.fraction(of:)) }
    if let worst = synapseDecay?.max(), worst > 1 {
      problems.add(
        Diagnostic(
          "network.tooFast", subject: "population \(population.name)",
          problem: "the synaptic time constant is shorter than a tick, so the Euler step overshoots",
          found: "dt/tau_syn = \(worst)", expected: "at most 1",
          remedy: "Choose a smaller --dt or --integrator exponential"))
    }
    var factor = membraneFactor
    if let synapse = population.synapse, let synapseDecay {
      for i in factor.indices { factor[i] *= synapseDecay[i] * synapse.weight[i] }
    }
    heldFactors.append(factor)
    populations.append(
      LegalPopulation(
        name: population.name, model: population.model, size: population.size, decay: decay,
        isMemoryless: population.tau.map { $0.allSatisfy { $0 == 0 } } ?? false,
        isRelay: population.firing?.quantum != nil, synapseDecay: synapseDecay,
        constant: zip(decay, population.leak).map { $0 * $1 },
        initialCurrent: [Double](repeating: 0, count: population.size),
        initial: population.initial,
        firing: population.firing.map { legalFiring($0, dynamics) },
        poisson: [], stepsAreCharge: false, capacitance: population.physical?.capacitance,
        equations: population.equations))
  }

  // Constant amplitudes: biases of projections, current stimuli. With a synapse they are held in u.
  var amplitudes = network.populations.map { [Double](repeating: 0, count: $0.size) }
  var connections: [Connection<Double>] = []
  for projection in network.projections {
    let target = projection.target
    let bias = projection.constant
    let size = populations[target].size
    switch projection.unit {
    case .held:
      for i in 0..<size { amplitudes[target][i] += bias[i] }
    case .step:
      if populations[target].synapseDecay != nil {
        problems.add(stepIntoSynapse(populations[target].name))
        continue
      }
      populations[target].stepsAreCharge = true
      for i in 0..<size { populations[target].constant[i] += bias[i] }
    }
    let matrix = SparseMatrix(composing: projection.maps)
    let factors = heldFactors[target]
    let steps = projection.unit == .step ? matrix : matrix.mapRows { row, w in w * factors[row] }
    let delay =
      projection.delayTicks
      + (dynamics.synapseCurrent == .old && populations[target].synapseDecay != nil ? 1 : 0)
    if let same = connections.firstIndex(where: {
      $0.source == projection.source && $0.target == target && $0.delay == delay
        && $0.isFeedback == projection.isFeedback
    }) {
      connections[same].matrix = connections[same].matrix.adding(steps)
    } else {
      connections.append(
        Connection(
          source: projection.source, target: target, matrix: steps, delay: delay,
          isFeedback: projection.isFeedback))
    }
  }
  var stream: UInt32 = 0
  for stimulus in network.stimuli {
    let target = stimulus.target
    let size = populations[target].size
    switch stimulus.kind {
    case .current(let amplitude):
      for i in 0..<size { amplitudes[target][i] += amplitude }
    case .poisson(let sources, let rate, let weight, let unit):
      populations[target].poisson.append(
        LegalPopulation.Poisson(
          mean: Double(sources) * rate * dynamics.dt,
          step: (0..<size).map { unit == .step ? weight : weight * heldFactors[target][$0] },
          firstStream: stream))
      if unit == .step {
        populations[target].stepsAreCharge = true
        if populations[target].synapseDecay != nil {
          problems.add(stepIntoSynapse(populations[target].name))
        }
      }
      populations[target].poissonIsEarly =
        dynamics.synapseCurrent == .old && populations[target].synapseDecay != nil
      stream += UInt32(size)
    case .ornsteinUhlenbeck(let mean, let deviation, let time):
      for i in 0..<size { amplitudes[target][i] += mean }
      if deviation > 0 { problems.add(randomCurrent(populations[target].name, deviation, time)) }
    }
  }
  var neuron: UInt32 = 0
  for (p, population) in network.populations.enumerated() {
    populations[p].noise = population.noise.map {
      LegalPopulation.Noise(step: $0.step, threshold: $0.threshold, firstStream: neuron)
    }
    neuron += UInt32(population.size)
  }
  for (p, population) in network.populations.enumerated() {
    for i in 0..<population.size where amplitudes[p][i] != 0 {
      let drive = amplitudes[p][i] * heldFactors[p][i]
      if let synapseDecay = populations[p].synapseDecay {
        let settled = drive / synapseDecay[i]
        populations[p].constant[i] += settled
        // `old` sees u of the tick before, so u' starts one decay earlier; a current that holds nothing over
        // (λ_s = 1) has no earlier value and starts settled.
        let before = dynamics.synapseCurrent == .new ? 1 : 1 - synapseDecay[i]
        populations[p].initialCurrent[i] = before > 0 ? -settled / before : 0
      } else {
        populations[p].constant[i] += drive
      }
    }
  }
  let legal = LegalNetwork(network: network, populations: populations, connections: connections)
  for p in populations.indices where !legal.isInRange(p) {
    problems.add(
      Diagnostic(
        "network.range", subject: "population \(populations[p].name)",
        problem: "its parameters and weights multiply to numbers that are too large to compute with",
        expected: "magnitudes of at most \(largestMagnitude)",
        remedy: "Check the units of weights, currents and time constants"))
  }
  return legal
}

/// The chip adds every weight to the synaptic current where there is one.
private func stepIntoSynapse(_ population: String) -> Diagnostic {
  Diagnostic(
    "network.stepIntoSynapse", subject: "population \(population)",
    problem: "a weight in volt or coulomb steps the membrane, but this population has a synaptic current",
    remedy: "Give the weight in ampere, or drop synapticTimeConstant")
}

/// A core's noise is new in every tick.
private func randomCurrent(_ population: String, _ deviation: Double, _ time: Double) -> Diagnostic {
  Diagnostic(
    "network.randomCurrent", subject: "population \(population)",
    problem: "an Ornstein-Uhlenbeck current remembers its past, which no core's noise does",
    found: "a deviation of \(deviation) with a time constant of \(time) s",
    remedy: "Give whiteNoise with step 2 * timeConstant and the same deviation, which is as strong at low "
      + "frequencies, or a Poisson drive into a cubalif population with this synapticTimeConstant")
}

extension LegalNetwork {
  /// Whether every number of a population and of what leads into it is one that can be computed with.
  fileprivate func isInRange(_ p: Int) -> Bool {
    func fits(_ values: [Double]) -> Bool { values.allSatisfy { abs($0) <= largestMagnitude } }
    let population = populations[p]
    return fits(population.decay) && fits(population.synapseDecay ?? []) && fits(population.constant)
      && fits(population.initialCurrent) && fits(population.initial)
      && fits(population.firing?.threshold ?? []) && fits(population.firing?.reset ?? [])
      && population.poisson.allSatisfy { fits($0.step) }
      && fits([population.noise?.step ?? 0, population.noise?.threshold ?? 0])
      && connections.allSatisfy { $0.target != p || fits($0.matrix.value) }
  }
}

private func legalFiring(_ firing: Population.Firing, _ dynamics: Dynamics) -> LegalPopulation.Firing {
  LegalPopulation.Firing(
    threshold: firing.threshold,
    reset: firing.quantum ?? (dynamics.reset == .zero ? firing.reset : firing.threshold),
    mode: firing.quantum == nil ? dynamics.reset : .subtract, inclusive: dynamics.fire == .inclusive,
    refractory: firing.refractory.map { wholeNumber(($0 / dynamics.dt).rounded()) })
}
