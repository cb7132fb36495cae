import ChipModel
import Foundation
import TestSupport
import Testing

/// Cycles of Xylo by the formula of Rockpool's cycle model, from what the emulator counts.
///
/// The golden values are Rockpool's own, computed for the same networks and spikes (tools/validate/xylo_cycles.py). The
/// emulator's cycles are not these: a crossbar has other terms than Xylo (docs/chips.md).
@Suite struct XyloCyclesTests {
  private struct Golden: Decodable {
    var seed: Int
    var outputs: Int
    /// Mean per step.
    var cycles: Double
  }

  /// Mean cycles of a step: 3.5 per hidden neuron for an input with spikes, 7 per synapse of a hidden neuron that fires, and
  /// so on; a neuron that fires several times in a step counts once.
  private func cycles(_ counts: Counts, outputs: Double) -> Double {
    let inputs = counts.activeInputs * counts.hidden * 3.5 + counts.inputs
    let recurrent = counts.firing * counts.meanFanOut * 7 + counts.hidden * 3
    let toOutputs = counts.firing * (1 + 8 * outputs)
    let spiking = counts.hidden * 19 + counts.firing * 3
    return inputs + recurrent + toOutputs + spiking + outputs * 12
  }

  /// Neurons, and means per step of what the emulator counted.
  private struct Counts {
    var inputs: Double
    var hidden: Double
    var activeInputs: Double
    var firing: Double
    var meanFanOut: Double
  }

  @Test func countedEventsGiveRockpoolsCycles() throws {
    let chip = try Chip.load("xylo-a2", directories: [Repository.path("chips")])
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    let golden = try JSONDecoder().decode(
      [Golden].self, from: Data(contentsOf: folder.appending(path: "rules/xylo_cycles.json")))
    let vectors = try RuleVector.load("xylosim")
    #expect(vectors.map(\.seed) == golden.map(\.seed))
    var several = 0
    for (vector, expected) in zip(vectors, golden) {
      let (_, spikes) = try vector.run(on: chip)
      let steps = Double(spikes.count)
      func perStep(_ table: [[Int]]) -> Double { Double(table.joined().count { $0 > 0 }) / steps }
      several += spikes.joined().count { $0 > 1 }
      let hidden = vector.recurrent.count
      let counts = Counts(
        inputs: Double(vector.inputs.count), hidden: Double(hidden), activeInputs: perStep(vector.input),
        firing: perStep(spikes),
        meanFanOut: Double(vector.recurrent.joined().count { $0 != 0 }) / Double(hidden))
      let mine = cycles(counts, outputs: Double(expected.outputs))
      #expect(abs(mine / expected.cycles - 1) < 1e-12, "network \(vector.seed): \(mine), \(expected.cycles)")
    }
    #expect(several > 100)
  }
}
