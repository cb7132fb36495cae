import ChipModel
import ProgramImage
import TestSupport

extension RandomProgram {
  /// Gives the chip of two programs in three noise, and most of its neurons codes for it. It has a generator of its own,
  /// so that the rest of a program stands without it.
  static func addNoise(to image: inout ProgramImage) {
    var random = SeededGenerator(state: image.seed ^ 0x6e6f_6973)
    if random.oneIn(3) { return }
    let taps = random.pick([[3, 2], [8, 6, 5, 4], [16, 15, 13, 4], [24, 23, 22, 17], [32, 22, 2, 1]])
    let generator: Chip.Noise.Generator =
      random.oneIn(2) ? .counter : .register(Chip.Noise.Register(taps: taps))
    let width = Chip.Noise(generator: generator, membrane: nil, threshold: nil).wordBits
    let membraneBits = random.int(1...min(16, width - 1))
    let first = random.int(0...3)
    let membrane = Chip.Noise.Membrane(
      bits: membraneBits, mantissaBits: random.int(1...12), exponents: first...first + random.int(0...12),
      fractionBits: random.int(0...20))
    let threshold = Chip.Noise.Threshold(bits: random.int(1...min(24, width - membraneBits)))
    let kinds = random.int(0...3)
    let noise = Chip.Noise(
      generator: generator, membrane: kinds == 1 ? nil : membrane, threshold: kinds == 2 ? nil : threshold)
    image.chip.datapath.noise = noise
    for row in 0..<image.neurons.count {
      var codes = (mantissa: 0, exponent: 0, mask: 0)
      if let membrane = noise.membrane {
        codes.mantissa = random.oneIn(4) ? 0 : random.int(0...(1 << membrane.mantissaBits) - 1)
        codes.exponent = random.int(membrane.exponents)
      }
      if let threshold = noise.threshold, !random.oneIn(4) {
        codes.mask = random.int(0...(1 << threshold.bits) - 1)
      }
      image.neurons.noise.mantissa.append(Int32(codes.mantissa))
      image.neurons.noise.exponent.append(UInt8(codes.exponent))
      image.neurons.noise.mask.append(Int32(codes.mask))
      image.neurons.noise.stream.append(UInt32(truncatingIfNeeded: random.int(row...row + 1000)))
    }
  }
}
