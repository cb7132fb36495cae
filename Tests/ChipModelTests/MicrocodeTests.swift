import ChipModel
import Diagnostics
import FixedPoint
import TestSupport
import Testing

/// The datapath `microcode`: its keys, limits, energies and costs.
@Suite struct MicrocodeTests {
  private func chip(_ overrides: [(path: String, value: String)] = []) throws -> Chip {
    try Chip.load("tessera-d", directories: [BundledChips.directory], overrides: overrides)
  }

  private func problems(_ path: String, _ value: String) -> [String] {
    do throws(Failure) {
      _ = try Chip.load(
        "tessera-d", directories: [BundledChips.directory], overrides: [(path: path, value: value)])
      return []
    } catch {
      return error.diagnostics.map { "\($0.id) \($0.subject)" }
    }
  }

  @Test func theResolvedChipReadsBack() throws {
    let chip = try chip()
    #expect(chip.microcode != nil && chip.electrical == nil)
    #expect(try Chip.parse(text: chip.resolvedText, place: "t") == chip)
  }

  /// Tessera-D differs from Tessera where its neurons are computed, not in cores, mesh or leaky unit.
  @Test func theCompanionHasTesserasCoresAndMesh() throws {
    let digital = try chip()
    // Noise is an analog matter.
    let mixed = try BundledChips.tessera([("datapath.noise", "null")])
    #expect(digital.core == mixed.core && digital.crossbar == mixed.crossbar && digital.mesh == mixed.mesh)
    var leaky = mixed.datapath
    leaky.noise = nil  // Tessera's alone
    #expect(digital.datapath == leaky && digital.routing == mixed.routing)
  }

  @Test(arguments: [
    ("datapath.microcode", "null", "document.missingKey", "datapath.microcode"),
    ("datapath.microcode", "5", "document.type", "datapath.microcode"),
    ("datapath.microcode.registerBits", "7", "document.range", "datapath.microcode.registerBits"),
    ("datapath.microcode.registerBits", "33", "document.range", "datapath.microcode.registerBits"),
    ("datapath.microcode.stateWords", "33", "document.range", "datapath.microcode.stateWords"),
    ("datapath.microcode.parameters", "65", "document.range", "datapath.microcode.parameters"),
    ("datapath.microcode.constants", "129", "document.range", "datapath.microcode.constants"),
    ("datapath.microcode.instructions", "0", "document.range", "datapath.microcode.instructions"),
    ("datapath.microcode.tables", "257", "document.range", "datapath.microcode.tables"),
    ("datapath.microcode.tableEntries", "-1", "document.range", "datapath.microcode.tableEntries"),
    ("datapath.microcode.passes", "null", "document.missingKey", "datapath.microcode.passes"),
    ("datapath.microcode.cycles.add", "0", "document.range", "datapath.microcode.cycles.add"),
    ("datapath.microcode.cycles.lookUp", "null", "document.missingKey", "datapath.microcode.cycles.lookUp"),
    ("datapath.microcode.cycles.divide", "9", "document.unknownKey", "datapath.microcode.cycles.divide"),
    ("datapath.kind", "programmable", "chip.datapath", "datapath.kind"),
    ("energy.microLookUp", "null", "document.missingKey", "energy.microLookUp"),
    ("energy.microAdd", "1 pW", "document.dimension", "energy.microAdd"),
  ])
  func oneMistakeGivesOneDiagnostic(path: String, value: String, id: String, subject: String) throws {
    let found = problems(path, value)
    #expect(found.contains("\(id) \(subject)"), "\(found)")
    if path != "datapath.kind" { #expect(found.count == 1, "\(found)") }
  }

  /// A chip without microcode knows neither its object nor its energies.
  @Test func theLeakyDatapathKnowsNoMicrocode() throws {
    #expect(
      problems("datapath.kind", "leaky") == [
        "document.unknownKey datapath.microcode", "document.unknownKey energy.microAdd",
        "document.unknownKey energy.microCompare", "document.unknownKey energy.microLookUp",
        "document.unknownKey energy.microMultiply",
      ])
    #expect(try BundledChips.tessera().energy.components == Chip.Energy.Component.ofEveryChip)
    #expect(try chip().energy.components == Chip.Energy.Component.allCases.filter { !$0.isOptional })
  }

  @Test func membranesAndProgramsExcludeEachOther() throws {
    let found = try BundledChips.problems([
      ("datapath.kind", "microcode"),
      (
        "datapath.microcode",
        "{registerBits: 16, stateWords: 2, parameters: 0, constants: 1, instructions: 9, tables: 0, "
          + "tableEntries: 0, passes: 1, cycles: {add: 1, multiply: 1, compare: 1, lookUp: 1}}"
      ),
      ("energy.microAdd", "1 pJ"), ("energy.microMultiply", "1 pJ"), ("energy.microCompare", "1 pJ"),
      ("energy.microLookUp", "1 pJ"),
    ])
    #expect(found.map(\.id) == ["chip.microcodeElectrical"])
    #expect(found.first?.subject == "electrical" && found.first?.remedy != nil)
  }

  @Test func theCompanionsLimits() throws {
    let chip = try chip()
    typealias Check = (Int, String, Chip) -> Diagnostic?
    let limits: [(id: String, first: Int, last: Int, check: Check)] = [
      ("limit.instructions", 1, 512, { Limits.instructions(used: $0, subject: $1, chip: $2) }),
      ("limit.passes", 1, 64, { Limits.passes($0, subject: $1, chip: $2) }),
      ("limit.stateWords", 1, 8, { Limits.stateWords(used: $0, subject: $1, chip: $2) }),
      ("limit.parameters", 0, 8, { Limits.parameters(used: $0, subject: $1, chip: $2) }),
      ("limit.constants", 0, 64, { Limits.constants(used: $0, subject: $1, chip: $2) }),
      ("limit.tables", 0, 8, { Limits.tables(used: $0, subject: $1, chip: $2) }),
      ("limit.tableEntries", 0, 2048, { Limits.tableEntries(used: $0, subject: $1, chip: $2) }),
      (
        "limit.register", Int(Int32.min), Int(Int32.max), { Limits.register($0, subject: $1, chip: $2) }
      ),
    ]
    for limit in limits {
      #expect(limit.check(limit.first, "s", chip) == nil && limit.check(limit.last, "s", chip) == nil)
      #expect(limit.check(limit.first - 1, "s", chip)?.id == limit.id)
      #expect(limit.check(limit.last + 1, "s", chip)?.id == limit.id)
    }
    #expect(Limits.microcode(subject: "s", chip: chip) == nil)
    #expect(try Limits.microcode(subject: "s", chip: BundledChips.tessera())?.id == "limit.microcode")
  }

  /// Prologue once, body in every pass, and what is left out costs the same.
  @Test func costsAreSums() throws {
    let microcode = try #require(try chip().microcode)
    let program = MicroProgram(
      registerBits: 32, stateCount: 1, constants: [], tables: [],
      prologue: [MicroInstruction(.multiply, a: .input), MicroInstruction(.select, a: .input)],
      body: [
        MicroInstruction(.lookUp, a: .input), MicroInstruction(.add, a: .input),
        MicroInstruction(.subtract, a: .input, whenFired: true), MicroInstruction(.fire, a: .input),
      ], passes: 10)
    let cost = microcode.cost(of: program)
    #expect(cost.cycles == 2 + 1 + 10 * (4 + 1 + 1 + 1))
    #expect(cost.operations.adds == 20 && cost.operations.multiplies == 1)
    #expect(cost.operations.compares == 11 && cost.operations.lookUps == 10)
  }
}
