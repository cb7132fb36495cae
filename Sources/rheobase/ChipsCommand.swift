import ChipModel
import Diagnostics
import Quantities
import Reports

/// `rheobase chips`: which chips are found, or one chip in full.
let chipsCommand = Command(
  name: "chips",
  summary: "list the chips that are found, or show one of them",
  operands: [Operand(name: "NAME", help: "a chip's name, or the path of its file", isOptional: true)],
  options: [
    ChipOptions.chips.declaration, ChipOptions.set.declaration, DocumentTarget.option.declaration,
  ],
  examples: ["rheobase chips", "rheobase chips tessera --set electrical.parasitics.node=50fF"]
) { arguments, console throws(Failure) in
  if let name = arguments.operands.first {
    let chip = try ChipOptions.load(name, arguments)
    return Outcome(text: chip.summary, document: ChipDocument(chip: JSONValue(chip.document)))
  }
  let directories = ChipOptions.directories(arguments)
  var list = ChipList()
  for entry in ChipLibrary.list(in: directories) {
    do throws(Failure) {
      let chip = try Chip.load(entry.path, directories: directories)
      list.chips.append(ChipList.Entry(name: entry.name, path: entry.path, description: chip.description))
    } catch {
      list.diagnostics += error.diagnostics
    }
  }
  return Outcome(text: list.text, document: list, diagnostics: list.diagnostics)
}

/// The chips that are found. A file that cannot be read is a diagnostic and does not hide the others.
private struct ChipList: Encodable, Sendable {
  struct Entry: Encodable, Sendable {
    var name: String
    var path: String
    var description: String
  }
  var chips: [Entry] = []
  var diagnostics: [Diagnostic] = []

  var text: String {
    var table = TextTable([("chip", .left), ("file", .left), ("description", .left)])
    for chip in chips { table.add([chip.name, chip.path, chip.description]) }
    return chips.isEmpty ? "no chips found\n" : table.text
  }
}

private struct ChipDocument: Encodable, Sendable {
  var chip: JSONValue
  var diagnostics: [Diagnostic] = []
}

extension Chip {
  /// A page about the chip; the JSON document has every field.
  fileprivate var summary: String {
    var lines: [(label: String, text: String)] = [
      ("technology", technology),
      ("cores", "\(mesh.width) × \(mesh.height), each \(core.axons) axons × \(core.neurons) neurons"),
      ("crossbar", "\(crossbar.weightBits)-bit signed weights, \(core.axonCountBits)-bit axon counts"),
      (
        "datapath",
        "\(datapathKind), \(datapath.stateBits)-bit state, \(datapath.decayBits)-bit decay, \(datapath.gainBits)-bit gain"
      ),
      ("delays", "1 to \(core.delaySlots - 1) ticks"),
      ("clock", formatQuantity(timing.clock, unit: "Hz")),
    ]
    if let microcode {
      lines.insert(
        (
          "programs",
          "\(microcode.registerBits)-bit registers, \(microcode.stateWords) of state, up to \(microcode.instructions) "
            + "instructions, \(microcode.passes) passes, \(microcode.tables) tables with \(microcode.tableEntries) entries"
        ), at: 4)
    }
    if let electrical {
      let budget = CapacitanceBudget(electrical: electrical, rows: core.axons)
      func farad(_ value: Double) -> String { formatQuantity(value, unit: "F") }
      lines.append(
        (
          "membrane",
          "\(farad(budget.total)) = \(farad(budget.membrane)) drawn + \(farad(budget.node)) node + "
            + "\(farad(budget.crosspoint)) crosspoints + \(farad(budget.wire)) wire + \(farad(budget.coupling)) coupling "
            + "to each neighbour"
        ))
      lines.append(
        (
          "voltages",
          "supply \(formatQuantity(electrical.supply, unit: "V")), reset to threshold "
            + "\(formatQuantity(electrical.swingReset, unit: "V")) to "
            + formatQuantity(electrical.swingThreshold, unit: "V")
            + (electrical.circuit == .axonHillock ? ", axon hillock: C_drawn/C_total of it" : "")
        ))
    }
    var table = TextTable([("energy", .left), ("per event", .right), ("source", .left)])
    for component in energy.components {
      let unit = component == .staticPower ? "W" : "J"
      switch energy.constants[component] {
      case .known(let value, let source):
        table.add([component.rawValue, formatQuantity(value, unit: unit), source])
      case .unpublished(let reason): table.add([component.rawValue, "unknown", reason])
      case nil: break
      }
    }
    var text = "\(name): \(description)\n\n" + labelledLines(lines) + "\n" + table.text
    if !sources.isEmpty { text += "\nsources\n" + sources.map { "  \($0)\n" }.joined() }
    return text
  }
}
