import Diagnostics

// What a chip of the datapath additive limits; other chips have none of it.

extension Limits {
  static let negativeThreshold = Limit(
    "limit.negativeThreshold", "distance of the negative threshold below 0",
    problem: "has a negative threshold that does not fit its register",
    remedy: "Use a smaller scale, or a chip with wider negative thresholds"
  ) { $0.additive?.negativeThresholds ?? 0...0 }

  /// β of a neuron.
  public static func negativeThreshold(_ code: Int, subject: String, chip: Chip) -> Diagnostic? {
    negativeThreshold.check(code, subject: subject, chip: chip)
  }

  static let axonType = Limit(
    "limit.axonType", "type of an axon", problem: "has a type that the chip does not have",
    remedy: "Compile the program again for this chip"
  ) { 0...max(0, ($0.crossbar.axonTypes ?? 1) - 1) }

  /// The type of an axon; a neuron has one weight per type.
  public static func axonType(_ type: Int, subject: String, chip: Chip) -> Diagnostic? {
    axonType.check(type, subject: subject, chip: chip)
  }
}
