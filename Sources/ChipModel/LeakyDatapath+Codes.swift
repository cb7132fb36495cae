import FixedPoint

// Codes that the datapath holds as a mantissa times a power of two.

extension Chip.LeakyDatapath {
  /// Distance of the biases that are about as large as `code`: 2^e with the smallest e whose mantissa holds it, or the
  /// largest e where none does.
  public func biasStep(_ code: Int) -> Int {
    let mantissas = signedRange(bits: biasBits)
    let exponent = biasExponents.first { e in
      // ⌊code / 2^e⌋ may be in range while the nearest multiple is not.
      mantissas.contains(Int64(nearestMultiple(code, of: 1 << e) >> e))
    }
    return 1 << (exponent ?? biasExponents.upperBound)
  }

  /// The nearest bias that exists; one beyond the largest stays beyond it.
  public func bias(nearest code: Int) -> Int { nearestMultiple(code, of: biasStep(code)) }

  /// The nearest threshold that exists; one beyond the largest stays beyond it.
  public func threshold(nearest code: Int) -> Int { nearestMultiple(code, of: 1 << thresholdShift) }

  private func nearestMultiple(_ code: Int, of step: Int) -> Int {
    Int(shiftRight(Int64(code), by: step.trailingZeroBitCount, .nearestEven)) * step
  }
}
