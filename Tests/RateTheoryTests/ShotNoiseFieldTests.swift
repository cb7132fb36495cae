import Foundation
import RateTheory
import TestSupport
import Testing

/// Shot noise in place of diffusion, for the inputs of a mean field.
@Suite struct ShotNoiseFieldTests {
  private static func field(step: Double, rate: Double, quiet: Double) -> MeanField {
    var population = MeanField.Population(
      name: "", timeConstant: 0.02, rest: 0, threshold: 10, reset: 2, refractory: 0.002, drift: 50)
    population.addPoisson(count: 1, rate: rate, step: step)
    population.addPoisson(count: 1, rate: quiet, step: -step)
    return MeanField(populations: [population], couplings: [])
  }

  /// Steps of one size, 0.4 to 0.6 of the swing, from event to event: within 15 %, where diffusion is up to 40 %
  /// off; nearer than diffusion where excitation is not balanced by much inhibition.
  @Test(arguments: [(3.0, 120.0, 20.0), (3, 60, 0), (4, 60, 10), (5, 40, 10)])
  func strongSteps(step: Double, rate: Double, quiet: Double) throws {
    let field = Self.field(step: step, rate: rate, quiet: quiet)
    let shot = try #require(field.shotNoiseRate(0, rates: [0]))
    let diffusion = field.solve().rates[0]
    var random = SeededGenerator(state: 3)
    var (time, v, spikes) = (0.0, 0.0, 0.0)
    for _ in 0..<1_000_000 {
      let wait = -log(1 - Double.random(in: 0..<1, using: &random)) / (rate + quiet)
      time += wait
      // The drift of 50 per second holds the free membrane at 1.
      v = 1 + (v - 1) * exp(-wait / 0.02)
      v += Double.random(in: 0..<rate + quiet, using: &random) < rate ? step : -step
      if v > 10 {
        spikes += 1
        v = 2
        time += 0.002
      }
    }
    let simulated = spikes / time
    #expect(abs(shot / simulated - 1) < 0.15, "\(shot), \(simulated)")
    if quiet * 6 <= rate, step < 4 {
      #expect(abs(shot - simulated) < abs(diffusion - simulated), "\(shot), \(diffusion), \(simulated)")
    }
  }

  /// For many small steps it is the mean field's own rate.
  @Test func smallStepsAreDiffusion() throws {
    let field = Self.field(step: 0.05, rate: 30_000, quiet: 22_000)
    let shot = try #require(field.shotNoiseRate(0, rates: [0]))
    #expect(abs(shot / field.solve().rates[0] - 1) < 0.02)
  }

  @Test func whereItSaysNothing() {
    var field = Self.field(step: 3, rate: 100, quiet: 0)
    #expect(field.shotNoiseRate(0, rates: [0]) != nil)
    field.couplings = [MeanField.Coupling(source: 0, target: 0, sum: 0.1, squares: 2, cubes: 0.2)]
    #expect(field.shotNoiseRate(0, rates: [5]) == nil)
    field.couplings = []
    field.populations[0].synapse = 0.005
    #expect(field.shotNoiseRate(0, rates: [0]) == nil)
    field.populations[0].synapse = 0
    field.populations[0].drift += 1000
    #expect(field.shotNoiseRate(0, rates: [0]) == nil)
  }
}
