import GoldenChecks
import RateTheory
import Testing

@Suite struct ClosedFormTests {
  @Test func rheobaseIsTheEdgeOfFiring() {
    let neuron = GoldenCheck.spiceNeuron
    #expect(neuron.rate(current: neuron.rheobase * (1 - 1e-9)) == 0)
    #expect(neuron.rate(current: neuron.rheobase * (1 + 1e-9)) > 0)
    #expect(neuron.withCapacitance(1e-12).rheobase == neuron.rheobase)
  }

  @Test func resetAboveThresholdLeavesTheRefractoryTime() {
    #expect(
      leakyRate(vInfinity: 3, threshold: 1, reset: 1, timeConstant: 0.02, refractory: 0.004) == 250)
  }

  @Test func edgesOfTheRealMap() {
    #expect(RealMap(retained: 0.9, vInfinity: 0.99, threshold: 1).period(reset: 0) == nil)
    #expect(RealMap(retained: 0.9, vInfinity: 0.99, threshold: 1).ratePerTickSubtracting() == 0)
    #expect(RealMap(retained: 0.5, vInfinity: 2, threshold: 1).ratePerTickSubtracting() == 1)
    // v_1 = 1.5, v_2 = 2.25: the threshold is met exactly, in the second tick.
    #expect(RealMap(retained: 0.5, vInfinity: 3, threshold: 2.25).period(reset: 0) == 2)
    #expect(RealMap(retained: 0, vInfinity: 1, threshold: 1).period(reset: 0) == 1)
    #expect(RealMap(retained: 0.5, vInfinity: 3, threshold: 2.25).ratePerTick(reset: 0, refractory: 3) == 0.2)
  }
}
