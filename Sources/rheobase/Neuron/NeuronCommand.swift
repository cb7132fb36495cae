import Diagnostics
import HDF5Files
import ReferenceModel

/// `rheobase neuron`: what a neuron model does, without a chip.
let neuronCommand = Command(
  name: "neuron",
  summary: "show spikes, f-I curve, rheobase, excitability and phase portrait of a neuron model",
  operands: [
    Operand(
      name: "MODEL", help: "a neuron model; without it, the models and presets are listed", isOptional: true)
  ],
  options: NeuronOptions.declarations,
  examples: [
    "rheobase neuron hh",
    "rheobase neuron lif --set C=\"500 fF\" --set g_L=\"25 pS\" --current \"500 fA\" --svg lif.svg",
    "rheobase neuron adex --preset regular-bursting --currents 0:400:9 --json adex.json",
  ],
  notes: "docs/neurons.md has the equations, the sources and what every figure means."
) { arguments, console throws(Failure) in
  guard let name = arguments.operands.first else { return neuronList() }
  let request = try NeuronRequest(name, arguments)
  let svg = arguments[NeuronOptions.svg]
  try checkWritable(svg)
  func report(_ model: some NeuronModel) throws(Failure) -> Outcome {
    let report = try NeuronReport(model, request)
    if let svg {
      try AtomicFile.write([Array(NeuronPlot(model, report).svg.utf8)], to: svg)
    }
    return Outcome(text: report.text, document: report)
  }
  return try report(request.preset.model)
}

/// The models and their presets.
private func neuronList() -> Outcome {
  let list = NeuronListReport()
  return Outcome(text: list.text, document: list)
}

/// The document of `neuron` without a model.
struct NeuronListReport: Encodable, Sendable {
  struct Model: Encodable, Sendable {
    var name: String
    var title: String
    var presets: [String]
    var source: String
  }
  var models: [Model]
  var diagnostics: [Diagnostic] = []

  init() {
    models = NeuronCatalogue.models.map { type in
      Model(
        name: type.form.name, title: type.form.title, presets: type.anyPresets.map(\.name),
        source: type.form.source)
    }
  }

  var text: String {
    let width = models.map(\.name.count).max() ?? 0
    return models.map { model in
      let name = model.name + String(repeating: " ", count: width - model.name.count)
      let indent = String(repeating: " ", count: width + 2)
      return "\(name)  \(model.title)\n\(indent)presets: \(model.presets.joined(separator: ", "))\n"
    }.joined()
  }
}
