/// A reset couples into the neighbouring columns: docs/emulator-semantics.md §3.3.
extension ChipState {
  /// Takes its kick off every quiet neuron of the core, once per neighbouring column whose neuron fired.
  ///
  /// - Parameter firstFired: where this core's rows begin in `fired`, which is ascending and names a row once per spike.
  mutating func kick(core: Int, firstFired: Int) {
    guard tables.hasKicks[core], firstFired < fired.count else { return }
    cores.rest.wake(blocks: tables.lanes.blockBegin[core]..<tables.lanes.blockBegin[core + 1])
    let range = tables.neuronBegin[core]..<tables.neuronBegin[core + 1]
    for i in firstFired..<fired.count where i == firstFired || fired[i] != fired[i - 1] {
      let row = Int(fired[i])
      // A neuron between two that fired is kicked once, for both, when the lower one is visited.
      if isBeside(row, row - 1, range) && !hasFired(row - 2, beside: row - 1, range) {
        kick(row: row - 1, times: 1)
      }
      if isBeside(row, row + 1, range) {
        kick(row: row + 1, times: hasFired(row + 2, beside: row + 1, range) ? 2 : 1)
      }
    }
  }

  /// Whether `other`, one row from `row`, is in the same core and in the next column.
  private func isBeside(_ row: Int, _ other: Int, _ range: Range<Int>) -> Bool {
    range.contains(other)
      && abs(Int(tables.codes[other].column) - Int(tables.codes[row].column)) == 1
  }

  private func hasFired(_ other: Int, beside row: Int, _ range: Range<Int>) -> Bool {
    isBeside(row, other, range) && cores.neurons.outcome[other] == NeuronState.Outcome.fired.rawValue
  }

  private mutating func kick(row: Int, times: Int64) {
    let codes = tables.codes[row]
    guard cores.neurons.outcome[row] == NeuronState.Outcome.quiet.rawValue, codes.kick != 0 else { return }
    let kicked = Int64(cores.neurons.v[row]) &- times &* Int64(codes.kick)
    if kicked < Int64(codes.floor) { counters.floorClamps &+= 1 }
    cores.neurons.v[row] = Int32(truncatingIfNeeded: max(kicked, Int64(codes.floor)))
  }
}
