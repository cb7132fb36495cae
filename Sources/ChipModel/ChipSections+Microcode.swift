import Documents

extension ChipSections {
  /// `datapath.microcode`, of the kind `microcode` only.
  mutating func microcode(_ cursor: Cursor) -> Chip.Microcode? {
    let registerBits = constants.integer(cursor, "registerBits", in: 8...32)
    let stateWords = constants.integer(cursor, "stateWords", in: 1...32)
    let parameters = constants.integer(cursor, "parameters", in: 0...64)
    let programConstants = constants.integer(cursor, "constants", in: 0...128)
    let instructions = constants.integer(cursor, "instructions", in: 1...4096)
    let tables = constants.integer(cursor, "tables", in: 0...256)
    let entries = constants.integer(cursor, "tableEntries", in: 0...1 << 20)
    let passes = constants.integer(cursor, "passes", in: 1...1024)
    let cycles = cursor.object("cycles").flatMap { self.cycles($0) }
    guard let registerBits, let stateWords, let parameters, let programConstants, let instructions,
      let tables,
      let entries, let passes, let cycles
    else { return nil }
    return Chip.Microcode(
      registerBits: registerBits, stateWords: stateWords, parameters: parameters,
      constants: programConstants, instructions: instructions, tables: tables, tableEntries: entries,
      passes: passes, cycles: cycles)
  }

  private mutating func cycles(_ cursor: Cursor) -> Chip.Microcode.Cycles? {
    let add = constants.integer(cursor, "add", in: 1...1000)
    let multiply = constants.integer(cursor, "multiply", in: 1...1000)
    let compare = constants.integer(cursor, "compare", in: 1...1000)
    let lookUp = constants.integer(cursor, "lookUp", in: 1...1000)
    guard let add, let multiply, let compare, let lookUp else { return nil }
    return Chip.Microcode.Cycles(add: add, multiply: multiply, compare: compare, lookUp: lookUp)
  }
}
