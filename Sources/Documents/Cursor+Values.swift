import Quantities

// MARK: - This value

extension Cursor {
  /// This value as a string.
  public func asString() -> String? {
    if case .string(let text) = value { return text }
    wrongType("a string")
    return nil
  }

  /// This value as a number within a range.
  public func asNumber(in range: ClosedRange<Double>? = nil) -> Double? {
    guard case .number(let number) = value else {
      wrongType("a number")
      return nil
    }
    if let range, !range.contains(number) {
      fail(
        "document.range", problem: "is out of range", found: value.summary,
        expected: Self.rangeText(range, ""))
      return nil
    }
    return number
  }

  /// This value as a whole number within a range.
  public func asInteger(in range: ClosedRange<Int>) -> Int? {
    guard case .number(let number) = value, let integer = Int(exactly: number) else {
      wrongType("a whole number")
      return nil
    }
    guard range.contains(integer) else {
      let expected =
        range.upperBound == .max
        ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      fail("document.range", problem: "is out of range", found: "\(integer)", expected: expected)
      return nil
    }
    return integer
  }

  /// This value as true or false.
  public func asBool() -> Bool? {
    if case .bool(let value) = value { return value }
    wrongType("true or false")
    return nil
  }

  /// This value as one of an enumeration's names.
  public func asOneOf<Name: RawRepresentable & CaseIterable>(
    _ type: Name.Type = Name.self
  ) -> Name? where Name.RawValue == String {
    let names = Name.allCases.map(\.rawValue)
    if case .string(let text) = value, let name = Name(rawValue: text) { return name }
    var near: String?
    if case .string(let text) = value { near = nearestName(to: text, among: names) }
    fail(
      "document.choice", problem: "is not one of the choices", found: value.summary,
      expected: "one of \(names.map { "\"\($0)\"" }.joined(separator: ", "))",
      remedy: near.map { "Perhaps \"\($0)\" is meant" })
    return nil
  }

  /// This value as a quantity with its unit (`"12 fF"`), in SI units. A plain number is taken only where the
  /// dimension is `.none`.
  public func asQuantity(_ dimension: Dimension, in range: ClosedRange<Double>? = nil) -> Double? {
    let expected = dimension.name + (dimension.example.map { " such as \"\($0)\"" } ?? "")
    if case .number = value, dimension == .none { return asNumber(in: range) }
    guard case .string(let text) = value else {
      fail("document.type", problem: "has no unit", found: value.summary, expected: expected)
      return nil
    }
    let quantity: Quantity
    do {
      quantity = try Quantity.parse(text)
    } catch {
      fail("document.quantity", problem: error.problem, found: value.summary, expected: expected)
      return nil
    }
    guard quantity.dimension == dimension else {
      fail(
        "document.dimension", problem: "is \(quantity.dimension.name)", found: value.summary,
        expected: expected)
      return nil
    }
    if let range, !range.contains(quantity.value) {
      fail(
        "document.range", problem: "is out of range", found: value.summary,
        expected: Self.rangeText(range, dimension.unit))
      return nil
    }
    return quantity.value
  }

  /// This value's elements, if it is a list.
  public func asArray() -> [Cursor]? {
    guard case .array(let elements) = value else {
      wrongType("a list")
      return nil
    }
    return elements.enumerated().map { step($1, path: "\(path)[\($0)]") }
  }

  private static func rangeText(_ range: ClosedRange<Double>, _ unit: String) -> String {
    let low = formatQuantity(range.lowerBound, unit: unit)
    let high = formatQuantity(range.upperBound, unit: unit)
    if !range.upperBound.isFinite || range.upperBound == .greatestFiniteMagnitude { return "at least \(low)" }
    if !range.lowerBound.isFinite || range.lowerBound == -.greatestFiniteMagnitude {
      return "at most \(high)"
    }
    return "\(low) to \(high)"
  }
}

// MARK: - Members

extension Cursor {
  public func object(_ key: String) -> Cursor? { required(key, "an object") { $0.optionalObject(key) } }

  public func optionalObject(_ key: String) -> Cursor? {
    guard let child = member(key) else { return nil }
    guard child.value.members != nil else {
      child.wrongType("an object")
      return nil
    }
    return child
  }

  public func array(_ key: String) -> [Cursor]? { required(key, "a list") { $0.optionalArray(key) } }

  public func optionalArray(_ key: String) -> [Cursor]? { member(key)?.asArray() }

  public func string(_ key: String) -> String? { required(key, "a string") { $0.optionalString(key) } }

  public func optionalString(_ key: String) -> String? { member(key)?.asString() }

  public func number(_ key: String, in range: ClosedRange<Double>? = nil) -> Double? {
    required(key, "a number") { $0.optionalNumber(key, in: range) }
  }

  public func optionalNumber(_ key: String, in range: ClosedRange<Double>? = nil) -> Double? {
    member(key)?.asNumber(in: range)
  }

  public func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    required(key, "a whole number") { $0.optionalInteger(key, in: range) }
  }

  public func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
    member(key)?.asInteger(in: range)
  }

  public func bool(_ key: String) -> Bool? { required(key, "true or false") { $0.optionalBool(key) } }

  public func optionalBool(_ key: String) -> Bool? { member(key)?.asBool() }

  public func oneOf<Name: RawRepresentable & CaseIterable>(
    _ key: String, as type: Name.Type = Name.self
  ) -> Name? where Name.RawValue == String {
    required(key, "one of \(Name.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))") {
      $0.optionalOneOf(key, as: type)
    }
  }

  public func optionalOneOf<Name: RawRepresentable & CaseIterable>(
    _ key: String, as type: Name.Type = Name.self
  ) -> Name? where Name.RawValue == String {
    member(key)?.asOneOf(type)
  }

  public func quantity(
    _ key: String, _ dimension: Dimension, in range: ClosedRange<Double>? = nil
  ) -> Double? {
    required(key, dimension.name + (dimension.example.map { " such as \"\($0)\"" } ?? "")) {
      $0.optionalQuantity(key, dimension, in: range)
    }
  }

  public func optionalQuantity(
    _ key: String, _ dimension: Dimension, in range: ClosedRange<Double>? = nil
  ) -> Double? {
    member(key)?.asQuantity(dimension, in: range)
  }
}
