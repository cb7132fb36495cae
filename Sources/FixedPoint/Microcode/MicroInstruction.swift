/// One step of a neuron's program: what the datapath `microcode` can do in one operation.
///
/// Every value is a signed integer of `registerBits` bits. `F` puts a result into that width and saturates; `R`
/// rounds a quotient to the nearest integer, ties to even; products and sums are exact before both.
public struct MicroInstruction: Sendable, Equatable, Hashable {
  public enum Operation: UInt8, Sendable, CaseIterable {
    /// `d ← F(a + R(b / 2^shift))`
    case add = 0
    /// `d ← F(a − R(b / 2^shift))`
    case subtract = 1
    /// `d ← F(R(a · b / 2^shift))`
    case multiply = 2
    /// `d ← F(a · 2^shift)`
    case scale = 3
    /// `d ← min(a, b)`
    case minimum = 4
    /// `d ← max(a, b)`
    case maximum = 5
    /// `d ← a` where `b ≥ 0`; else d stays.
    case select = 6
    /// `d ← table b at a`, linearly between entries: `MicroTable`. Here b is the number of the table.
    case lookUp = 7
    /// The neuron fires where `a ≥ b`; d is not used.
    case fire = 8
  }

  public var operation: Operation
  /// Register that takes the result, 0 ..< 32.
  public var d: UInt8
  public var a: MicroOperand
  public var b: MicroOperand
  /// 0 … 62.
  public var shift: UInt8
  /// Whether it is done only where the neuron has fired in this pass; else it is always done.
  public var whenFired: Bool

  public init(
    _ operation: Operation, d: UInt8 = 0, a: MicroOperand, b: MicroOperand = .register(0), shift: UInt8 = 0,
    whenFired: Bool = false
  ) {
    self.operation = operation
    self.d = d
    self.a = a
    self.b = b
    self.shift = shift
    self.whenFired = whenFired
  }

  /// The instruction as 48 bits: `operation | d << 8 | a << 16 | b << 24 | shift << 32 | whenFired << 40`.
  public var word: UInt64 {
    UInt64(operation.rawValue) | UInt64(d) << 8 | UInt64(a.code) << 16 | UInt64(b.code) << 24
      | UInt64(shift) << 32 | (whenFired ? 1 << 40 : 0)
  }

  /// Nil where the bits are no instruction: unknown operation, register past 31, shift past 62, bits set above bit 40.
  public init?(word: UInt64) {
    guard let operation = Operation(rawValue: UInt8(truncatingIfNeeded: word)), word >> 41 == 0 else {
      return nil
    }
    let d = UInt8(truncatingIfNeeded: word >> 8)
    let shift = UInt8(truncatingIfNeeded: word >> 32)
    guard d < 32, shift <= 62 else { return nil }
    self.init(
      operation, d: d, a: MicroOperand(code: UInt8(truncatingIfNeeded: word >> 16)),
      b: MicroOperand(code: UInt8(truncatingIfNeeded: word >> 24)), shift: shift, whenFired: word >> 40 == 1)
  }
}

/// Where an instruction reads a value; one byte.
///
/// ```
///   0 …  31   registers; the first ones are the neuron's state and keep their values between ticks, the others
///             are 0 at the start of a tick
///  32 …  63   the tick's input x, whatever the low bits
///  64 … 127   parameters 0 … 63, one value per neuron
/// 128 … 255   constants 0 … 127, one value per program
/// ```
public struct MicroOperand: Sendable, Equatable, Hashable {
  public var code: UInt8

  @inlinable public init(code: UInt8) { self.code = code }
  /// - Parameter number: 0 ..< 32.
  public static func register(_ number: UInt8) -> MicroOperand { MicroOperand(code: number & 31) }
  public static let input = MicroOperand(code: 32)
  /// - Parameter number: 0 ..< 64.
  public static func parameter(_ number: UInt8) -> MicroOperand { MicroOperand(code: 64 | number & 63) }
  /// - Parameter number: 0 ..< 128.
  public static func constant(_ number: UInt8) -> MicroOperand { MicroOperand(code: 128 | number & 127) }
  /// The table that a look-up reads.
  /// - Parameter number: 0 ..< 256.
  public static func table(_ number: UInt8) -> MicroOperand { MicroOperand(code: number) }

  public enum Place: Sendable, Equatable {
    case register(Int)
    case input
    case parameter(Int)
    case constant(Int)
  }
  public var place: Place {
    switch code {
    case 0..<32: .register(Int(code))
    case 32..<64: .input
    case 64..<128: .parameter(Int(code & 63))
    default: .constant(Int(code & 127))
    }
  }
}
