import ChipModel
import Compiler
import Diagnostics
import Foundation
import NetworkFormats
import NetworkIR
import Observations
import ProgramImage
import ReferenceModel
import Reports

private let referenceDt = Option.time(
  "reference-dt",
  help: "time per tick of the float64 reference (default: the chip's); tick k of the spikes is tick k in both"
)
private let threadsOption = Option.integer(
  "threads", in: 1...1024, help: "samples that run at the same time (default: one per processor)")
private let byClass = Flag("by-class", help: "add the accuracy per class; needs spikes with labels")
private let tolerance = Option.number(
  "tolerance", in: 0...1,
  help: "exit with 1 if the total of output spikes (or summed potentials) deviates by more "
    + "than this share of the reference's")
private let minimumAccuracy = Option.number(
  "min-accuracy", in: 0...1, help: "exit with 1 if the chip's accuracy is below this share")

/// `rheobase check`: the float64 network against the compiled chip.
let checkCommand = Command(
  name: "check",
  summary: "compare a network in float64 with the same network on a chip",
  operands: [Operand(name: "NETWORK", help: "a network: .nir, or .json5 in physical units")],
  options: SpikeInput.declarations + [
    referenceDt.declaration, threadsOption.declaration, byClass.declaration, tolerance.declaration,
    minimumAccuracy.declaration,
  ] + MismatchOptions.declarations + NetworkOptions.declarations + [DocumentTarget.option.declaration],
  examples: [
    "rheobase check digits.nir --input test.npz --parasitics compensate --tolerance 0.01 --min-accuracy 0.95",
    "rheobase check digits.nir --input test.npz --samples 100 --weight-bits 3 --by-class",
    "rheobase check digits.nir --input test.npz --parasitics compensate --mismatch 200 --seed 1 --min-accuracy 0.95",
  ]
) { arguments, console throws(Failure) in
  let mismatch = try MismatchOptions(arguments)
  let check = try Check(arguments, console: console)
  let runs = try check.run()
  // The causes are those of the leaky unit; a program's own error is in its population's report.
  let ladder = check.hasPrograms ? nil : check.ladder(runs)
  let remedies = ladder.map { check.remedies(runs, $0) } ?? []
  let spread = check.spread(
    mismatch, runs,
    bounds: ChipBounds(tolerance: arguments[tolerance], minimumAccuracy: arguments[minimumAccuracy]))
  console.progress("")
  var report = CheckReport(
    network: check.source, input: check.input.path, compilation: check.compilation, runs: runs,
    ladder: ladder, remedies: remedies, otherReadings: try check.otherReadings(),
    overflow: OverflowReport(check.record.counters),
    labels: check.input.trains.labels,
    diagnostics: check.imported.warnings + check.compilation.diagnostics)
  report.mismatch = spread
  if arguments[byClass] { report.addClasses(runs, labels: check.input.trains.labels) }
  report.judge(tolerance: arguments[tolerance], minimumAccuracy: arguments[minimumAccuracy])
  return Outcome(
    text: report.text, document: report, diagnostics: report.diagnostics,
    checkFailed: report.diagnostics.contains { $0.severity == .error })
}

/// A network, compiled and run, and all that it is compared with.
private struct Check {
  let source: String
  let imported: ImportedNetwork
  let input: SpikeInput
  let compilation: Compilation
  let record: RunRecord
  let console: Console
  private let chip: Chip
  private let options: CompileOptions
  private let threads: Int
  /// The network at the reference's time per tick, where that is not the chip's.
  private let atReferenceDt: (imported: ImportedNetwork, dtSeconds: Double)?

  init(_ arguments: Arguments, console: Console) throws(Failure) {
    self.console = console
    source = arguments.operands[0]
    chip = try ChipOptions.load(arguments)
    var importOptions = NetworkOptions.importOptions(arguments)
    imported = try NetworkFile.read(source, options: importOptions)
    let dt = imported.network.dynamics.dt
    if let other = arguments[referenceDt], other != dt {
      importOptions.dt = other
      atReferenceDt = (try NetworkFile.read(source, options: importOptions), other)
    } else {
      atReferenceDt = nil
    }
    options = NetworkOptions.compileOptions(arguments)
    input = try SpikeInput(
      arguments, channels: imported.network.channels, nodes: imported.network.inputs.map(\.name), dt: dt,
      subject: source)
    threads = arguments[threadsOption] ?? ProcessInfo.processInfo.activeProcessorCount
    compilation = try compile(imported, chip: chip, options: options, console: console)
    record = try emulate(compilation.image, input, threads: threads, console: console)
  }

  /// The runs of float64 and chip.
  func run() throws(Failure) -> ComparedRuns {
    let network = imported.network
    let chipActivity = record.activity(outputScales: compilation.image.outputScales)
      .first(network.populations.count)
    var nearest = chipActivity
    if options.rounding == .rate {
      var plain = options
      plain.rounding = .nearest
      let image = try compile(imported, chip: chip, options: plain, console: console).image
      nearest = try emulate(image, input, threads: threads, console: console)
        .activity(outputScales: image.outputScales).first(network.populations.count)
    }
    console.progress("reference")
    let atDt = float(network)
    return ComparedRuns(
      reference: atReferenceDt.map { float($0.imported.network) } ?? atDt,
      atChipDt: atReferenceDt == nil ? nil : atDt,
      withParasitics: compilation.parasitics == .model
        ? float(
          network.withCapacitance(
            compilation.populations.prefix(network.populations.count).map(\.capacitanceRatio))) : nil,
      chip: chipActivity, nearest: nearest)
  }

  /// Float64. Rates are per second of the chip's ticks, whatever time the network's own ticks take.
  private func float(_ network: Network) -> Activity {
    var activity = FloatNetwork(network, seed: compilation.image.seed).run(
      input.trains, ticks: input.ticks, samples: input.samples, startTicks: compilation.image.startTicks,
      noiseWords: NoiseWords(compilation.image))
    activity.dt = compilation.image.dt
    return activity
  }

  func ladder(_ runs: ComparedRuns) -> Ladder {
    Ladder(
      ladderRuns, reference: yardstick(runs),
      referenceDtSeconds: atReferenceDt?.dtSeconds ?? compilation.image.dt, float: runs.atChipDt,
      relayed: compilation.hasRelays ? float(compilation.network) : nil, chip: runs.chip, threads: threads,
      progress: progress("cause"))
  }

  /// The float64 network by the readings of the file that were not taken.
  func otherReadings() throws(Failure) -> [OtherReading] {
    var readings: [OtherReading] = []
    for (k, open) in imported.openReadings.enumerated() {
      console.progress("reading \(k + 1) of \(imported.openReadings.count)")
      let other = try NetworkFile.read(source, options: open.options).network
      readings.append(
        OtherReading(
          question: open.question, option: open.option,
          reference: CheckReport.Side(
            float(other), labels: input.trains.labels,
            outputsAreSpikes: compilation.image.outputs.kind.allSatisfy { $0 == 0 })))
    }
    return readings
  }

  var hasPrograms: Bool { imported.network.populations.contains { $0.equations != nil } }

  func remedies(_ runs: ComparedRuns, _ ladder: Ladder) -> [Remedy] {
    RemedySearch(
      imported: imported, chip: chip, options: options, parasitics: compilation.parasitics,
      atReferenceDt: atReferenceDt, runs: ladderRuns, reference: yardstick(runs)
    ).remedies(ladder, threads: threads, progress: progress("change"))
  }

  func spread(_ options: MismatchOptions, _ runs: ComparedRuns, bounds: ChipBounds) -> MismatchReport? {
    options.devices.map { devices in
      MismatchReport(
        CoreNetwork(compilation.ladder, acting: Set(Cause.switched), places: NeuronPlaces(compilation.image)),
        mismatch: devices,
        scales: DeviceScales(compilation, integrator: imported.network.dynamics.integrator), runs: ladderRuns,
        reference: runs.reference, labels: input.trains.labels, instances: options.instances,
        cornerSigmas: options.cornerSigmas, bounds: bounds, threads: threads, progress: progress("chip"))
    }
  }

  private var ladderRuns: LadderRuns {
    LadderRuns(
      parameters: compilation.ladder, places: NeuronPlaces(compilation.image), input: input.trains,
      ticks: input.ticks, samples: input.samples, seed: compilation.image.seed)
  }

  private func yardstick(_ runs: ComparedRuns) -> Yardstick {
    Yardstick(
      reference: runs.reference, labels: input.trains.labels,
      fires: imported.network.populations.map { $0.firing != nil })
  }

  private func progress(_ what: String) -> (@Sendable (Int, Int) -> Void)? {
    guard console.showsProgress else { return nil }
    return { [console] in console.progress("\(what) \($0) of \($1)") }
  }
}
