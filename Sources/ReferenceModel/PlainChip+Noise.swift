import ChipModel
import FixedPoint
import ProgramImage

// §3.2, noise: registers bit by bit, words as sums of powers of two.

extension PlainChip.SampleRun {
  /// The register of a core before tick 0, lowest bit first; empty on a chip without one.
  static func firstRegister(_ image: ProgramImage, core: Int, sample: Int) -> [Bool] {
    guard case .register(let register)? = image.chip.datapath.noise?.generator else { return [] }
    let random = CounterRandom.draw(
      seed: image.seed, sample: UInt32(sample), tick: 0, index: UInt32(core), .noiseRegister)
    var rest = Int(random)
    var bits: [Bool] = []
    for _ in 0..<register.bits {
      bits.append(rest % 2 == 1)
      rest /= 2
    }
    if !bits.contains(true) { bits[0] = true }
    return bits
  }

  /// As many steps as a neuron uses bits.
  mutating func stepRegister(core: Int, isActive: Bool) {
    guard let noise = image.chip.datapath.noise, case .register(let register) = noise.generator,
      isActive || rules.registerStepsAlways
    else { return }
    for _ in 0..<noise.bitsPerNeuron {
      let fedBack = register.taps.filter { cores[core].register[$0 - 1] }.count % 2 == 1
      cores[core].register = [fedBack] + cores[core].register.dropLast()
    }
  }

  /// r.
  func noiseWord(_ noise: Chip.Noise, core: Int, row: Int, tick: Int) -> Int {
    switch noise.generator {
    case .counter:
      Int(draw(.noise, index: Int(image.neurons.noise.stream[row]), tick: tick))
    case .register:
      cores[core].register.enumerated().reduce(0) { sum, bit in
        bit.element ? sum + PlainArithmetic.power(bit.offset) : sum
      }
    }
  }

  /// n and η.
  func noise(core: Int, row: Int, tick: Int) -> (membrane: Int, threshold: Int) {
    let codes = image.neurons.noise
    guard let noise = image.chip.datapath.noise, !codes.mantissa.isEmpty else { return (0, 0) }
    let word = noiseWord(noise, core: core, row: row, tick: tick)
    var membrane = 0
    if let rule = noise.membrane {
      let values = PlainArithmetic.power(rule.bits)
      let random =
        rules.membraneTakesUpperBits
        ? word / PlainArithmetic.power(noise.wordBits - rule.bits) : word % values
      membrane = PlainArithmetic.rounded(
        (2 * random - (values - 1)) * Int(codes.mantissa[row])
          * PlainArithmetic.power(Int(codes.exponent[row])),
        over: PlainArithmetic.power(rule.fractionBits),
        rules.inputRounding(image.chip.datapath.inputRounding), random: 0)
    }
    var threshold = 0
    for bit in 0..<(noise.threshold?.bits ?? 0) {
      let power = PlainArithmetic.power(bit)
      if word / power % 2 == 1, Int(codes.mask[row]) / power % 2 == 1 { threshold += power }
    }
    return (membrane, rules.thresholdNoiseRaises ? threshold : -threshold)
  }
}
