import ChipModel
import FixedPoint
import ProgramImage
import TestSupport

extension RandomProgram {
  /// As `make`, on a chip of the datapath additive, two times in five with cores that take neuron by neuron.
  static func makeAdditive(_ seed: UInt64) -> RandomProgram {
    var program = make(seed)
    var maker = AdditiveMaker(random: SeededGenerator(state: seed ^ 0x6164_6469_7469_7665))
    maker.change(&program.image)
    addStochasticSynapses(to: &program.image)
    return program
  }
}

/// Draws everything that §3.6 names.
private struct AdditiveMaker {
  var random: SeededGenerator

  mutating func change(_ image: inout ProgramImage) {
    let additive = Chip.Additive(
      leakReversal: true, leakOrder: .either, negativeThresholds: 0...1 << 29,
      negativeComparison: random.pick(Chip.Additive.NegativeComparison.allCases), saturation: true,
      nonReset: true)
    image.chip.additive = additive
    var path = Chip.LeakyDatapath(
      stateBits: random.pick([8, 9, 12, 20, 30]), stateOverflow: random.pick(Overflow.allCases),
      synapseOverflow: .saturate, accumulatorBits: random.int(6...24), decayBits: 0, decayExponents: 0...0,
      decayOf: .leak, decayRounding: .floor, minimumStep: 0, gainBits: 0, inputRounding: .floor,
      weightExponents: 0...0, biasBits: 30, thresholdBits: 30,
      comparison: random.pick(Chip.LeakyDatapath.Comparison.allCases), refractoryBits: 0,
      synapticState: false)
    path.accumulatorOverflow = random.pick(Overflow.allCases)
    path.biasBits = path.stateBits
    path.thresholdBits = path.stateBits
    path.noise = random.oneIn(3) ? nil : noise()
    image.chip.datapath = path
    if random.int(0...4) < 2 {
      image.chip.timing.neuronMajor = Chip.Timing.NeuronMajor(
        setupCycles: random.int(0...3), axonCycles: random.int(0...2), neuronCycles: random.int(1...3),
        finishCycles: random.int(0...3))
      image.chip.timing.neuronsPerCycle = 1
      image.chip.timing.work = Chip.Timing.Work()
    }
    image.neurons.noise = ProgramImage.NoiseCodes()
    for row in 0..<image.neurons.count { setCodes(&image.neurons, row, path) }
    if random.oneIn(2) { addTypes(to: &image) }
  }

  private mutating func noise() -> Chip.Noise {
    let taps = random.pick([[16, 15, 13, 4], [32, 22, 2, 1]])
    var noise = Chip.Noise(
      generator: random.oneIn(2) ? .counter : .register(Chip.Noise.Register(taps: taps)), membrane: nil,
      threshold: random.oneIn(4) ? nil : Chip.Noise.Threshold(bits: random.int(1...8)))
    if noise.threshold == nil || !random.oneIn(4) { noise.leak = Chip.Noise.Leak(bits: random.int(1...8)) }
    return noise
  }

  private mutating func setCodes(
    _ neurons: inout ProgramImage.Neurons, _ row: Int, _ path: Chip.LeakyDatapath
  ) {
    let top = Int(signedRange(bits: path.stateBits).upperBound)
    let scale = random.pick([top, min(top, 60), min(top, 60), min(top, 300)])
    let threshold = random.oneIn(8) ? random.int(-scale / 2...0) : random.int(1...scale)
    let mode = random.pick(ProgramImage.ResetMode.allCases)
    neurons.setWithoutDecay(row, lowest: -top - 1)
    neurons.v0[row] = Int32(random.int(-scale...scale))
    neurons.bias[row] = Int32(random.oneIn(4) ? 0 : random.int(-scale / 4...scale / 4))
    neurons.threshold[row] = Int32(threshold)
    neurons.resetMode[row] = mode.rawValue
    neurons.reset[row] = Int32(
      mode == .subtract ? threshold : random.oneIn(8) ? -top - 1 : random.int(-scale...scale))
    var leak = ProgramImage.LeakMode()
    if random.oneIn(2) { leak.insert(.reversed) }
    if random.oneIn(2) { leak.insert(.late) }
    if path.noise?.leak != nil, random.oneIn(2) { leak.insert(.stochastic) }
    neurons.additive.append(
      leak: leak, negativeThreshold: Int32(random.oneIn(4) ? top : random.int(0...scale)),
      random.oneIn(2) ? .saturate : .reset)
    guard let noise = path.noise else { return }
    neurons.noise.mantissa.append(0)
    neurons.noise.exponent.append(0)
    neurons.noise.mask.append(Int32(noise.threshold.map { random.int(0...(1 << $0.bits) - 1) } ?? 0))
    neurons.noise.stream.append(UInt32(random.int(0...100_000)))
  }

  /// Four types of axons; a neuron's synapses from axons of a type take the weight of the first.
  private mutating func addTypes(to image: inout ProgramImage) {
    image.chip.crossbar.axonTypes = 4
    for core in 0..<image.cores.count {
      var weights: [Int: Int16] = [:]
      for axon in Int(image.cores.axonBegin[core])..<Int(image.cores.axonBegin[core + 1]) {
        let type = random.int(0...3)
        image.crossbar.axonType.append(UInt8(type))
        for k in Int(image.crossbar.begin[axon])..<Int(image.crossbar.begin[axon + 1]) {
          let key = Int(image.crossbar.neuron[k]) * 4 + type
          weights[key] = weights[key] ?? image.crossbar.weight[k]
          image.crossbar.weight[k] = weights[key] ?? 0
        }
      }
    }
  }
}

extension ProgramImage.Neurons {
  /// The codes that chips of the datapath additive do not use, and a floor that is the register's end.
  mutating func setWithoutDecay(_ row: Int, lowest: Int) {
    u0[row] = 0
    decay[row] = 0
    decayExponent[row] = 0
    synapseDecay[row] = 1
    synapseDecayExponent[row] = 0
    gain[row] = 1
    weightExponent[row] = 0
    refractory[row] = 0
    kick[row] = 0
    floor[row] = Int32(lowest)
  }
}
