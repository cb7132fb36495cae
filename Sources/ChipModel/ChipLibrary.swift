import Diagnostics
import Documents
import Foundation

/// Where chip files are found by name.
public enum ChipLibrary {
  /// A chip file in one of the directories.
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var path: String
  }

  /// The directories that are searched, in this order: `--chips`, `$RHEOBASE_CHIPS`, `./chips`,
  /// `<program>/../share/rheobase/chips`, then `chips` in the program's folder and in each folder above it.
  ///
  /// - Parameter option: what `--chips` gives.
  /// - Parameter program: path of the running program; its links are followed.
  public static func searchDirectories(
    option: String?, environment: [String: String], program: String
  ) -> [String] {
    var directories: [String] = []
    if let option { directories.append(option) }
    if let variable = environment["RHEOBASE_CHIPS"], !variable.isEmpty { directories.append(variable) }
    directories.append("./chips")
    var folder = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
    directories.append(
      folder.deletingLastPathComponent().appendingPathComponent("share/rheobase/chips").path)
    while true {
      directories.append(folder.appendingPathComponent("chips").path)
      let above = folder.deletingLastPathComponent()
      if above.path == folder.path { break }
      folder = above
    }
    var seen: Set<String> = []
    return directories.filter { seen.insert($0).inserted }
  }

  /// The files that a name stands for, in the order in which they are tried.
  static func candidates(_ name: String, in directories: [String]) -> [String] {
    directories.flatMap { ["\($0)/\(name).json5", "\($0)/\(name)/\(name).json5"] }
  }

  /// All chips in the directories, sorted by name; of two with the same name the one that `Chip.load` takes.
  public static func list(in directories: [String]) -> [Entry] {
    var found: [String: String] = [:]
    for directory in directories {
      let items = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      for item in items.sorted() {
        let name = item.hasSuffix(".json5") ? String(item.dropLast(".json5".count)) : item
        guard !name.isEmpty, found[name] == nil else { continue }
        found[name] = candidates(name, in: [directory]).first(where: isFile)
      }
    }
    return found.map { Entry(name: $0.key, path: $0.value) }.sorted { $0.name < $1.name }
  }

  static func isFile(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
  }
}

extension Chip {
  /// Reads a chip by path (it contains "/" or ends in ".json5") or by name from the first of the directories
  /// that has it, as NAME.json5 or NAME/NAME.json5.
  ///
  /// A name that is nowhere fails with exit 66 and lists the places tried; see `parse` for the rest.
  public static func load(
    _ nameOrPath: String, directories: [String], overrides: [(path: String, value: String)] = []
  ) throws(Failure) -> Chip {
    let path: String
    if nameOrPath.contains("/") || nameOrPath.hasSuffix(".json5") {
      path = nameOrPath
    } else {
      let candidates = ChipLibrary.candidates(nameOrPath, in: directories)
      guard let found = candidates.first(where: ChipLibrary.isFile) else {
        let names = ChipLibrary.list(in: directories).map(\.name)
        let near = nearestName(to: nameOrPath, among: names).map { "Perhaps \($0) is meant" }
        let known =
          names.isEmpty ? "Name a directory with --chips" : "Known chips: \(names.joined(separator: ", "))"
        throw Failure(
          .noSuchFile,
          Diagnostic(
            "chip.notFound", subject: "chip \(nameOrPath)",
            problem: "there is no \(nameOrPath).json5 and no \(nameOrPath)/\(nameOrPath).json5 "
              + "in the places tried",
            found: directories.joined(separator: ", "), remedy: near ?? known))
      }
      path = found
    }
    return try parse(text: try Document.readText(path), place: path, overrides: overrides)
  }
}
