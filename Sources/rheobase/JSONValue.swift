import Documents

/// A document as part of a report.
struct JSONValue: Encodable, Sendable {
  let document: Document

  init(_ document: Document) { self.document = document }

  /// Nil where the text is not a document.
  init?(text: String) {
    guard let document = try? Document.parse(json5: text, place: "") else { return nil }
    self.document = document
  }

  func encode(to encoder: any Encoder) throws {
    switch document {
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let value): try value.encode(to: encoder)
    case .number(let value): try value.encode(to: encoder)
    case .string(let value): try value.encode(to: encoder)
    case .array(let elements): try elements.map(JSONValue.init).encode(to: encoder)
    case .object(let members): try members.mapValues(JSONValue.init).encode(to: encoder)
    }
  }
}
