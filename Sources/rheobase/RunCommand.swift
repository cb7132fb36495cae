import Diagnostics
import Emulator
import Foundation
import Observations
import ProgramImage
import Reports

private let threads = Option.integer(
  "threads", in: 1...1024,
  help: "samples that run at the same time (default: one per processor); never changes the result")
private let probe = Option.text(
  "probe", argument: "POPULATION[:I..J]",
  help: "record the potential of these neurons, J included; may be repeated; needs -o", repeats: true)
private let strict = Flag("strict", help: "exit with 1 if anything saturated")
private let output = Option.text(
  "output", short: "o", argument: "RECORD.h5",
  help: "write the run record: spikes, cycles, energy, link loads")

/// `rheobase run`: a program and spikes in, what the chip did out.
let runCommand = Command(
  name: "run",
  summary: "run a program cycle by cycle on the emulated chip",
  operands: [Operand(name: "PROGRAM.rbx", help: "a program that rheobase compile wrote")],
  options: SpikeInput.declarations + [
    threads.declaration, probe.declaration, strict.declaration, output.declaration,
    DocumentTarget.option.declaration,
  ],
  examples: [
    "rheobase run digits.rbx --input test.npz -o digits.h5 --json digits.json",
    "rheobase run digits.rbx --input test.npz --samples 1 --probe lif1:0..9 -o one.h5",
  ]
) { arguments, console throws(Failure) in
  let record = arguments[output]
  try checkWritable(record)
  let program = arguments.operands[0]
  let image = try ProgramImage.read(from: program)
  let input = try SpikeInput(
    arguments, channels: image.inputs.channels, dt: image.dt, subject: program)
  let probes = try ProbeSelection(arguments.all(probe).compactMap { $0 }, image: image).rows
  try checkProbeCount(probes.count, ticks: input.samples * (input.ticks + image.drainTicks))
  let result = emulate(
    image, input, threads: arguments[threads], probes: probes, console: console)
  if let record { try result.write(to: record) }

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
    record: result, program: program, input: input.path, chip: image.chip.name,
    classes: result.activity(outputScales: image.outputScales).classes(), labels: input.trains.labels,
    predictions: predictedRates(image), diagnostics: diagnostics)
  var text = report.text
  if let record { text += "\nrecord: \(record)\n" }
  return Outcome(
    text: text, document: report, diagnostics: diagnostics,
    checkFailed: arguments[strict] && overflow.saturations > 0)
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

/// Runs an image on all samples of the input.
func emulate(
  _ image: ProgramImage, _ input: SpikeInput, threads: Int?, probes: [Int32] = [], console: Console
) -> RunRecord {
  let samples = input.samples
  var progress: (@Sendable (Int) -> Void)?
  if console.showsProgress { progress = { console.progress("sample \($0) of \(samples)") } }
  defer { console.progress("") }
  return Emulator(image).run(
    input.trains,
    options: RunOptions(
      samples: samples, ticks: input.ticks,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, probes: probes),
    progress: progress)
}

extension ProgramImage {
  /// Codes per network unit of each output.
  var outputScales: [Double] { outputs.neuron.map { neurons.scale[Int($0)] } }
}
