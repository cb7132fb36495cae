import ChipModel
import Diagnostics
import Foundation
import TestSupport
import Testing

/// The chip files and pages of this package.
enum BundledChips {
  static let directory = Repository.path("chips")

  static func page(_ name: String) throws -> String { try Repository.text("docs/" + name) }

  static var tesseraPath: String { directory + "/tessera/tessera.json5" }

  static func tesseraText() throws -> String { try String(contentsOfFile: tesseraPath, encoding: .utf8) }

  static func tessera(_ overrides: [(path: String, value: String)] = []) throws -> Chip {
    try Chip.load("tessera", directories: [directory], overrides: overrides)
  }

  /// The diagnostics that a changed Tessera gives; empty when it is accepted.
  static func problems(_ overrides: [(path: String, value: String)]) throws -> [Diagnostic] {
    do throws(Failure) {
      _ = try Chip.load("tessera", directories: [directory], overrides: overrides)
      return []
    } catch {
      return error.diagnostics
    }
  }
}

/// Rows of a comma-separated table without its header; quotes may enclose a cell.
func goldenRows(_ name: String) throws -> [[String]] {
  let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
  let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
    var cells = [""]
    var quoted = false
    for character in line {
      if character == "\"" {
        quoted.toggle()
      } else if character == ",", !quoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}
