import Diagnostics
import Foundation
import HDF5Files
import Reports

/// The streams of the program: text or one document on standard output, everything else on standard error.
struct Console: Sendable {
  /// Progress is only for someone who watches.
  let showsProgress = isatty(STDERR_FILENO) == 1

  func print(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  func note(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  func report(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { note(diagnostic.formatted + "\n") }
  }

  /// Overwrites the last line of a terminal; an empty text clears it.
  func progress(_ text: String) {
    if showsProgress { note("\r\u{1B}[K" + text) }
  }
}

/// Where the JSON document goes: nowhere, standard output (`-`) or a file.
struct DocumentTarget: Sendable {
  let path: String?

  static let option = Option.text(
    "json", argument: "FILE",
    help: "write the report as JSON; - puts it on standard output instead of the text")

  var replacesText: Bool { path == "-" }

  /// Writes the document; a file appears whole or not at all.
  func write(_ report: some Encodable, console: Console) throws(Failure) {
    guard let path else { return }
    let text = try jsonDocument(report)
    if path == "-" {
      console.print(text)
    } else {
      try AtomicFile.write([Array(text.utf8)], to: path)
    }
  }
}

/// What a command writes as its document when it fails: the diagnostics, and nothing that could be mistaken for a result.
struct FailureDocument: Encodable, Sendable {
  var diagnostics: [Diagnostic]
}

/// Checks before long work that a file can be made at `path`.
func checkWritable(_ path: String?) throws(Failure) {
  guard let path, path != "-" else { return }
  let folder = URL(filePath: path).deletingLastPathComponent().path
  var isFolder: ObjCBool = false
  let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
  if (exists && isFolder.boolValue) || !FileManager.default.isWritableFile(atPath: folder) {
    throw Failure(
      .cannotWrite,
      Diagnostic(
        "file.cannotWrite", place: path,
        problem: exists && isFolder.boolValue
          ? "is a folder" : "its folder does not exist or cannot be written",
        remedy: "Name a file in a folder that exists"))
  }
}
