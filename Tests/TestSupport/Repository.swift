import Foundation

/// The checkout that these tests were built from.
public enum Repository {
  public static let top = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Full path of a file given relative to the top folder.
  public static func path(_ relative: String) -> String { top.appending(path: relative).path }

  /// The text of a page, a chip file or a source.
  public static func text(_ relative: String) throws -> String {
    try String(contentsOf: top.appending(path: relative), encoding: .utf8)
  }
}
