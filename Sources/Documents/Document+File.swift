import Diagnostics
import Foundation

extension Document {
  /// Reads a JSON5 file.
  ///
  /// Failures: the file does not exist or cannot be opened (exit 66); it is too large, not UTF-8, or not
  /// JSON5 (exit 65).
  public static func readFile(_ path: String) throws(Failure) -> Document {
    try parse(json5: try readText(path), place: path)
  }

  /// The text of a file, with the same failures.
  public static func readText(_ path: String) throws(Failure) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw Failure(
        .noSuchFile,
        Diagnostic(
          "file.cannotOpen", place: path,
          problem: exists ? "the file cannot be opened" : "there is no such file",
          remedy: exists ? "See to it that it may be read" : nil))
    }
    defer { try? file.close() }
    let data: Data
    do {
      data = try file.read(upToCount: maximumBytes + 1) ?? Data()
    } catch {
      throw Failure(
        .badInput,
        Diagnostic("file.cannotRead", place: path, problem: "cannot be read; is it a folder?"))
    }
    guard data.count <= maximumBytes else { throw tooLarge(path) }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure(
        .badInput,
        Diagnostic(
          "document.notUTF8", place: "\(path), byte \(firstInvalidByte(data))", problem: "is not UTF-8 text"))
    }
    return text
  }

  /// Offset of the first byte that cannot be part of UTF-8 text.
  private static func firstInvalidByte(_ data: Data) -> Int {
    var decoder = UTF8()
    var iterator = data.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
    return offset
  }
}
