import ChipModel
import Compiler
import Diagnostics
import NetworkFormats
import ProgramImage

private let output = Option.text(
  "output", short: "o", argument: "PROGRAM.rbx", help: "the program to write (needed)")

/// `rheobase compile`: network file in, program image out.
let compileCommand = Command(
  name: "compile",
  summary: "compile a network to a chip's program image",
  operands: [Operand(name: "NETWORK", help: "a network: .nir, or .json5 in physical units")],
  options: [output.declaration] + NetworkOptions.declarations + [DocumentTarget.option.declaration],
  examples: ["rheobase compile digits.nir --chip tessera --parasitics compensate -o digits.rbx"]
) { arguments, console throws(Failure) in
  guard let path = arguments[output] else {
    throw Failure(
      .usage,
      Diagnostic("usage.missingOutput", problem: "no program to write is given", expected: "-o PROGRAM.rbx"))
  }
  try checkWritable(path)
  let source = arguments.operands[0]
  let chip = try ChipOptions.load(arguments)
  let imported = try NetworkFile.read(source, options: NetworkOptions.importOptions(arguments))
  let compilation = try compile(imported, chip: chip, options: NetworkOptions.compileOptions(arguments))
  try compilation.image.write(to: path)
  let report = CompileReport(
    network: source, program: path, compilation: compilation,
    diagnostics: imported.warnings + compilation.diagnostics)
  return Outcome(text: report.text, document: report, diagnostics: report.diagnostics)
}

/// Compiles what was read from a file. If that fails, the warnings of reading it may say why, and are
/// reported too.
func compile(_ imported: ImportedNetwork, chip: Chip, options: CompileOptions) throws(Failure) -> Compilation
{
  do throws(Failure) {
    return try Pipeline.compile(imported.network, manifest: imported.manifest, chip: chip, options: options)
  } catch {
    throw Failure(error.reason, imported.warnings + error.diagnostics)
  }
}
