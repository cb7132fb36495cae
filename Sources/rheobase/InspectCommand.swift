import Diagnostics
import Observations
import ProgramImage
import Reports

/// `rheobase inspect`: what a file of ours holds.
let inspectCommand = Command(
  name: "inspect",
  summary: "list a program image, or summarise a run record",
  operands: [Operand(name: "FILE", help: "a program (.rbx) or a run record (.h5)")],
  options: [
    SpiceOptions.spice.declaration, SpiceOptions.current.declaration, DocumentTarget.option.declaration,
  ],
  examples: [
    "rheobase inspect digits.rbx", "rheobase inspect digits.h5",
    "rheobase inspect balanced.rbx --spice dc:0 > dc.cir && ngspice -b dc.cir",
  ]
) { arguments, console throws(Failure) in
  let path = arguments.operands[0]
  try SpiceOptions.check(arguments, path: path)
  if path.hasSuffix(".rbx") {
    let image = try ProgramImage.read(from: path)
    if let selection = arguments[SpiceOptions.spice] {
      let report = try SpiceReport(
        image, path: path, selection: selection, current: arguments[SpiceOptions.current])
      return Outcome(text: report.deck, document: report)
    }
    return Outcome(text: image.listing + residueText(image), document: ProgramSummary(image, path: path))
  }
  guard path.hasSuffix(".h5") else {
    throw Failure(
      .badInput,
      Diagnostic(
        "inspect.unknownKind", place: path, problem: "neither a program nor a run record by its name",
        expected: ".rbx or .h5"))
  }
  let record = try RunRecord.read(from: path)
  let classes =
    record.layout.outputKind.allSatisfy { $0 == 0 }
    ? record.classes(outputScales: [Double](repeating: 1, count: record.outputCount)) : []
  let report = RunReport(
    record: record, program: path, input: nil, chip: nil, classes: classes, labels: record.spikes.labels,
    diagnostics: [])
  return Outcome(text: report.text, document: report)
}

/// A program in numbers; the listing has every code.
private struct ProgramSummary: Encodable, Sendable {
  var program: String
  var chip: String
  var dtSeconds: Double
  var seed: UInt64
  var drainTicks: Int
  var cores: Int
  var axons: Int
  var neurons: Int
  var synapses: Int
  var routes: Int
  var inputChannels: Int
  var outputs: Int
  var populations: [ProgramImage.Population]
  var network: JSONValue?
  var manifest: JSONValue?
  var diagnostics: [Diagnostic] = []

  init(_ image: ProgramImage, path: String) {
    program = path
    chip = image.chip.name
    dtSeconds = image.dt
    seed = image.seed
    drainTicks = image.drainTicks
    cores = image.cores.count
    axons = image.crossbar.begin.count - 1
    neurons = image.neurons.count
    synapses = image.crossbar.weight.count
    routes = image.routes.kind.count
    inputChannels = image.inputs.channels
    outputs = image.outputs.neuron.count
    populations = image.populations
    network = JSONValue(text: image.networkText)
    manifest = JSONValue(text: image.manifestText)
  }
}
