/// What a neuron of the datapath `microcode` does in a tick.
///
/// A tick clears the registers that are no state, runs `prologue` once and then `body` `passes` times, each pass with
/// the fired flag off. The neuron spikes where the flag was set in any of them; that it was set in more than one pass is
/// counted, for the further spikes are lost. There are no jumps, so a program takes the same cycles in every tick.
public struct MicroProgram: Sendable, Equatable {
  /// Width of every register, 8 … 32.
  public var registerBits: Int
  /// How many registers, from 0, are state. Register 0 is the potential that a probe shows.
  public var stateCount: Int
  public var constants: [Int32]
  public var tables: [MicroTable]
  public var prologue: [MicroInstruction]
  public var body: [MicroInstruction]
  /// At least 1.
  public var passes: Int

  public init(
    registerBits: Int, stateCount: Int, constants: [Int32], tables: [MicroTable],
    prologue: [MicroInstruction], body: [MicroInstruction], passes: Int
  ) {
    self.registerBits = registerBits
    self.stateCount = stateCount
    self.constants = constants
    self.tables = tables
    self.prologue = prologue
    self.body = body
    self.passes = passes
  }
}

/// A function as 2^segmentBits straight pieces of 2^shift codes each, `shift` being the instruction's.
///
/// ```
/// z = min(max(a − origin, 0), 2^(segmentBits + shift) − 1),  i = ⌊z / 2^shift⌋,  f = z mod 2^shift
/// value = F( entries[i] + R((entries[i+1] − entries[i]) · f / 2^shift) )
/// ```
/// So beyond its ends the function is held (at the upper end, one code short of the last entry).
public struct MicroTable: Sendable, Equatable {
  public var origin: Int32
  /// [2^segmentBits + 1]
  public var entries: [Int32]
  public var segmentBits: Int

  /// - Parameter entries: 2^segmentBits + 1 values.
  public init(origin: Int32, segmentBits: Int, entries: [Int32]) {
    precondition(entries.count == 1 << segmentBits + 1, "a table of 2^n pieces has 2^n + 1 entries")
    self.origin = origin
    self.segmentBits = segmentBits
    self.entries = entries
  }
}
