/// Which kind of quantity a number is: the exponents of the SI base units that occur in electronics.
public struct Dimension: Equatable, Hashable, Sendable {
  public var metre: Int
  public var kilogram: Int
  public var second: Int
  public var ampere: Int

  public init(metre: Int = 0, kilogram: Int = 0, second: Int = 0, ampere: Int = 0) {
    self.metre = metre
    self.kilogram = kilogram
    self.second = second
    self.ampere = ampere
  }

  public static let none = Dimension()
  public static let metres = Dimension(metre: 1)
  public static let metresSquared = Dimension(metre: 2)
  public static let seconds = Dimension(second: 1)
  public static let hertz = Dimension(second: -1)
  public static let amperes = Dimension(ampere: 1)
  public static let coulombs = Dimension(second: 1, ampere: 1)
  public static let volts = Dimension(metre: 2, kilogram: 1, second: -3, ampere: -1)
  public static let ohms = Dimension(metre: 2, kilogram: 1, second: -3, ampere: -2)
  public static let siemens = Dimension(metre: -2, kilogram: -1, second: 3, ampere: 2)
  public static let farads = Dimension(metre: -2, kilogram: -1, second: 4, ampere: 2)
  public static let faradsPerMetre = farads - metres
  public static let joules = Dimension(metre: 2, kilogram: 1, second: -2)
  public static let watts = Dimension(metre: 2, kilogram: 1, second: -3)

  /// Dimension of a product.
  public static func + (a: Dimension, b: Dimension) -> Dimension {
    Dimension(
      metre: a.metre + b.metre, kilogram: a.kilogram + b.kilogram, second: a.second + b.second,
      ampere: a.ampere + b.ampere)
  }

  /// Dimension of a quotient.
  public static func - (a: Dimension, b: Dimension) -> Dimension { a + b * -1 }

  /// Dimension of a power.
  public static func * (a: Dimension, power: Int) -> Dimension {
    Dimension(
      metre: a.metre * power, kilogram: a.kilogram * power, second: a.second * power,
      ampere: a.ampere * power)
  }

  /// With its article, for a sentence: "a capacitance".
  public var name: String { entry?.name ?? "a quantity in \(unit)" }

  /// The SI unit: "F", "F/m"; empty for a plain number.
  public var unit: String {
    if let entry { return entry.unit }
    let powers = [("m", metre), ("kg", kilogram), ("s", second), ("A", ampere)]
    return powers.filter { $0.1 != 0 }.map { $0.1 == 1 ? $0.0 : "\($0.0)^\($0.1)" }
      .joined(separator: "·")
  }

  /// How such a quantity is written in a file: `12 fF`. Nil for a dimension without a name.
  public var example: String? { entry?.example }

  private var entry: Entry? { Self.named.first { $0.dimension == self } }

  private struct Entry: Sendable {
    var dimension: Dimension
    var name: String
    var unit: String
    var example: String
  }

  private static let named = [
    Entry(dimension: .none, name: "a plain number", unit: "", example: "0.5"),
    Entry(dimension: .metres, name: "a length", unit: "m", example: "2 um"),
    Entry(dimension: .metresSquared, name: "an area", unit: "m²", example: "0.5 um²"),
    Entry(dimension: .seconds, name: "a time", unit: "s", example: "1 ms"),
    Entry(dimension: .hertz, name: "a frequency", unit: "Hz", example: "20 Hz"),
    Entry(dimension: .amperes, name: "a current", unit: "A", example: "20 pA"),
    Entry(dimension: .coulombs, name: "a charge", unit: "C", example: "10 fC"),
    Entry(dimension: .volts, name: "a voltage", unit: "V", example: "0.6 V"),
    Entry(dimension: .ohms, name: "a resistance", unit: "Ohm", example: "5 kOhm"),
    Entry(dimension: .siemens, name: "a conductance", unit: "S", example: "25 pS"),
    Entry(dimension: .farads, name: "a capacitance", unit: "F", example: "12 fF"),
    Entry(
      dimension: .faradsPerMetre, name: "a capacitance per length", unit: "F/m", example: "0.08 fF/um"),
    Entry(dimension: .joules, name: "an energy", unit: "J", example: "3 pJ"),
    Entry(dimension: .watts, name: "a power", unit: "W", example: "10 uW"),
  ]
}
