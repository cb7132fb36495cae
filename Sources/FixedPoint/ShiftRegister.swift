/// What a linear feedback shift register holds after a number of steps, at once: the step is linear over bits, so every
/// bit of the start adds its own pattern.
///
/// One step: the register moves one bit to the left, and the new lowest bit is the parity of the bits under `mask`
/// (docs/emulator-semantics.md §8). **Cost:** four look-ups, however many steps.
public struct ShiftRegisterLeap: Sendable, Equatable {
  /// [4 · 256] what byte k of value b leads to, at 256·k + b.
  @usableFromInline let tables: [UInt32]

  /// - Parameters:
  ///   - bits: width, 1 … 32.
  ///   - mask: bits whose parity is fed back.
  ///   - steps: how many steps are taken, 0 or more.
  public init(bits: Int, mask: UInt32, steps: Int) {
    precondition((1...32).contains(bits) && steps >= 0, "a register has 1 to 32 bits")
    let all = UInt32.max >> UInt32(32 - bits)
    // Powers of the one-step map by squaring, each as what every single bit leads to.
    var power = (0..<32).map { bit -> UInt32 in
      let state = UInt32(1) << UInt32(bit) & all
      return (state << 1 | UInt32((state & mask).nonzeroBitCount & 1)) & all
    }
    var result = (0..<32).map { UInt32(1) << UInt32($0) & all }
    func applied(_ map: [UInt32], _ state: UInt32) -> UInt32 {
      (0..<32).reduce(0) { sum, bit in state >> UInt32(bit) & 1 == 1 ? sum ^ map[bit] : sum }
    }
    var rest = steps
    while rest > 0 {
      if rest & 1 == 1 { result = result.map { applied(power, $0) } }
      power = power.map { applied(power, $0) }
      rest >>= 1
    }
    tables = (0..<4).flatMap { byte in
      (0..<256).map { value in applied(result, UInt32(value) << UInt32(8 * byte)) }
    }
  }

  /// The register after the steps.
  @inlinable public func callAsFunction(_ state: UInt32) -> UInt32 {
    tables[Int(state & 255)] ^ tables[256 &+ Int(state >> 8 & 255)] ^ tables[512 &+ Int(state >> 16 & 255)]
      ^ tables[768 &+ Int(state >> 24)]
  }
}
