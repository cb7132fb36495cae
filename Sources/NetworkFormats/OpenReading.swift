import NetworkIR

/// A question that a network file leaves open, with the reading that was not taken.
public struct OpenReading: Sendable, Equatable {
  /// Why the file does not settle it.
  public var question: String
  /// The option that takes the other reading, as it is written: "--reset subtract".
  public var option: String
  /// How to read the file the other way.
  public var options: ImportOptions

  init(_ question: String, option: String, _ base: ImportOptions, _ change: (inout ImportOptions) -> Void) {
    self.question = question
    self.option = option
    options = base
    change(&options)
  }
}
