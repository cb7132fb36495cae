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

  /// η: all values of the bits under the mask alike.
  public init(thresholdNoise mask: Int64) {
    var values: [Int64] = [0]
    for bit in 0..<Int64(24) where mask >> bit & 1 == 1 { values += values.map { $0 | 1 << bit } }
    self.init(uniform: values)
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

  /// The distributions of a row's noise; certain zeros without any.
  func noiseDistributions(_ row: Int) -> (membrane: CodeDistribution, threshold: CodeDistribution) {
    guard hasNoise(row), let rules = chip.datapath.noise else { return (.zero, .zero) }
    let codes = neurons.noise
    var membrane = CodeDistribution.zero
    if let rule = rules.membrane, codes.mantissa[row] != 0 {
      membrane = CodeDistribution(
        membraneNoise: rule, mantissa: Int64(codes.mantissa[row]), exponent: Int(codes.exponent[row]),
        chip.datapath.inputRounding)
    }
    return (membrane, CodeDistribution(thresholdNoise: Int64(codes.mask[row])))
  }
}
