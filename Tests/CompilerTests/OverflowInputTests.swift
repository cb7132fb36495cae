import ChipModel
import Compiler
import NetworkIR
import Observations
import TestSupport
import Testing

/// Where overflow is not excluded, the input that is named does cause it.
@Suite struct OverflowInputTests {
  /// A readout that leaks nothing adds up whatever comes.
  @Test(arguments: [1.0, -1.0])
  func namedInputOverflows(sign: Double) throws {
    let channels = 6
    let weights = [0.5, 1, 0.25, -0.125, 0.75, -0.25].map { $0 * sign }
    let network = Network(
      name: "sum", dynamics: Dynamics(dt: 1e-4), inputs: [InputPort(name: "in", shape: [channels])],
      populations: [
        Population(
          name: "sum", shape: [1], model: "I", tau: nil, r: [1], leak: [0], firing: nil, initial: [0])
      ],
      projections: [
        Projection(
          source: .input(0), target: 0, maps: [.dense(weight: weights, rows: 1, columns: channels, bias: nil)]
        )
      ], outputs: [OutputPort(name: "out", population: 0)])
    // A digital chip has no voltage floor.
    var chip = try Bundled.tessera()
    chip.electrical = nil
    let compilation = try Pipeline.compile(
      network, manifest: FidelityManifest(), chip: chip, options: CompileOptions())
    let codes = compilation.populations[0]
    #expect(!codes.overflowProven)
    let found = try #require(codes.overflowInput)
    #expect(found.register == .membrane)
    #expect(found.neuron == 0)
    #expect(found.areExcitatory == (sign > 0))
    #expect(found.sources == 4)
    #expect(found.spikesPerTick == 4 * chip.core.axonCountMaximum)
    let ticks = try #require(found.ticks)
    #expect(
      found.sentence == "all 4 sources of \(sign > 0 ? "positive" : "negative") weight "
        + "(28 spikes per tick) in every tick for \(ticks) ticks")
    #expect(codes.overflowWitness?.contains(found.sentence) == true)

    func overflows(_ ticks: Int) throws -> UInt64 {
      var events: [SpikeTrains.Event] = []
      for t in 0..<ticks {
        for c in 0..<channels where weights[c] * sign > 0 {
          events.append(
            SpikeTrains.Event(
              sample: 0, tick: Int32(t), channel: Int32(c), count: UInt8(chip.core.axonCountMaximum)))
        }
      }
      let input = SpikeTrains(samples: 1, ticks: ticks, channels: channels, events: events)
      return try Bundled.run(compilation, input).0.counters.stateOverflows
    }
    // The analysis gives every rounding one code: it may be one tick too early, never late.
    #expect(try overflows(ticks + 1) > 0)
    #expect(try overflows(ticks - 2) == 0)
  }

  @Test func sentencesSayWhatHasToFire() {
    var input = OverflowInput(
      neuron: 3, register: .synapticCurrent, bound: nil, limit: 8_388_607, sources: 37, areExcitatory: true,
      spikesPerTick: 37, stimuli: 0, ticks: 9)
    #expect(input.sentence == "all 37 sources of positive weight in every tick for 9 ticks")
    #expect(
      input.witness
        == "neuron 3: the synaptic current could reach any value (its end is 8388607), by \(input.sentence)")
    input.stimuli = 1
    input.ticks = 1
    input.areExcitatory = false
    #expect(
      input.sentence
        == "all 37 sources of negative weight and 1 Poisson stimulus at the largest count in every tick for 1 tick"
    )
    input.sources = 0
    input.stimuli = 0
    input.ticks = nil
    #expect(input.sentence == "its constant drive alone, without end")
  }
}
