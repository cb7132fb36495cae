import Reports

/// What the float64 network does by a reading of its file that was not taken.
struct OtherReading: Encodable, Sendable {
  /// Why the file does not settle it.
  var question: String
  /// The option that takes this reading.
  var option: String
  var reference: CheckReport.Side
}

/// The readings that the file leaves open, for a person; empty where there are none.
func readingText(_ readings: [OtherReading], samples: Int) -> String {
  guard !readings.isEmpty else { return "" }
  var table = TextTable([
    ("other reading", .left), ("right", .right), ("output spikes", .right), ("output potential", .right),
    ("all spikes", .right), ("because", .left),
  ])
  for reading in readings {
    let side = reading.reference
    table.add([
      reading.option, side.correct.map { "\($0) of \(samples)" } ?? "",
      side.outputSpikes.map { "\($0)" } ?? "",
      side.outputPotential.map { decimal($0, places: 4) } ?? "", "\(side.spikes)", reading.question,
    ])
  }
  return "\nThe file leaves open how it is meant; the reference by the readings that were not taken:\n\n"
    + table.text
}
