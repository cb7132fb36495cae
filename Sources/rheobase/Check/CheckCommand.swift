import Compiler
import Diagnostics
import Foundation
import NetworkFormats
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import Reports

private let threads = Option.integer(
  "threads", in: 1...1024, help: "samples that run at the same time (default: one per processor)")
private let tolerance = Option.number(
  "tolerance", in: 0...1,
  help: "exit with 1 if the total of output spikes (or summed potentials) deviates by more "
    + "than this share of the reference's")
private let referenceDt = Option.time(
  "reference-dt",
  help: "time per tick of the float64 reference (default: the chip's); tick k of the spikes is tick k in both")
private let minimumAccuracy = Option.number(
  "min-accuracy", in: 0...1, help: "exit with 1 if the chip's accuracy is below this share")

/// `rheobase check`: the float64 network against the compiled chip.
let checkCommand = Command(
  name: "check",
  summary: "compare a network in float64 with the same network on a chip",
  operands: [Operand(name: "NETWORK", help: "a network: .nir, or .json5 in physical units")],
  options: SpikeInput.declarations + [
    referenceDt.declaration, threads.declaration, tolerance.declaration, minimumAccuracy.declaration,
  ] + NetworkOptions.declarations + [DocumentTarget.option.declaration],
  examples: [
    "rheobase check digits.nir --input test.npz --parasitics compensate --tolerance 0.01 --min-accuracy 0.95"
  ]
) { arguments, console throws(Failure) in
  let source = arguments.operands[0]
  let chip = try ChipOptions.load(arguments)
  let imported = try NetworkFile.read(source, options: NetworkOptions.importOptions(arguments))
  let network = imported.network
  var options = NetworkOptions.compileOptions(arguments)
  let input = try SpikeInput(
    arguments, channels: network.channels, dt: network.dynamics.dt, subject: source)

  func compileAndRun(_ options: CompileOptions) throws(Failure) -> (Compilation, RunRecord) {
    let compilation = try compile(imported, chip: chip, options: options)
    return (compilation, try emulate(compilation.image, input, threads: arguments[threads], console: console))
  }
  let (compilation, record) = try compileAndRun(options)
  let image = compilation.image
  let chipActivity = record.activity(outputScales: image.outputScales)
  var otherActivity: Activity?
  if options.rounding == .rate {
    options.rounding = .nearest
    let (other, record) = try compileAndRun(options)
    otherActivity = record.activity(outputScales: other.image.outputScales)
  }
  /// Rates are per second of the chip's ticks, whatever time the network's own ticks take.
  func float(_ network: Network) -> Activity {
    var activity = FloatNetwork(network, seed: image.seed).run(
      input.trains, ticks: input.ticks, samples: input.samples, startTicks: image.startTicks)
    activity.dt = image.dt
    return activity
  }
  console.progress("reference")
  let asCompiled = float(network)
  var reference = asCompiled
  var importOptions = NetworkOptions.importOptions(arguments)
  if let dt = arguments[referenceDt], dt != image.dt {
    importOptions.dt = dt
    reference = float(try NetworkFile.read(source, options: importOptions).network)
  }
  let withParasitics =
    compilation.parasitics == .model
    ? float(network.withCapacitance(compilation.populations.map(\.capacitanceRatio))) : nil
  var ladderProgress: (@Sendable (Int, Int) -> Void)?
  if console.showsProgress { ladderProgress = { console.progress("cause \($0) of \($1)") } }
  let yardstick = Yardstick(
    reference: reference, labels: input.trains.labels, fires: network.populations.map { $0.firing != nil })
  let ladder = Ladder(
    LadderRuns(
      parameters: compilation.ladder, places: NeuronPlaces(image), input: input.trains, ticks: input.ticks,
      samples: input.samples, seed: image.seed),
    reference: yardstick, referenceDtSeconds: importOptions.dt ?? image.dt,
    float: reference == asCompiled ? nil : asCompiled, chip: chipActivity,
    threads: arguments[threads] ?? ProcessInfo.processInfo.activeProcessorCount,
    progress: ladderProgress)
  console.progress("")

  var report = CheckReport(
    network: source, input: input.path, compilation: compilation,
    runs: ComparedRuns(
      reference: reference, withParasitics: withParasitics, chip: chipActivity,
      nearest: otherActivity ?? chipActivity), ladder: ladder,
    overflow: OverflowReport(record.counters), labels: input.trains.labels,
    diagnostics: imported.warnings + compilation.diagnostics)
  report.judge(tolerance: arguments[tolerance], minimumAccuracy: arguments[minimumAccuracy])
  return Outcome(
    text: report.text, document: report, diagnostics: report.diagnostics,
    checkFailed: report.diagnostics.contains { $0.severity == .error })
}
