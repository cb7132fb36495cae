import ChipModel
import FixedPoint
import Foundation
import RateTheory
import Testing

/// Stationary rates of integer neurons against renewal sums, orbits and finer grids.
@Suite struct NoisyNeuronTests {
  private func neuron(
    decay: Int64, top: Int64, reset: Int64 = 0, refractory: Int = 0, floor: Int64 = 0, bias: Int64 = 0,
    input: CodeDistribution
  ) -> NoisyIntegerNeuron {
    NoisyIntegerNeuron(
      leak: LeakRule(datapath: Self.datapath, decay: decay, exponent: 12), stateBits: 24, overflow: .saturate,
      bias: bias, top: top, reset: reset, refractory: refractory, floor: floor, input: input)
  }
  private static let datapath = IntegerRateTests.datapath(.leak, .nearestEven, comparison: .greater)

  @Test func countsOfAPoissonTable() {
    let distribution = CodeDistribution(poissonThresholds: poissonThresholds(mean: 3.5), weight: -2)
    for (code, probability) in zip(distribution.codes, distribution.probabilities) {
      let k = Double(-code / 2)
      let expected = exp(k * log(3.5) - 3.5 - lgamma(k + 1))
      #expect(code % 2 == 0 && code <= 0)
      #expect(abs(probability - expected) < 1e-9)
    }
    #expect(abs(distribution.mean + 7) < 1e-7)
    #expect(abs(distribution.variance - 14) < 1e-6)
    // Two trains with the same weight are one with the sum of their rates.
    let sum = CodeDistribution(poissonThresholds: poissonThresholds(mean: 1.5), weight: 3)
      .adding(CodeDistribution(poissonThresholds: poissonThresholds(mean: 2), weight: 3))
    let one = CodeDistribution(poissonThresholds: poissonThresholds(mean: 3.5), weight: 3)
    #expect(abs(sum.mean - one.mean) < 1e-6 && abs(sum.variance - one.variance) < 1e-5)
  }

  /// Without a leak the neuron waits for n events: mean interval Σ_t P(Poisson(m·t) < n), plus the refractory ticks.
  @Test(arguments: [(1, 0.05, 0), (3, 0.2, 4), (20, 1.3, 1)])
  func countingNeuron(events: Int, mean: Double, refractory: Int) throws {
    let stationary = try neuron(
      decay: 0, top: Int64(events) - 1, refractory: refractory,
      input: CodeDistribution(poissonThresholds: poissonThresholds(mean: mean), weight: 1)
    ).stationary()
    var interval = Double(refractory)
    for t in 0..<4000 {
      for j in 0..<events {
        let m = mean * Double(t)
        interval += t == 0 ? (j == 0 ? 1 : 0) : exp(Double(j) * log(m) - m - lgamma(Double(j) + 1))
      }
    }
    #expect(stationary.codesPerState == 1)
    #expect(abs(stationary.ratePerTick * interval - 1) < 1e-7, "\(stationary) \(interval)")
    if events == 1 {
      // Geometric: variance (1 − p)/p².
      let p = 1 - exp(-mean)
      #expect(abs(stationary.intervalVariation - (1 - p).squareRoot()) < 1e-6)
    }
  }

  /// Without noise the renewal sum is the orbit's period.
  @Test func noiseless() throws {
    for (decay, bias, top) in [(41, 30, 900), (205, 60, 999), (410, 123, 1200)] as [(Int64, Int64, Int64)] {
      let stationary = try neuron(
        decay: decay, top: top, reset: 17, refractory: 3, bias: bias, input: .zero
      ).stationary()
      let orbit = integerRate(
        datapath: Self.datapath, decay: Int32(decay), exponent: 12, bias: Int32(bias),
        threshold: Int32(top), reset: 17, resetMode: .toValue, refractory: 3, v0: 17, floor: 0)
      #expect(abs(stationary.ratePerTick - (orbit?.ratePerTick ?? .nan)) < 1e-12)
      #expect(stationary.intervalVariation < 1e-6)
    }
  }

  /// A register with 256 times as many codes is on a grid, and the rate is that of the small one, whose every code is a
  /// state; up to what the small one's rounding and the grid do to a distribution of single steps.
  @Test(arguments: [0.12, 0.2, 0.4])
  func gridAgainstAllCodes(mean: Double) throws {
    func rate(_ unit: Int64) throws -> NoisyIntegerNeuron.Stationary {
      let input = CodeDistribution(poissonThresholds: poissonThresholds(mean: mean), weight: 80 * unit)
        .adding(CodeDistribution(poissonThresholds: poissonThresholds(mean: 0.1), weight: -35 * unit))
      return try neuron(
        decay: 41, top: 1250 * unit, reset: 150 * unit, refractory: 2, floor: -600 * unit, bias: 2 * unit,
        input: input
      ).stationary()
    }
    let exact = try rate(1)
    let grid = try rate(256)
    #expect(exact.codesPerState == 1)
    #expect(grid.codesPerState > 1)
    #expect(abs(grid.ratePerTick / exact.ratePerTick - 1) < 6e-3, "\(grid) \(exact)")
    #expect(abs(grid.intervalVariation / exact.intervalVariation - 1) < 6e-3)
  }

  @Test func silentFarBelowThreshold() throws {
    let input = CodeDistribution(poissonThresholds: poissonThresholds(mean: 0.5), weight: 1)
    let stationary = try neuron(decay: 410, top: 3000, input: input).stationary()
    #expect(stationary.ratePerTick == 0)
  }
}
