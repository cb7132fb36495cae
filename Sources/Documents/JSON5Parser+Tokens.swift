// White space, comments, numbers and strings of JSON5.

extension JSON5Parser {
  /// Skips white space (JSON5's set, a byte order mark included) and both kinds of comment.
  mutating func skipSpace() throws(Problem) {
    while let byte = peek() {
      switch byte {
      case 0x09...0x0D, 0x20: position += 1
      case UInt8(ascii: "/"): try skipComment()
      case 0x80...:
        let length = wideSpaceLength()
        if length == 0 { return }
        position += length
      default: return
      }
    }
  }

  private mutating func skipComment() throws(Problem) {
    switch peek(1) {
    case UInt8(ascii: "/"):
      while let byte = peek(), byte != 0x0A, byte != 0x0D, lineSeparatorLength() == 0 { position += 1 }
    case UInt8(ascii: "*"):
      let start = position
      position += 2
      while !(peek() == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) {
        guard position < bytes.count else {
          position = start
          throw problem("is not JSON5", found: "a comment without its end", expected: "\"*/\"")
        }
        position += 1
      }
      position += 2
    default: throw unexpected("a value, or a comment")
    }
  }

  /// Bytes of the non-ASCII white space at the current position, 0 if there is none.
  private func wideSpaceLength() -> Int {
    switch (peek(), peek(1), peek(2)) {
    case (0xC2, 0xA0, _): 2
    case (0xEF, 0xBB, 0xBF), (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): 3
    case (0xE2, 0x80, let last?) where (0x80...0x8A).contains(last): 3
    default: lineSeparatorLength()
    }
  }

  /// Length of U+2028 or U+2029 at the current position, 0 if there is none.
  private func lineSeparatorLength() -> Int {
    guard peek() == 0xE2, peek(1) == 0x80, let last = peek(2) else { return 0 }
    return last == 0xA8 || last == 0xA9 ? 3 : 0
  }

  // MARK: - Numbers

  mutating func number() throws(Problem) -> Double {
    let start = position
    var negative = false
    if take("-") { negative = true } else { _ = take("+") }
    guard let first = peek(), Self.isDigit(first) || first == UInt8(ascii: ".") else {
      if let byte = peek(), Self.isIdentifierStart(byte) {
        position = start
        throw problem("holds a number that is not finite, or a bare word", expected: "a finite number")
      }
      throw unexpected(position == start ? "a value" : "a digit")
    }
    if first == UInt8(ascii: "0"), let next = peek(1), next | 0x20 == UInt8(ascii: "x") {
      position += 2
      return try hexadecimal(from: start, negative: negative)
    }
    let whole = digits()
    var fraction = ""
    if take(".") { fraction = digits() }
    guard !(whole.isEmpty && fraction.isEmpty) else { throw unexpected("a digit") }
    if whole.count > 1, whole.hasPrefix("0") {
      position = start
      throw problem("has a number with a leading zero")
    }
    var exponent = ""
    if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if take("-") { exponent = "-" } else { _ = take("+") }
      let power = digits()
      guard !power.isEmpty else { throw unexpected("a digit of the exponent") }
      exponent += power
    }
    try endOfNumber()
    let sign = negative ? "-" : ""
    let text =
      sign + (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
      + (exponent.isEmpty ? "" : "e" + exponent)
    guard let value = Double(text), value.isFinite else {
      position = start
      throw problem("has a number that is too large", found: text, expected: "a number below 1.8e308")
    }
    return value
  }

  private mutating func hexadecimal(from start: Int, negative: Bool) throws(Problem) -> Double {
    let first = position
    while let byte = peek(), Self.hexValue(byte) != nil { position += 1 }
    let text = String(decoding: bytes[first..<position], as: UTF8.self)
    guard !text.isEmpty else { throw unexpected("a hexadecimal digit") }
    try endOfNumber()
    guard let value = UInt64(text, radix: 16) else {
      position = start
      throw problem("has a hexadecimal number of more than 64 bits", found: "0x" + text)
    }
    return negative ? -Double(value) : Double(value)
  }

  private mutating func digits() -> String {
    let start = position
    while let byte = peek(), Self.isDigit(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// A number must not run into a word: `12fF` needs quotes.
  private func endOfNumber() throws(Problem) {
    if let byte = peek(), Self.isIdentifierStart(byte) || Self.isDigit(byte) || byte == UInt8(ascii: ".") {
      throw problem(
        "has a number that runs into something else", expected: "quotes around a quantity with a unit")
    }
  }

  private static func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  // MARK: - Strings

  mutating func string() throws(Problem) -> String {
    let start = position
    guard let quote = peek() else { throw unexpected("a string") }
    position += 1
    var text: [UInt8] = []
    while let byte = peek() {
      switch byte {
      case quote:
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case 0x0A, 0x0D:
        throw problem("is not JSON5", found: "a line break in a string", expected: "its closing quote")
      default:
        text.append(byte)
        position += 1
      }
    }
    position = start
    throw problem("is not JSON5", found: "a string without its end", expected: "its closing quote")
  }

  /// What follows a backslash.
  private mutating func escape(into text: inout [UInt8]) throws(Problem) {
    guard let byte = peek() else { throw unexpected("an escaped character") }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "v"): text.append(0x0B)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "x"): append(try hexDigits(2), to: &text)
    case UInt8(ascii: "u"): append(try unicodeEscape(), to: &text)
    case 0x0A: break
    case 0x0D: _ = take("\n")
    case UInt8(ascii: "0") where !(peek().map(Self.isDigit) ?? false): text.append(0)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      position -= 1
      throw problem("is not JSON5", found: "an octal escape", expected: "\\xHH or \\uHHHH")
    default:
      position -= 1
      let separator = lineSeparatorLength()
      if separator > 0 {
        position += separator
      } else {
        text.append(byte)
        position += 1
      }
    }
  }

  private mutating func unicodeEscape() throws(Problem) -> UInt32 {
    let start = position
    let first = try hexDigits(4)
    if (0xD800..<0xDC00).contains(first), peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") {
      position += 2
      let second = try hexDigits(4)
      if (0xDC00..<0xE000).contains(second) {
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      }
    }
    if (0xD800..<0xE000).contains(first) {
      position = start
      throw problem("is not JSON5", found: "half of a surrogate pair", expected: "both halves")
    }
    return first
  }

  private mutating func hexDigits(_ count: Int) throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let byte = peek(), let digit = Self.hexValue(byte) else {
        throw unexpected("a hexadecimal digit")
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  private func append(_ scalar: UInt32, to text: inout [UInt8]) {
    guard let scalar = Unicode.Scalar(scalar) else { return }
    text += Array(String(Character(scalar)).utf8)
  }
}
