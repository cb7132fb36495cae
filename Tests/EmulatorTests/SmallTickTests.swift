import ChipModel
import Foundation
import Observations
import ProgramImage
import TestSupport
import Testing

@testable import Emulator

/// The tick that docs/emulator-semantics.md §10 tells cycle by cycle.
@Suite struct SmallTickTests {
  /// Two cores side by side. An input spike makes both neurons of core 0 fire: neuron 0 sends A to core 1, neuron 1
  /// sends B to core 1 and C to its own core.
  static func program() -> ProgramImage {
    let chip = Chip(
      name: "small", description: "", sources: [], technology: "",
      core: Chip.Core(axons: 4, neurons: 4, delaySlots: 4, axonCountBits: 3),
      crossbar: Chip.Crossbar(weightBits: 8),
      datapath: Chip.LeakyDatapath(
        stateBits: 16, stateOverflow: .saturate, synapseOverflow: .saturate, accumulatorBits: 16,
        decayBits: 12, decayExponents: 12...12, decayOf: .leak, decayRounding: .towardZero,
        minimumStep: 0, gainBits: 0, inputRounding: .towardZero, weightExponents: 0...0, biasBits: 16,
        thresholdBits: 16, comparison: .greater, refractoryBits: 3, synapticState: false),
      electrical: nil,
      timing: Chip.Timing(
        clock: 1e6, axonCycles: 1, scanWord: 4, scanCycles: 1, synapsesPerCycle: 4,
        neuronsPerCycle: 1, neuronCycles: 1, injectionQueue: 8, tick: .barrier(cycles: 4)),
      input: .direct,
      mesh: Chip.Mesh(
        width: 2, height: 1, bufferDepth: 4, hopCycles: 1, creditCycles: 1, injectionCycles: 1,
        portOrder: [0, 1, 2, 3, 4]),
      routing: Chip.Routing(destinationsPerNeuron: 4, packetBits: 32, partialPackets: false),
      energy: Chip.Energy(
        constants: Dictionary(
          uniqueKeysWithValues: Chip.Energy.Component.ofEveryChip.map {
            ($0, .known($0 == .staticPower ? 0 : 1, source: "a joule per event"))
          })),
      resolvedText: "{}")
    var image = ProgramImage(
      chip: chip, dt: 1e-3, seed: 1, drainTicks: 1, cores: .init(), crossbar: .init(), neurons: .init(),
      routes: .init(), inputs: .init(), poisson: .init(), outputs: .init(), populations: [],
      networkText: "{}", manifestText: "{}")
    image.cores.x = [0, 1]
    image.cores.y = [0, 0]
    image.cores.axonBegin = [0, 2, 4]
    image.cores.neuronBegin = [0, 2, 3]
    // Core 0: axon 0 is the input, to both neurons; axon 1 hears C. Core 1: axons 0 and 1 hear A and B.
    image.crossbar.begin = [0, 2, 3, 4, 5]
    image.crossbar.neuron = [0, 1, 1, 0, 0]
    image.crossbar.weight = [10, 10, 3, 3, 2]
    image.neurons = neurons(count: 3, threshold: 9)
    image.neurons.column = [0, 1, 0]
    image.routes.begin = [0, 1, 3, 3]
    image.routes.kind = [0, 0, 0]
    image.routes.core = [1, 1, 0]
    image.routes.axon = [0, 1, 1]
    image.routes.delay = [1, 1, 1]
    image.inputs.begin = [0, 1]
    image.inputs.core = [0]
    image.inputs.axon = [0]
    image.inputs.delay = [0]
    return image
  }

  /// Neurons that keep their potential, fire above `threshold` and return to 0.
  static func neurons(count: Int, threshold: Int32) -> ProgramImage.Neurons {
    var neurons = ProgramImage.Neurons()
    func all<T>(_ value: T) -> [T] { [T](repeating: value, count: count) }
    neurons.kind = all(ProgramImage.NeuronKind.spiking.rawValue)
    neurons.v0 = all(0)
    neurons.u0 = all(0)
    neurons.decay = all(0)
    neurons.decayExponent = all(12)
    neurons.synapseDecay = all(4096)
    neurons.synapseDecayExponent = all(12)
    neurons.gain = all(1)
    neurons.weightExponent = all(0)
    neurons.bias = all(0)
    neurons.threshold = all(threshold)
    neurons.reset = all(0)
    neurons.resetMode = all(ProgramImage.ResetMode.toValue.rawValue)
    neurons.refractory = all(0)
    neurons.kick = all(0)
    neurons.floor = all(-32_768)
    neurons.start = all(0)
    neurons.stop = all(1)
    neurons.column = all(0)
    neurons.scale = all(1)
    neurons.population = all(0)
    neurons.index = (0..<Int32(count)).map { $0 }
    return neurons
  }

  /// The tick's table in the page's form, from a run.
  static func table(_ chip: ChipState, last: Int) -> [String] {
    let letters = ["A", "B", "C"]
    let outputs = ["+x", "−x", "+y", "−y", "local"]
    func cell(_ kind: TraceEvent.Kind, _ cycle: Int) -> String {
      chip.traceEvents.filter { $0.kind == kind && $0.cycle == cycle }
        .map { "\(letters[Int($0.packet)]) (\($0.place))" }.sorted().joined(separator: ", ")
    }
    return (0...last).map { cycle in
      let grants = chip.mesh.grants.filter { $0.cycle == cycle }
        .map { "\(letters[Int($0.packet)]) (\($0.router), \(outputs[$0.output]))" }
        .sorted().joined(separator: ", ")
      return "| \(cycle) | \(cell(.delivered, cycle)) | \(cell(.enteredQueue, cycle)) | \(grants) | "
        + "\(cell(.injected, cycle)) |"
    }
  }

  @Test func tableOfThePageIsWhatRuns() throws {
    let image = Self.program()
    var chip = Emulator(image).chip()
    chip.begin(sample: 0)
    chip.recordsTrace = true
    chip.mesh.recordsGrants = true
    let cycles = try chip.step(
      tick: 0, inputTicks: 1, input: [SpikeTrains.Event(sample: 0, tick: 0, channel: 0)])
    // By hand: the last delivery is in cycle 8, so K = 9, and the barrier takes 4.
    #expect(cycles == 13)
    #expect(chip.fired == [0, 1])

    let page = try Repository.text("docs/emulator-semantics.md")
    let section = try #require(page.components(separatedBy: "## 10. ").last)
    let rows = section.components(separatedBy: "\n").filter {
      $0.hasPrefix("| ") && $0.dropFirst(2).first?.isNumber == true
    }
    #expect(rows == Self.table(chip, last: 8))
  }

  /// The same tick, every number worked out by hand from §3–§6, and the tick after it.
  @Test func recordIsAsWorkedOutByHand() throws {
    let input = SpikeTrains(
      samples: 1, ticks: 1, channels: 1, events: [.init(sample: 0, tick: 0, channel: 0)])
    let record = try Emulator(Self.program()).run(
      input, options: RunOptions(samples: 1, ticks: 1, threads: 1, probes: [0, 1, 2]))
    // Tick 1: both cores idle without a packet. Core 0 reads axon 1: 1 + 2 + 2 groups = cycle 5; core 1 reads
    // axons 0 and 1: 1 + 2·2 + 1 group = cycle 6; K = 7, and the barrier takes 4.
    #expect(record.tickCycles == [13, 11])
    #expect(record.tickPackets == [3, 0])
    #expect(record.spikes.events.map(\.channel) == [0, 1])
    #expect(record.potentials == [0, 0, 0, 0, 3, 5])
    // Latencies: A 7 − 4, B 8 − 5, C 8 − 5.
    #expect(record.latencyHistogram == [0, 0, 0, 3])
    // Router 0: A and B left by +x, C by local; router 1: A and B by local.
    #expect(record.linkFlits == [2, 0, 0, 0, 1, 0, 0, 0, 0, 2])
    #expect(record.coreCounters[0].busyCycles == 5 + 5)
    #expect(record.coreCounters[1].busyCycles == 2 + 6)
    #expect(record.coreCounters.map(\.deliveries) == [1, 2])
    #expect(record.coreCounters.map(\.synapticOperations) == [3, 2])
    // One joule each: 1 row, 2 synaptic operations, 3 updates, 2 resets, 3 packets, 2 hops, 3 deliveries, 1 input
    // event, 2 core ticks; then 3 rows, 3 operations, 3 updates, 2 core ticks.
    #expect(record.tickJoules == [19, 11])
  }
}
