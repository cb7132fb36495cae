import Diagnostics
import Documents
import Observations

private let population = Option.text(
  "population", argument: "NAME",
  help: "compare this population of a record only; with a spike file: the one that it holds (default: the "
    + "outputs if their number fits, else the only population whose size does)")
private let timePerTick = Option.time(
  "dt", help: "time per tick of two spike files (default: the file's own if it has one, else 1e-4s)")
private let tolerance = Option.number(
  "tolerance", in: 0...1,
  help: "allowed per population: the relative difference of its spike counts, and its mean SPIKE-distance "
    + "(default: 0, the same spikes in the same ticks)")

/// `rheobase compare`: two recordings of the same samples, whoever made them.
let compareCommand = Command(
  name: "compare",
  summary: "compare the spikes of two runs, or of a run and another simulator",
  operands: [
    Operand(name: "A", help: "a run record (.h5), or spikes: .npz, .npy, .csv, or .h5 with NIRGraphData"),
    Operand(name: "B", help: "what it is compared with: a file of the same kinds"),
  ],
  options: [
    population.declaration, tolerance.declaration, timePerTick.declaration, DocumentTarget.option.declaration,
  ],
  examples: [
    "rheobase compare model.h5 compensate.h5 --tolerance 0.05",
    "rheobase compare digits.h5 snntorch.npz --population lif1 --json -",
  ],
  notes: "Exits with 1 when the spikes differ by more than the tolerance."
) { arguments, _ throws(Failure) in
  let files = try ComparedFiles(
    ComparedFile.open(arguments.operands[0]), ComparedFile.open(arguments.operands[1]),
    population: arguments[population], dt: arguments[timePerTick])
  var report = CompareReport(files)
  report.judge(tolerance: arguments[tolerance] ?? 0)
  return Outcome(
    text: report.text, document: report, diagnostics: report.diagnostics,
    checkFailed: report.diagnostics.contains { $0.severity == .error })
}
