/// A JSON or JSON5 document as a tree of values: what every text file of ours is read into and written from.
public indirect enum Document: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([Document])
  case object([String: Document])

  /// What it is, with its article, for a sentence.
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The value as a diagnostic shows it: its text, cut short where it is long.
  public var summary: String {
    switch self {
    case .array(let elements): return "a list of \(elements.count)"
    case .object(let members): return "an object with \(members.count) keys"
    default:
      let text = serialized(pretty: false)
      return text.count > 60 ? String(text.prefix(57)) + "…" : text
    }
  }

  /// Members of an object; nil for anything else.
  public var members: [String: Document]? {
    if case .object(let members) = self { return members }
    return nil
  }
}
