import Compiler
import Diagnostics
import NetworkIR
import Quantities
import Reports

/// What `rheobase compile` reports, as the document of docs/report.md.
struct CompileReport: Encodable, Sendable {
  var network: String
  /// Left out where only the network was exported.
  var program: String?
  /// The NIR file of the network as the chip computes it; left out without `--export-nir`.
  var exportedNIR: String?
  var chip: String
  var parasitics: Parasitics
  var dtSeconds: Double
  /// Ticks that a sample takes beyond its input, until the deepest population has finished.
  var drainTicks: Int
  var cores: Int
  var axons: Int
  var neurons: Int
  /// Of these, neurons that only repeat spikes.
  var splitters: Int
  var synapses: Int
  var manifest: FidelityManifest
  var populations: [PopulationCodes]
  var diagnostics: [Diagnostic]

  init(
    network: String, program: String?, exportedNIR: String?, compilation: Compilation,
    diagnostics: [Diagnostic]
  ) {
    let image = compilation.image
    self.network = network
    self.program = program
    self.exportedNIR = exportedNIR
    chip = image.chip.name
    parasitics = compilation.parasitics
    dtSeconds = image.dt
    drainTicks = image.drainTicks
    cores = image.cores.count
    axons = image.crossbar.begin.count - 1
    neurons = image.neurons.count
    splitters = compilation.populations.reduce(0) { $0 + $1.splitterNeurons }
    synapses = image.crossbar.weight.count
    manifest = compilation.manifest
    populations = compilation.populations
    self.diagnostics = diagnostics
  }

  var text: String {
    var text = "\(network) compiled for \(chip)\(program.map { ": \($0)" } ?? "")\n"
    if let exportedNIR { text += "as the chip computes it: \(exportedNIR)\n" }
    text += "\n"
    text += labelledLines(
      [
        (
          "cores",
          "\(cores), with \(axons) axons, \(neurons) neurons"
            + (splitters > 0 ? " (\(splitters) of them splitters)" : "") + ", \(synapses) synapses"
        ),
        (
          "time",
          "ticks of \(formatQuantity(dtSeconds, unit: "s")), \(drainTicks) more per sample for the pipeline"
        ),
      ] + manifest.readings.map { ($0.name, $0.value) })
    let departures = manifest.entries.filter { $0.fidelity != .exact }
    text += "\n\(manifest.entries.count - departures.count) of \(manifest.entries.count) nodes exact\n"
    for entry in departures {
      text += "  \(entry.node) (\(entry.type)): \(entry.fidelity.rawValue): \(entry.note ?? "")\n"
    }
    return text + "\n" + codeTable(populations).text + overflowLines(populations) + microText(populations)
  }
}

/// Where overflow is not excluded: the neuron, and the input that would cause it.
func overflowLines(_ populations: [PopulationCodes]) -> String {
  populations.compactMap { codes in
    codes.overflowWitness.map { "overflow in \(codes.name): \($0)\n" }
  }.joined()
}

/// The codes of the populations and what their rounding costs.
func codeTable(_ populations: [PopulationCodes]) -> TextTable {
  var table = TextTable([
    ("population", .left), ("model", .left), ("neurons", .right), ("cores", .right), ("splitters", .right),
    ("synapses", .right),
    ("threshold", .right), ("decay", .right), ("weight error", .right), ("leak error", .right),
    ("threshold error", .right), ("C total", .right), ("overflow", .left),
  ])
  for codes in populations {
    table.add([
      codes.name, codes.model, "\(codes.size)", "\(codes.cores)",
      codes.splitterNeurons > 0 ? "\(codes.splitterNeurons)" : "", "\(codes.synapses)",
      codes.thresholdCode.map { "\($0)" } ?? "",
      codes.microcode == nil ? "\(codes.decayMantissa)/2^\(codes.decayExponent)" : "",
      percent(codes.weightErrorRMS), codes.leakError.map(signedPercent) ?? "",
      codes.thresholdError.map(signedPercent) ?? "",
      codes.totalCapacitance.map { formatQuantity($0, unit: "F") } ?? "",
      codes.overflowProven ? "impossible" : "not excluded",
    ])
  }
  return table
}
