import Diagnostics
import NetworkIR

/// Reads a network from a file of any known kind.
public enum NetworkFile {
  /// Reads `path`: `.nir` (the Neuromorphic Intermediate Representation) or `.json5` / `.json` (physical units).
  ///
  /// All problems of the file are reported at once. The result has passed `Network.verify()`.
  public static func read(_ path: String, options: ImportOptions = ImportOptions()) throws(Failure)
    -> ImportedNetwork
  {
    let problems = options.check()
    if !problems.isEmpty { throw Failure(.usage, problems) }
    let imported: ImportedNetwork
    switch fileExtension(path) {
    case "nir": imported = try NIRFile.read(path, options: options)
    case "json5", "json": imported = try PhysicalNetworkFile.read(path, options: options)
    case let other:
      throw Failure(
        .usage,
        Diagnostic(
          "network.unknownKind", place: path, problem: "not a kind of network file",
          found: other.isEmpty ? "no file extension" : ".\(other)", expected: ".nir, .json5 or .json"))
    }
    let broken = imported.network.verify()
    if !broken.isEmpty { throw Failure(.ourBug, broken) }
    return imported
  }
}

/// The part after the last dot of the last path component, in lower case; empty when there is none.
func fileExtension(_ path: String) -> String {
  let name = path.split(separator: "/").last ?? ""
  guard let dot = name.lastIndex(of: ".") else { return "" }
  return name[name.index(after: dot)...].lowercased()
}

/// The last path component without its extension: a network's name.
func fileStem(_ path: String) -> String {
  let name = path.split(separator: "/").last ?? ""
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return String(name) }
  return String(name[..<dot])
}
