import ChipModel
import FixedPoint
import ProgramImage

extension CodeDistribution {
  /// n of docs/emulator-semantics.md §3.2: all values of the random bits alike.
  public init(membraneNoise rule: Chip.Noise.Membrane, mantissa: Int64, exponent: Int, _ rounding: Rounding) {
    let values: Int64 = 1 << Int64(rule.bits)
    let shift = rule.fractionBits - exponent
    self.init(
      uniform: (0..<values).lazy.map { random in
        let scaled = (2 * random - (values - 1)) * mantissa
        return shift > 0 ? shiftRight(scaled, by: shift, rounding) : scaled << Int64(-shift)
      })
  }

}

/// Threshold noise: all values of the bits under a mask alike.
struct MaskNoise {
  var mask: Int64

  /// Probability that the noise is at least `least`: decided from the upper bit down.
  func probability(atLeast least: Int64) -> Double {
    if least <= 0 { return 1 }
    if least > mask { return 0 }
    // Of the draws whose upper bits equal those of `least`, and of those that already lie above it.
    var (equal, above) = (1.0, 0.0)
    for bit in stride(from: Int64(24), through: 0, by: -1) {
      switch (least >> bit & 1 == 1, mask >> bit & 1 == 1) {
      case (true, true): equal /= 2
      case (true, false): return above
      case (false, true):
        above += equal / 2
        equal /= 2
      case (false, false): break
      }
    }
    return above + equal
  }
}

extension ProgramImage {
  /// Whether a row's membrane or threshold is noisy.
  public func hasNoise(_ row: Int) -> Bool {
    guard chip.datapath.noise != nil, !neurons.noise.mantissa.isEmpty else { return false }
    return neurons.noise.mantissa[row] != 0 || neurons.noise.mask[row] != 0
  }

  /// Mean and variance of a row's noise per tick, in codes: of the membrane's steps and of the threshold. Rounding of the
  /// steps is left out.
  func noiseMoments(_ row: Int) -> (stepVariance: Double, thresholdMean: Double) {
    guard hasNoise(row), let rules = chip.datapath.noise else { return (0, 0) }
    var variance = 0.0
    if let membrane = rules.membrane {
      let unit = Double(neurons.noise.mantissa[row]) * membrane.unitDeviation
      let power = Double(1 << Int(neurons.noise.exponent[row])) / Double(1 << membrane.fractionBits)
      variance = unit * power * unit * power
    }
    return (variance, Double(neurons.noise.mask[row]) / 2)
  }

  /// The distribution of a row's membrane noise; a certain zero without any.
  func membraneNoise(_ row: Int) -> CodeDistribution {
    guard hasNoise(row), let rule = chip.datapath.noise?.membrane, neurons.noise.mantissa[row] != 0 else {
      return .zero
    }
    return CodeDistribution(
      membraneNoise: rule, mantissa: Int64(neurons.noise.mantissa[row]),
      exponent: Int(neurons.noise.exponent[row]), chip.datapath.inputRounding)
  }
}
