import ChipModel
import Diagnostics

/// The options of `rheobase check` for chips whose devices differ.
struct MismatchOptions {
  private static let mismatch = Option.integer(
    "mismatch", in: 1...100_000,
    help:
      "draw N chips whose devices differ as the chip file says (--seed), and report how rates and accuracy spread"
  )
  private static let corner = Flag(
    "corner", help: "report the sixteen chips whose devices of a kind are all 3 standard deviations off")
  /// How far off corners are.
  private static let sigmas = 3.0

  static let declarations = [mismatch.declaration, corner.declaration]

  let instances: Int?
  let cornerSigmas: Double?
  /// What the chip file says; nil where nothing was asked for.
  let devices: Chip.Electrical.Mismatch?

  init(_ arguments: Arguments) throws(Failure) {
    instances = arguments[Self.mismatch]
    cornerSigmas = arguments[Self.corner] ? Self.sigmas : nil
    guard instances != nil || cornerSigmas != nil else {
      devices = nil
      return
    }
    let chip = try ChipOptions.load(arguments)
    guard let mismatch = chip.electrical?.mismatch else {
      throw Failure(
        .badInput,
        Diagnostic(
          "check.noMismatch", subject: chip.name, problem: "does not say how much its devices differ",
          expected: "electrical.mismatch in the chip file",
          remedy: chip.electrical == nil
            ? "Digital chips have no mismatch that changes what they compute"
            : "Add it, or give it with --set electrical.mismatch=…"))
    }
    guard chip.electrical?.circuit == .comparator else {
      throw Failure(
        .badInput,
        Diagnostic(
          "check.noMismatch", subject: chip.name,
          problem: "has axon hillocks, whose feedback capacitors would differ too",
          expected: "electrical.circuit \"comparator\""))
    }
    devices = mismatch
  }
}
