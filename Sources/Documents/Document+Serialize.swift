extension Document {
  /// The document as JSON text that `parse` reads back to an equal document. The same document always gives
  /// the same text: keys are sorted, numbers are the shortest decimals that name them.
  ///
  /// JSON has no infinity and no NaN: such a number is written as `null`.
  ///
  /// - Parameter pretty: two spaces of indentation, one member per line, lists of plain values on one line,
  ///   and a line break at the end.
  public func serialized(pretty: Bool) -> String {
    var text = ""
    write(to: &text, indent: pretty ? "" : nil)
    if pretty { text += "\n" }
    return text
  }

  private func write(to text: inout String, indent: String?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += Self.numberText(value)
    case .string(let value): Self.writeString(value, to: &text)
    case .array(let elements):
      let flat = elements.allSatisfy(\.isPlain)
      Self.writeList(
        elements, brackets: ("[", "]"), to: &text, indent: flat ? nil : indent, flat: flat && indent != nil
      ) {
        element, inner, text in element.write(to: &text, indent: inner)
      }
    case .object(let members):
      let sorted = members.sorted { $0.key < $1.key }
      Self.writeList(sorted, brackets: ("{", "}"), to: &text, indent: indent, flat: false) {
        member, inner, text in
        Self.writeString(member.key, to: &text)
        text += inner == nil ? ":" : ": "
        member.value.write(to: &text, indent: inner)
      }
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], brackets: (String, String), to text: inout String, indent: String?, flat: Bool,
    element: (Element, String?, inout String) -> Void
  ) {
    text += brackets.0
    let inner = indent.map { $0 + "  " }
    for (position, item) in elements.enumerated() {
      if position > 0 { text += flat ? ", " : "," }
      if let inner { text += "\n" + inner }
      element(item, inner, &text)
    }
    if let indent, !elements.isEmpty { text += "\n" + indent }
    text += brackets.1
  }

  static func numberText(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == 0 { return value.sign == .minus ? "-0.0" : "0" }
    if value.magnitude < 0x1p53, value == value.rounded(.towardZero) { return "\(Int64(value))" }
    return "\(value)"
  }

  private static func writeString(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{2028}": text += "\\u2028"
      case "\u{2029}": text += "\\u2029"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
