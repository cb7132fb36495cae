import Foundation
import TestSupport

/// What stands where in the checkout; paths are relative to its top.
extension Repository {
  /// Names of the folders directly in `path`, hidden ones not included.
  static func folders(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Repository.path(path)).filter { name in
      !name.hasPrefix(".") && isFolder(path.isEmpty ? name : path + "/" + name)
    }.sorted()
  }

  /// Files below `path` at any depth, or those with an extension.
  static func files(under path: String, extension wanted: String? = nil) throws -> [String] {
    var found: [String] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: Repository.path(path)).sorted()
    where name != ".build" && name != "__pycache__" {
      let file = path + "/" + name
      if isFolder(file) {
        found += try files(under: file, extension: wanted)
      } else if wanted == nil || name.hasSuffix("." + (wanted ?? "")) {
        found.append(file)
      }
    }
    return found
  }

  static func isFolder(_ path: String) -> Bool {
    var folder: ObjCBool = false
    return FileManager.default.fileExists(atPath: Repository.path(path), isDirectory: &folder)
      && folder.boolValue
  }
}
