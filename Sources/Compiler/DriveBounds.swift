import ChipModel
import FixedPoint
import NetworkIR

/// The most that can reach a neuron in one tick, in its network's unit: interval analysis of the accumulator.
struct DriveBounds: Sendable {
  /// Per neuron: sum of positive and of negative synaptic steps (≤ 0), each at its source's largest count.
  var positive: [Double]
  var negative: [Double]

  /// An input channel may deliver as many spikes per tick as an axon can count; a neuron fires once.
  /// A Poisson stimulus counts with the largest count of its table.
  init(population p: Int, legal: LegalNetwork, countMaximum: Int) {
    let population = legal.populations[p]
    positive = [Double](repeating: 0, count: population.size)
    negative = positive
    for connection in legal.connections where connection.target == p {
      let count: Double
      if case .input = connection.source { count = Double(countMaximum) } else { count = 1 }
      for i in 0..<population.size {
        for k in connection.matrix.range(i) {
          let step = connection.matrix.value[k] * count
          if step > 0 { positive[i] += step } else { negative[i] += step }
        }
      }
    }
    for poisson in population.poisson {
      let count = Double(poissonThresholds(mean: poisson.mean).count)
      for i in 0..<population.size {
        if poisson.step[i] > 0 {
          positive[i] += poisson.step[i] * count
        } else {
          negative[i] += poisson.step[i] * count
        }
      }
    }
    if let synapseDecay = population.synapseDecay {
      for i in 0..<population.size {
        positive[i] = positive[i] / synapseDecay[i] + max(0, population.initialCurrent[i])
        negative[i] = negative[i] / synapseDecay[i] + min(0, population.initialCurrent[i])
      }
    }
  }

  /// Adds uniform noise of a standard deviation.
  mutating func addNoise(deviation: Double) {
    for i in positive.indices {
      positive[i] += 3.0.squareRoot() * deviation
      negative[i] -= 3.0.squareRoot() * deviation
    }
  }

  /// Ticks that a potential without leak is taken to integrate for when its register is scaled. Not a proof.
  static let unleakedHorizon = 256.0

  /// Range of v before the clamps, in the network's unit, and whether it holds for all time.
  ///
  /// With w = (1 − λ)v + u + c: from above, v starts a tick at most at the threshold (reset to a value), or at the
  /// fixed point (X − θ)/λ under subtraction and X/λ for a readout; from below at the floor or at −X/λ.
  func range(
    neuron i: Int, population: LegalPopulation, decay: Double, constant: Double, floor: Double?
  ) -> (low: Double, high: Double, isProven: Bool) {
    let up = positive[i] + max(0, constant)
    let down = negative[i] + min(0, constant)
    var isProven = true
    func settled(_ x: Double) -> Double {
      if x == 0 { return 0 }
      if decay == 0 {
        isProven = false
        return x * DriveBounds.unleakedHorizon
      }
      return x / decay
    }
    var high: Double
    if let firing = population.firing {
      high = max(firing.threshold[i], firing.mode == .zero ? firing.reset[i] : 0)
      if firing.mode == .subtract { high = max(high, settled(max(0, up - firing.reset[i]))) }
    } else {
      high = settled(up)
    }
    high = max(high, population.initial[i])
    let low = min(
      floor ?? settled(down), population.initial[i],
      population.firing.map { $0.mode == .zero ? $0.reset[i] : 0 } ?? 0)
    return (low * (1 - decay) + down, max(high * (1 - decay) + up, high), isProven)
  }
}
