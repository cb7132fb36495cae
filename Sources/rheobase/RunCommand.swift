import Diagnostics
import Emulator
import Foundation
import HDF5Files
import Observations
import ProgramImage
import Reports

private let threads = Option.integer(
  "threads", in: 1...1024,
  help:
    "samples that run at the same time; with --mesh ideal, threads without a sample of their own share another's cores (default: one per processor); never changes the result"
)
private let probe = Option.text(
  "probe", argument: "POPULATION[:I..J]",
  help: "record the potential of these neurons, J included; may be repeated; needs -o", repeats: true)
private let mesh = Option<RunOptions.Mesh>.choice(
  "mesh",
  help:
    "cycles: the chip's routers, cycle by cycle; ideal: packets arrive at once, for function and energy only",
  fallback: .cycles)
private let profile = Flag("profile", help: "print where the host's time went, and its speed")
private let strict = Flag("strict", help: "exit with 1 if anything saturated")
private let output = Option.text(
  "output", short: "o", argument: "RECORD.h5",
  help: "write the run record: spikes, cycles, energy, link loads")
private let waveform = Option.text(
  "vcd", argument: "FILE.vcd", help: "write a waveform of one sample's routers and cores, as GTKWave opens")
private let waveformSample = Option.integer(
  "vcd-sample", in: 0...Int(Int32.max), help: "the sample that --vcd shows (default: 0, the first)")

/// `rheobase run`: a program and spikes in, what the chip did out.
let runCommand = Command(
  name: "run",
  summary: "run a program cycle by cycle on the emulated chip",
  operands: [Operand(name: "PROGRAM.rbx", help: "a program that rheobase compile wrote")],
  options: SpikeInput.declarations + [
    threads.declaration, mesh.declaration, probe.declaration, profile.declaration, strict.declaration,
    output.declaration,
    waveform.declaration, waveformSample.declaration, DocumentTarget.option.declaration,
  ],
  examples: [
    "rheobase run digits.rbx --input test.npz -o digits.h5 --json digits.json",
    "rheobase run digits.rbx --input test.npz --samples 1 --probe lif1:0..9 -o one.h5",
    "rheobase run digits.rbx --input test.npz --samples 1 --vcd digits.vcd",
  ]
) { arguments, console throws(Failure) in
  let record = arguments[output]
  try checkWritable(record)
  try checkWritable(arguments[waveform])
  let program = arguments.operands[0]
  let image = try ProgramImage.read(from: program)
  let input = try SpikeInput(
    arguments, channels: image.inputs.channels, nodes: inputNames(image), dt: image.dt, subject: program)
  try checkWaveformSample(arguments, samples: input.samples)
  try checkWaveformMesh(arguments)
  let probes = try ProbeSelection(arguments.all(probe).compactMap { $0 }, image: image).rows
  try checkProbeCount(probes.count, ticks: input.samples * (input.ticks + image.drainTicks))
  // Whatever is read of the image is read before, because little of it is left when it runs.
  let (chip, scales, predictions) = (image.chip.name, image.outputScales, predictedRates(image))
  let options = runOptions(input, threads: arguments[threads], probes: probes)
  let emulator = Emulator(
    consume image, mesh: arguments[mesh], threadsPerSample: options.threadsPerSample)
  let (result, hostTime, prediction) = try emulate(
    emulator, input, options, predicts: arguments[profile] || console.showsProgress, console: console)
  if let record { try result.write(to: record) }
  if let file = arguments[waveform] {
    let traced = try emulator.waveform(
      input.trains, sample: arguments[waveformSample] ?? 0, ticks: input.ticks)
    try AtomicFile.write([ValueChangeDump(traced).bytes], to: file)
  }

  let overflow = OverflowReport(result.counters)
  var diagnostics: [Diagnostic] = []
  if overflow.saturations > 0 {
    diagnostics.append(
      Diagnostic(
        "run.saturated", severity: arguments[strict] ? .error : .warning, subject: program,
        problem: "a register or axon count was full", found: overflow.text,
        remedy: "The report's overflow counts say where; fewer weight bits or a smaller --dt give more room"))
  }
  if record == nil, !probes.isEmpty {
    diagnostics.append(
      Diagnostic(
        "run.probesUnused", severity: .warning, subject: "--probe",
        problem: "the potentials are recorded but not written", remedy: "Add -o RECORD.h5"))
  }
  let report = RunReport(
    record: result, program: program, input: input.path, chip: chip,
    classes: result.classes(outputScales: scales), labels: input.trains.labels,
    predictions: predictions, diagnostics: diagnostics)
  var text = report.text
  if arguments[profile] { text += "\n" + ProfileText(hostTime, result, prediction).text }
  if let record { text += "\nrecord: \(record)\n" }
  if let file = arguments[waveform] {
    text += "\nwaveform: \(file), sample \(arguments[waveformSample] ?? 0)\n"
  }
  return Outcome(
    text: text, document: report, diagnostics: diagnostics,
    checkFailed: arguments[strict] && overflow.saturations > 0)
}

/// Refuses a waveform of a sample that is not run, and the choice of a sample without a waveform.
private func checkWaveformSample(_ arguments: Arguments, samples: Int) throws(Failure) {
  guard let sample = arguments[waveformSample] else {
    if arguments[waveform] != nil, samples == 0 { throw noSuchSample(0, samples: samples) }
    return
  }
  guard arguments[waveform] != nil else {
    throw Failure(
      .usage,
      Diagnostic(
        "usage.needsOption", subject: "--vcd-sample", problem: "says which sample --vcd shows",
        remedy: "Add --vcd FILE.vcd"))
  }
  guard sample < samples else { throw noSuchSample(sample, samples: samples) }
}

private func checkWaveformMesh(_ arguments: Arguments) throws(Failure) {
  guard arguments[waveform] != nil, arguments[mesh] == .ideal else { return }
  throw Failure(
    .usage,
    Diagnostic(
      "usage.waveformMesh", subject: "--vcd", problem: "shows routers, which an ideal mesh does not have",
      found: "--mesh ideal", expected: "--mesh cycles", remedy: "Leave out --mesh, or --vcd"))
}

private func noSuchSample(_ sample: Int, samples: Int) -> Failure {
  Failure(
    .usage,
    Diagnostic(
      "usage.waveformSample", subject: "--vcd-sample", problem: "this sample is not run", found: "\(sample)",
      expected: samples == 0 ? "a run of at least one sample" : "0 to \(samples - 1)"))
}

/// Refuses probes whose potentials would not fit into memory: 4 bytes per neuron and tick, 1 GB at most.
private func checkProbeCount(_ probes: Int, ticks: Int) throws(Failure) {
  let most = 250_000_000 / max(ticks, 1)
  guard probes > most else { return }
  throw Failure(
    .usage,
    Diagnostic(
      "usage.probeCount", subject: "--probe", problem: "too many neurons for so many ticks",
      found: "\(probes) neurons, \(ticks) ticks of all samples", expected: "at most \(most) neurons",
      remedy: "Use --samples or --ticks, or name fewer neurons"))
}

/// Runs an image on all samples of the input, with the mesh of its chip.
func emulate(
  _ image: ProgramImage, _ input: SpikeInput, threads: Int?, console: Console
) throws(Failure) -> RunRecord {
  try emulate(
    Emulator(image), input, runOptions(input, threads: threads, probes: []), predicts: false, console: console
  ).record
}

private func runOptions(_ input: SpikeInput, threads: Int?, probes: [Int32]) -> RunOptions {
  RunOptions(
    samples: input.samples, ticks: input.ticks,
    threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, probes: probes)
}

private func emulate(
  _ emulator: Emulator, _ input: SpikeInput, _ options: RunOptions, predicts: Bool, console: Console
) throws(Failure) -> (record: RunRecord, profile: RunProfile, prediction: Prediction?) {
  let samples = options.samples
  let prediction = predicts ? try emulator.predict(input.trains, options: options) : nil
  let atOnce = min(
    options.threads, samples * emulator.threadsUsedPerSample, ProcessInfo.processInfo.activeProcessorCount)
  let announced = prediction.flatMap { announcement($0, atOnce: atOnce) }
  var progress: (@Sendable (Int) -> Void)?
  if console.showsProgress {
    progress = { console.progress("sample \($0) of \(samples)\(announced.map { ", " + $0 } ?? "")") }
    if let announced { console.progress(announced) }
  }
  defer { console.progress("") }
  let (record, profile) = try emulator.profile(input.trains, options: options, progress: progress)
  return (record, profile, prediction)
}

/// How long a run will take, unless that is hardly worth the reading.
///
/// - Parameter atOnce: threads that run at the same time.
private func announcement(_ prediction: Prediction, atOnce: Int) -> String? {
  let seconds = prediction.seconds / Double(max(atOnce, 1))
  guard seconds >= 2 else { return nil }
  let time = seconds < 120 ? "\(Int(seconds.rounded())) s" : "\(Int((seconds / 60).rounded())) min"
  return "about \(time) in all"
}

/// Names of a program's spike inputs, as its network had them.
private func inputNames(_ image: ProgramImage) -> [String] {
  struct StoredNetwork: Decodable {
    struct Input: Decodable { var name: String }
    var inputs: [Input]
  }
  let stored = try? JSONDecoder().decode(StoredNetwork.self, from: Data(image.networkText.utf8))
  return stored?.inputs.map(\.name) ?? []
}

extension ProgramImage {
  /// Codes per network unit of each output.
  var outputScales: [Double] { outputs.neuron.map { neurons.scale[Int($0)] } }
}
