import Quantities

// The kinds of value that options have, so that each kind is read and described in one way.

extension Option where Value == String? {
  /// Any text but the empty one.
  static func text(
    _ name: String, short: Character? = nil, argument: String, help: String, repeats: Bool = false
  ) -> Option {
    Option(
      name, short: short, argument: argument, help: help, expected: argument, fallback: nil,
      repeats: repeats, read: { $0.isEmpty ? nil : .some($0) })
  }
}

extension Option where Value == Int? {
  /// A whole number within a range.
  static func integer(_ name: String, in range: ClosedRange<Int>, help: String) -> Option {
    let expected =
      range.upperBound == .max
      ? "a whole number, at least \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return Option(
      name, argument: "N", help: help, expected: expected, fallback: nil,
      read: { text in Int(text).flatMap { range.contains($0) ? .some($0) : nil } })
  }
}

extension Option where Value == UInt64? {
  /// A key of random draws.
  static func seed(_ name: String, help: String) -> Option {
    Option(
      name, argument: "N", help: help, expected: "a whole number below 2^64", fallback: nil,
      read: { UInt64($0).map { .some($0) } })
  }
}

extension Option where Value == Double? {
  /// A decimal number within a range.
  static func number(_ name: String, in range: ClosedRange<Double>, help: String) -> Option {
    Option(
      name, argument: "X", help: help, expected: "a number from \(range.lowerBound) to \(range.upperBound)",
      fallback: nil, read: { text in Double(text).flatMap { range.contains($0) ? .some($0) : nil } })
  }

  /// A positive time with its unit.
  static func time(_ name: String, help: String) -> Option {
    Option(
      name, argument: "TIME", help: help, expected: "a positive time such as \"1e-4s\" or \"100 us\"",
      fallback: nil,
      read: { text in
        guard let quantity = try? Quantity.parse(text), quantity.dimension == .seconds, quantity.value > 0
        else { return nil }
        return .some(quantity.value)
      })
  }
}

extension Option {
  /// One of the cases of an enumeration, by its raw value; the help lists them and the fallback.
  static func choice(_ name: String, help: String, fallback: Value) -> Option
  where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    let names = Value.allCases.map(\.rawValue)
    return Option(
      name, argument: names.joined(separator: "|"), help: "\(help) (default: \(fallback.rawValue))",
      expected: names.joined(separator: " or "), fallback: fallback, read: { Value(rawValue: $0) })
  }

  /// The same where what holds without the option depends on the chip or the file; the help says on what.
  static func choice<Name>(_ name: String, help: String) -> Option
  where Value == Name?, Name: RawRepresentable & CaseIterable, Name.RawValue == String {
    let names = Name.allCases.map(\.rawValue)
    return Option(
      name, argument: names.joined(separator: "|"), help: help, expected: names.joined(separator: " or "),
      fallback: nil, read: { text in Name(rawValue: text).map { .some($0) } })
  }
}
