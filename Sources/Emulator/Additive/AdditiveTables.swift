import ChipModel
import ProgramImage

/// What the datapath additive knows of each row beside `NeuronCodes`, laid out for its update.
struct AdditiveTables: Sendable {
  struct Codes: Sendable {
    /// Below this, less the threshold's noise, v is too low.
    var negativeLimit: Int64
    /// β.
    var negative: Int64
    var resetMode: ProgramImage.ResetMode
    var saturates: Bool
    var leak: ProgramImage.LeakMode
  }

  /// [rows]
  let codes: [Codes]
  /// wordBits − leak bits: the word's upper bits are what a stochastic leak is compared with.
  let leakShift: UInt32

  /// Nil on a chip of another datapath.
  init?(_ image: ProgramImage) {
    guard let additive = image.chip.additive else { return nil }
    let neurons = image.neurons
    codes = (0..<neurons.count).map { row in
      let beta = Int64(neurons.additive.negativeThreshold[row])
      return Codes(
        negativeLimit: (additive.negativeComparison == .lessOrEqual ? 1 : 0) - beta, negative: beta,
        resetMode: ProgramImage.ResetMode(rawValue: neurons.resetMode[row]) ?? .toValue,
        saturates: neurons.additive.negativeMode[row] == ProgramImage.NegativeMode.saturate.rawValue,
        leak: ProgramImage.LeakMode(rawValue: neurons.additive.leakMode[row]))
    }
    let noise = image.chip.datapath.noise
    leakShift = UInt32(min((noise?.wordBits ?? 32) - (noise?.leak?.bits ?? 0), 31))
  }
}
