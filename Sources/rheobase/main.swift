import Diagnostics
import Foundation
import HDF5Files

// The reader process: libhdf5 never opens a file in the process that goes on to use it (docs/architecture.md).
if let status = HDF5Child.runIfRequested(CommandLine.arguments) { exit(status) }

let commands = [
  compileCommand, runCommand, checkCommand, compareCommand, surveyCommand, ratesCommand, neuronCommand,
  chipsCommand, inspectCommand, meshTrafficCommand, meshReplayCommand,
]

exit(Program(commands: commands).run(Array(CommandLine.arguments.dropFirst())))
