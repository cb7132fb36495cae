import Diagnostics
import Emulator
import NetworkFormats
import Observations
import Reports

private let output = Option.text(
  "output", short: "o", argument: "OUT.csv",
  help: "write pid,src,dest,ctime,itime,atime: when each packet was injected and when it arrived")
private let grants = Option.text(
  "grants", argument: "GRANTS.csv", help: "write cycle,router,output,pid: every grant of the switches")

/// `rheobase mesh replay`: given packets through a mesh alone.
let meshReplayCommand = Command(
  name: "mesh replay",
  summary: "carry the packets of a table through a mesh alone, cycle by cycle",
  operands: [
    Operand(name: "PACKETS.csv", help: "a table with pid, src, dest and ctime, plain or as .csv.gz")
  ],
  options: MeshOptions.declarations + [
    output.declaration, grants.declaration, DocumentTarget.option.declaration,
  ],
  examples: [
    "rheobase mesh replay packets.csv --width 8 --height 8 -o times.csv",
    "rheobase mesh replay booksim.csv.gz --width 4 --height 4 --hop-cycles 3 --credit-cycles 2 \\\n"
      + "    --injection-cycles 2 -o times.csv --grants grants.csv",
  ],
  notes: "docs/mesh.md has the columns and the rule of injection."
) { arguments, console throws(Failure) in
  let mesh = try MeshOptions.mesh(arguments)
  let (timesPath, grantsPath) = (arguments[output], arguments[grants])
  try checkOutputs([("-o", timesPath), ("--grants", grantsPath)])
  let packets = try PacketTable.read(arguments.operands[0], nodes: mesh.width * mesh.height)
  let trace = try MeshReplay.run(packets, on: mesh, recordsGrants: grantsPath != nil)
  if let timesPath { try PacketTable.writePackets(trace, to: timesPath) }
  if let grantsPath { try PacketTable.writeGrants(trace, to: grantsPath) }
  let report = MeshReplayReport(
    packets: arguments.operands[0], mesh: MeshConstants(mesh), trace: trace, output: timesPath,
    grants: grantsPath)
  return Outcome(text: report.text, document: report)
}

/// Refuses outputs that cannot be made, before any work.
private func checkOutputs(_ outputs: [(option: String, path: String?)]) throws(Failure) {
  var problems = DiagnosticCollector()
  if outputs[0].path == nil {
    problems.add(
      Diagnostic("usage.missingOption", subject: "-o OUT.csv", problem: "is missing"))
  }
  for case (let option, let path?) in outputs where path.hasSuffix(".gz") {
    problems.add(
      Diagnostic(
        "usage.compressedOutput", subject: option, problem: "tables are written uncompressed", found: path,
        expected: "a name without .gz"))
  }
  if let path = outputs[0].path, path == outputs[1].path {
    problems.add(
      Diagnostic("usage.sameOutput", subject: outputs[1].option, problem: "names the same file", found: path))
  }
  try problems.throwIfErrors(.usage)
  for output in outputs { try checkWritable(output.path) }
}

/// What a replay says about itself; the tables have the rest.
struct MeshReplayReport: Codable, Sendable {
  var packets: String
  var mesh: MeshConstants
  var output: String?
  var grants: String?
  var count: Int
  /// The cycle in which the last packet arrived; left out without packets, as is what follows.
  var lastCycle: Int?
  var meanLatencyCycles: Double?
  var maxLatencyCycles: Int?
  /// Cycles that a packet waited in its source's queue, on average.
  var meanQueueCycles: Double?
  var diagnostics: [Diagnostic] = []

  init(packets: String, mesh: MeshConstants, trace: PacketTrace, output: String?, grants: String?) {
    self.packets = packets
    self.mesh = mesh
    self.output = output
    self.grants = grants
    count = trace.packets.count
    guard count > 0 else { return }
    let pairs = zip(trace.packets, trace.times)
    lastCycle = trace.times.map(\.arrived).max()
    maxLatencyCycles = pairs.map { $1.arrived - $0.made }.max()
    meanLatencyCycles = pairs.reduce(0.0) { $0 + Double($1.1.arrived - $1.0.made) } / Double(count)
    meanQueueCycles = pairs.reduce(0.0) { $0 + Double($1.1.injected - $1.0.made) } / Double(count)
  }

  var text: String {
    var lines: [(label: String, text: String)] = [("mesh", mesh.text), ("packets", "\(count)")]
    if let lastCycle, let meanLatencyCycles, let maxLatencyCycles, let meanQueueCycles {
      lines.append(("last arrival", "cycle \(lastCycle)"))
      lines.append(
        (
          "latency",
          "mean \(decimal(meanLatencyCycles, places: 3)), of these \(decimal(meanQueueCycles, places: 3)) in the "
            + "source's queue; max \(maxLatencyCycles) cycles"
        ))
    }
    if let output { lines.append(("times", output)) }
    if let grants { lines.append(("grants", grants)) }
    return labelledLines(lines)
  }
}
