import ChipModel
import ProgramImage

/// Times of neurons on a chip where they depend on what a neuron does: docs/emulator-semantics.md §4.
///
/// Two passes around a core's update, in place of anything inside it: what there is to do is known before, who fired after.
extension ChipState {
  /// Before the update: the cycles of every neuron of the core without its spikes.
  mutating func beginTimes(core: Int, tick: Int, inputTicks: Int) {
    let timing = tables.chip.timing
    let active = timing.work.activeNeuronCycles ?? timing.neuronCycles
    let begin = tables.neuronBegin[core]
    for row in begin..<tables.neuronBegin[core + 1] {
      if let cost = tables.micro.cost(row: row) {
        neuronTimes[row - begin] = cost.cycles
      } else {
        let works = hasWork(row, column: row - begin, tick: tick, inputTicks: inputTicks)
        neuronTimes[row - begin] = works ? active : timing.neuronCycles
      }
    }
  }

  /// After the update: adds the spikes, and notes when the core's groups are complete.
  mutating func endTimes(core: Int) {
    let begin = tables.neuronBegin[core]
    for row in begin..<tables.neuronBegin[core + 1] where cores.neurons[row].outcome == .fired {
      neuronTimes[row - begin] &+= Int(cores.neurons[row].spikes) &* tables.chip.timing.work.spikeCycles
    }
    groups.set(core: core, neurons: neuronTimes, size: tables.neuronsPerCycle)
  }

  /// Whether the update counts as a `neuronActivity` (§3.1).
  private func hasWork(_ row: Int, column: Int, tick: Int, inputTicks: Int) -> Bool {
    let code = tables.codes[row]
    guard Tables.isActive(code, tick, inputTicks) else { return false }
    var counted: UInt64 = 0
    let a = tables.rules.accumulator.fitted(
      Int64(cores.crossbarSum[column]) &+ cores.otherSum[column], &counted)
    if a != 0 { return true }
    if code.kind == ProgramImage.NeuronKind.partial.rawValue { return false }
    let neuron = cores.neurons[row]
    return neuron.v | neuron.u | code.bias != 0
  }
}
