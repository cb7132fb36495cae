import ChipModel
import Diagnostics
import Emulator

/// The constants of a mesh that runs alone, as options of `mesh traffic` and `mesh replay`.
enum MeshOptions {
  static let width = Option.integer("width", in: 1...256, help: "routers in x; needed")
  static let height = Option.integer("height", in: 1...256, help: "routers in y; needed")
  static let bufferDepth = Option.integer(
    "buffer-depth", in: 1...1024, help: "B: flits in the FIFO of each router input (default: 4)")
  static let hopCycles = Option.integer(
    "hop-cycles", in: 1...64, help: "D: cycles from a grant to the next FIFO (default: 1)")
  static let creditCycles = Option.integer(
    "credit-cycles", in: 1...64, help: "C: cycles from a grant to the credit's return (default: 1)")
  static let injectionCycles = Option.integer(
    "injection-cycles", in: 1...64, help: "INJ: cycles from injection to the local FIFO (default: 1)")
  static let portOrder = Option<[Int]>(
    "port-order", argument: "P,P,P,P,P",
    help:
      "the ports (0 +x, 1 -x, 2 +y, 3 -y, 4 local) as the rotating arbiters see them (default: 0,1,2,3,4)",
    expected: "an order of 0,1,2,3,4", fallback: [0, 1, 2, 3, 4],
    read: { text in
      let ports = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
      return ports.sorted() == [0, 1, 2, 3, 4] ? ports : nil
    })

  static let declarations = [
    width.declaration, height.declaration, bufferDepth.declaration, hopCycles.declaration,
    creditCycles.declaration, injectionCycles.declaration, portOrder.declaration,
  ]

  /// Entries of all FIFOs beyond which a mesh is refused, so that it fits into memory.
  private static let mostEntries = 1 << 27

  static func mesh(_ arguments: Arguments) throws(Failure) -> Chip.Mesh {
    var problems = DiagnosticCollector()
    for option in [width, height] where arguments[option] == nil {
      problems.add(
        Diagnostic("usage.missingOption", subject: "--\(option.declaration.name)", problem: "is missing"))
    }
    let mesh = Chip.Mesh(
      width: arguments[width] ?? 1, height: arguments[height] ?? 1, bufferDepth: arguments[bufferDepth] ?? 4,
      hopCycles: arguments[hopCycles] ?? 1, creditCycles: arguments[creditCycles] ?? 1,
      injectionCycles: arguments[injectionCycles] ?? 1, portOrder: arguments[portOrder])
    let entries = mesh.width * mesh.height * 8 * mesh.bufferDepth
    if entries > mostEntries {
      problems.add(
        Diagnostic(
          "usage.meshSize", subject: "the mesh", problem: "the FIFOs are too large together",
          found: "\(mesh.width) × \(mesh.height), depth \(mesh.bufferDepth)",
          expected: "width × height × depth at most \(mostEntries / 8)"))
    }
    try problems.throwIfErrors(.usage)
    return mesh
  }
}

/// A mesh as the reports of the mesh commands name it.
struct MeshConstants: Codable, Sendable {
  var width: Int
  var height: Int
  var bufferDepth: Int
  var hopCycles: Int
  var creditCycles: Int
  var injectionCycles: Int
  var portOrder: [Int]

  init(_ mesh: Chip.Mesh) {
    width = mesh.width
    height = mesh.height
    bufferDepth = mesh.bufferDepth
    hopCycles = mesh.hopCycles
    creditCycles = mesh.creditCycles
    injectionCycles = mesh.injectionCycles
    portOrder = mesh.portOrder
  }

  /// "8 × 8, depth 4, hop 1, credit 1, injection 1".
  var text: String {
    "\(width) × \(height) routers, FIFO depth \(bufferDepth); cycles: hop \(hopCycles), "
      + "credit \(creditCycles), injection \(injectionCycles)"
  }
}
