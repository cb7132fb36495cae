import FixedPoint

extension ProgramImage {
  /// Programs of the datapath `microcode`, and the neurons that run them; docs/emulator-semantics.md §3.5.
  ///
  /// Program p has the instructions begin[p] ..< begin[p+1], of which those from body[p] on are its body, and
  /// constants and tables likewise. Entry i of the neurons is a row, its program, and its own words.
  public struct Programs: Sendable, Equatable {
    /// [programs] registers that are state, and passes through the body.
    public var stateCount: [UInt8] = []
    public var passes: [UInt16] = []
    /// [programs + 1] into `instruction`; [programs] where the body begins.
    public var begin: [Int64] = [0]
    public var body: [Int64] = []
    /// `MicroInstruction.word`.
    public var instruction: [UInt64] = []
    /// [programs + 1] into `constant`.
    public var constantBegin: [Int64] = [0]
    public var constant: [Int32] = []
    /// [programs + 1] into the tables.
    public var tableBegin: [Int64] = [0]
    /// [tables] `MicroTable`.
    public var tableOrigin: [Int32] = []
    public var tableSegmentBits: [UInt8] = []
    /// [tables + 1] into `tableEntry`.
    public var tableEntryBegin: [Int64] = [0]
    public var tableEntry: [Int32] = []

    /// [programmed neurons] row, ascending, and its program.
    public var neuron: [Int32] = []
    public var program: [Int32] = []
    /// [programmed neurons + 1] into `state`: register 0, 1, … at the start of a sample.
    public var stateBegin: [Int64] = [0]
    public var state: [Int32] = []
    /// [programmed neurons + 1] into `parameter`.
    public var parameterBegin: [Int64] = [0]
    public var parameter: [Int32] = []

    public var count: Int { stateCount.count }
    public init() {}
  }
}

extension ProgramImage.Programs {
  /// Adds a program and returns its number. Its `registerBits` must be the chip's.
  public mutating func append(_ program: MicroProgram) -> Int {
    stateCount.append(UInt8(clamping: program.stateCount))
    passes.append(UInt16(clamping: program.passes))
    body.append(Int64(instruction.count + program.prologue.count))
    instruction += program.prologue.map(\.word) + program.body.map(\.word)
    begin.append(Int64(instruction.count))
    constant += program.constants
    constantBegin.append(Int64(constant.count))
    for table in program.tables {
      tableOrigin.append(table.origin)
      tableSegmentBits.append(UInt8(clamping: table.segmentBits))
      tableEntry += table.entries
      tableEntryBegin.append(Int64(tableEntry.count))
    }
    tableBegin.append(Int64(tableOrigin.count))
    return count - 1
  }

  /// Says that a row runs a program; rows must come in ascending order.
  ///
  /// - Parameters:
  ///   - state: the program's `stateCount` words; the row's `v0` must be the first.
  ///   - parameters: at least as many as the program reads.
  public mutating func append(row: Int, program: Int, state: [Int32], parameters: [Int32]) {
    neuron.append(Int32(row))
    self.program.append(Int32(program))
    self.state += state
    stateBegin.append(Int64(self.state.count))
    parameter += parameters
    parameterBegin.append(Int64(parameter.count))
  }

  /// Program p; the arrays must have been verified.
  ///
  /// - Parameter registerBits: the chip's.
  public func microProgram(_ p: Int, registerBits: Int) -> MicroProgram {
    func instructions(_ first: Int64, _ end: Int64) -> [MicroInstruction] {
      instruction[Int(first)..<Int(end)].compactMap { MicroInstruction(word: $0) }
    }
    return MicroProgram(
      registerBits: registerBits, stateCount: Int(stateCount[p]),
      constants: Array(constant[Int(constantBegin[p])..<Int(constantBegin[p + 1])]),
      tables: (Int(tableBegin[p])..<Int(tableBegin[p + 1])).map { table in
        MicroTable(
          origin: tableOrigin[table], segmentBits: Int(tableSegmentBits[table]),
          entries: Array(tableEntry[Int(tableEntryBegin[table])..<Int(tableEntryBegin[table + 1])]))
      },
      prologue: instructions(begin[p], body[p]), body: instructions(body[p], begin[p + 1]),
      passes: Int(passes[p]))
  }

  /// State and parameters of entry i of the neurons.
  public func state(_ i: Int) -> ArraySlice<Int32> { state[Int(stateBegin[i])..<Int(stateBegin[i + 1])] }
  public func parameters(_ i: Int) -> ArraySlice<Int32> {
    parameter[Int(parameterBegin[i])..<Int(parameterBegin[i + 1])]
  }

  /// For each of `rows` rows its entry in the neurons, −1 for one that the fixed unit updates.
  public func entries(rows: Int) -> [Int32] {
    var entries = [Int32](repeating: -1, count: rows)
    for (entry, row) in neuron.enumerated() { entries[Int(row)] = Int32(entry) }
    return entries
  }
}
