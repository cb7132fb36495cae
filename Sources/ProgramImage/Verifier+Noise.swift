import ChipModel

extension Verifier {
  /// Noise codes lie in the ranges of the chip.
  func noiseCodes() {
    let noise = image.neurons.noise
    limit("/neuron/noise/mantissa", noise.mantissa, subject: neuron) {
      Limits.noiseMantissa($0, subject: $1, chip: $2)
    }
    limit("/neuron/noise/exponent", noise.exponent, subject: neuron) {
      Limits.noiseExponent($0, subject: $1, chip: $2)
    }
    limit("/neuron/noise/mask", noise.mask, subject: neuron) {
      Limits.noiseMask($0, subject: $1, chip: $2)
    }
  }
}

extension ProgramImage {
  /// How many rows have noise, for the listing; nil for none.
  var noiseSummary: String? {
    let membrane = neurons.noise.mantissa.count { $0 != 0 }
    let threshold = neurons.noise.mask.count { $0 != 0 }
    return membrane + threshold == 0
      ? nil : "on the membrane of \(membrane) rows, on the threshold of \(threshold)"
  }

  /// A row's noise for the listing; nothing where it has none.
  func noiseWords(_ row: Int) -> [String] {
    let noise = neurons.noise
    guard let rules = chip.datapath.noise, !noise.mantissa.isEmpty else { return [] }
    var words: [String] = []
    if let membrane = rules.membrane, noise.mantissa[row] != 0 {
      let power = Int(noise.exponent[row]) - membrane.fractionBits
      words.append("membrane noise \(noise.mantissa[row])·2^\(power)")
    }
    if noise.mask[row] != 0 { words.append("threshold noise mask \(noise.mask[row])") }
    if !words.isEmpty, rules.generator == .counter { words.append("stream \(noise.stream[row])") }
    return words
  }
}
