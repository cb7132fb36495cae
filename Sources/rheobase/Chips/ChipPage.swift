import ChipModel
import Documents
import Quantities
import Reports

extension Chip {
  /// Everything about the chip: what it is, how true the emulator is to it, energies, and every field with its source.
  var page: String {
    var text = "\(name): \(description)\n\n" + labelledLines(summaryLines)
    text += "\nfidelity: \((fidelity ?? Fidelity()).word)\n"
    if let fidelity, !fidelity.statements.isEmpty {
      text += labelledLines(fidelity.statements.map { ("  " + $0.label, $0.text) })
    }
    text +=
      "\nenergy per synaptic operation: \(operationEnergy.map { formatQuantity($0, unit: "J") } ?? "unknown"), "
    text += operationDefinition + (operation?.source.map { " (\($0))" } ?? "") + "\n"
    text += "\n" + energyTable.text + "\n" + fieldTable.text
    if !sources.isEmpty { text += "\nsources\n" + sources.map { "  \($0)\n" }.joined() }
    return text
  }

  private var summaryLines: [(label: String, text: String)] {
    var lines: [(label: String, text: String)] = [
      ("technology", technology),
      ("cores", "\(mesh.width) × \(mesh.height), each \(core.axons) axons × \(core.neurons) neurons"),
      ("crossbar", "\(crossbar.weightBits)-bit signed weights, \(core.axonCountBits)-bit axon counts"),
      (
        "datapath",
        "\(datapathKind), \(datapath.stateBits)-bit state"
          + (additive == nil ? ", \(datapath.decayBits)-bit decay, \(datapath.gainBits)-bit gain" : "")
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
    return lines
  }

  private var energyTable: TextTable {
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
    return table
  }

  /// Every number and choice of the file but those shown above, defaults filled in, by key path.
  private var fieldTable: TextTable {
    var table = TextTable([("field", .left), ("value", .right), ("source", .left)])
    let shown: Set<String> = [
      "format", "version", "name", "description", "technology", "sources", "energy", "fidelity", "operation",
    ]
    func add(_ document: Document, _ path: String) {
      guard let members = document.members else {
        table.add([path, document.forPeople])
        return
      }
      if let value = members["value"], case .string(let source)? = members["source"] {
        table.add([path, value.forPeople, source])
        return
      }
      for (key, child) in members.sorted(by: { $0.key < $1.key }) {
        add(child, path.isEmpty ? key : "\(path).\(key)")
      }
    }
    for (key, child) in (document.members ?? [:]).sorted(by: { $0.key < $1.key }) where !shown.contains(key) {
      add(child, key)
    }
    return table
  }
}

extension Document {
  /// A leaf as a cell of a table: quantities with a prefix, whole numbers without a point.
  fileprivate var forPeople: String {
    switch self {
    case .string(let text):
      guard let quantity = try? Quantity.parse(text), quantity.dimension != .none else { return text }
      return formatQuantity(quantity.value, unit: quantity.dimension.unit)
    case .number(let value): return formatQuantity(value, unit: "", digits: 17)
    case .array(let elements): return "[" + elements.map(\.forPeople).joined(separator: ", ") + "]"
    default: return serialized(pretty: false)
    }
  }
}
