import FixedPoint
import ProgramImage

/// §3.6, stochastic synapses.
extension PlainChip.SampleRun {
  /// What a synapse adds to A for all spikes of its axon, which is number `axon` of the core.
  func added(synapse: Int, core: Int, axon: Int, spikes: Int, tick: Int) -> Int {
    let weight = Int(image.crossbar.weight[synapse])
    let row = firstRow(of: core) + Int(image.crossbar.neuron[synapse])
    guard rules.synapsesAreDrawn, let bits = image.chip.datapath.noise?.synapse?.bits,
      isDrawn(row: row, core: core, axon: axon)
    else { return weight * spikes }
    var sum = 0
    for spike in 0..<spikes {
      let number = (rules.everyAxonIsDrawn ? axon : 0) * 256 + (rules.everySpikeIsDrawn ? spike : 0)
      let word = CounterRandom.philox(
        UInt32(tick), UInt32(sample), UInt32(10 + 256 * number), image.neurons.noise.stream[row],
        key: image.seed
      ).0
      let random = Int(word) / PlainArithmetic.power(32 - bits)
      let size = abs(weight)
      if size > random || size == random && rules.drawnSynapseAddsAtEquality {
        sum += weight == 0 ? 0 : weight > 0 || !rules.drawnSynapseHasSign ? 1 : -1
      }
    }
    return sum
  }

  private func isDrawn(row: Int, core: Int, axon: Int) -> Bool {
    let types = image.neurons.additive.stochasticTypes
    guard !types.isEmpty, image.chip.crossbar.axonTypes != nil else { return false }
    let type = Int(image.crossbar.axonType[Int(image.cores.axonBegin[core]) + axon])
    return Int(types[row]) / PlainArithmetic.power(type) % 2 == 1
  }
}
