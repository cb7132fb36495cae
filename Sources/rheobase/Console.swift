import Diagnostics
import Foundation
import HDF5Files
import Reports

/// The streams of the program: text or one document on standard output, everything else on standard error.
struct Console: Sendable {
  /// Progress is only for someone who watches.
  let showsProgress = isatty(STDERR_FILENO) == 1

  /// Text for a person on standard output.
  func print(_ text: String) throws(Failure) { try write(Self.visible(text)) }

  /// Writes to standard output as it is; a full disk behind it is a file that cannot be written.
  func write(_ text: String) throws(Failure) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw Failure(
        .cannotWrite,
        Diagnostic("file.cannotWrite", place: "standard output", problem: "cannot be written"))
    }
  }

  /// Writes to standard error. There is nobody to tell if that fails.
  func note(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  func report(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { note(Self.visible(diagnostic.formatted) + "\n") }
  }

  /// The text without control characters but line breaks, so that a name in a file cannot steer the terminal.
  static func visible(_ text: String) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      scalar != "\n" && (scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value))
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
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
      try console.write(text)
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
