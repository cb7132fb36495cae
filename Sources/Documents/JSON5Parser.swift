/// A recursive-descent reader of JSON5 (json5.org) over UTF-8 bytes.
///
/// Every byte access is checked; depth is limited by `Document.maximumDepth`.
struct JSON5Parser {
  /// What is wrong, and where (1-based line and column; a column is one Unicode scalar).
  struct Problem: Error {
    var problem: String
    var found: String?
    var expected: String?
    var line = 1
    var column = 1
  }

  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  private var depth = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The byte `offset` further on, or nil at the end.
  func peek(_ offset: Int = 0) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  mutating func document() throws(Problem) -> Document {
    try skipSpace()
    let value = try value()
    try skipSpace()
    if position < bytes.count { throw unexpected("the end of the file") }
    return value
  }

  private mutating func value() throws(Problem) -> Document {
    switch peek() {
    case UInt8(ascii: "{"): return try nested { parser throws(Problem) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(Problem) in try parser.array() }
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
    case let byte? where Self.isIdentifierStart(byte): return try word()
    case nil: throw unexpected("a value")
    default: return .number(try number())
    }
  }

  private mutating func nested(
    _ read: (inout JSON5Parser) throws(Problem) -> Document
  ) throws(Problem) -> Document {
    guard depth < Document.maximumDepth else {
      throw problem("is nested too deeply", expected: "at most \(Document.maximumDepth) levels")
    }
    depth += 1
    position += 1
    let document = try read(&self)
    depth -= 1
    return document
  }

  private mutating func object() throws(Problem) -> Document {
    var members: [String: Document] = [:]
    while true {
      try skipSpace()
      if take("}") { return .object(members) }
      let start = position
      let key = try key()
      if members[key] != nil {
        position = start
        throw problem("has the same key twice in one object", found: "\"\(key)\"")
      }
      try skipSpace()
      guard take(":") else { throw unexpected("\":\" after the key \"\(key)\"") }
      try skipSpace()
      members[key] = try value()
      try skipSpace()
      if take(",") { continue }
      guard take("}") else { throw unexpected("\",\" or \"}\"") }
      return .object(members)
    }
  }

  private mutating func array() throws(Problem) -> Document {
    var elements: [Document] = []
    while true {
      try skipSpace()
      if take("]") { return .array(elements) }
      elements.append(try value())
      try skipSpace()
      if take(",") { continue }
      guard take("]") else { throw unexpected("\",\" or \"]\"") }
      return .array(elements)
    }
  }

  private mutating func key() throws(Problem) -> String {
    switch peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return try string()
    case let byte? where Self.isIdentifierStart(byte): return identifier()
    default: throw unexpected("a key or \"}\"")
    }
  }

  private mutating func identifier() -> String {
    let start = position
    while let byte = peek(), Self.isIdentifierStart(byte) || Self.isDigit(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func word() throws(Problem) -> Document {
    let start = position
    switch identifier() {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    case "NaN", "Infinity":
      position = start
      throw problem("holds a number that is not finite", expected: "a finite number")
    case let other:
      position = start
      throw problem(
        "is not JSON5", found: "the bare word \(other)", expected: "a value; a string needs quotes")
    }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = peek(), UInt32(byte) == character.value else { return false }
    position += 1
    return true
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  static func isIdentifierStart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "$"):
      true
    default: false
    }
  }
}

// MARK: - Problems

extension JSON5Parser {
  /// A problem at the current position.
  func problem(_ text: String, found: String? = nil, expected: String? = nil) -> Problem {
    var problem = Problem(problem: text, found: found, expected: expected)
    var index = 0
    while index < min(position, bytes.count) {
      let byte = bytes[index]
      let isReturn = byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
      if byte == 0x0A || isReturn {
        problem.line += 1
        problem.column = 1
      } else if byte & 0xC0 != 0x80 {
        problem.column += 1
      }
      index += 1
    }
    return problem
  }

  func unexpected(_ expected: String) -> Problem {
    guard position < bytes.count else {
      return problem("is not JSON5", found: "the end of the file", expected: expected)
    }
    let rest = String(decoding: bytes[position..<min(position + 8, bytes.count)], as: UTF8.self)
    let character = rest.unicodeScalars.first.map { $0.value < 0x20 ? "a line break" : "\"\($0)\"" }
    return problem("is not JSON5", found: character, expected: expected)
  }
}
