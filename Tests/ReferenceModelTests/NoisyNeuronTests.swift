import FixedPoint
import Foundation
import NetworkIR
import ReferenceModel
import Testing

/// Noisy models, random currents of the float64 network, and the generators under them.
@Suite struct NoisyNeuronTests {
  /// Rows of `siegert_rates.csv` (mpmath): τ 20 ms, no refractory time, threshold 20 mV, reset 10 mV; σ = √2 · σ_V.
  @Test(arguments: [
    (15.0, 3.0, 2.2985614306324096560), (15, 5, 9.6432658205632631796), (19, 3, 17.636881798441098254),
    (20, 5, 28.922058320055478617), (21, 3, 27.768424654253199870),
  ])
  func leakyNeuronAgainstSiegert(mean: Double, sigma: Double, rate: Double) {
    let neuron = NoisyLeakyIntegrateAndFire(
      LeakyIntegrateAndFire(
        capacitance: 200, leak: 10, leakReversal: 0, threshold: 20, resetPotential: 10, refractoryPeriod: 0),
      membraneDeviation: sigma / 2.0.squareRoot())
    // Long enough for 900 spikes or more, 3.3 % at most.
    let found = neuron.noisyRate(at: 10 * mean, duration: min(2.5e6 / rate, 3.9e5), seed: 7)
    let error = 1000 * (found.standardError ?? .infinity)
    #expect(error < 0.035 * rate)
    #expect(abs(1000 * found.rate - rate) < 3.5 * error, "\(1000 * found.rate) ± \(error)")
  }

  /// Sums of potentials of a readout without leak over one and two ticks: C·v₁ = dt·I₁, v₂ = v₁ + dt·I₂/C.
  @Test func ornsteinUhlenbeckCurrent() {
    let (dt, deviation, time) = (1e-3, 5e-12, 2e-3)
    let network = Self.readout(
      dt: dt,
      stimulus: Stimulus(
        target: 0, kind: .ornsteinUhlenbeck(mean: 1e-12, deviation: deviation, timeConstant: time)))
    let kept = exp(-dt / time)
    let perStep = dt / 500e-15
    for (ticks, mean, variance) in [(1, 1.0, 1.0), (2, 3.0, 5 + 4 * kept)] {
      let sums = FloatNetwork(network, seed: 3).run(nil, ticks: ticks, samples: 40).outputSums
      let (m, v) = Self.moments(sums)
      #expect(sums.count == 20_000)
      #expect(abs(m / perStep - mean * 1e-12) < 4 * deviation * (variance / 20_000).squareRoot())
      // The standard error of a variance of n normal numbers is √(2/n), 1 %.
      #expect(abs(v / (perStep * perStep * deviation * deviation * variance) - 1) < 0.04)
    }
  }

  /// White noise of a population is a normal step in every tick: kurtosis 3, no memory.
  @Test func whiteNoiseOfAPopulation() {
    var network = Self.readout(dt: 1e-3, stimulus: nil)
    network.populations[0].noise = Population.Noise(step: 2e-3)
    let one = FloatNetwork(network, seed: 5).run(nil, ticks: 1, samples: 40).outputSums
    let two = FloatNetwork(network, seed: 5).run(nil, ticks: 2, samples: 40).outputSums
    let (mean, variance) = Self.moments(one)
    #expect(abs(mean) < 4 * 2e-3 / 20_000.0.squareRoot() && abs(variance / 4e-6 - 1) < 0.04)
    #expect(abs(Self.moments(two).variance / (5 * 4e-6) - 1) < 0.04)
    let fourth = one.reduce(0) { $0 + pow($1 / 2e-3, 4) } / Double(one.count)
    #expect(abs(fourth - 3) < 0.3)
    // Another seed is another noise, the same seed the same.
    #expect(FloatNetwork(network, seed: 5).run(nil, ticks: 1, samples: 40).outputSums == one)
    #expect(FloatNetwork(network, seed: 6).run(nil, ticks: 1, samples: 40).outputSums != one)
  }

  /// A noisy threshold: a membrane that stands still at a distance fires with the probability of the normal tail.
  @Test func thresholdNoise() {
    var network = Self.readout(dt: 1e-3, stimulus: nil)
    network.populations[0].firing = Population.Firing(
      threshold: [Double](repeating: 1e-3, count: 500), reset: [Double](repeating: 0, count: 500),
      refractory: [Double](repeating: 0, count: 500))
    network.populations[0].noise = Population.Noise(threshold: 1e-3)
    let run = FloatNetwork(network, seed: 1).run(nil, ticks: 100, samples: 1)
    // P(z < −1) = 0.158655
    let share = Double(run.spikes.total) / 50_000
    #expect(abs(share - 0.158655) < 4 * (0.158655 * 0.841345 / 50_000).squareRoot())
  }

  private static func readout(dt: Double, stimulus: Stimulus?) -> Network {
    func all(_ value: Double) -> [Double] { [Double](repeating: value, count: 500) }
    return Network(
      name: "n", dynamics: Dynamics(dt: dt), inputs: [],
      populations: [
        Population(
          name: "p", shape: [500], model: "I", tau: nil, r: all(dt / 500e-15), leak: all(0), firing: nil,
          initial: all(0))
      ], projections: [], stimuli: stimulus.map { [$0] } ?? [],
      outputs: [OutputPort(name: "p", population: 0)])
  }

  private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
  }

  /// Registers of 3 to 16 bits visit every state but 0; that of 32 bits has the full period by its characteristic
  /// polynomial: 2^32 − 1 steps lead back, and no (2^32 − 1)/p does, p its prime factors.
  @Test(arguments: [[3, 2], [8, 6, 5, 4], [16, 15, 13, 4]])
  func registersOfFullPeriod(taps: [Int]) {
    let mask = taps.reduce(UInt32(0)) { $0 | 1 << UInt32($1 - 1) }
    let step = ShiftRegisterLeap(bits: taps[0], mask: mask, steps: 1)
    let leap = ShiftRegisterLeap(bits: taps[0], mask: mask, steps: 5)
    var state: UInt32 = 1
    var length = 0
    repeat {
      let plain = (state << 1 | UInt32((state & mask).nonzeroBitCount & 1)) & (1 << UInt32(taps[0]) - 1)
      #expect(step(state) == plain)
      if length < 50 { #expect(leap(state) == (0..<5).reduce(state) { next, _ in step(next) }) }
      state = plain
      length += 1
    } while state != 1
    #expect(length == 1 << taps[0] - 1)
  }

  @Test func tesserasRegister() {
    func leads(_ steps: Int) -> Bool {
      ShiftRegisterLeap(bits: 32, mask: 1 << 31 | 1 << 21 | 1 << 1 | 1, steps: steps)(12_345) == 12_345
    }
    let period = 1 << 32 - 1
    #expect(leads(period))
    for prime in [3, 5, 17, 257, 65537] { #expect(!leads(period / prime)) }
  }
}
