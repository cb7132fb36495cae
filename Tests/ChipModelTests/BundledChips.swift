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

func goldenTable(_ name: String) throws -> [GoldenRow] { try GoldenTable.rows("ChipModel", name) }
