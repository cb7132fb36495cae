import Diagnostics

/// Reads a document key by key and collects everything that is wrong with it, so that a user mends a file once.
///
/// ```swift
/// let reader = DocumentReader(document, place: path)
/// let core = reader.root.object("core")
/// let axons = core?.integer("axons", in: 1...4096)
/// reader.root.finish()                              // keys that nobody asked for
/// try reader.diagnostics.throwIfErrors()
/// guard let axons else { … }                        // not reached: nil always comes with an error
/// ```
public final class DocumentReader {
  public let document: Document
  /// The file's name, for diagnostics.
  public let place: String
  public private(set) var diagnostics = DiagnosticCollector()
  private let node = Cursor.Node()

  public init(_ document: Document, place: String) {
    self.document = document
    self.place = place
  }

  /// The whole document.
  public var root: Cursor { Cursor(document, path: "", reader: self, node: node) }

  public func add(_ diagnostic: Diagnostic) { diagnostics.add(diagnostic) }
}
