import ChipModel
import Diagnostics
import Quantities
import Reports

/// The chips that are found, side by side. A file that cannot be read is a diagnostic and does not hide the others.
struct ChipTable: Encodable, Sendable {
  struct Row: Encodable, Sendable {
    /// What `--chip` takes.
    var name: String
    var path: String
    var description: String
    var technology: String
    /// Of the mesh.
    var cores: Int
    /// Of all cores.
    var neurons: Int
    var weightBits: Int
    var datapath: String
    /// Left out where no figure is known.
    var operationJoules: Double?
    /// What that figure holds. Figures with different definitions are different quantities.
    var operationDefinition: String
    /// A word for `fidelity`.
    var fidelityWord: String
    var fidelity: Chip.Fidelity?

    init(_ chip: Chip, name: String, path: String) {
      self.name = name
      self.path = path
      description = chip.description
      technology = chip.technology
      cores = chip.mesh.width * chip.mesh.height
      neurons = cores * chip.core.neurons
      weightBits = chip.crossbar.weightBits
      datapath = chip.datapathKind
      operationJoules = chip.operationEnergy
      operationDefinition = chip.operationDefinition
      fidelity = chip.fidelity
      fidelityWord = (chip.fidelity ?? Chip.Fidelity()).word
    }
  }

  var chips: [Row] = []
  var diagnostics: [Diagnostic] = []

  var text: String {
    guard !chips.isEmpty else { return "no chips found\n" }
    var table = TextTable([
      ("chip", .left), ("technology", .left), ("cores", .right), ("neurons", .right), ("weight bits", .right),
      ("datapath", .left), ("fidelity", .left), ("operation", .right), ("which is", .left),
    ])
    for chip in chips {
      table.add([
        chip.name, chip.technology, "\(chip.cores)", "\(chip.neurons)", "\(chip.weightBits)", chip.datapath,
        chip.fidelityWord, chip.operationJoules.map { formatQuantity($0, unit: "J") } ?? "unknown",
        chip.operationDefinition,
      ])
    }
    return table.text
      + "\noperation: energy per synaptic operation. Makers define it differently: figures compare where the words behind "
      + "them do.\nrheobase chips NAME shows a chip in full, with the source of every number.\n"
  }
}
