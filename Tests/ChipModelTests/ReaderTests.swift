import ChipModel
import Diagnostics
import Documents
import Foundation
import TestSupport
import Testing

@Suite struct ReaderTests {
  /// One change each, and the id and key of the one diagnostic that it must give.
  @Test(arguments: [
    ("core.axnos", "12", "document.unknownKey", "core.axnos"),
    ("core.axons", "0", "document.range", "core.axons"),
    ("core.delaySlots", "1", "document.range", "core.delaySlots"),
    ("core.axonCountBits", "9", "document.range", "core.axonCountBits"),
    ("core.axons", "2.5", "document.type", "core.axons"),
    ("crossbar.weightBits", "17", "document.range", "crossbar.weightBits"),
    ("datapath.kind", "adaptive", "chip.datapath", "datapath.kind"),
    ("datapath.accumulatorBits", "25", "document.range", "datapath.accumulatorBits"),
    ("datapath.stateBits", "25", "document.range", "datapath.stateBits"),
    ("datapath.decayExponents", "[11, 23]", "chip.decayExponents", "datapath.decayExponents"),
    ("datapath.decayExponents", "[23, 12]", "chip.range", "datapath.decayExponents"),
    ("datapath.weightExponents", "[0, 16]", "document.range", "datapath.weightExponents[1]"),
    ("datapath.gainBits", "17", "document.range", "datapath.gainBits"),
    ("datapath.inputRounding", "stochastic", "chip.inputRounding", "datapath.inputRounding"),
    ("datapath.decayRounding", "nearest", "document.choice", "datapath.decayRounding"),
    ("electrical.parasitics.node", "50fS", "document.dimension", "electrical.parasitics.node"),
    ("electrical.parasitics.node", "50", "document.type", "electrical.parasitics.node"),
    ("electrical.parasitics.node", "-1fF", "document.range", "electrical.parasitics.node"),
    ("electrical.parasitics.nod", "1fF", "document.unknownKey", "electrical.parasitics.nod"),
    ("electrical.membraneCapacitance", "0 F", "document.range", "electrical.membraneCapacitance"),
    ("electrical.membraneCapacitance", "500 F", "document.range", "electrical.membraneCapacitance"),
    ("electrical.swing.threshold", "0.9 V", "chip.swing", "electrical.swing"),
    ("electrical.floor", "0.95 V", "chip.floor", "electrical.floor"),
    ("electrical.supply", "1.1 V", "chip.supply", "electrical.supply"),
    (
      "electrical.parasitics.junction",
      "{zeroBias: {value: '0.1 fF', source: 's'}, potential: {value: '0.7 V', source: 's'}, "
        + "grading: {value: 1, source: 's'}}", "document.range",
      "electrical.parasitics.junction.grading.value"
    ),
    ("electrical.mismatch.weight", "0.31", "document.range", "electrical.mismatch.weight"),
    ("electrical.mismatch.threshold", "6.7", "document.type", "electrical.mismatch.threshold"),
    ("electrical.mismatch.leak", "null", "document.missingKey", "electrical.mismatch.leak"),
    ("electrical.leak.kind", "continuous", "chip.continuousLeak", "timing"),
    ("timing.tickPeriod", "1000", "chip.tick", "timing"),
    ("timing.kind", "perSpike", "chip.timingKind", "timing.kind"),
    ("timing.clock", "10 ns", "document.dimension", "timing.clock"),
    ("mesh.bufferDepth", "0", "document.range", "mesh.bufferDepth"),
    ("mesh.portOrder", "[0,1,2,3,3]", "chip.portOrder", "mesh.portOrder"),
    ("mesh.portOrder", "[0,1,2,3,5]", "document.range", "mesh.portOrder[4]"),
    ("mesh.multicast", "1", "document.type", "mesh.multicast"),
    ("mesh.multicst", "true", "document.unknownKey", "mesh.multicst"),
    ("routing.packetBits", "42", "limit.packetBits", "routing.packetBits"),
    ("energy.hop", "3 pW", "document.dimension", "energy.hop"),
    ("energy.hop", "-3 pJ", "document.range", "energy.hop"),
    ("energy.hop", "{value: '3 pJ'}", "document.missingKey", "energy.hop.source"),
    ("energy.hop", "{value: '3 pJ', source: ' '}", "chip.noSource", "energy.hop.source"),
    ("energy.hop", "{unpublished: ''}", "chip.noSource", "energy.hop.unpublished"),
    ("energy.hop", "null", "document.missingKey", "energy.hop"),
    ("energy.rowRead.derive", "rowLines", "document.choice", "energy.rowRead.derive"),
    ("energy.rowRead.gate", "null", "document.missingKey", "energy.rowRead.gate"),
    (
      "energy.staticPower", "{derive: 'switched', capacitance: '1 fF'}", "chip.derive",
      "energy.staticPower.derive"
    ),
    ("datapath.noise.generator", "mersenne", "document.choice", "datapath.noise.generator"),
    ("datapath.noise.taps", "[32, 22, 2]", "chip.noiseTaps", "datapath.noise.taps"),
    ("datapath.noise.taps", "[2, 22, 32, 33]", "document.range", "datapath.noise.taps[3]"),
    ("datapath.noise.taps", "[20, 17]", "chip.noiseBits", "datapath.noise"),
    (
      "datapath.noise.membrane.exponents", "[0, 16]", "document.range", "datapath.noise.membrane.exponents[1]"
    ),
    ("datapath.noise.membrane.bits", "17", "document.range", "datapath.noise.membrane.bits"),
    ("datapath.noise.threshold", "{}", "document.missingKey", "datapath.noise.threshold.bits"),
    ("datapath.noise", "{generator: 'counter'}", "chip.noise", "datapath.noise"),
    ("format", "rheobase-network", "chip.format", "format"),
    ("version", "2", "document.range", "version"),
    ("name", "a/b", "chip.name", "name"),
    ("sources", "5", "document.type", "sources"),
    ("core", "5", "document.type", "core"),
  ])
  func oneMistakeGivesOneDiagnostic(path: String, value: String, id: String, subject: String) throws {
    let problems = try BundledChips.problems([(path, value)])
    #expect(problems.map { "\($0.id) \($0.subject)" } == ["\(id) \(subject)"])
    #expect(problems.allSatisfy { $0.place == BundledChips.tesseraPath })
  }

  @Test func theSumLimitNamesItsNumbers() throws {
    let problems = try BundledChips.problems([
      ("core.axons", "65536"), ("crossbar.weightBits", "16"), ("routing.packetBits", "64"),
    ])
    #expect(problems.map(\.id) == ["limit.sum"])
    #expect(problems.first?.found == "\(65536 * 7 * 32768)")
  }

  @Test func everythingIsReportedAtOnce() throws {
    let problems = try BundledChips.problems([
      ("core.axnos", "12"), ("electrical.floor", "1 V"), ("energy.hop", "null"), ("mesh.width", "wide"),
      ("timing.clock", "12"),
    ])
    #expect(
      Set(problems.map(\.subject)) == [
        "core.axnos", "electrical.floor", "energy.hop", "mesh.width", "timing.clock",
      ])
    let unknown = try #require(problems.first { $0.id == "document.unknownKey" })
    #expect(unknown.remedy == "Perhaps axons is meant")
  }

  /// Every key of the file, left out one at a time: an error, unless docs/chip-file.md gives it a default.
  @Test func noKeyIsSilentlyMissing() throws {
    let document = try Document.parse(json5: BundledChips.tesseraText(), place: "t")
    let defaults: Set<String> = [
      "electrical", "electrical.mismatch", "datapath.minimumStep", "datapath.noise",
      "datapath.noise.membrane", "datapath.noise.threshold", "timing.injectionQueue",
      "mesh.bufferDepth", "mesh.hopCycles", "fidelity", "fidelity.bitExact", "fidelity.cycleExact",
      "fidelity.calibrated", "fidelity.notModelled", "operation",
      "mesh.creditCycles", "mesh.injectionCycles", "mesh.portOrder", "mesh.multicast", "energy.packet.times",
      "energy.hop.times",
    ]
    var tried = 0
    for (path, smaller) in Self.withoutOneKey(document, path: "") {
      tried += 1
      var failed = false
      do throws(Failure) {
        _ = try Chip.parse(text: smaller.serialized(pretty: false), place: "t")
      } catch {
        failed = true
        #expect(error.reason == .badInput)
      }
      #expect(failed != (defaults.contains(path) && path != "electrical"), "\(path)")
    }
    #expect(tried > 120)
  }

  private static func withoutOneKey(_ document: Document, path: String) -> [(String, Document)] {
    guard case .object(let members) = document else { return [] }
    var result: [(String, Document)] = []
    for (key, child) in members.sorted(by: { $0.key < $1.key }) {
      let here = path.isEmpty ? key : "\(path).\(key)"
      var smaller = members
      smaller[key] = nil
      result.append((here, .object(smaller)))
      for (inner, changed) in withoutOneKey(child, path: here) {
        var larger = members
        larger[key] = changed
        result.append((inner, .object(larger)))
      }
    }
    return result
  }

  /// An electrical or energy number without a source is refused, wherever it stands.
  @Test func everyElectricalAndEnergyNumberNeedsItsSource() throws {
    let document = try Document.parse(json5: BundledChips.tesseraText(), place: "t")
    var tried = 0
    for (path, bare) in Self.withOneBareNumber(document, path: "") {
      let mustFail = path.hasPrefix("electrical") || path.hasPrefix("energy")
      tried += mustFail ? 1 : 0
      do throws(Failure) {
        _ = try Chip.parse(text: bare.serialized(pretty: false), place: "t")
        #expect(!mustFail, "\(path)")
      } catch {
        #expect(mustFail, "\(path)")
        #expect(error.diagnostics.map { "\($0.id) \($0.subject)" } == ["chip.noSource \(path)"])
      }
    }
    #expect(tried == 32)
  }

  private static func withOneBareNumber(_ document: Document, path: String) -> [(String, Document)] {
    guard case .object(let members) = document else { return [] }
    if let value = members["value"], members["source"] != nil { return [(path, value)] }
    return members.sorted(by: { $0.key < $1.key }).flatMap { key, child in
      withOneBareNumber(child, path: path.isEmpty ? key : "\(path).\(key)").map { inner, changed in
        var larger = members
        larger[key] = changed
        return (inner, .object(larger))
      }
    }
  }

  @Test func aDigitalChipHasNoElectricalPart() throws {
    var members = try #require(Document.parse(json5: BundledChips.tesseraText(), place: "t").members)
    members["electrical"] = nil
    members["energy"] = .object(
      Dictionary(
        uniqueKeysWithValues: Chip.Energy.Component.ofEveryChip.map {
          ($0.rawValue, .object(["unpublished": .string("nobody measured it")]))
        }))
    let text = Document.object(members).serialized(pretty: true)
    let chip = try Chip.parse(text: text, place: "t")
    #expect(chip.electrical == nil)
    #expect(chip.energy.value(.hop) == nil)
    #expect(try Chip.parse(text: chip.resolvedText, place: "t") == chip)
  }

  /// 2000 damaged chip files: an error or a chip, never a crash.
  @Test func damagedFilesAreNeverFatal() throws {
    let original = Array(try BundledChips.tesseraText().utf8)
    var generator = SeededGenerator(state: 11)
    var accepted = 0
    for _ in 0..<2000 {
      var bytes = original
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes.removeLast(bytes.count - at)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes.remove(at: at)
      default: bytes[at] = UInt8(ascii: "9")
      }
      do throws(Failure) {
        let chip = try Chip.parse(text: String(decoding: bytes, as: UTF8.self), place: "t")
        accepted += 1
        #expect(try Chip.parse(text: chip.resolvedText, place: "t") == chip)
      } catch {
        #expect(error.reason == .badInput && !error.diagnostics.isEmpty)
      }
    }
    #expect(accepted > 100 && accepted < 1900)
  }
}

@Suite struct PageTests {
  /// The whole chip that docs/chip-file.md shows is one, and the pages' commands name keys that exist.
  @Test func theExampleChipIsRead() throws {
    let page = try BundledChips.page("chip-file.md")
    let blocks = page.components(separatedBy: "```json5\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    let whole = blocks.filter { $0.contains("format: \"rheobase-chip\"") }
    #expect(whole.count == 1)
    for block in whole {
      let chip = try Chip.parse(text: block, place: "docs/chip-file.md")
      #expect(chip.electrical == nil)
    }
    let settings = page.matches(of: /(?m)^--set '?([A-Za-z.]+)=([^ '\n`]+)/)
    #expect(settings.count == 6)
    for setting in settings {
      _ = try BundledChips.tessera([(String(setting.1), String(setting.2))])
    }
  }

  /// Every key of a chip has its line in docs/chip-file.md.
  @Test func everyKeyIsDocumented() throws {
    let page = try BundledChips.page("chip-file.md")
    let document = try Document.parse(json5: BundledChips.tessera().resolvedText, place: "t")
    for path in Self.paths(document, "") + ["timing.tickPeriod", "timing.late"] {
      #expect(page.contains("| `\(path)` |"), "\(path)")
    }
  }

  private static func paths(_ document: Document, _ path: String) -> [String] {
    guard let members = document.members, members["source"] == nil else { return [path] }
    return members.flatMap { paths($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
  }
}
