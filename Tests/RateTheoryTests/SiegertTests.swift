import RateTheory
import Testing

/// Edges of first-passage rates; their tables are `GoldenCheck`s.
@Suite struct SiegertTests {
  @Test func edges() {
    let neuron = DiffusionNeuron(timeConstant: 0.02, threshold: 20, reset: 10, refractory: 0.002)
    #expect(neuron.intervalVariation(mean: 30, sigma: 0) == 0)
    #expect(abs(neuron.rate(mean: 30, sigma: 1e-6) / neuron.rate(mean: 30, sigma: 0) - 1) < 1e-12)
    let spent = DiffusionNeuron(timeConstant: 0.02, threshold: 10, reset: 10, refractory: 0.004)
    #expect(abs(spent.rate(mean: 0, sigma: 1) - 250) < 1e-9)
  }

  /// A synaptic current's shift raises the effective threshold: the rate falls, and continuously.
  @Test func slowSynapsesLowerTheRate() {
    var neuron = DiffusionNeuron(timeConstant: 0.02, threshold: 20, reset: 10, refractory: 0.002)
    let white = neuron.rate(mean: 18, sigma: 5)
    var last = white
    for synapse in [1e-9, 1e-5, 1e-4, 1e-3] {
      neuron.synapse = synapse
      let rate = neuron.rate(mean: 18, sigma: 5)
      #expect(rate < last)
      last = rate
    }
    neuron.synapse = 1e-12
    #expect(abs(neuron.rate(mean: 18, sigma: 5) / white - 1) < 1e-4)
  }
}
