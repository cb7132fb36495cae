/// The header of a `.npy` file: a Python dictionary with exactly the keys descr, fortran_order and shape.
struct NumpyHeader: Equatable {
  /// Byte order and type, "<f8".
  var description: String
  var fortranOrder: Bool
  var shape: [Int]

  /// Parses `{'descr': '|u1', 'fortran_order': False, 'shape': (3, 4), }`, padded with blanks, with a newline
  /// at the end; nil when it is anything else.
  init?(_ text: [UInt8]) {
    var scanner = Scanner(rest: text[...])
    var description: String?
    var fortranOrder: Bool?
    var shape: [Int]?
    guard scanner.take("{") else { return nil }
    while !scanner.take("}") {
      guard let key = scanner.string(), scanner.take(":") else { return nil }
      switch key {
      case "descr" where description == nil: description = scanner.string()
      case "fortran_order" where fortranOrder == nil:
        fortranOrder = scanner.take("True") ? true : scanner.take("False") ? false : nil
      case "shape" where shape == nil: shape = scanner.tuple()
      default: return nil
      }
      if !scanner.take(",") {
        guard scanner.take("}") else { return nil }
        break
      }
    }
    guard scanner.rest.allSatisfy({ $0 == 0x20 || $0 == 0x0A }), text.last == 0x0A,
      scanner.rest.filter({ $0 == 0x0A }).count == 1, let description, let fortranOrder, let shape
    else { return nil }
    self.description = description
    self.fortranOrder = fortranOrder
    self.shape = shape
  }

  private struct Scanner {
    var rest: ArraySlice<UInt8>

    mutating func take(_ token: String) -> Bool {
      let next = rest.drop { $0 == 0x20 }
      guard next.starts(with: token.utf8) else { return false }
      rest = next.dropFirst(token.utf8.count)
      return true
    }

    mutating func string() -> String? {
      for quote in ["'", "\""] where take(quote) {
        guard let end = rest.firstIndex(of: quote.utf8.first ?? 0) else { return nil }
        let text = String(decoding: rest[..<end], as: UTF8.self)
        rest = rest[(end + 1)...]
        return text
      }
      return nil
    }

    mutating func tuple() -> [Int]? {
      guard take("(") else { return nil }
      var values: [Int] = []
      while !take(")") {
        guard let value = integer() else { return nil }
        values.append(value)
        if !take(",") {
          guard take(")") else { return nil }
          break
        }
      }
      return values
    }

    /// A size; Python 2 wrote a trailing L.
    private mutating func integer() -> Int? {
      let next = rest.drop { $0 == 0x20 }
      let digits = next.prefix { (0x30...0x39).contains($0) }
      rest = next.dropFirst(digits.count)
      _ = take("L")
      return Int(String(decoding: digits, as: UTF8.self))
    }
  }
}
