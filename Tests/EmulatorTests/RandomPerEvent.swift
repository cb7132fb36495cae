import ChipModel
import FixedPoint
import ProgramImage
import TestSupport

extension RandomProgram {
  /// As `make`, on a chip whose cores take event by event.
  static func makePerEvent(_ seed: UInt64) -> RandomProgram {
    var program = make(seed)
    var maker = PerEventMaker(random: SeededGenerator(state: seed ^ 0x7065_7245_7665_6e74))
    maker.change(&program.image)
    return program
  }
}

/// Draws everything that §3.7 names.
private struct PerEventMaker {
  var random: SeededGenerator

  mutating func change(_ image: inout ProgramImage) {
    setChip(&image.chip)
    image.neurons.noise = ProgramImage.NoiseCodes()
    image.poisson = ProgramImage.Poisson()
    dropPartials(&image)
    let leaks = !random.oneIn(4)
    for row in 0..<image.neurons.count { setCodes(&image.neurons, row, image.chip, leaks: leaks) }
    if image.chip.crossbar.axonSigns { setSigns(&image.crossbar, bits: image.chip.crossbar.weightBits) }
  }

  private mutating func setChip(_ chip: inout Chip) {
    chip.additive = Chip.Additive(
      leakReversal: random.oneIn(2), leakOrder: .beforeThreshold, negativeThresholds: 0...1 << 29,
      negativeComparison: .less, saturation: true, nonReset: false)
    var path = Chip.LeakyDatapath(
      stateBits: random.pick([5, 8, 9, 12, 30]),
      stateOverflow: random.pick([Overflow.saturate, .saturateSymmetric]), synapseOverflow: .saturate,
      accumulatorBits: 24, decayBits: 0, decayExponents: 0...0, decayOf: .leak, decayRounding: .floor,
      minimumStep: 0, gainBits: 0, inputRounding: .floor, weightExponents: 0...0, biasBits: 5,
      thresholdBits: 5, comparison: random.pick(Chip.LeakyDatapath.Comparison.allCases), refractoryBits: 0,
      synapticState: false)
    path.thresholdBits = path.stateBits
    chip.datapath = path
    chip.crossbar.axonSigns = random.oneIn(2)
    chip.routing.partialPackets = false
    chip.timing.neuronsPerCycle = 1
    chip.timing.perEvent = Chip.Timing.PerEvent(
      inputCycles: random.int(0...9), eventCycles: random.int(0...3), accessCycles: random.int(1...3),
      timeReferenceCycles: random.int(0...7), spikeCycles: random.int(0...8),
      visits: random.pick(Chip.Timing.PerEvent.Visits.allCases))
    chip.energy.constants[.clockCycle] = .known(1.78e-12, source: "fixed")
  }

  /// Neurons that sent sums become splitters, which send spikes but have no routes.
  private func dropPartials(_ image: inout ProgramImage) {
    for row in 0..<image.neurons.count
    where image.neurons.kind[row] == ProgramImage.NeuronKind.partial.rawValue {
      image.neurons.kind[row] = ProgramImage.NeuronKind.splitter.rawValue
    }
    let kinds = image.routes.kind
    image.routes = image.routes.filtered { _, i in kinds[i] == ProgramImage.RouteKind.spike.rawValue }
  }

  private mutating func setCodes(
    _ neurons: inout ProgramImage.Neurons, _ row: Int, _ chip: Chip, leaks: Bool
  ) {
    let top = Int(signedRange(bits: chip.datapath.stateBits).upperBound)
    let scale = random.pick([top, min(top, 60), min(top, 300)])
    let beta = random.oneIn(3) ? 0 : random.oneIn(3) ? top + 1 : random.int(0...scale)
    neurons.setWithoutDecay(row, lowest: -top - 1)
    neurons.v0[row] = Int32(random.int(-scale...scale))
    neurons.bias[row] = Int32(leaks && !random.oneIn(3) ? random.int(-15...0) : 0)
    neurons.threshold[row] = Int32(random.oneIn(8) ? 0 : random.int(1...scale))
    neurons.resetMode[row] = ProgramImage.ResetMode.toValue.rawValue
    neurons.reset[row] = 0
    neurons.additive.append(
      leak: chip.additive?.leakReversal == true ? .reversed : [],
      negativeThreshold: Int32(min(beta, 1 << 29)), .saturate)
  }

  private mutating func setSigns(_ crossbar: inout ProgramImage.Crossbar, bits: Int) {
    let largest = 1 << (bits - 1) - 1
    for axon in 0..<crossbar.begin.count - 1 {
      let sign = random.oneIn(3) ? -1 : 1
      for k in Int(crossbar.begin[axon])..<Int(crossbar.begin[axon + 1]) {
        crossbar.weight[k] = Int16(sign * min(abs(Int(crossbar.weight[k])), largest))
      }
    }
  }
}
