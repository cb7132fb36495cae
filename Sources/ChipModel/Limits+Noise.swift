import Diagnostics

// Ranges of the codes of noise; a chip without a kind of noise has only the code 0, which is none.

extension Limits {
  static let noiseMantissa = Limit(
    "limit.noiseMantissa", "mantissa of membrane noise",
    problem: "has membrane noise that does not fit the chip's",
    remedy: "Use weaker noise, or a chip with datapath.noise.membrane"
  ) { 0...($0.datapath.noise?.membrane.map { (1 << $0.mantissaBits) - 1 } ?? 0) }

  static let noiseExponent = Limit(
    "limit.noiseExponent", "exponent of membrane noise",
    problem: "has an exponent of membrane noise that the chip does not have",
    remedy: "Compile the program again for this chip"
  ) { $0.datapath.noise?.membrane?.exponents ?? 0...0 }

  static let noiseMask = Limit(
    "limit.noiseMask", "mask of threshold noise",
    problem: "has threshold noise that does not fit the chip's",
    remedy: "Use weaker noise, or a chip with datapath.noise.threshold"
  ) { 0...($0.datapath.noise?.threshold.map { (1 << $0.bits) - 1 } ?? 0) }

  /// The mantissa of a membrane noise.
  public static func noiseMantissa(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    noiseMantissa.check(code, subject: subject, chip: chip)
  }

  /// The exponent of a membrane noise.
  public static func noiseExponent(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    noiseExponent.check(code, subject: subject, chip: chip)
  }

  /// The mask of a threshold noise.
  public static func noiseMask(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    noiseMask.check(code, subject: subject, chip: chip)
  }
}
