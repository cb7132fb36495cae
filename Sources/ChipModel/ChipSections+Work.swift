import Documents

extension ChipSections {
  /// The keys of `timing` that few chips have: `Chip.Timing.Work`.
  mutating func work(_ cursor: Cursor) -> Chip.Timing.Work? {
    let rows =
      cursor.has("rows") ? cursor.oneOf("rows", as: Chip.Timing.Work.Rows.self) : .columns
    let synapse = constants.optionalInteger(cursor, "synapseCycles", in: 1...1_000_000, default: 1)
    let active =
      cursor.has("activeNeuronCycles")
      ? constants.integer(cursor, "activeNeuronCycles", in: 1...1_000_000).map { Int?($0) } : Int??.some(nil)
    let spike = constants.optionalInteger(cursor, "spikeCycles", in: 0...1_000_000, default: 0)
    let perCore = constants.optionalInteger(cursor, "barrierCyclesPerCore", in: 0...1_000_000, default: 0)
    guard let rows, let synapse, let active, let spike, let perCore else { return nil }
    if perCore > 0, cursor.has("tickPeriod") {
      cursor.any("barrierCyclesPerCore")?.fail(
        "chip.barrierCyclesPerCore", problem: "makes a barrier longer, and ticks end after a period",
        found: "barrierCyclesPerCore with tickPeriod", expected: "barrierCycles, or no barrierCyclesPerCore")
    }
    var work = Chip.Timing.Work()
    work.rows = rows
    work.synapseCycles = synapse
    work.activeNeuronCycles = active
    work.spikeCycles = spike
    work.barrierCyclesPerCore = perCore
    return work
  }
}
