import Foundation
import NetworkIR

/// One population's codes as the parameters of its equation; the formulas are those of `EffectiveNetwork`.
struct EffectivePopulation {
  var population: Population
  /// Constant amplitude to be added to the input; nil where `leak` holds all that is constant.
  var bias: [Double]?
  /// Amplitude of the input per weight code.
  var unitPerCode: [Double]
  /// Step of v (of u with a synaptic current) per weight code.
  var stepPerCode: [Double]

  /// - Parameters:
  ///   - isDriven: whether the author gives the population a constant input.
  ///   - drive: the author's c.
  init(
    _ codes: QuantizedPopulation, author: Population, dynamics: Dynamics, isDriven: Bool, drive: [Double],
    gainBits: Int
  ) {
    let meant = codes.constantLeak == nil ? nil : drive
    let size = author.size
    func fraction(_ d: [Int32], _ k: UInt8) -> [Double] { d.map { Double($0) / exp2(Double(k)) } }
    func value(_ array: [Int32]) -> [Double] { array.map { Double($0) / codes.scale } }
    let unit = exp2(Double(codes.weightExponent) - Double(gainBits)) / codes.scale
    stepPerCode = codes.gain.map { Double($0) * unit }

    population = author
    population.physical = nil
    population.initial = value(codes.v0)
    var fractions = [Double](repeating: 1, count: size)
    if let authorTau = author.tau {
      let tau =
        codes.constantLeak == nil
        ? fraction(codes.decay, codes.decayExponent).map { dynamics.timeConstant(of: $0) } : authorTau
      population.tau = tau
      fractions = tau.map(dynamics.fraction(of:))
      population.r = author.r.map { $0 == 0 ? 1 : $0 }
    } else {
      population.r = [Double](repeating: 1, count: size)
    }
    var perUnit = zip(fractions, population.r).map { $0 * $1 }
    let synapseDecay = fraction(codes.synapseDecay, codes.synapseDecayExponent)
    if let synapse = author.synapse {
      let tau = synapseDecay.map { dynamics.timeConstant(of: $0) }
      let weight = synapse.weight.map { $0 == 0 ? 1 : $0 }
      population.synapse = Population.Synapse(tau: tau, weight: weight)
      for i in 0..<size { perUnit[i] *= dynamics.fraction(of: tau[i]) * weight[i] }
    }
    unitPerCode = zip(stepPerCode, perUnit).map { $0 / $1 }

    if author.firing != nil {
      population.firing?.threshold = value(codes.threshold.map { $0 - codes.comparisonShift })
      if codes.resetMode == .toValue { population.firing?.reset = value(codes.reset) }
      population.firing?.refractory = codes.refractory.map { Double($0) * dynamics.dt }
    }

    population.noise = codes.noise.map {
      Population.Noise(step: $0.stepDeviation / codes.scale, threshold: $0.thresholdDeviation / codes.scale)
    }

    // The part of c that a constant synaptic current makes (see `legalize`): u = U + u', u' starts at u0.
    var settled = [Double](repeating: 0, count: size)
    if author.synapse != nil {
      for i in 0..<size {
        settled[i] = -Double(codes.u0[i]) / codes.scale
        if dynamics.synapseCurrent == .old { settled[i] *= 1 - synapseDecay[i] }
      }
    }
    // A constant leak is no leak of this equation: the author's stays, and the drive that he gave with it.
    let constant = meant ?? value(codes.bias)
    guard isDriven else {
      if author.tau != nil { population.leak = zip(constant, fractions).map { $0 / $1 } }
      return
    }
    bias = (0..<size).map { i in
      if let synapse = population.synapse {
        return settled[i] / (fractions[i] * population.r[i] * synapse.weight[i])
      }
      return author.tau == nil
        ? constant[i] / population.r[i] : (constant[i] / fractions[i] - author.leak[i]) / population.r[i]
    }
    if author.synapse != nil, author.tau != nil {
      population.leak = (0..<size).map { (constant[$0] - settled[$0]) / fractions[$0] }
    }
  }
}

extension Dynamics {
  /// The time constant of which `fraction` is the part per tick: the inverse of `fraction(of:)`.
  ///
  /// Edge cases: no leak at all, 0, becomes 2^40 ticks; 1 with `exponential` becomes dt/40, since e^−40 vanishes beside 1.
  func timeConstant(of fraction: Double) -> Double {
    if fraction <= 0 { return dt * 0x1p40 }
    switch integrator {
    case .euler: return dt / fraction
    case .exponential: return fraction >= 1 ? dt / 40 : -dt / log1p(-fraction)
    }
  }
}
