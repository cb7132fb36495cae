import ChipModel
import Compiler
import Diagnostics
import NetworkFormats
import ProgramImage

private let output = Option.text(
  "output", short: "o", argument: "PROGRAM.rbx", help: "the program to write (this or --export-nir is needed)"
)
private let exportNIR = Option<String?>(
  "export-nir", argument: "FILE.nir",
  help: "write the network as the chip computes it, with the numbers of its codes, as a NIR file",
  expected: "a file name that ends in .nir", fallback: nil,
  read: { $0.count > 4 && $0.lowercased().hasSuffix(".nir") ? .some($0) : nil })

/// `rheobase compile`: network file in, program image out, and the network that the image computes.
let compileCommand = Command(
  name: "compile",
  summary: "compile a network to a chip's program image",
  operands: [Operand(name: "NETWORK", help: "a network: .nir, or .json5 in physical units")],
  options: [output.declaration, exportNIR.declaration] + NetworkOptions.declarations + [
    DocumentTarget.option.declaration
  ],
  examples: [
    "rheobase compile digits.nir --chip tessera --parasitics compensate -o digits.rbx",
    "rheobase compile digits.nir --parasitics model --export-nir digits-on-tessera.nir",
  ]
) { arguments, console throws(Failure) in
  let (program, exported) = (arguments[output], arguments[exportNIR])
  guard program != nil || exported != nil else {
    throw Failure(
      .usage,
      Diagnostic(
        "usage.missingOutput", problem: "no file to write is given",
        expected: "-o PROGRAM.rbx or --export-nir FILE.nir"))
  }
  if let exported, let other = arguments.otherUse(of: exported, besides: exportNIR.declaration.name) {
    throw Failure(
      .usage,
      Diagnostic(
        "usage.sameFile", subject: "--export-nir", problem: "names the same file as \(other)",
        found: exported,
        remedy: "Give the exported network a file of its own"))
  }
  try checkWritable(program)
  try checkWritable(exported)
  let source = arguments.operands[0]
  let chip = try ChipOptions.load(arguments)
  let imported = try NetworkFile.read(source, options: NetworkOptions.importOptions(arguments))
  let compilation = try compile(
    imported, chip: chip, options: NetworkOptions.compileOptions(arguments), console: console)
  var diagnostics = imported.warnings + compilation.diagnostics
  // A network that NIR cannot hold is refused before anything is written.
  var export: NIRExport?
  if exported != nil {
    let effective = compilation.effective
    do throws(Failure) {
      export = try NIRExport(effective.network)
    } catch {
      throw Failure(error.reason, diagnostics + error.diagnostics)
    }
    diagnostics += effective.leftOut + (export?.notes ?? [])
  }
  if let program {
    console.progress("writing \(program)")
    defer { console.progress("") }
    try compilation.image.write(to: program)
  }
  if let exported { try export?.write(to: exported) }
  let report = CompileReport(
    network: source, program: program, exportedNIR: exported, compilation: compilation,
    diagnostics: diagnostics)
  return Outcome(text: report.text, document: report, diagnostics: report.diagnostics)
}

/// Compiles what was read from a file. If that fails, the warnings of reading it may say why, and are
/// reported too. A terminal shows the pass at work.
func compile(
  _ imported: ImportedNetwork, chip: Chip, options: CompileOptions, console: Console
) throws(Failure) -> Compilation {
  defer { console.progress("") }
  do throws(Failure) {
    return try Pipeline.compile(
      imported.network, manifest: imported.manifest, chip: chip, options: options,
      progress: { console.progress("compiling: \($0.rawValue)") })
  } catch {
    throw Failure(error.reason, imported.warnings + error.diagnostics)
  }
}
