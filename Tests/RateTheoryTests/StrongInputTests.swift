import Foundation
import RateTheory
import TestSupport
import Testing

/// Shot noise and conductances against straight simulations.
@Suite struct StrongInputTests {
  private static func exponential(_ mean: Double, _ random: inout SeededGenerator) -> Double {
    -mean * log(1 - Double.random(in: 0..<1, using: &random))
  }

  /// From input event to input event, exactly.
  @Test(arguments: [(2.0, 200.0, 0.0, 0.0), (3, 40, 0, 0), (1, 700, 1.5, 200)])
  func exponentialSteps(excitation: Double, rate: Double, inhibition: Double, quiet: Double) {
    let neuron = ShotNoiseNeuron(timeConstant: 0.02, rest: 0, threshold: 10, reset: 2, refractory: 0.002)
    let predicted = neuron.rate(
      excitation: ShotNoiseNeuron.Input(step: excitation, rate: rate),
      inhibition: ShotNoiseNeuron.Input(step: inhibition, rate: quiet))
    var random = SeededGenerator(state: 11)
    var (time, v, spikes) = (0.0, 0.0, 0.0)
    for _ in 0..<2_000_000 {
      let wait = Self.exponential(1 / (rate + quiet), &random)
      time += wait
      v *= exp(-wait / neuron.timeConstant)
      if Double.random(in: 0..<rate + quiet, using: &random) < rate {
        v += Self.exponential(excitation, &random)
      } else {
        v -= Self.exponential(inhibition, &random)
      }
      if v > neuron.threshold {
        spikes += 1
        v = neuron.reset
        // Memoryless inputs: those of the refractory time are simply not there.
        time += neuron.refractory
      }
    }
    let simulated = spikes / time
    #expect(abs(simulated / predicted - 1) < 4 / spikes.squareRoot(), "\(simulated) \(predicted)")
  }

  /// Many small steps are diffusion.
  @Test func smallStepsDiffuse() {
    let neuron = ShotNoiseNeuron(timeConstant: 0.02, rest: 1, threshold: 11, reset: 3, refractory: 0.002)
    let diffusion = DiffusionNeuron(timeConstant: 0.02, threshold: 11, reset: 3, refractory: 0.002)
    var last = Double.infinity
    for step in [0.4, 0.1, 0.025] {
      // Mean 10 and σ 4 for every step.
      let power = 16 / (2 * 0.02 * step * step)
      let drift = 9 / (0.02 * step)
      let rate = neuron.rate(
        excitation: ShotNoiseNeuron.Input(step: step, rate: (power + drift) / 2),
        inhibition: ShotNoiseNeuron.Input(step: step, rate: (power - drift) / 2))
      let off = abs(rate / diffusion.rate(mean: 10, sigma: 4) - 1)
      #expect(off < last / 3)
      last = off
    }
    #expect(last < 0.01)
    #expect(neuron.rate(excitation: ShotNoiseNeuron.Input(step: 1, rate: 0)) == 0)
  }

  @Test func conductancesShunt() {
    let excitation = ConductanceDrive.Input(rate: 9000, jump: 4e-12, timeConstant: 1e-3, reversal: 1.2)
    let inhibition = ConductanceDrive.Input(rate: 1500, jump: 10e-12, timeConstant: 2e-3, reversal: 0.1)
    let drive = ConductanceDrive(
      capacitance: 500e-15, leakConductance: 25e-12, leakReversal: 0.2, inputs: [excitation, inhibition])
    // 25 + 36 + 30 pS.
    #expect(abs(drive.conductance / 91e-12 - 1) < 1e-12)
    #expect(abs(drive.timeConstant / (500e-15 / 91e-12) - 1) < 1e-12)
    #expect(abs(drive.mean / ((25 * 0.2 + 36 * 1.2 + 30 * 0.1) / 91) - 1) < 1e-12)

    var random = SeededGenerator(state: 5)
    let dt = 2e-5
    for threshold in [1e9, 0.6] {
      var (ge, gi, v, held, spikes) = (0.0, 0.0, 0.5, 0.0, 0.0)
      var (sum, squares, count) = (0.0, 0.0, 0.0)
      let steps = 2_000_000
      for _ in 0..<steps {
        if Double.random(in: 0..<1, using: &random) < excitation.rate * dt { ge += excitation.jump }
        if Double.random(in: 0..<1, using: &random) < inhibition.rate * dt { gi += inhibition.jump }
        ge *= exp(-dt / excitation.timeConstant)
        gi *= exp(-dt / inhibition.timeConstant)
        held -= dt
        if held > 0 { continue }
        let g = drive.leakConductance + ge + gi
        let limit = (drive.leakConductance * 0.2 + ge * 1.2 + gi * 0.1) / g
        v = limit + (v - limit) * exp(-dt * g / drive.capacitance)
        sum += v
        squares += v * v
        count += 1
        if v > threshold {
          spikes += 1
          v = 0.3
          held = 1e-3
        }
      }
      if threshold > 1 {
        #expect(abs(sum / count - drive.mean) < 0.05 * drive.sigma)
        let deviation = (squares / count - sum / count * (sum / count)).squareRoot()
        #expect(abs(deviation / drive.deviation - 1) < 0.08, "\(deviation) \(drive.deviation)")
      } else {
        let rate = spikes / (Double(steps) * dt)
        let predicted = drive.rate(threshold: threshold, reset: 0.3, refractory: 1e-3)
        #expect(abs(predicted / rate - 1) < 0.12, "\(rate) \(predicted)")
      }
    }
  }
}
