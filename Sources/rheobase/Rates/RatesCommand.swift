import ChipModel
import Compiler
import Diagnostics
import HDF5Files
import NetworkFormats
import NetworkIR
import ProgramImage

private let emulate = Flag("emulate", help: "run the program on the emulated chip too, without input spikes")
private let ticks = Option.integer(
  "ticks", in: 100...10_000_000,
  help: "ticks to emulate, of which the first tenth is left out (default: 2 s, 2000 to 200000 ticks)")
private let samples = Option.integer(
  "samples", in: 1...10_000, help: "independent runs of that many ticks (default: 2)")
private let threads = Option.integer(
  "threads", in: 1...1024,
  help: "samples that run at the same time (default: one per processor); never changes the result")
private let sweep = Option<CurrentSweep?>(
  "sweep", argument: "current=FROM:TO:STEP",
  help: "rates at each of these constant currents into every population, instead of the file's own",
  expected: CurrentSweep.expected, fallback: nil, read: { text in CurrentSweep(text).map { .some($0) } })
private let csv = Option.text("csv", argument: "FILE", help: "write the rates as a table")
private let svg = Option.text("svg", argument: "FILE", help: "write the sweep as curves; needs --sweep")

/// `rheobase rates`: what theory says about every population's rate, from the equation to the chip.
let ratesCommand = Command(
  name: "rates",
  summary: "predict the rates of a network on a chip, without or beside emulation",
  operands: [Operand(name: "NETWORK", help: "a network (.nir, .json5), or a program (.rbx)")],
  options: [
    emulate.declaration, ticks.declaration, samples.declaration, threads.declaration, sweep.declaration,
    csv.declaration, svg.declaration,
  ] + NetworkOptions.declarations + [DocumentTarget.option.declaration],
  examples: [
    "rheobase rates balanced.json5 --emulate",
    "rheobase rates neuron.json5 --sweep current=0pA:100pA:5pA --csv fi.csv --svg fi.svg",
    "rheobase rates digits.rbx --json -",
  ],
  notes:
    "A network that the chip does not hold is solved all the same, without the chip's columns. Input channels are\n"
    + "taken for silent. docs/rates.md says what the columns mean and when they hold."
) { arguments, console throws(Failure) in
  let source = arguments.operands[0]
  try checkFiles(arguments, [csv, svg])
  let emulation =
    arguments[emulate]
    ? EmulationPlan(
      ticks: arguments[ticks], samples: arguments[samples] ?? 2, threads: arguments[threads], console: console
    )
    : nil
  var report: RatesReport
  if source.hasSuffix(".rbx") {
    if arguments[sweep] != nil {
      throw Failure(
        .usage,
        Diagnostic(
          "usage.sweepNeedsNetwork", subject: "--sweep", place: source,
          problem: "a program's currents are compiled into it", remedy: "Name the network instead"))
    }
    let image = try ProgramImage.read(from: source)
    report = RatesReport(
      source: source, chip: image.chip.name, parasitics: nil, dt: image.dt)
    let predictor = RatePredictor(image: image)
    report.populations = try predictor.populations(emulation)
    report.take(predictor)
    report.emulation = emulation.map { $0.settings(dt: image.dt) }
  } else {
    let chip = try ChipOptions.load(arguments)
    var importOptions = NetworkOptions.importOptions(arguments)
    importOptions.takesSolved = true
    let imported = try NetworkFile.read(source, options: importOptions)
    let options = NetworkOptions.compileOptions(arguments)
    let network = imported.network
    report = RatesReport(
      source: source, chip: chip.name,
      parasitics: chip.electrical == nil ? .ignore : options.parasitics ?? .model, dt: network.dynamics.dt)
    report.diagnostics = imported.warnings
    report.take(imported.solved)
    if network.populations.isEmpty, !imported.solved.isEmpty {
      report.hasNeurons = false
    } else if let range = arguments[sweep] {
      try range.check(network, source: source)
      var points: [RatesReport.Point] = []
      for (index, current) in range.values.enumerated() {
        console.progress("current \(index + 1) of \(range.values.count)")
        let predictor = RatePredictor(
          network: network.driven(by: current), manifest: imported.manifest, chip: chip, options: options)
        points.append(.init(current: current, populations: try predictor.populations(emulation)))
        if index == 0 { report.take(predictor) }
      }
      console.progress("")
      report.sweep = .init(unit: range.unit.symbol, points: points)
    } else {
      let predictor = RatePredictor(
        network: network, manifest: imported.manifest, chip: chip, options: options)
      report.populations = try predictor.populations(emulation)
      report.take(predictor)
    }
    report.emulation = report.isCompiled ? emulation.map { $0.settings(dt: network.dynamics.dt) } : nil
  }
  if emulation != nil, !report.isCompiled, report.hasNeurons {
    report.diagnostics.append(
      Diagnostic(
        "rates.notEmulated", severity: .warning, subject: source,
        problem: "the chip does not hold the network, so nothing is emulated"))
  }
  if let path = arguments[csv] { try AtomicFile.write([Array(report.csv.utf8)], to: path) }
  if let path = arguments[svg], let curves = report.curves {
    try AtomicFile.write([Array(curves.svg.utf8)], to: path)
  }
  return Outcome(text: report.text, document: report, diagnostics: report.diagnostics)
}

/// Refuses files that cannot be written, files that are named twice, and curves without a sweep.
private func checkFiles(_ arguments: Arguments, _ files: [Option<String?>]) throws(Failure) {
  for option in files {
    guard let path = arguments[option] else { continue }
    let name = option.declaration.name
    if let other = arguments.otherUse(of: path, besides: name) {
      throw Failure(
        .usage,
        Diagnostic(
          "usage.sameFile", subject: "--\(name)", problem: "names the same file as \(other)", found: path,
          remedy: "Give it a file of its own"))
    }
    try checkWritable(path)
  }
  if arguments[svg] != nil, arguments[sweep] == nil {
    throw Failure(
      .usage,
      Diagnostic(
        "usage.needsOption", subject: "--svg", problem: "draws the curves of a sweep",
        remedy: "Add --sweep current=FROM:TO:STEP"))
  }
  if !arguments[emulate], let given = [ticks, samples, threads].first(where: { arguments.isGiven($0) }) {
    throw Failure(
      .usage,
      Diagnostic(
        "usage.needsOption", subject: "--\(given.declaration.name)", problem: "says how to emulate",
        remedy: "Add --emulate"))
  }
}
