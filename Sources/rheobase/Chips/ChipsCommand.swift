import ChipModel
import Diagnostics
import Reports

/// `rheobase chips`: the chips that are found side by side, or one chip in full.
let chipsCommand = Command(
  name: "chips",
  summary: "compare the chips that are found, or show one of them with all sources",
  operands: [Operand(name: "NAME", help: "a chip's name, or the path of its file", isOptional: true)],
  options: [
    ChipOptions.chips.declaration, ChipOptions.set.declaration, DocumentTarget.option.declaration,
  ],
  examples: [
    "rheobase chips", "rheobase chips --json chips.json",
    "rheobase chips tessera --set electrical.parasitics.node=50fF",
  ]
) { arguments, console throws(Failure) in
  if let name = arguments.operands.first {
    let chip = try ChipOptions.load(name, arguments)
    return Outcome(text: chip.page, document: ChipDocument(chip: JSONValue(chip.document)))
  }
  let directories = ChipOptions.directories(arguments)
  var table = ChipTable()
  for entry in ChipLibrary.list(in: directories) {
    do throws(Failure) {
      table.chips.append(
        ChipTable.Row(try Chip.load(entry.path, directories: directories), name: entry.name, path: entry.path)
      )
    } catch {
      table.diagnostics += error.diagnostics
    }
  }
  return Outcome(text: table.text, document: table, diagnostics: table.diagnostics)
}

private struct ChipDocument: Encodable, Sendable {
  var chip: JSONValue
  var diagnostics: [Diagnostic] = []
}
