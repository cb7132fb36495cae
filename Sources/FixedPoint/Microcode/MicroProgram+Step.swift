/// A neuron's registers, one lane each, and what its last tick did.
public struct MicroRegisters: Sendable, Equatable {
  @usableFromInline var values: SIMD32<Int32>

  /// - Parameter state: at most 32 values, register 0 first; the other registers are 0.
  public init(state: some Collection<Int32>) {
    values = .zero
    for (lane, value) in state.prefix(32).enumerated() { values[lane] = value }
  }
  @inlinable public subscript(register: Int) -> Int32 {
    get { values[register] }
    set { values[register] = newValue }
  }
}

/// What a tick of a program did, besides the registers.
public struct MicroOutcome: Sendable, Equatable {
  /// Passes in which the fired flag was set: 0 no spike, more than 1 spikes that were lost.
  public var firings = 0
  /// Results that did not fit into a register.
  public var saturations = 0

  @inlinable public init() {}
}

extension MicroProgram {
  /// One tick of one neuron.
  ///
  /// - Parameters:
  ///   - registers: the state; the registers that are none are cleared first.
  ///   - input: x of the tick.
  ///   - parameters: the neuron's; at least as many as the program reads.
  @inlinable
  public func step(
    _ registers: inout MicroRegisters, input: Int32, parameters: some RandomAccessCollection<Int32>
  ) -> MicroOutcome {
    var outcome = MicroOutcome()
    for register in stateCount..<32 { registers[register] = 0 }
    var fired = false
    for instruction in prologue {
      perform(instruction, &registers, input, parameters, &fired, &outcome)
    }
    if fired { outcome.firings += 1 }
    for _ in 0..<passes {
      fired = false
      for instruction in body { perform(instruction, &registers, input, parameters, &fired, &outcome) }
      if fired { outcome.firings += 1 }
    }
    return outcome
  }

  @inlinable
  func perform(
    _ instruction: MicroInstruction, _ registers: inout MicroRegisters, _ input: Int32,
    _ parameters: some RandomAccessCollection<Int32>, _ fired: inout Bool, _ outcome: inout MicroOutcome
  ) {
    if instruction.whenFired && !fired { return }
    func read(_ operand: MicroOperand) -> Int64 {
      switch operand.place {
      case .register(let number): Int64(registers[number])
      case .input: Int64(input)
      case .parameter(let number):
        Int64(parameters[parameters.index(parameters.startIndex, offsetBy: number)])
      case .constant(let number): Int64(constants[number])
      }
    }
    let a = read(instruction.a)
    let shift = Int(instruction.shift)
    let result: Int64
    switch instruction.operation {
    case .add: result = a + shiftRight(read(instruction.b), by: shift, .nearestEven)
    case .subtract: result = a - shiftRight(read(instruction.b), by: shift, .nearestEven)
    case .multiply: result = shiftRight(a * read(instruction.b), by: shift, .nearestEven)
    case .scale:
      // |a| ≤ 2^31: past 32 bits everything but 0 is out of range, and −2^63 still fits.
      result = a << Int64(min(shift, 32))
    case .minimum: result = min(a, read(instruction.b))
    case .maximum: result = max(a, read(instruction.b))
    case .select:
      if read(instruction.b) < 0 { return }
      result = a
    case .lookUp: result = tables[Int(instruction.b.code)].value(at: a, shift: shift)
    case .fire:
      if a >= read(instruction.b) { fired = true }
      return
    }
    let fitting = fit(result, bits: registerBits, .saturate)
    if fitting != result { outcome.saturations += 1 }
    registers[Int(instruction.d)] = Int32(truncatingIfNeeded: fitting)
  }
}

extension MicroTable {
  /// The function before it is put into a register.
  /// - Parameter shift: at most 31 − segmentBits.
  @inlinable
  public func value(at a: Int64, shift: Int) -> Int64 {
    let z = min(max(a - Int64(origin), 0), (1 << Int64(segmentBits + shift)) - 1)
    let i = Int(z >> Int64(shift))
    let f = z & ((1 << Int64(shift)) - 1)
    let low = Int64(entries[i])
    return low + shiftRight((Int64(entries[i + 1]) - low) * f, by: shift, .nearestEven)
  }
}
