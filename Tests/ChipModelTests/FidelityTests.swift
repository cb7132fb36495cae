import ChipModel
import Diagnostics
import Foundation
import Testing

/// What a chip file says about its own truth, and about its energy per operation.
@Suite struct FidelityTests {
  static let shipped = ChipLibrary.list(in: [BundledChips.directory]).map(\.name)

  /// A chip that is shipped says what it leaves out and claims at least one thing.
  @Test(arguments: shipped)
  func everyShippedChipSaysHowTrueItIs(name: String) throws {
    let chip = try Chip.load(name, directories: [BundledChips.directory])
    let fidelity = try #require(chip.fidelity, "\(name) has no fidelity")
    #expect(fidelity.notModelled != nil)
    #expect(fidelity.word != "not stated")
    for (label, text) in fidelity.statements { #expect(text.hasSuffix("."), "\(name): \(label)") }
    #expect(chip.operation != nil, "\(name) does not define its energy per operation")
  }

  /// What an image carries says it too.
  @Test(arguments: shipped)
  func theResolvedChipKeepsIt(name: String) throws {
    let chip = try Chip.load(name, directories: [BundledChips.directory])
    let again = try Chip.parse(text: chip.resolvedText, place: "resolved")
    #expect(again.fidelity == chip.fidelity)
    #expect(again.operation == chip.operation)
  }

  @Test func theWordIsTheStrongestClaim() {
    #expect(Chip.Fidelity(bitExact: "a", cycleExact: "b", calibrated: "c").word == "bit- and cycle-exact")
    #expect(Chip.Fidelity(bitExact: "a", calibrated: "c").word == "bit-exact")
    #expect(Chip.Fidelity(cycleExact: "b", calibrated: "c").word == "cycle-exact")
    #expect(Chip.Fidelity(calibrated: "c", notModelled: "d").word == "calibrated")
    #expect(Chip.Fidelity(notModelled: "d").word == "not stated")
  }

  /// Without a figure of its own, the energy per operation is the component's; with one it is that, and its source stays.
  @Test func aFigureStandsWithItsDefinition() throws {
    let tessera = try BundledChips.tessera()
    #expect(tessera.operationEnergy == tessera.energy.value(.synapticOperation))
    let quoted = try BundledChips.tessera([
      ("operation", "{energy: {value: '26 pJ', source: 'a paper'}, definition: 'all-in'}")
    ])
    #expect(quoted.operationEnergy == 26e-12)
    #expect(quoted.operation?.source == "a paper")
    #expect(quoted.operationDefinition == "all-in")
    #expect(try Chip.parse(text: quoted.resolvedText, place: "resolved").operation == quoted.operation)
    let plain = try BundledChips.tessera([("operation", "null"), ("fidelity", "null")])
    #expect(plain.operation == nil && plain.fidelity == nil)
    #expect(plain.operationDefinition.contains("no definition"))
  }

  @Test(arguments: [
    ("fidelity.bitExact", "' '", "chip.noSentence", "fidelity.bitExact"),
    ("fidelity.bitexact", "'a'", "document.unknownKey", "fidelity.bitexact"),
    ("fidelity.notModelled", "5", "document.type", "fidelity.notModelled"),
    ("operation.definition", "''", "chip.noSentence", "operation.definition"),
    ("operation.definition", "null", "document.missingKey", "operation.definition"),
    ("operation", "{energy: '26 pJ', definition: 'a'}", "chip.noSource", "operation.energy"),
    ("operation.energy", "{value: '26 pW', source: 'a'}", "document.dimension", "operation.energy.value"),
  ])
  func mistakesAreNamed(path: String, value: String, id: String, subject: String) throws {
    let problems = try BundledChips.problems([(path, value)])
    #expect(problems.map { "\($0.id) \($0.subject)" } == ["\(id) \(subject)"])
  }
}
