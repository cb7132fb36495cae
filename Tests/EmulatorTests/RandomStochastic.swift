import ChipModel
import ProgramImage
import TestSupport

extension RandomProgram {
  /// Gives three in four of the programs with types of axons and noise stochastic synapses. It has a generator of its own, so
  /// that the rest of a program stands without it.
  static func addStochasticSynapses(to image: inout ProgramImage) {
    var random = SeededGenerator(state: image.seed ^ 0x7379_6e61_7073_6573)
    guard let types = image.chip.crossbar.axonTypes, image.chip.datapath.noise != nil, !random.oneIn(4) else {
      return
    }
    let rule = Chip.Noise.Synapse(bits: random.int(1...8))
    image.chip.datapath.noise?.synapse = rule
    for _ in 0..<image.neurons.count {
      image.neurons.additive.stochasticTypes.append(
        random.oneIn(3) ? 0 : UInt16(random.int(0...(1 << types) - 1)))
    }
    let strongest = Int16(rule.strongest)
    for core in 0..<image.cores.count {
      for axon in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        for k in Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1]) {
          let row = Int(image.cores.neuronBegin[core]) + Int(image.crossbar.neuron[k])
          guard image.isStochastic(axon: axon, row: row) else { continue }
          image.crossbar.weight[k] = min(max(image.crossbar.weight[k], -strongest), strongest)
        }
      }
    }
  }
}
