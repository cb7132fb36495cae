/// What became of every node of the user's file, and how what the file leaves open was read.
public struct FidelityManifest: Sendable, Equatable, Codable {
  public enum Fidelity: String, Sendable, Codable {
    case exact, approximated, refused
  }
  public struct Entry: Sendable, Equatable, Codable {
    public var node: String
    public var type: String
    public var fidelity: Fidelity
    /// How and by how much (approximated), or why and what to do (refused).
    public var note: String?

    public init(node: String, type: String, fidelity: Fidelity, note: String? = nil) {
      self.node = node
      self.type = type
      self.fidelity = fidelity
      self.note = note
    }
  }
  /// One reading that the file does not settle: "dt" → "1e-4 s (option --dt)".
  public struct Reading: Sendable, Equatable, Codable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public var entries: [Entry]
  public var readings: [Reading]

  public init(entries: [Entry] = [], readings: [Reading] = []) {
    self.entries = entries
    self.readings = readings
  }
}
