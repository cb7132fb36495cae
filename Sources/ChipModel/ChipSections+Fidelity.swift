import Documents
import Quantities

extension ChipSections {
  /// `fidelity`: sentences, each of which may be left out.
  func fidelity(_ cursor: Cursor) -> Chip.Fidelity? {
    func sentence(_ key: String) -> String? {
      guard let text = cursor.optionalString(key) else { return nil }
      if !text.contains(where: { !$0.isWhitespace }) {
        cursor.any(key)?.fail(
          "chip.noSentence", problem: "is empty",
          expected: "a sentence, or no \(key) where nothing is claimed")
      }
      return text
    }
    return Chip.Fidelity(
      bitExact: sentence("bitExact"), cycleExact: sentence("cycleExact"), calibrated: sentence("calibrated"),
      notModelled: sentence("notModelled"))
  }

  /// `operation`: what the chip's energy per synaptic operation means, and the figure where it is not a component's.
  mutating func operation(_ cursor: Cursor) -> Chip.Operation? {
    var energy: Double?
    var source: String?
    if cursor.has("energy") {
      guard
        let (value, given) = constants.open(cursor, "energy", expected: ConstantReader.expected(.joules)),
        let joules = value.asQuantity(.joules, in: 0...1)
      else {
        _ = cursor.has("definition")
        return nil
      }
      energy = joules
      source = given
    }
    guard let definition = cursor.string("definition") else { return nil }
    guard definition.contains(where: { !$0.isWhitespace }) else {
      cursor.any("definition")?.fail(
        "chip.noSentence", problem: "is empty", expected: "what the energy per synaptic operation holds")
      return nil
    }
    return Chip.Operation(energy: energy, source: source, definition: definition)
  }
}

extension Chip {
  /// `fidelity` and `operation` as the file has them.
  var statementDocuments: [String: Document] {
    var members: [String: Document] = [:]
    if let fidelity {
      let sentences = [
        ("bitExact", fidelity.bitExact), ("cycleExact", fidelity.cycleExact),
        ("calibrated", fidelity.calibrated), ("notModelled", fidelity.notModelled),
      ]
      members["fidelity"] = .object(
        Dictionary(
          uniqueKeysWithValues: sentences.compactMap { key, text in text.map { (key, .string($0)) } }))
    }
    if let operation {
      var fields: [String: Document] = ["definition": .string(operation.definition)]
      if let energy = operation.energy {
        fields["energy"] = .object([
          "value": .string(exactQuantity(energy, .joules)), "source": .string(operation.source ?? ""),
        ])
      }
      members["operation"] = .object(fields)
    }
    return members
  }
}
